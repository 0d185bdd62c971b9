//! The people of a generated workspace: accounts, members with every kind of access that its model has, teams
//! and departments.

use hallpass_domain::account::Account;
use hallpass_domain::department::Department;
use hallpass_domain::email::Email;
use hallpass_domain::id::{DepartmentId, MemberId, ProfileId, TeamId};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::secret::Secret;
use hallpass_domain::team::Team;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_engine::{Blueprint, Holders, Preset, Role, Sharing, Visibility};
use serde_json::Map;
use uuid::Uuid;

use super::rng::Rng;
use super::size::Size;
use super::value::{days, plain};
use super::words::{Words, word};

/// Members that a manager leads, with themselves.
const GROUP: u64 = 10;

/// Everyone in a workspace but its founder, who has the number 0.
pub(super) struct People<'g> {
    pub(super) blueprint: &'g Blueprint,
    pub(super) size: &'g Size,
    pub(super) seed: u64,
    pub(super) words: &'g Words,
    /// The host of their addresses.
    pub(super) host: String,
    /// The hash of the password of all of them.
    pub(super) password: Option<Secret<String>>,
    pub(super) until: Timestamp,
}

/// Names of departments; further ones have a number.
const DEPARTMENTS: [&str; 10] = [
    "Sales",
    "Service",
    "Marketing",
    "Operations",
    "Finance",
    "Engineering",
    "Logistics",
    "Research",
    "People",
    "Legal",
];

impl People<'_> {
    /// The account with a number.
    pub(super) fn account(&self, number: u64) -> Result<Account, String> {
        let mut rng = Rng::of(self.seed, "account", number);
        let name = self.words.person(&mut rng);
        let address =
            format!("{}.{}.{number}@{}", plain(name.first), plain(name.last), self.host);
        let wrong = |why: String| format!("cannot make the account `{address}`: {why}");
        let created_at = self.joined(number);
        Ok(Account {
            id: id(created_at, &mut rng).into(),
            email: Email::parse(&address).map_err(|error| wrong(error.to_string()))?,
            first_name: Name::parse(name.first).map_err(|error| wrong(error.to_string()))?,
            last_name: name.last.to_owned(),
            password: self.password.clone(),
            locale: "en".to_owned(),
            picture: None,
            notifications: Map::new(),
            is_operator: false,
            disabled_at: None,
            confirmed_at: Some(created_at),
            created_at,
            version: 1,
        })
    }

    /// The id of the member with a number, but for the founder.
    pub(super) fn member_id(&self, number: u64) -> MemberId {
        id(self.joined(number), &mut Rng::of(self.seed, "member", number)).into()
    }

    /// The member with a number, who is not the founder.
    pub(super) fn member(&self, number: u64, account: &Account, profiles: usize) -> Member {
        let mut rng = Rng::of(self.seed, "access", number);
        let leads = self.leads(number);
        let is_active = leads || !rng.is_in(2);
        let joined_at = self.joined(number);
        let seen_at = self.until - Span::minutes(i64::try_from(rng.below(40_000)).unwrap_or(0));
        Member {
            id: self.member_id(number),
            account: Some(account.id),
            first_name: account.first_name.to_string(),
            last_name: account.last_name.clone(),
            email: account.email.as_str().to_owned(),
            alias: None,
            status: if is_active { Status::Active } else { Status::Inactive },
            access: self.access(number, &mut rng, profiles),
            landing: None,
            joined_at,
            role_since: joined_at,
            role_by: None,
            seen_at: Some(seen_at.max(joined_at)),
            version: 1,
        }
    }

    fn access(&self, number: u64, rng: &mut Rng, profiles: usize) -> MemberAccess {
        let (blueprint, size) = (self.blueprint, self.size);
        let Some(role) = self.role(number) else {
            return MemberAccess::new(blueprint, "");
        };
        let mut access = MemberAccess::new(blueprint, &role.key);
        if blueprint.visibility.is_some() {
            access.visibility = match rng.below(10) {
                0..6 => access.visibility,
                6..9 => Visibility::Department,
                _ => Visibility::All,
            };
        }
        if role.has_levels && rng.below(8) == 0 {
            // A preset that only reads is not offered on a role that does more.
            let offered =
                |preset: &&Preset| role.grants.is_empty() || !blueprint.only_reads(preset);
            let presets: Vec<&Preset> = blueprint.presets.iter().filter(offered).collect();
            access.levels =
                rng.one_of(&presets).map_or_else(Vec::new, |one| one.levels.clone());
        }
        let group = number / GROUP;
        access.department = match size.departments.min(departments(blueprint)) {
            0 => None,
            n => Some(self.department_id(group % n)),
        };
        access.manager = self.manager(number).map(|manager| self.member_id(manager));
        let teams = if blueprint.teams.is_some() { size.teams } else { 0 };
        if teams > 0 {
            access.teams.push(self.team_id(group % teams));
            let second = rng.below(teams);
            // Of teams with a profile a member has one at most.
            if number.is_multiple_of(4)
                && second != group % teams
                && profile(second, profiles).is_none()
            {
                access.teams.push(self.team_id(second));
            }
        }
        access
    }

    /// The role of a member: of ten members one has the second lowest, of a hundred one the third.
    fn role(&self, number: u64) -> Option<&Role> {
        let mut roles: Vec<&Role> = self.blueprint.roles.iter().collect();
        roles.retain(|role| !role.is_top && role.holders == Holders::Many);
        roles.sort_by_key(|role| role.rank);
        let zeros = (1..=u32::try_from(roles.len()).unwrap_or(0))
            .take_while(|power| number.is_multiple_of(10_u64.saturating_pow(*power)))
            .count();
        roles.get(zeros).or(roles.last()).copied()
    }

    /// Whether members may be assigned to a member.
    fn leads(&self, number: u64) -> bool {
        number > 0
            && number.is_multiple_of(GROUP)
            && self.blueprint.has_managers
            && self.role(number).is_some_and(|role| role.manages)
    }

    fn manager(&self, number: u64) -> Option<u64> {
        let above =
            number - number % if number.is_multiple_of(GROUP) { GROUP * GROUP } else { GROUP };
        (above != number && self.leads(above)).then_some(above)
    }

    pub(super) fn departments(&self) -> Result<Vec<Department>, String> {
        let n = self.size.departments.min(departments(self.blueprint));
        (0..n)
            .map(|number| {
                let place = usize::try_from(number).unwrap_or(0);
                let name = match (
                    DEPARTMENTS.get(place % DEPARTMENTS.len()),
                    place / DEPARTMENTS.len(),
                ) {
                    (Some(name), 0) => (*name).to_owned(),
                    (Some(name), more) => format!("{name} {}", more + 1),
                    (None, _) => format!("Department {number}"),
                };
                // Each of them has four below it.
                let parent = number.checked_sub(1).map(|before| before / 4);
                Ok(Department {
                    id: self.department_id(number),
                    name: Name::parse(&name).map_err(|error| format!("`{name}`: {error}"))?,
                    parent: parent.map(|parent| self.department_id(parent)),
                    manager: None,
                    version: 1,
                })
            })
            .collect()
    }

    pub(super) fn teams(&self, profiles: &[ProfileId]) -> Result<Vec<Team>, String> {
        let n = if self.blueprint.teams.is_some() { self.size.teams } else { 0 };
        (0..n)
            .map(|number| {
                let mut rng = Rng::of(self.seed, "team name", number);
                let name = format!("{} {}", word(&mut rng, &self.words.cities), number + 1);
                let profile = profile(number, profiles.len());
                Ok(Team {
                    id: self.team_id(number),
                    name: Name::parse(&name).map_err(|error| format!("`{name}`: {error}"))?,
                    description: String::new(),
                    profile: profile.and_then(|place| profiles.get(place).copied()),
                    sharing: Sharing::All,
                    version: 1,
                })
            })
            .collect()
    }

    fn team_id(&self, number: u64) -> TeamId {
        id(self.founded(), &mut Rng::of(self.seed, "team", number)).into()
    }

    fn department_id(&self, number: u64) -> DepartmentId {
        id(self.founded(), &mut Rng::of(self.seed, "department", number)).into()
    }

    pub(super) fn founded(&self) -> Timestamp {
        self.until - days(4 * 365)
    }

    /// Members join over the years.
    fn joined(&self, number: u64) -> Timestamp {
        let micros = (self.until - self.founded()).0;
        let share =
            i128::from(number) * i128::from(micros) / i128::from(self.size.members.max(1));
        self.founded() + Span(i64::try_from(share).unwrap_or(0))
    }
}

/// The profile of a team, by its place: every fourth team has one.
fn profile(team: u64, profiles: usize) -> Option<usize> {
    let place = usize::try_from(team / 4).unwrap_or(0).checked_rem(profiles);
    place.filter(|_| team % 4 == 3)
}

/// The most departments that an access model has.
const fn departments(blueprint: &Blueprint) -> u64 {
    if blueprint.departments.is_some() { u64::MAX } else { 0 }
}

/// An id of a time.
pub(super) fn id(at: Timestamp, rng: &mut Rng) -> Uuid {
    let millis = u64::try_from(at.as_micros() / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rng.bytes()).into_uuid()
}
