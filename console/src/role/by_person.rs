//! The matrix by person: how far each action goes for a member, and what gives it.

use std::collections::HashMap;

use askama::Template;
use hallpass_app::access::EffectiveRight;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{ReadDepartments, ReadTeams};
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;

use super::head::Head;
use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::matrix::{Content, Matrix};
use crate::reply::{self, Shown};
use crate::source::source;
use crate::viewer::Viewer;

/// The members that one search lists.
const LISTED: usize = 12;

/// The page of a person.
#[derive(Template)]
#[template(path = "role/by_person.html")]
pub(crate) struct PersonPage {
    pub(crate) frame: Frame,
    pub(crate) head: Head,
    pub(crate) search: String,
    pub(crate) people: Vec<Listed>,
    pub(crate) others: usize,
    pub(crate) chosen: Option<Person>,
    /// The drawer that edits their access, where the reader may.
    pub(crate) edit: Option<String>,
    pub(crate) facts: Vec<(String, String)>,
    pub(crate) matrix: Matrix,
}

/// A member in the list.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    pub(crate) person: Person,
    pub(crate) role: String,
    pub(crate) is_current: bool,
}

impl PersonPage {
    #[cfg(test)]
    pub(crate) fn sample() -> PersonPage {
        let person = Person::new(&1, "Ben <script>");
        PersonPage {
            frame: Frame::sample(),
            head: Head::sample("person"),
            search: "<script>".to_owned(),
            people: vec![Listed {
                person: person.clone(),
                role: "Member".to_owned(),
                is_current: true,
            }],
            others: 5,
            chosen: Some(person),
            edit: Some("#".to_owned()),
            facts: vec![("Role".to_owned(), "Member".to_owned())],
            matrix: Matrix::sample(),
        }
    }
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let roles = ctx.roles().list().await?;
    let head = Head::of(&ctx, &frame, "person", &roles);
    let filter =
        MemberFilter { text: query.filled("q").map(str::to_owned), ..MemberFilter::default() };
    let found = ctx.members().list(&filter, MemberOrder::Name, None, LISTED).await?;
    let wanted = match query.filled("member") {
        Some(id) => Some(id.parse::<MemberId>().map_err(|_| Failure::missing("member"))?),
        None => found.members.first().map(|(member, _)| member.id),
    };
    let member = match wanted {
        Some(id) => Some(ctx.members().load(id).await?.member),
        None => None,
    };
    let (mut edit, mut facts, mut matrix) = (None, Vec::new(), Matrix::default());
    if let Some(member) = &member {
        facts = chips(&mut ctx, &frame, member).await?;
        let rights = ctx.access().rights(member.id).await?;
        matrix = self::matrix(&ctx, &frame, &rights);
        let may_edit = ctx.members().offer(member, []).edit;
        let path = || format!("{}/settings/team/{}/access", frame.base, member.id);
        edit = may_edit.then(path);
    }
    let people = found.members.iter().map(|(one, _)| Listed {
        person: Person::new(&one.id, &one.name()),
        role: ctx.snapshot().role_name(&one.access.role),
        is_current: Some(one.id) == wanted,
    });
    let total = usize::try_from(found.total).unwrap_or(0);
    let page = PersonPage {
        people: people.collect(),
        others: total.saturating_sub(found.members.len()),
        chosen: member.map(|member| Person::new(&member.id, &member.name())),
        search: query.text("q").to_owned(),
        edit,
        facts,
        matrix,
        head,
        frame,
    };
    reply::page(&page)
}

/// What decides the member's access, as far as the reader may read it.
async fn chips(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    member: &Member,
) -> Result<Vec<(String, String)>, Failure> {
    let blueprint = std::sync::Arc::clone(ctx.model().blueprint());
    let access = &member.access;
    let mut facts = vec![(frame.t("role-role"), ctx.snapshot().role_name(&access.role))];
    if blueprint.teams.is_some() && ctx.opens(&ReadTeams) && !access.teams.is_empty() {
        let names: Vec<String> =
            access.teams.iter().map(|id| ctx.snapshot().name(&id.to_string())).collect();
        facts.push((frame.t("fact-teams"), names.join(", ")));
    }
    if let Some(id) = access.department.filter(|_| ctx.opens(&ReadDepartments)) {
        let departments = ctx.departments().list().await?.into_iter();
        let found = departments.map(|one| one.department).find(|one| one.id == id);
        facts.extend(found.map(|one| (frame.t("fact-department"), one.name.to_string())));
    }
    if blueprint.visibility.is_some() {
        let word = crate::reach::Reach::of(frame.text, access.visibility.scope().word()).word;
        facts.push((frame.t("fact-visibility"), word));
    }
    let preset = blueprint.preset_of(&access.levels).filter(|_| !access.levels.is_empty());
    facts.extend(preset.map(|preset| (frame.t("fact-preset"), preset.name.clone())));
    if access.is_billing_contact {
        facts.push((frame.t("fact-also"), frame.t("billing-contact")));
    }
    Ok(facts)
}

fn matrix(ctx: &WorkspaceContext, frame: &Frame, rights: &[EffectiveRight]) -> Matrix {
    let rights: HashMap<(&str, &str), &EffectiveRight> = rights
        .iter()
        .map(|right| ((right.resource.as_str(), right.action.as_str()), right))
        .collect();
    Matrix::new(
        ctx,
        frame,
        |_| true,
        |resource, action| {
            let right = rights.get(&(resource.key.as_str(), action.key.as_str()));
            let Some(right) = right else { return Content::default() };
            Content {
                reach: right.reach.clone(),
                note: source(frame, right),
                ..Content::default()
            }
        },
    )
}
