//! A record in a list or on a board.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::OwnerRef;
use hallpass_app::record::owner::may_give;
use hallpass_app::record::{RecordDetails, owner_word};
use hallpass_domain::member::Status;
use hallpass_domain::record::{Owner, Schema};
use hallpass_domain::saved_view::OWN_COLUMNS;
use hallpass_engine::{Field, FieldType};

use super::kind::Kind;
use super::steps::{Step, may_move, steps};
use super::value;
use crate::format::{self, Moment};
use crate::frame::{Frame, Person};
use crate::picker::Choice;

/// The fields of a list without columns of its own, beside the title.
const FIELDS: usize = 3;

/// A record in a list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) href: String,
    pub(crate) title: String,
    /// The values of the columns.
    pub(crate) cells: Vec<Cell>,
    pub(crate) stage: Option<StageMark>,
    /// The owner; none for an unowned record.
    pub(crate) owner: Option<Person>,
    /// Whether the owner is not an active member.
    pub(crate) has_left: bool,
    pub(crate) created: Moment,
    pub(crate) updated: Moment,
    pub(crate) version: i64,
    /// Whether the reader may do nothing to it but read.
    pub(crate) is_view_only: bool,
    /// What of the selection bar applies to it.
    pub(crate) allows: String,
    /// The stages, where the reader may move it to another one.
    pub(crate) steps: Vec<Step>,
    /// The owners to choose from in the list, where the reader may reassign it.
    pub(crate) owners: Vec<Choice>,
}

/// A stage as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StageMark {
    pub(crate) name: String,
    /// How far along the pipeline it is, in quarters.
    pub(crate) share: usize,
    pub(crate) is_open: bool,
}

/// A value in a column.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    /// The column: `field`, `stage`, `owner`, `created` or `updated`.
    pub(crate) column: &'static str,
    /// The value of a field.
    pub(crate) text: String,
    pub(crate) is_number: bool,
}

/// What a column shows.
#[derive(Clone, Debug)]
enum Shown {
    Field(Field),
    Stage,
    Owner,
    Created,
    Updated,
}

/// A column.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// Its key, in addresses and saved views.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) is_number: bool,
    /// Whether the highest value comes first when it is sorted by it at first.
    pub(crate) falls: bool,
    shown: Shown,
}

/// The key of the field that names a record.
pub(crate) fn title_key(kind: &Kind) -> &str {
    let fields = &kind.resource.fields;
    let texts = || fields.iter().filter(|field| field.holds == FieldType::Text);
    let named = texts().find(|field| field.required).or_else(|| texts().next());
    named.or(fields.first()).map_or("", |field| &field.key)
}

/// The columns that a list can show, beside the title: the fields in their order, then those of every record.
pub(crate) fn every_column(frame: &Frame, kind: &Kind, has_owners: bool) -> Vec<Column> {
    let title = title_key(kind);
    let own = |key: &str| OWN_COLUMNS.contains(&key);
    let fields = kind.resource.fields.iter().filter(|one| one.key != title && !own(&one.key));
    let fields = fields.map(|field| Column {
        key: field.key.clone(),
        name: field.name.clone(),
        is_number: is_number(field),
        falls: matches!(
            field.holds,
            FieldType::Money | FieldType::Number | FieldType::Date | FieldType::Time
        ),
        shown: Shown::Field(field.clone()),
    });
    let column = |key: &str, name: String, shown: Shown| Column {
        key: key.to_owned(),
        name,
        is_number: false,
        falls: true,
        shown,
    };
    let stage = kind.has_stages.then(|| column("stage", frame.t("record-stage"), Shown::Stage));
    let owner = format::capital(&frame.word("record_owner"));
    let owner = has_owners.then(|| column("owner", owner, Shown::Owner));
    let created = column("created", frame.t("record-created"), Shown::Created);
    let updated = column("updated", frame.t("record-updated"), Shown::Updated);
    fields.chain(stage).chain(owner).chain([created, updated]).collect()
}

/// The columns of a list: those that are wanted, or the first fields without long texts, the stage, the owner
/// and the time of creation.
pub(crate) fn columns(
    frame: &Frame,
    kind: &Kind,
    has_owners: bool,
    wanted: Option<&[String]>,
) -> Vec<Column> {
    let every = every_column(frame, kind, has_owners);
    if let Some(wanted) = wanted {
        let find = |key: &String| every.iter().find(|column| column.key == *key).cloned();
        return wanted.iter().filter_map(find).collect();
    }
    let mut fields = 0;
    let is_usual = |column: &Column| match &column.shown {
        Shown::Field(field) if field.holds == FieldType::LongText => false,
        Shown::Field(_) => {
            fields += 1;
            fields <= FIELDS
        }
        Shown::Stage | Shown::Owner | Shown::Created => true,
        Shown::Updated => false,
    };
    every.into_iter().filter(is_usual).collect()
}

fn is_number(field: &Field) -> bool {
    matches!(field.holds, FieldType::Money | FieldType::Number)
}

/// A stage as lists show it.
pub(crate) fn stage_mark(kind: &Kind, key: &str) -> StageMark {
    let stages = &kind.resource.stages;
    let place = stages.iter().position(|stage| stage.key == key);
    StageMark {
        name: kind.stage_name(key),
        share: place.map_or(0, |place| value::share(place, stages.len())),
        is_open: Schema::of(&kind.resource).is_open(Some(key)),
    }
}

impl Row {
    pub(crate) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        kind: &Kind,
        columns: &[Column],
        details: &RecordDetails,
    ) -> Row {
        let record = &details.record;
        let cell = |column: &Column| {
            let (name, text) = match &column.shown {
                Shown::Field(field) => {
                    ("field", value::shown(frame, field, record.fields.get(&field.key)))
                }
                Shown::Stage => ("stage", String::new()),
                Shown::Owner => ("owner", String::new()),
                Shown::Created => ("created", String::new()),
                Shown::Updated => ("updated", String::new()),
            };
            Cell { column: name, text, is_number: column.is_number }
        };
        let name = details.owner_name.clone().unwrap_or_else(|| frame.t("records-other-owner"));
        let owner = match record.owner {
            Owner::Unowned => None,
            Owner::Member(id) => Some(Person::new(&id, &name)),
        };
        let status = details.owner_status.map(Status::word);
        let allows = allows(kind, details);
        let reads = kind.resource.key_of(kind.resource.read);
        let is_member = ctx.member_id().is_some();
        Row {
            id: record.id.to_string(),
            href: kind.path_of(&record.id),
            title: title(frame, kind, &record.title),
            cells: columns.iter().map(cell).collect(),
            stage: record.stage.as_deref().map(|key| stage_mark(kind, key)),
            owner,
            has_left: status.is_some_and(|status| status != "active"),
            created: frame.moment(record.created_at),
            updated: frame.moment(record.updated_at),
            version: record.version,
            is_view_only: is_member
                && details.allowed.iter().all(|action| Some(action.as_str()) == reads),
            steps: if allows.contains(&"stage") {
                steps(frame, kind, details)
            } else {
                Vec::new()
            },
            owners: if allows.contains(&"reassign") {
                owners(ctx, frame, kind, details)
            } else {
                Vec::new()
            },
            allows: allows.join(" "),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample(title: &str) -> Row {
        Row {
            id: "rec_1".to_owned(),
            href: "#".to_owned(),
            title: title.to_owned(),
            cells: ["field", "stage", "owner", "created", "updated"]
                .map(|column| Cell { column, text: "CHF 48,000".to_owned(), is_number: true })
                .to_vec(),
            stage: Some(StageMark { name: "Lead".to_owned(), share: 1, is_open: true }),
            owner: Some(Person::new(&"mbr_1", "<script>")),
            has_left: false,
            created: Moment::default(),
            updated: Moment::default(),
            version: 1,
            is_view_only: true,
            allows: "reassign".to_owned(),
            steps: vec![Step::sample()],
            owners: vec![Choice {
                value: "mbr_1".to_owned(),
                name: "<script>".to_owned(),
                is_chosen: true,
            }],
        }
    }
}

/// The word of the choice that leads to all members.
pub(crate) const ANOTHER: &str = "another";

/// The owners to choose from at once: the one that it has, the reader, no member, and the way to others.
fn owners(
    ctx: &WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    details: &RecordDetails,
) -> Vec<Choice> {
    let now = details.record.owner;
    let name = details.owner_name.clone().unwrap_or_else(|| frame.t("records-other-owner"));
    let mut choices = vec![(owner_word(now), name, true)];
    if now == Owner::Unowned {
        choices = vec![(owner_word(now), frame.t("records-unassigned"), true)];
    }
    if let Some(me) = ctx.member_id().map(Owner::Member).filter(|me| *me != now)
        && may_give(ctx, &kind.resource, me.into())
    {
        choices.push((owner_word(me), frame.t("records-me"), false));
    }
    if now != Owner::Unowned && may_give(ctx, &kind.resource, OwnerRef::Unowned) {
        choices.push((owner_word(Owner::Unowned), frame.t("records-unassigned"), false));
    }
    choices.push((ANOTHER.to_owned(), frame.t("records-another"), false));
    let choice = |(value, name, is_chosen)| Choice { value, name, is_chosen };
    choices.into_iter().map(choice).collect()
}

/// A title, or words for a record without one.
pub(crate) fn title(frame: &Frame, kind: &Kind, title: &str) -> String {
    if title.is_empty() {
        return text!(frame.text, "record-untitled", one = &kind.one);
    }
    title.to_owned()
}

/// What of the selection bar applies to a record.
fn allows(kind: &Kind, details: &RecordDetails) -> Vec<&'static str> {
    let resource = &kind.resource;
    let may =
        |key: Option<&str>| key.is_some_and(|key| details.allowed.iter().any(|one| one == key));
    let mut allows = Vec::new();
    if may(kind.reassigning()) {
        allows.push("reassign");
    }
    if resource.stages.iter().any(|stage| may_move(kind, details, &stage.key)) {
        allows.push("stage");
    }
    if may(resource.key_of(resource.delete)) {
        allows.push("delete");
    }
    allows
}
