//! The page of a record: its fields, its owner, its stages, what may be done with it, what happened to it,
//! and who can see it.

use askama::Template;
use axum::extract::Path;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_app::record::RecordDetails;

use super::doable::{Doable, doable};
use super::event::{self, Event};
use super::kind::Kind;
use super::question::Question;
use super::row;
use super::steps::{Step, steps};
use super::subject::{Subject, owner};
use super::value;
use super::viewers::{self, Group};
use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::person_picture;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The page of a record.
#[derive(Template)]
#[template(path = "record/page.html")]
pub(crate) struct RecordPage {
    pub(crate) frame: Frame,
    pub(crate) kind: Kind,
    pub(crate) id: String,
    pub(crate) path: String,
    pub(crate) title: String,
    /// The most important values in one line.
    pub(crate) summary: String,
    pub(crate) steps: Vec<Step>,
    /// What the stages need that the reader may not move it to.
    pub(crate) needs: Vec<String>,
    pub(crate) facts: Vec<Fact>,
    /// The word of the access model for the owner.
    pub(crate) owner_label: String,
    pub(crate) owner: Option<Person>,
    pub(crate) has_left: bool,
    pub(crate) version: i64,
    pub(crate) may_edit: bool,
    pub(crate) may_reassign: bool,
    pub(crate) may_share: bool,
    pub(crate) may_delete: bool,
    pub(crate) actions: Vec<Doable>,
    pub(crate) events: Vec<Event>,
    /// The page with older events.
    pub(crate) older: Option<String>,
    /// Who can see it; none for a reader who may not read members.
    pub(crate) viewers: Option<Vec<Group>>,
    /// How many can see it.
    pub(crate) viewer_count: String,
    pub(crate) explain: String,
    /// The link to share, once it has been made.
    pub(crate) link: Option<String>,
    /// Why the last change was refused.
    pub(crate) refused: Option<String>,
    pub(crate) question: Option<Question>,
}

/// A value of a record.
#[derive(Clone, Debug)]
pub(crate) struct Fact {
    pub(crate) label: String,
    pub(crate) text: String,
    /// Where the value leads: an address, a phone number, a page.
    pub(crate) href: Option<String>,
    pub(crate) is_long: bool,
}

impl RecordPage {
    /// Loads the page of a record.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        subject: Subject,
        before: Option<&str>,
    ) -> Result<RecordPage, Failure> {
        let (title, path) = (subject.title(&frame), subject.path());
        let (may_update, may_reassign) = (subject.may_update(), subject.may_reassign());
        let resource = &subject.kind.resource;
        let may_share = subject.may(resource.key_of(resource.share.or(resource.read)));
        let may_delete = subject.may(resource.key_of(resource.delete));
        let (events, older) = event::load(ctx, &frame, &subject, before).await?;
        let mut viewers = if ctx.opens(&ReadMembers) {
            Some(viewers::load(ctx, &frame, &subject).await?)
        } else {
            None
        };
        let mut owner = owner(&frame, &subject.details);
        let people = viewers.iter_mut().flatten().flat_map(|group| &mut group.people);
        let people = people.map(|(person, _, _)| person).chain(owner.as_mut());
        person_picture::add(ctx, &frame, people).await?;
        let count: usize = viewers.iter().flatten().map(|group| group.count).sum();
        let Subject { kind, details } = subject;
        let steps = steps(&frame, &kind, &details);
        let record = &details.record;
        let read = kind.resource.key_of(kind.resource.read).unwrap_or_default();
        let explain = format!(
            "{}/settings/explain?resource={}&action={read}&record={}",
            frame.base, kind.key, record.id
        );
        Ok(RecordPage {
            id: record.id.to_string(),
            summary: summary(&frame, &kind, &details),
            needs: steps.iter().filter_map(|step| step.needs.clone()).collect(),
            steps,
            facts: values(&frame, &kind, &details),
            owner_label: crate::format::capital(&frame.word("record_owner")),
            owner,
            has_left: details.owner_status.is_some_and(|status| status.word() != "active"),
            version: record.version,
            may_edit: may_update,
            may_reassign,
            may_share,
            may_delete,
            actions: doable(&kind, &details),
            events,
            older,
            viewer_count: text!(frame.text, "record-viewers", n = count),
            viewers,
            explain,
            link: None,
            refused: None,
            question: None,
            title,
            path,
            kind,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> RecordPage {
        let kind = Kind::sample();
        let fact = Fact {
            label: "Website".to_owned(),
            text: "<script>".to_owned(),
            href: Some("#".to_owned()),
            is_long: false,
        };
        RecordPage {
            frame: Frame::sample(),
            id: "rec_1".to_owned(),
            path: "/workspace/northwind/records/deals/rec_1".to_owned(),
            title: "<script>".to_owned(),
            summary: "CHF 48,000".to_owned(),
            steps: vec![Step::sample()],
            needs: vec!["Lost needs “Close”.".to_owned()],
            facts: vec![fact],
            owner_label: "Owner".to_owned(),
            owner: Some(Person::new(&"mbr_1", "Tom Baker")),
            has_left: true,
            version: 3,
            may_edit: true,
            may_reassign: true,
            may_share: true,
            may_delete: true,
            actions: vec![Doable::sample()],
            events: vec![Event::sample()],
            older: Some("#".to_owned()),
            viewers: Some(vec![Group::sample()]),
            viewer_count: "9 members".to_owned(),
            explain: "#".to_owned(),
            link: Some("/w/northwind/records/deals/rec_1".to_owned()),
            refused: Some("Ben saved first.".to_owned()),
            question: Some(Question::sample()),
            kind,
        }
    }
}

/// The values of the columns in one line: "CHF 48,000 · 12 Dec 2026".
fn summary(frame: &Frame, kind: &Kind, details: &RecordDetails) -> String {
    let fields = kind.resource.fields.iter().filter(|field| field.key != row::title_key(kind));
    let fields = fields.filter(|field| field.holds != hallpass_engine::FieldType::LongText);
    let values =
        fields.map(|field| value::shown(frame, field, details.record.fields.get(&field.key)));
    let shown: Vec<String> = values.filter(|text| !text.is_empty()).take(3).collect();
    shown.join(" · ")
}

fn values(frame: &Frame, kind: &Kind, details: &RecordDetails) -> Vec<Fact> {
    use hallpass_engine::FieldType;
    let fact = |field: &hallpass_engine::Field| {
        let text = value::shown(frame, field, details.record.fields.get(&field.key));
        let href = match field.holds {
            _ if text.is_empty() => None,
            FieldType::Email => Some(format!("mailto:{text}")),
            FieldType::Phone => Some(format!("tel:{}", text.replace(' ', ""))),
            FieldType::Link => Some(text.clone()),
            FieldType::Text
            | FieldType::LongText
            | FieldType::Number
            | FieldType::Money
            | FieldType::Date
            | FieldType::Time
            | FieldType::Choice
            | FieldType::Check => None,
        };
        Fact {
            label: field.name.clone(),
            text,
            href,
            is_long: field.holds == FieldType::LongText,
        }
    };
    kind.resource.fields.iter().map(fact).collect()
}

pub(crate) async fn show(
    Path((_, entity, record)): Path<(String, String, String)>,
    viewer: Viewer,
) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let subject = Subject::load(&mut ctx, &frame, (&entity, &record)).await?;
    let before = query.filled("before");
    let mut page = RecordPage::load(&mut ctx, frame, subject, before).await?;
    if query.is_checked("shared") && page.may_share {
        page.link = Some(format!("/w/{}/records/{entity}/{}", page.frame.slug, page.id));
    }
    reply::page(&page)
}
