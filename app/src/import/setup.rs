//! What a file says about a workspace before its records: settings, access, people, what they have saved.
//!
//! Each line is read by the rules for what it makes. What lines say together is checked in `admission`.

use std::collections::HashSet;

use hallpass_domain::department::Department;
use hallpass_domain::email::Email;
use hallpass_domain::id::{
    AccountId, DepartmentId, InvitationId, MemberId, ProfileId, ReportId, RoleId, TeamId,
    ViewId, WorkspaceId,
};
use hallpass_domain::import::{IdMap, check_id};
use hallpass_domain::invitation::{Invitation, InvitationState};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::{Name, description};
use hallpass_domain::profile::Profile;
use hallpass_domain::record::{Owner, OwnerRef};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::role::{Role, read_grants};
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};
use hallpass_domain::saved_view::{MOST_COLUMNS, SavedView, ViewSettings};
use hallpass_domain::sharing::Sharing;
use hallpass_domain::slug::Slug;
use hallpass_domain::team::Team;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Cells, Scope, Sharing as RecordSharing, Visibility};
use hallpass_store::entity::StoredEntity;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::file::{Kind, Line};
use super::form::{
    DepartmentForm, InvitationForm, MemberForm, ProfileForm, RecordTypeForm, ReportForm,
    RoleForm, TeamForm, ViewForm, WorkspaceForm,
};
use crate::export::FORMAT;

/// The most bytes of all lines before the records: they are in memory together.
const MOST_BYTES: usize = 256 << 20;

/// The longest key or word that is kept as it is, in bytes.
const LONGEST_WORD: usize = 200;

/// What is wrong with a line.
pub(super) type Wrong = Vec<String>;

/// How ids of a file are read.
#[derive(Clone, Copy)]
pub(super) struct Ids {
    pub(super) map: IdMap,
    pub(super) now: Timestamp,
}

impl Ids {
    /// What an id in the file becomes.
    pub(super) fn of<T: From<Uuid>>(self, id: Uuid) -> T {
        self.map.id(id).into()
    }

    /// What a reference to a member becomes.
    pub(super) fn member(self, id: Option<MemberId>) -> Option<MemberId> {
        id.map(|id| self.of(id.0))
    }

    pub(super) fn owner(self, owner: Owner) -> Owner {
        match owner {
            Owner::Unowned => Owner::Unowned,
            Owner::Member(id) => Owner::Member(self.of(id.0)),
        }
    }

    /// What a role becomes: the key of a built-in one, or an id.
    fn role(self, role: &str) -> String {
        role.parse::<RoleId>()
            .map_or_else(|_| role.to_owned(), |id| self.of::<RoleId>(id.0).to_string())
    }
}

/// The workspace itself, as far as its line says.
pub(super) struct Head {
    pub(super) id: WorkspaceId,
    pub(super) name: Name,
    pub(super) slug: Slug,
    pub(super) created_at: Timestamp,
    pub(super) settings: Map<String, Value>,
    pub(super) blueprint: String,
}

/// Everything before the records, each with the number of its line.
#[derive(Default)]
pub(super) struct Setup {
    pub(super) head: Option<Head>,
    pub(super) departments: Vec<(u64, Department)>,
    pub(super) roles: Vec<(u64, Role)>,
    pub(super) profiles: Vec<(u64, Profile)>,
    pub(super) teams: Vec<(u64, Team)>,
    pub(super) reports: Vec<(u64, SavedReport)>,
    pub(super) views: Vec<(u64, SavedView)>,
    pub(super) types: Vec<(u64, StoredEntity)>,
    pub(super) members: Vec<(u64, Member)>,
    pub(super) invitations: Vec<(u64, Invitation)>,
    ids: HashSet<(Kind, Uuid)>,
    bytes: usize,
}

impl Setup {
    /// Takes a line.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub(super) fn add(&mut self, line: &Line, ids: Ids) -> Result<(), Wrong> {
        self.bytes += line.len();
        if self.bytes > MOST_BYTES {
            let mib = MOST_BYTES >> 20;
            return Err(vec![format!("what precedes the records has more than {mib} MiB")]);
        }
        match line.kind {
            Kind::Workspace => {
                if self.head.is_some() {
                    return Err(vec!["a file has one workspace".to_owned()]);
                }
                self.head = Some(head(read(line)?, ids)?);
            }
            Kind::Department => {
                let form: DepartmentForm = read(line)?;
                let id: DepartmentId = self.own(line, form.id.0, ids)?;
                let made = Department {
                    id,
                    name: name(&form.name)?,
                    parent: form.parent.map(|id| ids.of(id.0)),
                    manager: ids.member(form.manager),
                    version: 1,
                };
                self.departments.push((line.number, made));
            }
            Kind::Role => {
                let form: RoleForm = read(line)?;
                let id: RoleId = self.own(line, form.id.0, ids)?;
                let made = Role {
                    id,
                    name: name(&form.name)?,
                    description: text(description(&form.description))?,
                    grants: read_grants(&form.grants).map_err(refused)?,
                    version: 1,
                };
                self.roles.push((line.number, made));
            }
            Kind::Profile => {
                let form: ProfileForm = read(line)?;
                let id: ProfileId = self.own(line, form.id.0, ids)?;
                let made = Profile {
                    id,
                    template: form.template.as_deref().map(word).transpose()?,
                    name: name(&form.name)?,
                    description: text(description(&form.description))?,
                    cells: cells(&form)?,
                    version: 1,
                };
                self.profiles.push((line.number, made));
            }
            Kind::Team => {
                let form: TeamForm = read(line)?;
                let id: TeamId = self.own(line, form.id.0, ids)?;
                let sharing = RecordSharing::parse(&form.record_sharing);
                let made = Team {
                    id,
                    name: name(&form.name)?,
                    description: text(description(&form.description))?,
                    profile: form.profile.map(|id| ids.of(id.0)),
                    sharing: known(sharing, "record_sharing", &form.record_sharing)?,
                    version: 1,
                };
                self.teams.push((line.number, made));
            }
            Kind::Report => {
                let form: ReportForm = read(line)?;
                let id: ReportId = self.own(line, form.id.0, ids)?;
                self.reports.push((line.number, report(form, id, ids)?));
            }
            Kind::View => {
                let form: ViewForm = read(line)?;
                let id: ViewId = self.own(line, form.id.0, ids)?;
                self.views.push((line.number, view(form, id, ids)?));
            }
            Kind::RecordType => {
                let RecordTypeForm { id, added, name, one, fields, stages, .. } = read(line)?;
                if self.types.iter().any(|(_, known)| known.entity == id) {
                    return Err(vec![format!("the record type `{id}` is there twice")]);
                }
                let entity = word(&id)?;
                let made = StoredEntity {
                    entity,
                    is_added: added,
                    name,
                    one,
                    fields,
                    stages,
                    version: 1,
                };
                self.types.push((line.number, made));
            }
            Kind::Member => {
                let form: MemberForm = read(line)?;
                let id: MemberId = self.own(line, form.id.0, ids)?;
                self.members.push((line.number, member(form, id, ids)?));
            }
            Kind::Invitation => {
                let form: InvitationForm = read(line)?;
                let id: InvitationId = self.own(line, form.id.0, ids)?;
                self.invitations.push((line.number, invitation(form, id, ids)?));
            }
            Kind::Record | Kind::Event | Kind::Audit | Kind::AuditSubject | Kind::End => {}
        }
        Ok(())
    }

    /// What the own id of a line becomes, if no line of its kind has it.
    fn own<T: From<Uuid>>(&mut self, line: &Line, id: Uuid, ids: Ids) -> Result<T, Wrong> {
        check_id(id, ids.now).map_err(|why| vec![format!("its id {why}")])?;
        if self.ids.insert((line.kind, id)) {
            return Ok(ids.of(id));
        }
        Err(vec![format!("a {} with its id is there already", line.kind.word())])
    }

    /// Whether a member is in the file, also one who was removed. Without a map, since both are of the file.
    pub(super) fn has_member(&self, id: MemberId) -> bool {
        self.ids.contains(&(Kind::Member, id.0))
    }
}

fn read<T: serde::de::DeserializeOwned>(line: &Line) -> Result<T, Wrong> {
    line.read().map_err(|why| vec![why])
}

fn head(form: WorkspaceForm, ids: Ids) -> Result<Head, Wrong> {
    if form.format != FORMAT {
        return Err(vec![format!(
            "its format is {}, and this version imports {FORMAT}; export the workspace with this version",
            form.format
        )]);
    }
    check_id(form.id.0, ids.now).map_err(|why| vec![format!("its id {why}")])?;
    Ok(Head {
        id: ids.of(form.id.0),
        name: name(&form.name)?,
        slug: text(Slug::parse(&form.slug))?,
        created_at: form.created_at.min(ids.now),
        settings: form.settings,
        blueprint: form.blueprint,
    })
}

fn cells(form: &ProfileForm) -> Result<Cells, Wrong> {
    let (mut cells, mut wrong) = (Cells::default(), Vec::new());
    for (resource, row) in &form.grants {
        for (action, scope) in row {
            match Scope::parse(scope) {
                None if scope != "none" => {
                    wrong.push(format!("`{resource}` `{action}` has no scope `{scope}`"));
                }
                found => cells.set(resource, action, found),
            }
        }
    }
    if wrong.is_empty() { Ok(cells) } else { Err(wrong) }
}

fn report(form: ReportForm, id: ReportId, ids: Ids) -> Result<SavedReport, Wrong> {
    let (grouping, measure) = (Grouping::parse(&form.group_by), Measure::parse(&form.measure));
    Ok(SavedReport {
        id,
        name: name(&form.name)?,
        sharing: Sharing { created_by: ids.of(form.created_by.0), is_shared: form.shared },
        entity: word(&form.entity)?,
        stage: form.stage.as_deref().map(word).transpose()?,
        owner: form.owner.map(|owner| ids.owner(owner)),
        grouping: known(grouping, "group_by", &form.group_by)?,
        measure: known(measure, "measure", &form.measure)?,
        version: 1,
    })
}

fn view(form: ViewForm, id: ViewId, ids: Ids) -> Result<SavedView, Wrong> {
    let filter = form.filter.read().map_err(|errors| refused(Refusal::Fields(errors)))?;
    let mut settings = ViewSettings {
        filter,
        sort: form.sort.as_deref().map(word).transpose()?,
        columns: form.columns,
    };
    if let Some(OwnerRef::Member(id)) = &mut settings.filter.owner {
        *id = ids.of(id.0);
    }
    let columns = settings.columns.as_deref().unwrap_or_default();
    if columns.len() > MOST_COLUMNS || columns.iter().any(|column| word(column).is_err()) {
        return Err(vec![format!("a view has at most {MOST_COLUMNS} columns, each a key")]);
    }
    Ok(SavedView {
        id,
        name: name(&form.name)?,
        sharing: Sharing { created_by: ids.of(form.created_by.0), is_shared: form.shared },
        entity: word(&form.entity)?,
        settings,
        version: 1,
    })
}

fn member(form: MemberForm, id: MemberId, ids: Ids) -> Result<Member, Wrong> {
    let status = known(Status::parse(&form.status), "status", &form.status)?;
    let is_present = status != Status::Removed;
    if is_present && !form.service_account {
        let _: Email = text(Email::parse(&form.email))?;
    }
    if form.service_account != form.email.is_empty() {
        return Err(vec!["a member has an address, and a service account has none".to_owned()]);
    }
    let last_name = if form.last_name.is_empty() { None } else { Some(name(&form.last_name)?) };
    Ok(Member {
        id,
        // Another one than its own id, until its account is known.
        account: (!form.service_account).then_some(AccountId(Uuid::nil())),
        first_name: name(&form.first_name)?.into_string(),
        last_name: last_name.map(Name::into_string).unwrap_or_default(),
        email: word(&form.email)?,
        alias: form.alias.as_deref().map(name).transpose()?,
        status,
        access: MemberAccess {
            role: ids.role(&word(&form.role)?),
            levels: form.levels.into_iter().collect(),
            visibility: known(
                Visibility::parse(&form.visibility),
                "visibility",
                &form.visibility,
            )?,
            department: form.department.map(|id| ids.of(id.0)),
            manager: ids.member(form.manager),
            teams: teams(&form.teams, ids)?,
            is_billing_contact: form.billing_contact,
        },
        landing: form.landing.as_deref().map(word).transpose()?,
        joined_at: form.joined_at,
        role_since: form.role_since,
        role_by: ids.member(form.role_by),
        seen_at: form.seen_at,
        version: 1,
    })
}

fn invitation(form: InvitationForm, id: InvitationId, ids: Ids) -> Result<Invitation, Wrong> {
    Ok(Invitation {
        id,
        email: text(Email::parse(&form.email))?,
        name: form.name.as_deref().map(word).transpose()?,
        access: MemberAccess {
            role: ids.role(&word(&form.role)?),
            levels: form.levels.into_iter().collect(),
            visibility: known(
                Visibility::parse(&form.visibility),
                "visibility",
                &form.visibility,
            )?,
            department: form.department.map(|id| ids.of(id.0)),
            manager: ids.member(form.manager),
            teams: teams(&form.teams, ids)?,
            is_billing_contact: form.billing_contact,
        },
        landing: form.landing.as_deref().map(word).transpose()?,
        state: known(InvitationState::parse(&form.state), "state", &form.state)?,
        invited_by: ids.member(form.invited_by),
        invited_at: form.invited_at,
        expires_at: form.expires_at,
        version: 1,
    })
}

/// Teams in the order in which members have them.
fn teams(teams: &[TeamId], ids: Ids) -> Result<Vec<TeamId>, Wrong> {
    let mut moved: Vec<TeamId> = teams.iter().map(|team| ids.of(team.0)).collect();
    moved.sort_unstable();
    if moved.windows(2).any(|two| matches!(two, [one, other] if one == other)) {
        return Err(vec!["a team is there twice".to_owned()]);
    }
    Ok(moved)
}

fn name(given: &str) -> Result<Name, Wrong> {
    text(Name::parse(given))
}

fn text<T, E: std::fmt::Display>(read: Result<T, E>) -> Result<T, Wrong> {
    read.map_err(|why| vec![why.to_string()])
}

/// A word that is kept as it is.
pub(super) fn word(text: &str) -> Result<String, Wrong> {
    if text.len() > LONGEST_WORD || text.contains(char::is_control) {
        let detail = format!("expected a line of at most {LONGEST_WORD} bytes");
        return Err(vec![detail]);
    }
    Ok(text.to_owned())
}

/// The value of a word.
pub(super) fn known<T>(found: Option<T>, key: &str, word: &str) -> Result<T, Wrong> {
    let word = hallpass_domain::text::printable(word);
    found.ok_or_else(|| vec![format!("`{key}` has no value `{word}`")])
}

fn refused(refusal: Refusal) -> Wrong {
    match refusal {
        Refusal::Fields(errors) => {
            errors.iter().map(|error| format!("{}: {}", error.pointer, error.detail)).collect()
        }
        other => vec![other.to_string()],
    }
}
