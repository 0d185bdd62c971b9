//! The values of an area of settings: read from the workspace or from a form that was refused, and saved.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::setting::tag;
use hallpass_domain::setting::Area;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::form::Form;
use crate::submission::Submission;

/// The values of an area, as a page shows them.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    stored: Map<String, Value>,
    typed: Option<Form>,
}

impl Values {
    /// Loads the values of an area; those of a form that was refused go first.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        area: Area,
        typed: Option<&Form>,
    ) -> Result<Values, Failure> {
        let stored = ctx.settings().load(area).await?;
        Ok(Values { stored, typed: typed.cloned() })
    }

    /// The text of a key; empty when it is not set.
    pub(super) fn text(&self, key: &str) -> String {
        let typed = self.typed.as_ref().and_then(|form| form.find(key));
        typed.map_or_else(|| self.stored_text(key).unwrap_or_default(), str::to_owned)
    }

    /// The stored text of a key, such as a picture, which a form does not show again.
    pub(super) fn stored_text(&self, key: &str) -> Option<String> {
        self.stored.get(key)?.as_str().map(str::to_owned)
    }

    /// The texts of a list, one a line.
    pub(super) fn lines(&self, key: &str) -> String {
        if let Some(typed) = self.typed.as_ref().and_then(|form| form.find(key)) {
            return typed.to_owned();
        }
        let list = self.stored.get(key).and_then(Value::as_array);
        let texts = list.into_iter().flatten().filter_map(Value::as_str);
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The objects of a map, by key.
    pub(super) fn objects(&self, key: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.stored.get(key).and_then(Value::as_object).into_iter().flatten()
    }

    /// Whether a key is on.
    pub(super) fn is_on(&self, key: &str) -> bool {
        match &self.typed {
            Some(form) => form.is_checked(key),
            None => self.stored.get(key) == Some(&Value::Bool(true)),
        }
    }

    /// The version of the stored values, or the one of the form that was refused.
    pub(super) fn version(&self) -> String {
        let typed = self.typed.as_ref().and_then(|form| form.filled("version"));
        typed.map_or_else(|| tag(&self.stored), str::to_owned)
    }
}

/// A map of one value.
pub(super) fn one(key: &str, value: Value) -> Map<String, Value> {
    std::iter::once((key.to_owned(), value)).collect()
}

/// The texts that a form has for some keys: an empty one clears the value.
pub(super) fn texts(form: &Form, keys: &[&str]) -> Map<String, Value> {
    let given = keys.iter().filter_map(|key| Some((*key, form.find(key)?)));
    given
        .map(|(key, text)| {
            let value = if text.is_empty() { Value::Null } else { text.into() };
            (key.to_owned(), value)
        })
        .collect()
}

/// The picture that a form has: another one, none, or nothing where it stays.
pub(super) fn picture(form: &Form, key: &str) -> Option<(String, Value)> {
    if form.is_checked(&format!("{key}_remove")) {
        return Some((key.to_owned(), Value::Null));
    }
    Some((key.to_owned(), form.filled(key)?.into()))
}

/// Saves values of an area.
pub(super) async fn save(
    submission: &mut Submission,
    area: Area,
    values: &Map<String, Value>,
) -> Result<(), Problem> {
    let mut ctx = submission.write().await?;
    ctx.settings().update(area, values).await?;
    Ok(())
}
