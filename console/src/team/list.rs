//! The list of members.

use std::collections::{BTreeMap, HashMap};

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    Invite, ReadDepartments, ReadRoles, RemoveMembers, UpdateMembers,
};
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_domain::id::DepartmentId;
use hallpass_domain::member::{Member, Status};

use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The members of a page.
const PAGE: usize = 50;

/// The width of the longest bar of open assignments, in CSS pixels.
const LONGEST_BAR: i64 = 66;

/// The team page.
#[derive(Template)]
#[template(path = "team/page.html")]
pub(crate) struct TeamPage {
    pub(crate) frame: Frame,
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) search: String,
    pub(crate) filters: Vec<Filter>,
    pub(crate) rows: Vec<Row>,
    pub(crate) has_departments: bool,
    pub(crate) may_invite: bool,
    /// The dialog over the list.
    pub(crate) dialog: Option<Dialog>,
}

/// A filter of the list, as a chip.
#[derive(Clone, Debug)]
pub(crate) struct Filter {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) is_on: bool,
}

/// A member in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) person: Person,
    pub(crate) email: String,
    pub(crate) role: String,
    /// The roles that the reader may choose from; empty where they may not change it.
    pub(crate) roles: Vec<Choice>,
    pub(crate) status: String,
    pub(crate) is_active: bool,
    pub(crate) open: i64,
    /// The open assignments by record type.
    pub(crate) open_by_type: String,
    /// The width of the bar in CSS pixels.
    pub(crate) bar: i64,
    pub(crate) department: String,
    pub(crate) is_billing_contact: bool,
    /// Whether the menu of the row can remove the member.
    pub(crate) may_remove: bool,
    pub(crate) version: i64,
}

/// A role to choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) name: String,
    pub(crate) is_chosen: bool,
}

impl TeamPage {
    /// Loads the page. `query` has the search text and the filter.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        query: &Form,
    ) -> Result<TeamPage, Failure> {
        let status = query.filled("status").and_then(Status::parse);
        let filter = MemberFilter {
            text: query.filled("q").map(str::to_owned),
            status,
            ..MemberFilter::default()
        };
        let page = ctx.members().list(&filter, MemberOrder::Name, None, PAGE).await?;
        let roles = if ctx.opens(&ReadRoles) { ctx.roles().list().await? } else { Vec::new() };
        let roles: Vec<(String, String)> = roles
            .into_iter()
            .filter(|role| role.may_give)
            .map(|role| (role.id, role.name))
            .collect();
        let departments = department_names(ctx).await?;
        let most = page.members.iter().map(|(_, open)| open.values().sum::<i64>()).max();
        let most = most.unwrap_or(0).max(1);
        let rows = page
            .members
            .iter()
            .map(|(member, open)| {
                Row::of(ctx, &frame, (member, open), &roles, &departments, most)
            })
            .collect();
        let path = format!("{}/settings/team", frame.base);
        let filters = [None, Some(Status::Active), Some(Status::Inactive)].map(|one| Filter {
            label: match one {
                None => frame.t("team-everyone"),
                Some(status) => frame.word(status.word()),
            },
            href: one
                .map_or_else(|| path.clone(), |one| format!("{path}?status={}", one.word())),
            is_on: one == status,
        });
        Ok(TeamPage {
            title: frame.word("team_page"),
            intro: text!(frame.text, "team-intro", members = page.total),
            search: query.text("q").to_owned(),
            filters: filters.into(),
            rows,
            has_departments: ctx.model().blueprint().departments.is_some(),
            may_invite: ctx.opens(&Invite),
            dialog: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> TeamPage {
        let row = |name: &str, role: &str, open: i64| Row {
            person: Person::new(&name, name),
            email: format!("{}@northwind.io", name.to_lowercase()),
            role: role.to_owned(),
            roles: vec![
                Choice {
                    value: "admin".into(),
                    name: "Admin".into(),
                    is_chosen: role == "Admin",
                },
                Choice {
                    value: "member".into(),
                    name: "Member".into(),
                    is_chosen: role == "Member",
                },
            ],
            status: "Active".to_owned(),
            is_active: true,
            open,
            open_by_type: "18 deals".to_owned(),
            bar: open,
            department: "Sales".to_owned(),
            is_billing_contact: open == 42,
            may_remove: true,
            version: 1,
        };
        TeamPage {
            frame: Frame::sample(),
            title: "Team".to_owned(),
            intro: "2 members".to_owned(),
            search: "<script>".to_owned(),
            filters: vec![Filter { label: "Everyone".into(), href: "#".into(), is_on: true }],
            rows: vec![row("Dana", "Admin", 42), row("Ben", "Member", 0)],
            has_departments: true,
            may_invite: true,
            dialog: Some(Dialog::sample()),
        }
    }
}

impl Row {
    fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        (member, open): (&Member, &BTreeMap<String, i64>),
        roles: &[(String, String)],
        departments: &HashMap<DepartmentId, String>,
        most: i64,
    ) -> Row {
        let (snapshot, blueprint) = (ctx.snapshot(), ctx.model().blueprint());
        let name = member.name();
        let total: i64 = open.values().sum();
        let role = &member.access.role;
        let department = member.access.department.and_then(|id| departments.get(&id));
        let choose = |(value, name): &(String, String)| Choice {
            value: value.clone(),
            name: name.clone(),
            is_chosen: value == role,
        };
        let may_change =
            ctx.opens(&UpdateMembers) && roles.iter().any(|(known, _)| known == role);
        let part = |(entity, count): (&String, &i64)| {
            let resource = ctx.model().blueprint().resource(entity);
            let name = resource.map_or(entity.as_str(), |resource| resource.name.as_str());
            format!("{} {}", frame.number(*count), name.to_lowercase())
        };
        Row {
            person: Person::new(&member.id, &name),
            email: member.email.clone(),
            role: snapshot.role_name(role),
            roles: if may_change { roles.iter().map(choose).collect() } else { Vec::new() },
            status: frame.word(member.status.word()),
            is_active: member.status == Status::Active,
            open: total,
            open_by_type: open.iter().map(part).collect::<Vec<_>>().join(", "),
            bar: total * LONGEST_BAR / most,
            department: department.cloned().unwrap_or_default(),
            is_billing_contact: member.access.is_billing_contact,
            may_remove: blueprint.membership.verbs.iter().any(|verb| verb == "remove")
                && ctx.opens(&RemoveMembers),
            version: member.version,
        }
    }
}

/// The names of departments, as far as the reader may read them.
async fn department_names(
    ctx: &mut WorkspaceContext,
) -> Result<HashMap<DepartmentId, String>, Failure> {
    if ctx.model().blueprint().departments.is_none() || !ctx.opens(&ReadDepartments) {
        return Ok(HashMap::new());
    }
    let found = ctx.departments().list().await?.into_iter();
    Ok(found.map(|one| (one.department.id, one.department.name.to_string())).collect())
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    reply::page(&TeamPage::load(&mut ctx, frame, &query).await?)
}
