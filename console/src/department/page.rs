//! The page of a department: its place in the tree, its manager, and its members.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::department::DepartmentDetails;
use hallpass_app::gate::permission::{
    CreateDepartments, DeleteDepartments, ReadMembers, UpdateDepartments, UpdateMembers,
};
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_app::naming::DepartmentRef;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Member;
use hallpass_engine::Visibility;

use super::reached;
use super::tree::{self, Node};
use super::values::{Values, manager_picker, parent_picker, parents};
use crate::dialog::Dialog;
use crate::effect::Effect;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::Form;
use crate::frame::{Frame, Person};
use crate::matrix::Choice;
use crate::person_picture;
use crate::picker::{Blank, Noun, Picker, Place};
use crate::reach::Reach;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The members of a page.
const PAGE: usize = 100;

/// The page of a department.
#[derive(Template)]
#[template(path = "department/page.html")]
pub(crate) struct DepartmentPage {
    pub(crate) frame: Frame,
    pub(crate) links: Vec<Link>,
    pub(crate) may_create: bool,
    pub(crate) about: Option<About>,
    pub(crate) effect: Option<Effect>,
    pub(crate) refused: Faults,
    pub(crate) dialog: Option<Dialog>,
}

/// A department in the tree.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) depth: usize,
    pub(crate) members: String,
    /// How many there are with those of the departments below, in words; empty where there are none below.
    pub(crate) in_all: String,
    pub(crate) manager: Option<Person>,
    pub(crate) is_current: bool,
}

/// What the page says of its department.
#[derive(Clone, Debug, Default)]
pub(crate) struct About {
    pub(crate) name: String,
    pub(crate) path: String,
    pub(crate) values: Values,
    /// What is saved.
    pub(crate) saved: Values,
    pub(crate) changes: usize,
    /// The departments that it may be moved below, by id and indented name.
    pub(crate) parents: Vec<(String, String)>,
    pub(crate) parent: Picker,
    pub(crate) manager: Picker,
    /// The name of the manager, as saved.
    pub(crate) led_by: String,
    /// The version that the form was opened with, and what it was made from.
    pub(crate) version: String,
    pub(crate) made_from: String,
    pub(crate) may_edit: bool,
    pub(crate) may_delete: bool,
    pub(crate) reads_members: bool,
    pub(crate) rows: Vec<Row>,
    pub(crate) others: usize,
    pub(crate) has_visibility: bool,
    /// Whether the page says what visibility comes to.
    pub(crate) has_figures: bool,
    /// The members who may be moved here.
    pub(crate) people: Picker,
}

impl About {
    /// Keeps what a form was opened with, until it is saved or another person has saved first: a preview
    /// between does not hide that.
    pub(super) fn keep_base(&mut self, form: &Form) {
        form.keep_base(&mut self.version, &mut self.made_from);
    }

    /// The fields of the form, as they are saved now.
    pub(super) fn saved(&self, frame: &Frame) -> Vec<Saved> {
        let fields = self.saved.fields();
        let manager = [(self.saved.manager.clone(), self.led_by.clone())];
        let names = [&[][..], &self.parents, &manager];
        let fields = fields.into_iter().zip(names);
        fields.map(|(field, names)| Saved::new(frame, field).named(names)).collect()
    }

    /// The path that previews the form.
    pub(crate) fn preview(&self) -> String {
        format!("{}/preview", self.path)
    }
}

/// A member of the department.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) person: Person,
    pub(crate) role: String,
    pub(crate) visibility: Reach,
    /// What it comes to: the records that the member reads; empty where the reader cannot know.
    pub(crate) comes_to: String,
    /// The levels to choose from; empty where the reader may not change the member.
    pub(crate) choices: Vec<Choice>,
    pub(crate) version: i64,
}

impl DepartmentPage {
    /// Loads the page of a department, with what a form holds.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        department: Option<&str>,
        form: &Form,
    ) -> Result<DepartmentPage, Failure> {
        let all = ctx.departments().list().await?;
        let found = match department {
            Some(department) => {
                Some(ctx.departments().load(DepartmentRef::from(department)).await?)
            }
            None => tree::list(&all, None).first().and_then(|first| {
                all.iter().find(|one| one.department.id == first.id).cloned()
            }),
        };
        let current = found.as_ref().map(|found| found.department.id);
        let nodes = tree::list(&all, current);
        let number = |n: usize| frame.number(i64::try_from(n).unwrap_or(i64::MAX));
        let links = nodes.iter().map(|node| Link {
            name: node.name.clone(),
            href: format!("{}/settings/departments/{}", frame.base, node.id),
            depth: node.depth,
            members: node.members.map(number).unwrap_or_default(),
            in_all: node
                .with_below
                .map(|n| frame.with("department-in-all", "n", number(n)))
                .unwrap_or_default(),
            manager: node.manager.clone(),
            is_current: Some(node.id) == current,
        });
        let links = links.collect();
        let about = match &found {
            Some(found) => Some(About::of(ctx, &frame, found, (&nodes, form)).await?),
            None => None,
        };
        Ok(DepartmentPage {
            links,
            may_create: ctx.opens(&CreateDepartments),
            about,
            effect: None,
            refused: Faults::default(),
            dialog: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> DepartmentPage {
        let text = crate::text::Text::default();
        let row = Row {
            person: Person::new(&1, "Ben <script>"),
            role: "Member <script>".to_owned(),
            visibility: Reach::of(text, "own"),
            comes_to: "12 <script>".to_owned(),
            choices: choices(text, Visibility::Department),
            version: 1,
        };
        let about = About {
            name: "Sales <script>".to_owned(),
            path: "#".to_owned(),
            values: Values { title: "<script>".to_owned(), ..Values::default() },
            saved: Values::default(),
            changes: 1,
            parents: vec![("dep_1".to_owned(), "– <script>".to_owned())],
            parent: Picker::sample(),
            manager: Picker::sample(),
            led_by: "Ben <script>".to_owned(),
            version: "1".to_owned(),
            made_from: String::new(),
            may_edit: true,
            may_delete: true,
            reads_members: true,
            rows: vec![row],
            others: 2,
            has_visibility: true,
            has_figures: true,
            people: Picker::sample(),
        };
        let link = Link {
            name: "Sales <script>".to_owned(),
            href: "#".to_owned(),
            depth: 1,
            members: "3".to_owned(),
            in_all: "7 in all".to_owned(),
            manager: Some(Person::new(&1, "Ben <script>")),
            is_current: true,
        };
        DepartmentPage {
            frame: Frame::sample(),
            links: vec![link],
            may_create: true,
            about: Some(about),
            effect: Some(Effect::sample()),
            refused: Faults::whole("<script>".to_owned()),
            dialog: Some(Dialog::sample()),
        }
    }
}

impl About {
    async fn of(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        found: &DepartmentDetails,
        (nodes, form): (&[Node], &Form),
    ) -> Result<About, Failure> {
        let blueprint = std::sync::Arc::clone(ctx.model().blueprint());
        let department = &found.department;
        let saved = Values::of(found);
        let values = saved.clone().with(form);
        let has_manager = blueprint.departments.is_some_and(|rules| rules.has_manager);
        let may_edit = ctx.opens(&UpdateDepartments);
        let path = format!("{}/settings/departments/{}", frame.base, department.id);
        let again = (format!("{path}/preview"), "post");
        let manager = if has_manager {
            manager_picker(ctx, frame, &values.manager, form, again.clone()).await?
        } else {
            Picker::default()
        };
        let led_by = tree::manager(found).map(|person| person.name).unwrap_or_default();
        let reads_members = ctx.opens(&ReadMembers);
        let may_change = ctx.opens(&UpdateMembers);
        let (mut rows, mut others, mut people) = (Vec::new(), 0, Picker::default());
        if reads_members {
            let filter = MemberFilter {
                department: Some(DepartmentRef::from(department.id)),
                ..MemberFilter::default()
            };
            let page = ctx.members().list(&filter, MemberOrder::Name, None, PAGE).await?;
            let members = page.members.iter().map(|(member, _)| member);
            let ids: Vec<MemberId> = page.members.iter().map(|(member, _)| member.id).collect();
            let reached = ctx.access().reached_records(&ids).await?;
            let comes_to =
                |id: &MemberId| reached.get(id).map(|one| reached::words(frame, one));
            rows = members
                .map(|member| Row {
                    comes_to: comes_to(&member.id).unwrap_or_default(),
                    ..row(ctx, frame, member, may_change)
                })
                .collect();
            others = usize::try_from(page.total).unwrap_or(0).saturating_sub(rows.len());
            person_picture::add(ctx, frame, rows.iter_mut().map(|row| &mut row.person)).await?;
        }
        if reads_members && may_change {
            let is_outside = |id: &str| rows.iter().all(|row| row.person.id != id);
            let (input, label) = (("f-member", "member"), frame.t("department-add"));
            let place = Place::one(Noun::Members, Blank::Member, input, label)
                .shown_again(path.clone(), "get");
            let chosen = (form.text("member"), is_outside);
            people = Picker::of_members(ctx, frame, place, chosen, form).await?;
        }
        let parents = parents(nodes);
        let has_figures = rows.iter().any(|row| !row.comes_to.is_empty());
        Ok(About {
            name: department.name.to_string(),
            parent: parent_picker(frame, (&parents, &values.parent), form, again),
            path,
            changes: values.differences(&saved),
            made_from: saved.made_from(),
            saved,
            values,
            parents,
            manager,
            led_by,
            version: department.version.to_string(),
            may_edit,
            may_delete: ctx.opens(&DeleteDepartments),
            reads_members,
            rows,
            others,
            has_visibility: blueprint.visibility.is_some(),
            has_figures: has_figures && blueprint.visibility.is_some(),
            people,
        })
    }
}

fn row(ctx: &WorkspaceContext, frame: &Frame, member: &Member, may_change: bool) -> Row {
    let visibility = member.access.visibility;
    Row {
        person: Person::new(&member.id, &member.name()),
        role: ctx.snapshot().role_name(&member.access.role),
        visibility: Reach::of(frame.text, visibility.scope().word()),
        comes_to: String::new(),
        choices: if may_change { choices(frame.text, visibility) } else { Vec::new() },
        version: member.version,
    }
}

/// The levels of visibility to choose from.
fn choices(text: crate::text::Text, current: Visibility) -> Vec<Choice> {
    let choice = |level: Visibility| Choice {
        value: level.scope().word().to_owned(),
        reach: Reach::of(text, level.scope().word()),
        is_chosen: level == current,
        was: level == current,
    };
    Visibility::EVERY.map(choice).into()
}

/// The page of the first department.
pub(crate) async fn first(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    if ctx.model().blueprint().departments.is_none() {
        return Err(Failure::missing("page"));
    }
    reply::page(&DepartmentPage::load(&mut ctx, frame, None, &query).await?)
}

pub(crate) async fn show(
    Path((_, department)): Path<(String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let page = DepartmentPage::load(&mut ctx, frame, Some(&department), &query).await?;
    // Dragging a department opens its page with the new place.
    let is_known = |parent: &str| {
        page.about.iter().any(|about| about.parents.iter().any(|(id, _)| id == parent))
    };
    if query.filled("parent").is_some_and(|parent| !is_known(parent)) {
        return Err(Failure::missing("department"));
    }
    reply::page(&page)
}
