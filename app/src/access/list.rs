//! Explanations of lists: whose records a member sees, and how many of each.

use hallpass_domain::id::MemberId;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Filter, MemberIndex, Owners, Relations, Resource, ResourceKind, Target};

use super::{Access, Question, cell, no_member};
use crate::boxed;
use crate::error::Error;
use crate::gate::permission::ReadMembers;

/// Whose records a member reaches, with exact numbers.
#[derive(Clone, Debug)]
pub struct ListReasons {
    /// All of it in one sentence.
    pub because: String,
    /// The number of records, if the caller may read them all.
    pub total: Option<i64>,
    /// Whether nothing is hidden from the member, also where there is nothing.
    pub is_unlimited: bool,
    /// The parts; each record is in one of them.
    pub parts: Vec<ListPart>,
}

/// A part of the records that a member reaches.
#[derive(Clone, Debug)]
pub struct ListPart {
    /// How their owners are related to the member.
    pub relation: Relations,
    /// The number of records, if the caller may read them all.
    pub records: Option<i64>,
    /// The number of owners, for a caller who may read members.
    pub owners: Option<usize>,
}

impl Access<'_> {
    /// Explains which records of a type a member reaches with an action.
    #[boxed]
    pub async fn explain_list(
        &mut self,
        member: Option<MemberId>,
        question: &Question,
    ) -> Result<ListReasons, Error> {
        let (member, pass) = self.check_subject(member).await?;
        let ctx = &mut *self.0;
        let is_own = ctx.member_id() == Some(member);
        let cell = cell(ctx.policy(), question)?;
        let index = ctx.model().index(member).ok_or_else(no_member)?;
        let known = ctx.policy().resources().iter();
        let resource = known.clone().find(|known| known.key == question.resource).cloned();
        let resource = resource.filter(|known| known.kind == ResourceKind::Records);
        let Some(resource) = resource else {
            let detail = "only record types have lists; leave `list` out";
            return Err(Refusal::field("/list", "not_a_record_type", detail).into());
        };
        let filter = if ctx.snapshot().is_on(&resource.key) {
            ctx.actionable_owners(index, cell)
        } else {
            Filter::Nothing
        };
        let is_unlimited = matches!(filter, Filter::All);
        let may_count = is_own || ctx.reads_all_records(&resource.key);
        let mut parts = Vec::new();
        for (relation, filter, owners) in divided(ctx.policy(), (index, cell), filter) {
            let mut records = None;
            if may_count {
                let reach = ctx.reach(&filter);
                records = Some(ctx.read(&pass)?.records().total(&resource.key, &reach).await?);
            }
            let owners = owners.filter(|_| ctx.opens(&ReadMembers));
            parts.push(ListPart { relation, records, owners });
        }
        parts.retain(|part| part.records != Some(0));
        let total = may_count.then(|| parts.iter().filter_map(|part| part.records).sum());
        ctx.look_up_names(&pass, [member]).await?;
        let subject = ctx.known_name(member).filter(|_| !is_own).map(str::to_owned);
        let verb = ctx.policy().keys(cell).1;
        let action = resource.actions.iter().find(|action| action.key == verb);
        let reads = resource.key_of(resource.read) == Some(verb);
        let action = action.filter(|_| !reads).map(|action| action.name.to_lowercase());
        let because = sentence(&resource, subject.as_deref(), action.as_deref(), total, &parts);
        Ok(ListReasons { because, total, is_unlimited, parts })
    }
}

type Divided = (Relations, Filter, Option<usize>);

/// Divides the owners of a filter by their relation to the member.
fn divided(
    policy: &hallpass_engine::Policy,
    (member, cell): (MemberIndex, hallpass_engine::Cell),
    filter: Filter,
) -> Vec<Divided> {
    let owners = match filter {
        Filter::Nothing => return Vec::new(),
        Filter::All => return vec![(Relations::ALL, Filter::All, None)],
        Filter::Owners(owners) => owners,
    };
    let mut parts: Vec<(Relations, Owners)> = Vec::new();
    for owner in owners.members {
        let relation = policy.relation(member, cell, Target::OwnedBy(owner));
        match parts.iter_mut().find(|(known, _)| *known == relation) {
            Some((_, part)) => part.members.push(owner),
            None => parts.push((relation, Owners { members: vec![owner], unowned: false })),
        }
    }
    if owners.unowned {
        parts.push((Relations::UNOWNED, Owners { members: Vec::new(), unowned: true }));
    }
    let order = |relation: Relations| {
        let known =
            [Relations::SELF, Relations::ASSIGNED, Relations::TEAM, Relations::DEPARTMENT];
        let last = if relation == Relations::UNOWNED { known.len() + 1 } else { known.len() };
        known.iter().position(|one| *one == relation).unwrap_or(last)
    };
    parts.sort_by_key(|(relation, _)| order(*relation));
    let counted = parts.into_iter().map(|(relation, owners)| {
        let count = owners.members.len();
        (relation, Filter::Owners(owners), Some(count).filter(|count| *count > 0))
    });
    counted.collect()
}

/// "You see 87 deals: 12 own, 70 of the 3 people assigned to you, and 5 without an owner".
fn sentence(
    resource: &Resource,
    subject: Option<&str>,
    action: Option<&str>,
    total: Option<i64>,
    parts: &[ListPart],
) -> String {
    let things = match total {
        Some(1) => resource.one.to_lowercase(),
        Some(_) | None => resource.many.to_lowercase(),
    };
    let sees = match (subject, action) {
        (None, None) => "You see".to_owned(),
        (Some(name), None) => format!("{name} sees"),
        (name, Some(action)) => format!("{} can {action}", name.unwrap_or("You")),
    };
    let number = match total {
        _ if parts.is_empty() => return format!("{sees} no {things}"),
        Some(total) => format!("{total} "),
        None => String::new(),
    };
    if let [ListPart { relation: Relations::ALL, .. }] = parts {
        return match total {
            Some(1) => format!("{sees} the only {things}"),
            Some(_) | None => format!("{sees} all {number}{things}"),
        };
    }
    let words = parts.iter().map(|part| of_part(part, subject.unwrap_or("you")));
    let words: Vec<String> = words.collect();
    let listed = match words.as_slice() {
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] if !most.is_empty() => format!("{}, and {last}", most.join(", ")),
        _ => words.concat(),
    };
    format!("{sees} {number}{things}: {listed}")
}

fn of_part(part: &ListPart, to: &str) -> String {
    let number = part.records.map_or_else(String::new, |records| format!("{records} "));
    let people = match part.owners {
        Some(1) => "the one person".to_owned(),
        Some(count) => format!("the {count} people"),
        None => "people".to_owned(),
    };
    let owners = match part.relation {
        Relations::SELF => return format!("{number}own"),
        Relations::UNOWNED => return format!("{number}without an owner"),
        Relations::ASSIGNED => format!("assigned to {to}"),
        Relations::TEAM => format!("in a team of {to}"),
        Relations::DEPARTMENT => format!("in the department of {to} or below it"),
        Relations::ASSIGNED_IN_DEPARTMENT => {
            format!("assigned to {to} in the same department")
        }
        Relations::TEAM_IN_DEPARTMENT => format!("in a team and the department of {to}"),
        _ => "of this workspace".to_owned(),
    };
    format!("{number}of {people} {owners}")
}
