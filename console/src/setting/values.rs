//! The values of an area of settings: read from the workspace or from a form that was refused, and saved.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::setting::tag;
use hallpass_domain::setting::Area;
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{CHECKED, Form, MADE_FROM};
use crate::frame::Frame;
use crate::submission::Submission;

/// The values of an area, as a page shows them.
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    stored: Map<String, Value>,
    typed: Option<Form>,
    /// Whether another person saved before the form did.
    is_stale: bool,
}

/// A form that was sent, and why it was refused, if it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sent<'f> {
    pub(super) form: &'f Form,
    pub(super) refusal: Option<&'f Problem>,
}

/// The lists that a form shows in one line.
const IN_ONE_LINE: [&str; 1] = ["allowed_networks"];

/// A field of a form: its name, and the key of its label.
pub(super) type Field = (&'static str, &'static str);

impl Values {
    /// Loads the values of an area; those of a form that was refused go first.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        area: Area,
        sent: Option<Sent<'_>>,
    ) -> Result<Values, Failure> {
        let stored = ctx.settings().load(area).await?;
        let typed = sent.map(|sent| sent.form.clone());
        let refusal = sent.and_then(|sent| sent.refusal);
        let is_stale = refusal.is_some_and(|problem| problem.status == 412);
        Ok(Values { stored, typed, is_stale })
    }

    /// The text of a key; empty when it is not set.
    pub(super) fn text(&self, key: &str) -> String {
        let typed = self.typed.as_ref().and_then(|form| form.find(key));
        typed.map_or_else(|| self.stored_text(key).unwrap_or_default(), str::to_owned)
    }

    /// The number of a key, as a text; empty when it is not set.
    pub(super) fn number(&self, key: &str) -> String {
        let typed = self.typed.as_ref().and_then(|form| form.find(key));
        let stored = || self.stored.get(key).and_then(Value::as_i64).map(|n| n.to_string());
        typed.map_or_else(|| stored().unwrap_or_default(), str::to_owned)
    }

    /// The stored text of a key, such as a picture, which a form does not show again.
    pub(super) fn stored_text(&self, key: &str) -> Option<String> {
        self.stored.get(key)?.as_str().map(str::to_owned)
    }

    /// The texts of a list, as its field shows them.
    pub(super) fn lines(&self, key: &str) -> String {
        let typed = self.typed.as_ref().and_then(|form| form.find(key));
        typed.map_or_else(|| sent_value(key, self.stored.get(key)), str::to_owned)
    }

    /// The objects of a map, by key.
    pub(super) fn objects(&self, key: &str) -> impl Iterator<Item = (&String, &Value)> {
        self.stored.get(key).and_then(Value::as_object).into_iter().flatten()
    }

    /// Whether a key is on.
    pub(super) fn is_on(&self, key: &str) -> bool {
        match &self.typed {
            Some(form) => form.checked_or(key, self.stored_is_on(key)),
            None => self.stored_is_on(key),
        }
    }

    fn stored_is_on(&self, key: &str) -> bool {
        self.stored.get(key) == Some(&Value::Bool(true))
    }

    /// The version of the stored values. A form that was refused for another reason than its version keeps
    /// that, so that it does not replace what its sender has not seen.
    pub(super) fn version(&self) -> String {
        let typed = self.typed.as_ref().filter(|_| !self.is_stale);
        let typed = typed.and_then(|form| form.filled("version"));
        typed.map_or_else(|| tag(&self.stored), str::to_owned)
    }

    /// What a form of some fields is made from, of the same version.
    pub(super) fn made_from(&self, fields: &[Field]) -> String {
        self.made_from_names(fields.iter().map(|(name, _)| *name))
    }

    /// What a form of the fields with some names is made from, of the same version.
    pub(super) fn made_from_names<'n>(&self, names: impl Iterator<Item = &'n str>) -> String {
        if let Some(form) = self.typed.as_ref().filter(|_| !self.is_stale) {
            return form.exact(MADE_FROM).to_owned();
        }
        let values: Vec<(&str, String)> =
            names.map(|name| (name, sent_value(name, self.stored.get(name)))).collect();
        let values: Vec<(&str, &str)> =
            values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Form::made_from(&values)
    }

    /// What is wrong with a form that was refused; where another person saved first, in which fields.
    pub(super) fn faults(
        &self,
        frame: &Frame,
        sent: Option<Sent<'_>>,
        fields: &[Field],
    ) -> Result<Faults, Failure> {
        let Some(Sent { form, refusal: Some(problem) }) = sent else {
            return Ok(Faults::default());
        };
        if !self.is_stale {
            let known: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
            return Faults::of_form(frame, problem, &known);
        }
        let saved = |(name, label): &Field| {
            let value = sent_value(name, self.stored.get(*name));
            Saved::new(frame, (name, &value, label))
        };
        let now: Vec<Saved> = fields.iter().map(saved).collect();
        Ok(Faults::stale(frame, form, &now))
    }
}

/// A stored value, as the field of a form sends it.
fn sent_value(name: &str, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(is_on)) => if *is_on { CHECKED } else { "" }.to_owned(),
        Some(Value::Array(list)) => {
            let between = if IN_ONE_LINE.contains(&name) { ", " } else { "\n" };
            let texts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            texts.join(between)
        }
        Some(other) => other.to_string(),
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
