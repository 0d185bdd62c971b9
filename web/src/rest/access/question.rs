//! Questions of requests: a record is replaced by its owner.

use hallpass_app::access::{About, Question};
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::id::RecordId;
use hallpass_domain::record::Owner;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Problem;
use crate::extract::field_id;
use crate::openapi::scalar;

/// A question: about an action in general, on a record, or on records of an owner. `record` and
/// `owner` exclude each other.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccessQuestion {
    /// The key of the resource.
    #[schema(value_type = scalar::Key)]
    pub(super) resource: String,
    /// The key of the action.
    #[schema(value_type = scalar::Key)]
    pub(super) action: String,
    /// The record that the action is performed on.
    #[schema(value_type = Option<scalar::RecordId>)]
    pub(super) record: Option<String>,
    /// The owner of the records that the action is performed on: a member's id or `unowned`.
    #[schema(value_type = Option<scalar::RecordOwner>)]
    pub(super) owner: Option<String>,
}

/// Converts a question of the request: a record is replaced by its owner, if the caller may read it.
pub(super) async fn question(
    ctx: &mut WorkspaceContext,
    place: impl Fn() -> String,
    ask: AccessQuestion,
) -> Result<Question, Problem> {
    let (question, record) = parsed(place, ask)?;
    let mut questions = [question];
    let records: Vec<_> = record.into_iter().map(|record| (0, record)).collect();
    put_owners(ctx, &mut questions, &records).await?;
    let [question] = questions;
    Ok(question)
}

/// Parses a question, and the record that it is about. The JSON pointer is built only for an error.
pub(super) fn parsed(
    place: impl Fn() -> String,
    ask: AccessQuestion,
) -> Result<(Question, Option<RecordId>), Problem> {
    let AccessQuestion { resource, action, record, owner } = ask;
    let (about, record) = match (record, owner.as_deref()) {
        (None, None) => (About::Anything, None),
        (None, Some("unowned")) => (About::Unowned, None),
        (None, Some(owner)) => (About::OwnedBy(named_id(place, "owner", owner)?), None),
        (Some(record), None) => (About::Hidden, Some(named_id(place, "record", &record)?)),
        (Some(_), Some(_)) => {
            let pointer = format!("{}/owner", place());
            let detail = "name a record or an owner, not both";
            return Err(Problem::field(&pointer, "ambiguous", detail));
        }
    };
    Ok((Question { resource, action, about }, record))
}

/// Replaces records by their owners, as far as the caller may read them. Each is the record of the question at a
/// place.
pub(super) async fn put_owners(
    ctx: &mut WorkspaceContext,
    questions: &mut [Question],
    records: &[(usize, RecordId)],
) -> Result<(), Problem> {
    if records.is_empty() {
        return Ok(());
    }
    let named = records.iter().filter_map(|(place, record)| {
        let question = questions.get(*place)?;
        Some((question.resource.clone(), *record))
    });
    let owners = ctx.records().find_owners(named.collect()).await?;
    for ((place, _), owner) in records.iter().zip(owners) {
        if let Some(question) = questions.get_mut(*place) {
            question.about = match owner {
                Some(Owner::Unowned) => About::Unowned,
                Some(Owner::Member(member)) => About::OwnedBy(member),
                None => About::Hidden,
            };
        }
    }
    Ok(())
}

fn named_id<T>(place: impl Fn() -> String, field: &str, text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().or_else(|_| field_id(&format!("{}/{field}", place()), text))
}
