//! The access model that a request means: one that ships with the server, or a text of one's own.

use std::sync::Arc;

use hallpass_domain::blueprint;
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::Blueprint;

use crate::app::App;
use crate::compute::SHORT_MODEL;
use crate::error::Error;

/// Which access model is meant; the fields exclude each other.
#[derive(Clone, Debug, Default)]
pub struct BlueprintSource {
    /// The id of a shipped blueprint.
    pub id: Option<String>,
    /// The text of a blueprint of one's own.
    pub text: Option<String>,
}

/// A valid access model, with the pointer to it in the request.
pub(crate) struct ParsedBlueprint {
    pub(crate) text: String,
    pub(crate) blueprint: Arc<Blueprint>,
    pub(super) pointer: &'static str,
}

impl ParsedBlueprint {
    /// Whether it does not ship with the server.
    pub(crate) fn is_own(&self) -> bool {
        blueprint::find(&self.blueprint.id).is_none()
    }
}

/// Reads the access model that a request means, and changes nothing.
///
/// # Errors
///
/// `Fields` with every mistake, each with its line.
pub fn read(source: &BlueprintSource) -> Result<Arc<Blueprint>, Refusal> {
    parse(source).map(|parsed| parsed.blueprint)
}

/// Parses the access model that a request means, like [`parse`]. A long text keeps no other request waiting.
pub(crate) async fn parse_apart(
    app: &App,
    workspace: WorkspaceId,
    source: &BlueprintSource,
) -> Result<ParsedBlueprint, Error> {
    if source.text.as_ref().is_none_or(|text| text.len() <= SHORT_MODEL) {
        return Ok(parse(source)?);
    }
    Ok(app.computations().run(workspace, || parse(source)).await??)
}

/// The text that a request means, with the pointer to it: by default that of the first that ships.
pub(super) fn text_of(source: &BlueprintSource) -> Result<(&'static str, String), Refusal> {
    Ok(match (&source.text, &source.id) {
        (Some(_), Some(_)) => {
            let detail = "name a blueprint or send one, not both";
            return Err(Refusal::field("/blueprint_text", "ambiguous", detail));
        }
        (Some(text), None) => ("/blueprint_text", text.clone()),
        (None, Some(id)) => {
            let found = blueprint::find(id).ok_or_else(|| {
                let known = blueprint::ids();
                let error =
                    FieldError::unknown("/blueprint", "unknown", ("blueprint", id), known);
                Refusal::Fields(vec![error])
            })?;
            ("/blueprint", found.to_owned())
        }
        (None, None) => {
            let first = blueprint::SHIPPED.first().map(|text| (*text).to_owned());
            ("/blueprint", first.unwrap_or_default())
        }
    })
}

/// Parses the access model that a request means. The ids of shipped access models are reserved for their
/// texts.
fn parse(source: &BlueprintSource) -> Result<ParsedBlueprint, Refusal> {
    let (pointer, text) = text_of(source)?;
    let parsed = Blueprint::parse(&text).map_err(|mistakes| {
        let each = mistakes.0.iter().map(|mistake| {
            FieldError::new("/blueprint_text", "bad_blueprint", mistake.to_string())
        });
        Refusal::Fields(each.collect())
    })?;
    if blueprint::find(&parsed.id).is_some_and(|shipped| shipped != text) {
        let detail = format!(
            "the id `{}` is reserved for a blueprint that ships with the server; choose another",
            parsed.id
        );
        return Err(Refusal::field(pointer, "reserved_id", detail));
    }
    Ok(ParsedBlueprint { text, blueprint: Arc::new(parsed), pointer })
}
