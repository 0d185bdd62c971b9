//! The page of a member: what they have, what they reach, and since when.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use hallpass_app::access::EffectiveRight;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ReadApiKeys, ReadMembers};
use hallpass_app::member::MemberDetails;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};

use super::list::{department_names, member_id};
use super::row::{Item, noun};
use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::person_picture;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The page of a member.
#[derive(Clone, Debug, Default, Template)]
#[template(path = "team/member.html")]
pub(crate) struct MemberPage {
    pub(crate) frame: Frame,
    pub(crate) team: String,
    /// The list of members, for those who may read it.
    pub(crate) list: Option<String>,
    pub(crate) person: Person,
    pub(crate) email: String,
    pub(crate) status: String,
    pub(crate) is_active: bool,
    pub(crate) is_contact: bool,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) reach: Vec<ReachRow>,
    pub(crate) edit: Option<String>,
    /// The view through their eyes.
    pub(crate) view: Option<Item>,
    pub(crate) explain: String,
    /// The comparison with another member, for those who may read members.
    pub(crate) compare: Option<String>,
}

/// What a member may do on a resource.
#[derive(Clone, Debug)]
pub(crate) struct ReachRow {
    pub(crate) resource: String,
    /// The actions, by reach.
    pub(crate) actions: Vec<Actions>,
}

/// The actions of a resource that have the same reach.
#[derive(Clone, Debug)]
pub(crate) struct Actions {
    pub(crate) reach: String,
    /// The class of the reach.
    pub(crate) level: String,
    pub(crate) names: String,
}

pub(crate) async fn show(Path((_, member)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let details = ctx.members().load(member_id(&member)?).await?;
    let member = &details.member;
    let rights = if member.status == Status::Removed {
        Vec::new()
    } else {
        ctx.access().rights(member.id).await?
    };
    let offer = ctx.members().offer(member, []);
    let may_read = ctx.opens(&ReadMembers);
    let settings = format!("{}/settings", frame.base);
    let facts = list_facts(&mut ctx, &frame, &details).await?;
    let mut person = Person::new(&member.id, &member.name());
    person_picture::add(&mut ctx, &frame, [&mut person]).await?;
    reply::page(&MemberPage {
        team: frame.word("team_page"),
        list: may_read.then(|| format!("{settings}/team")),
        person,
        email: frame.contact(member),
        status: match member.status {
            Status::Removed => frame.t("member-removed"),
            Status::Active | Status::Inactive => frame.word(member.status.word()),
        },
        is_active: member.status == Status::Active,
        is_contact: member.access.is_billing_contact,
        facts,
        reach: reach(&ctx, &frame, &rights),
        edit: offer.edit.then(|| format!("{settings}/team/{}/access", member.id)),
        view: Item::view(&frame, member, &offer),
        explain: format!("{settings}/explain?member={}", member.id),
        compare: (may_read && member.status != Status::Removed)
            .then(|| format!("{settings}/compare?by=people&before={}", member.id)),
        frame,
    })
}

/// The name of another member.
async fn name_of(
    ctx: &mut WorkspaceContext,
    id: Option<MemberId>,
) -> Result<Option<String>, Failure> {
    let Some(id) = id.filter(|_| ctx.opens(&ReadMembers)) else { return Ok(None) };
    Ok(Some(ctx.members().load(id).await?.member.name()))
}

async fn list_facts(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    details: &MemberDetails,
) -> Result<Vec<(String, String)>, Failure> {
    let (member, access) = (&details.member, &details.member.access);
    let blueprint = ctx.model().blueprint().clone();
    let role = ctx.snapshot().role_name(&access.role);
    let since = frame.moment(member.role_since).text;
    let by = name_of(ctx, member.role_by).await?;
    let role = match by {
        Some(by) => text!(frame.text, "member-role-by", role = role, since = since, by = by),
        None => text!(frame.text, "member-role-since", role = role, since = since),
    };
    let mut facts = vec![(frame.t("team-role"), role)];
    let second =
        if details.has_second_factor { "second-factor-yes" } else { "second-factor-no" };
    facts.push((frame.t("second-factor"), frame.t(second)));
    if let Some(preset) = ctx.model().preset_of(access) {
        facts.push((frame.t("access-preset"), preset.name.clone()));
    }
    if blueprint.visibility.is_some() {
        let word = format!("scope_{}", access.visibility.scope().word());
        facts.push((frame.t("access-visibility"), frame.word(&word)));
    }
    if blueprint.departments.is_some() {
        let names = department_names(ctx).await?;
        let name = access.department.and_then(|id| names.get(&id)).cloned();
        facts.push((frame.t("team-department"), name.unwrap_or_else(|| "–".to_owned())));
    }
    if blueprint.has_managers {
        let manager = name_of(ctx, access.manager).await?;
        facts.push((frame.t("access-manager"), manager.unwrap_or_else(|| "–".to_owned())));
    }
    if blueprint.teams.is_some() {
        facts.push((frame.t("access-teams"), teams(ctx, member)));
    }
    if let Some(alias) = &member.alias {
        facts.push((frame.t("access-alias"), alias.to_string()));
    }
    facts.push((frame.t("team-open"), open(ctx, frame, details)));
    facts.push((frame.t("member-joined"), frame.moment(member.joined_at).text));
    let seen = member.seen_at.map(|at| frame.moment(at).text);
    facts.push((frame.t("member-seen"), seen.unwrap_or_else(|| frame.t("member-never"))));
    if ctx.opens(&ReadApiKeys) {
        let keys = ctx.api_keys().list().await?;
        let now = frame.now;
        let own = keys.iter().filter(|key| key.member == member.id && key.is_alive(now));
        let keys = i64::try_from(own.count()).unwrap_or_default();
        facts.push((frame.t("rail-api-keys"), frame.number(keys)));
    }
    Ok(facts)
}

fn teams(ctx: &WorkspaceContext, member: &Member) -> String {
    let names = member.access.teams.iter().map(|id| ctx.snapshot().name(&id.to_string()));
    let names: Vec<String> = names.collect();
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

fn open(ctx: &WorkspaceContext, frame: &Frame, details: &MemberDetails) -> String {
    let part = |(entity, count): (&String, &i64)| {
        format!("{} {}", frame.number(*count), noun(ctx, entity))
    };
    let parts: Vec<String> = details.open_records.iter().map(part).collect();
    if parts.is_empty() { frame.t("none") } else { parts.join(", ") }
}

/// What a member may do, by resource and reach.
fn reach(ctx: &WorkspaceContext, frame: &Frame, rights: &[EffectiveRight]) -> Vec<ReachRow> {
    let mut rows = Vec::new();
    for resource in ctx.policy().resources() {
        let mut by_reach: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for right in rights.iter().filter(|right| right.resource == resource.key) {
            let action = resource.action(&right.action).and_then(|at| resource.actions.get(at));
            let name = action.map_or(right.action.as_str(), |action| action.name.as_str());
            by_reach.entry(&right.reach).or_default().push(name.to_lowercase());
        }
        let actions = by_reach.into_iter().filter(|(reach, _)| *reach != "none");
        let actions = actions.map(|(reach, names)| Actions {
            reach: reach_words(frame, reach),
            level: class(reach).to_owned(),
            names: names.join(", "),
        });
        let actions: Vec<Actions> = actions.collect();
        if !actions.is_empty() {
            rows.push(ReachRow { resource: resource.name.clone(), actions });
        }
    }
    rows
}

/// The class of a reach: its first scope.
fn class(reach: &str) -> &str {
    let first = reach.split([' ', ',', '+']).next().unwrap_or_default();
    if first == "unowned" { "none" } else { first }
}

/// The reach in the words of the access model: "Own, Assigned".
fn reach_words(frame: &Frame, reach: &str) -> String {
    let known = ["own", "assigned", "team", "department", "all"];
    let words = reach.split([' ', ',', '+']).filter(|word| !word.is_empty());
    let words = words.map(|word| match word {
        "unowned" => frame.t("member-unowned"),
        word if known.contains(&word) => frame.word(&format!("scope_{word}")),
        word => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
impl MemberPage {
    pub(crate) fn sample() -> MemberPage {
        MemberPage {
            frame: Frame::sample(),
            list: Some("#".to_owned()),
            person: Person::new(&"mbr_1", "<script>"),
            status: "Active".to_owned(),
            is_active: true,
            is_contact: true,
            facts: vec![("Role".to_owned(), "Owner <script>".to_owned())],
            reach: vec![ReachRow {
                resource: "Deals".to_owned(),
                actions: vec![Actions {
                    reach: "All".to_owned(),
                    level: "all".to_owned(),
                    names: "read".to_owned(),
                }],
            }],
            edit: Some("#".to_owned()),
            view: Some(Item::sample()),
            explain: "#".to_owned(),
            compare: Some("#".to_owned()),
            ..MemberPage::default()
        }
    }
}
