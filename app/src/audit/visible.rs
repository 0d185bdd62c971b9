//! What a reader of the audit log may read of an entry: that it happened, and its values only as far
//! as they may read what it is about.
//!
//! **Invariant:** what decides whether values are shown, apart from the entry and the records, is in [`reaches`], so that
//! a file of entries is compared by it.

use hallpass_domain::audit::{Entry, Outcome, members_in};
use hallpass_domain::id::MemberId;
use hallpass_domain::record::Owner;
use hallpass_domain::setting::Area;
use hallpass_engine::ResourceKind;
use hallpass_store::export_file::{REST, Reaches};
use hallpass_store::record::Reach;
use serde_json::{Map, Value, json};

use crate::bulk_job::reads_figures;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    ReadApiKeys, ReadAuthentication, ReadBilling, ReadBlueprint, ReadDepartments, ReadGeneral,
    ReadMembers, ReadProfiles, ReadReports, ReadRoles, ReadSchema, ReadSecurity, ReadTeams,
    RecordPermission, to_read,
};
use crate::gate::{Pass, Permission};
use crate::record::part::reading as reading_records;
use crate::setting::area::reading;

/// The field with the names of those that are hidden.
pub(super) const HIDDEN: &str = "hidden";

/// Replaces the values that the caller may not read by the names of their fields, and looks up the
/// names of the members that remain.
pub(super) async fn shown(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    entries: Vec<Entry>,
) -> Result<Vec<Entry>, Error> {
    let mut shown = Vec::with_capacity(entries.len());
    for entry in entries {
        let entry = if reads_values(ctx, pass, &entry).await? {
            entry
        } else {
            Entry { before: hidden(&entry.before), after: hidden(&entry.after), ..entry }
        };
        shown.push(entry);
    }
    let named: Vec<MemberId> = shown.iter().flat_map(members_of).collect();
    ctx.look_up_names(pass, named).await?;
    Ok(shown)
}

/// What the caller may read of the values of entries: of every area, of the records of every type that is switched on,
/// of the views of every type, and of what nothing describes.
pub(crate) fn reaches(ctx: &WorkspaceContext) -> Reaches {
    let whole = |is_open: bool| if is_open { Reach::All } else { Reach::Nothing };
    let areas = to_read().map(|(area, read)| (format!("area {area}"), whole(ctx.opens(&read))));
    let resources = ctx.policy().resources().iter();
    let types = resources.filter(|known| known.kind == ResourceKind::Records);
    let of_types = types.flat_map(|resource| {
        let key = &resource.key;
        let records = if ctx.snapshot().is_on(key) {
            ctx.reach(&ctx.readable_owners(resource))
        } else {
            Reach::Nothing
        };
        let read = RecordPermission::new(key, reading_records(resource));
        [(format!("records {key}"), records), (format!("views {key}"), whole(ctx.opens(&read)))]
    });
    let rest = (REST.to_owned(), whole(has_top_role(ctx)));
    areas.chain(of_types).chain([rest]).collect()
}

/// The members whom an entry names, apart from its actor.
pub(super) fn members_of(entry: &Entry) -> impl Iterator<Item = MemberId> {
    let subject = entry.subject.parse().ok();
    let values = [&entry.before, &entry.after].into_iter().flat_map(members_in);
    subject.into_iter().chain(values)
}

/// Returns whether the caller may read the values of an entry.
async fn reads_values(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    entry: &Entry,
) -> Result<bool, Error> {
    // A denial has a reason and no values.
    let Some((noun, verb)) = entry.action.split_once('.') else { return Ok(true) };
    if entry.outcome == Outcome::Denied {
        return Ok(true);
    }
    let of_area = reads_area(ctx, noun, verb, entry);
    let resources = ctx.policy().resources().iter();
    let is_record = resources
        .filter(|known| known.kind == ResourceKind::Records)
        .any(|known| known.key == noun);
    if is_record {
        return Ok(of_area != Some(false) && reads_record(ctx, pass, noun, entry).await?);
    }
    // What nothing describes, such as a record type that was deleted, is for the top role.
    Ok(of_area.unwrap_or_else(|| has_top_role(ctx)))
}

/// Returns whether the caller may read the area that an entry is about; none for no area.
fn reads_area(ctx: &WorkspaceContext, noun: &str, verb: &str, entry: &Entry) -> Option<bool> {
    Some(match (noun, verb) {
        // The filters of an export of the log name what every reader of the log sees in its entries.
        ("workspace" | "audit", _) => true,
        ("member" | "invitation" | "ownership" | "account" | "role_assignments", _)
        | ("team", "join" | "quit")
        | ("billing", "transfer" | "release") => ctx.opens(&ReadMembers),
        ("team", _) => ctx.opens(&ReadTeams),
        ("billing" | "invoice", _) => ctx.opens(&ReadBilling),
        ("role", _) => ctx.opens(&ReadRoles) || ctx.opens(&ReadMembers),
        ("profile", _) => ctx.opens(&ReadProfiles),
        ("department", _) => ctx.opens(&ReadDepartments),
        ("connection" | "domain" | "identity", _) => ctx.opens(&ReadAuthentication),
        ("api_key", _) => ctx.opens(&ReadApiKeys),
        ("entity", _) => ctx.opens(&ReadSchema),
        ("report", _) => ctx.opens(&ReadReports) && shows_saved(ctx, entry),
        ("view", _) => {
            ctx.opens(&ReadReports) && shows_saved(ctx, entry) && reads_type(ctx, entry)
        }
        ("blueprint", _) => ctx.opens(&ReadBlueprint),
        ("settings", "switches") => ctx.opens(&ReadSecurity) || ctx.opens(&ReadGeneral),
        ("settings", word) => Area::parse(word).is_some_and(|area| ctx.opens(&reading(area))),
        ("records", _) => {
            let types = entry.after.get("records").and_then(Value::as_object);
            types.into_iter().flatten().all(|(entity, _)| ctx.reads_all_records(entity))
        }
        ("bulk_job", _) => {
            reads_figures(ctx, entry.after.get("result").unwrap_or(&Value::Null))
        }
        _ => return None,
    })
}

/// Returns whether the caller sees a report or a view, as it was and as it is: their own, or a shared one.
fn shows_saved(ctx: &WorkspaceContext, entry: &Entry) -> bool {
    let is_shared = |value: &Value| value.is_null() || value["shared"] == true;
    (entry.actor.is_some() && entry.actor == ctx.member_id())
        || (is_shared(&entry.before) && is_shared(&entry.after))
}

/// Returns whether the caller may read the record type of a view, whose fields it names; one that is gone has
/// nothing to hide.
fn reads_type(ctx: &WorkspaceContext, entry: &Entry) -> bool {
    let values = [&entry.before, &entry.after].into_iter();
    let types = values.filter_map(|value| value.get("entity")?.as_str());
    types.filter_map(|entity| ctx.snapshot().record_type(entity)).all(|resource| {
        ctx.opens(&RecordPermission::new(&resource.key, reading_records(&resource)))
    })
}

/// Returns whether the caller may read a record: with its owner of today, and with those in the values.
async fn reads_record(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    entity: &str,
    entry: &Entry,
) -> Result<bool, Error> {
    if ctx.reads_all_records(entity) {
        return Ok(true);
    }
    let Ok(id) = entry.subject.parse() else { return Ok(false) };
    let current = ctx.read(pass)?.records().find(entity, id).await?;
    let values = [&entry.before, &entry.after].into_iter();
    let named = values.filter_map(|value| value.get("owner")?.as_str());
    let mut owners: Vec<Owner> = named
        .map(|text| text.parse().map_or(Owner::Unowned, Owner::Member))
        .chain(current.map(|record| record.owner))
        .collect();
    owners.dedup();
    Ok(!owners.is_empty() && owners.iter().all(|owner| ctx.reads_records(entity, *owner)))
}

fn has_top_role(ctx: &WorkspaceContext) -> bool {
    let acting = ctx.member_id().and_then(|id| ctx.model().member(id));
    if acting.is_some() { ctx.has_top_role() } else { ctx.opens(&ReadMembers) }
}

/// The names of the fields of a value, in the place of the value.
fn hidden(value: &Value) -> Value {
    let Value::Object(fields) = value else { return Value::Null };
    json!({HIDDEN: names(fields)})
}

fn names(fields: &Map<String, Value>) -> Vec<String> {
    let mut names = Vec::new();
    for (key, value) in fields {
        match value.as_object() {
            Some(inner) => names.extend(inner.keys().map(|name| format!("{key}.{name}"))),
            None => names.push(key.clone()),
        }
    }
    names
}

#[cfg(test)]
mod tests;
