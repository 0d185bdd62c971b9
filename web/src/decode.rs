//! Strict decoding of JSON bodies and query parameters, which reports every mistake at once.
//!
//! The input is parsed into a tree that borrows from it, and the tree is deserialized. A mistake
//! ends a deserialization, so it is noted, and the next pass puts a default in its place.

mod filler;
mod mistake;
mod reader;
mod tree;

use axum::http::StatusCode;
use hallpass_app::Error;
use hallpass_domain::refusal::{FieldError, Refusal};
use serde::de::DeserializeOwned;

use crate::error::Problem;
pub(crate) use mistake::MOST_MISTAKES;
use mistake::{Notes, Source};
use reader::{Path, Reader};
use tree::Node;

/// The bytes of input that all passes together read at most, so that a large body with many
/// mistakes costs little more than one without.
const MOST_BYTES: usize = 2 << 20;

/// Decodes a JSON body that is an object whose fields are texts and one list of objects with texts, without a
/// tree where it is right.
pub(crate) fn one_list<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // An array in the place of an object would be taken for its fields.
    let is_object = bytes.trim_ascii_start().first() == Some(&b'{');
    let has_one_list = bytes.iter().filter(|byte| **byte == b'[').nth(1).is_none();
    if is_object
        && has_one_list
        && let Ok(value) = serde_json::from_slice(bytes)
    {
        return Ok(value);
    }
    json(bytes)
}

/// Decodes a JSON body.
pub(crate) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(not_json("the body is empty; send a JSON object"));
    }
    let tree: Node<'_> = serde_json::from_slice(bytes)
        .map_err(|error| not_json(&format!("the body is not JSON: {error}")))?;
    let mut large = Vec::new();
    tree.find_large("", &mut large);
    if large.is_empty() {
        decode(&tree, Source::Body, bytes.len())
    } else {
        Err(invalid(large))
    }
}

fn not_json(detail: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_json", detail)
}

/// Decodes the query parameters of a URI.
pub(crate) fn query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    decode(&Node::from_query(query), Source::Query, query.len())
}

fn decode<T: DeserializeOwned>(
    tree: &Node<'_>,
    source: Source,
    length: usize,
) -> Result<T, Problem> {
    let notes = Notes::new(source);
    let passes = (MOST_BYTES / length.max(1)).clamp(2, MOST_MISTAKES);
    for _ in 0..passes {
        match T::deserialize(Reader { node: tree, path: Path::Root, notes: &notes }) {
            Ok(value) if notes.is_empty() => return Ok(value),
            Ok(_) => break,
            Err(stop) => {
                // The same place again means that no default fits there.
                if !notes.add(stop) {
                    break;
                }
            }
        }
    }
    Err(invalid(notes.into_errors()))
}

/// The mistake of a query parameter that a route does not have.
pub(crate) fn unknown_parameter(name: &str, known: &[&str]) -> FieldError {
    FieldError::new(
        mistake::join("", &mistake::printable(name)),
        "unknown_parameter",
        mistake::unknown("parameter", name, known),
    )
}

/// The problem of a request with mistakes.
pub(crate) fn invalid(errors: Vec<FieldError>) -> Problem {
    Problem::from(Error::Refused(Refusal::Fields(errors)))
}

#[cfg(test)]
mod tests;
