//! A member in the access review.

use std::collections::{BTreeMap, HashMap};

use hallpass_app::access::EffectiveRight;
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};
use hallpass_engine::{Resource, ResourceKind};

use crate::failure::Failure;
use crate::format::Moment;
use crate::frame::{Frame, Person};
use crate::reach::Reach;

/// The record types that one reach names.
const NAMED: usize = 2;

/// A member in the review.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) person: Person,
    pub(crate) email: String,
    pub(crate) role: String,
    pub(crate) status: String,
    pub(crate) is_active: bool,
    /// What they reach, in words.
    pub(crate) reach: String,
    /// What they have beside their role.
    pub(crate) extras: String,
    pub(crate) seen: Option<Moment>,
    pub(crate) given_by: String,
    pub(crate) given: Moment,
}

/// The names of the members who gave roles, as they were looked up.
#[derive(Default)]
pub(crate) struct Grantors(HashMap<MemberId, String>);

impl Grantors {
    async fn name(
        &mut self,
        ctx: &mut WorkspaceContext,
        id: MemberId,
    ) -> Result<String, Failure> {
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let name = ctx.members().load(id).await?.member.name();
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

impl Row {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        member: &Member,
        grantors: &mut Grantors,
    ) -> Result<Row, Failure> {
        let rights = ctx.access().rights(member.id).await?;
        let given_by = match member.role_by {
            Some(id) => grantors.name(ctx, id).await?,
            None => frame.t("review-operator"),
        };
        let name = member.name();
        Ok(Row {
            person: Person::new(&member.id, &name),
            email: frame.contact(member),
            role: ctx.snapshot().role_name(&member.access.role),
            status: frame.word(member.status.word()),
            is_active: member.status == Status::Active,
            reach: reach(ctx, frame, &rights),
            extras: extras(ctx, frame, member),
            seen: member.seen_at.map(|at| frame.moment(at)),
            given_by,
            given: frame.moment(member.role_since),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Row {
        Row {
            person: Person::new(&1, "Ben <script>"),
            email: "<script>".to_owned(),
            role: "Member <script>".to_owned(),
            status: "Inactive".to_owned(),
            is_active: false,
            reach: "All: contacts <script>".to_owned(),
            extras: "Billing contact <script>".to_owned(),
            seen: Some(Moment::default()),
            given_by: "Anna <script>".to_owned(),
            given: Moment::default(),
        }
    }
}

/// What a member reads of each record type, and how many settings they change: "All records, 3 settings".
fn reach(ctx: &WorkspaceContext, frame: &Frame, rights: &[EffectiveRight]) -> String {
    let find = |resource: &Resource, action: Option<&str>| {
        let own = rights.iter().filter(|right| right.resource == resource.key);
        own.filter(|right| action.is_none_or(|action| right.action == action))
            .map(|right| right.reach.clone())
            .next()
    };
    let resources = ctx.policy().resources();
    let mut by_reach: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let on = |one: &&Resource| ctx.snapshot().is_on(&one.key);
    let records = resources.iter().filter(|one| one.kind == ResourceKind::Records);
    for resource in records.filter(on) {
        let words = find(resource, resource.key_of(resource.read)).unwrap_or_default();
        let word = Reach::of(frame.text, &words).word;
        let own = ctx.snapshot().record_type(&resource.key);
        let name = own.map_or_else(|| resource.name.clone(), |own| own.name);
        by_reach.entry(word).or_default().push(name);
    }
    let is_uniform = by_reach.len() == 1;
    let mut parts: Vec<String> = Vec::new();
    for (word, names) in &by_reach {
        if is_uniform {
            parts.push(text!(frame.text, "review-records", reach = word));
            continue;
        }
        let rest = names.len().saturating_sub(NAMED);
        let names: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
        let names = names.join(", ");
        parts.push(if rest == 0 {
            format!("{word}: {names}")
        } else {
            text!(frame.text, "review-reach-more", reach = word, names = names, n = rest)
        });
    }
    let changes = resources.iter().filter(|one| {
        let is_more = |right: &&EffectiveRight| {
            right.resource == one.key && Some(right.action.as_str()) != one.key_of(one.read)
        };
        one.kind == ResourceKind::Settings && rights.iter().any(|right| is_more(&right))
    });
    let settings = changes.count();
    if settings > 0 {
        parts.push(frame.count("review-settings", settings));
    }
    parts.join("; ")
}

/// What a member has beside their role, as far as the reader sees it on the team page.
fn extras(ctx: &WorkspaceContext, frame: &Frame, member: &Member) -> String {
    let blueprint = ctx.model().blueprint();
    let access = &member.access;
    let mut parts = Vec::new();
    if access.is_billing_contact {
        parts.push(frame.t("billing-contact"));
    }
    if !access.levels.is_empty() {
        let preset = blueprint.preset_of(&access.levels).map(|preset| preset.name.clone());
        parts.push(preset.unwrap_or_else(|| frame.t("review-levels")));
    }
    if !access.teams.is_empty() {
        parts.push(frame.count("review-teams", access.teams.len()));
    }
    parts.join(", ")
}
