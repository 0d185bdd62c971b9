//! Faults: what is wrong with a form that was refused, for each field and for the form as a whole.

use hallpass_web::error::Problem;

use crate::failure::Failure;
use crate::form::{CHECKED, Form};
use crate::frame::Frame;
use crate::refusal;
use crate::text::Text;

/// The longest value that is shown beside another one, in bytes.
const LONGEST_BESIDE: usize = 500;

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// What concerns no field of the form.
    pub(crate) whole: Vec<String>,
    fields: Vec<(String, String)>,
}

/// A field of a form, as it is saved now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Saved {
    /// Its name in the form.
    pub(crate) name: String,
    /// Its value, as the form sends it.
    pub(crate) value: String,
    /// What the page calls it.
    pub(crate) label: String,
    /// The names of the values that it can have; empty where it shows the value itself.
    pub(crate) names: Vec<(String, String)>,
}

impl Saved {
    /// A field that shows its value.
    pub(crate) fn new(frame: &Frame, (name, value, label): (&str, &str, &str)) -> Saved {
        Saved {
            name: name.to_owned(),
            value: value.to_owned(),
            label: frame.t(label),
            names: Vec::new(),
        }
    }

    /// The field with the names of its values.
    pub(crate) fn named(self, names: &[(String, String)]) -> Saved {
        Saved { names: names.to_vec(), ..self }
    }

    /// The value that is saved beside the one that the sender chose, where these differ.
    fn beside(&self, frame: &Frame, form: &Form) -> Option<String> {
        // A picture says nothing as a text.
        let is_long = self.value.len() > LONGEST_BESIDE;
        let typed = form.find(&self.name)?;
        if is_long || form.is_untouched(&self.name) || typed == self.value.trim() {
            return None;
        }
        let (was, is) = (self.shown(frame, &self.value), self.shown(frame, typed));
        let part = self.label.as_str();
        Some(text!(frame.text, "access-stale-part", part = part, was = was, is = is))
    }

    fn shown(&self, frame: &Frame, value: &str) -> String {
        if value == CHECKED {
            return frame.t("access-yes");
        }
        let named = self.names.iter().find(|(known, _)| known == value);
        match named {
            Some((_, name)) => name.clone(),
            None if value.is_empty() => frame.t("none"),
            None => value.to_owned(),
        }
    }
}

impl Faults {
    /// Sorts what a problem says by the fields of a form; `/name` is the field `name`, and `/fields/2/key`
    /// the field `fields/2`.
    pub(crate) fn of(text: Text, problem: &Problem, known: &[&str]) -> Faults {
        let mut faults = Faults::default();
        for error in &problem.errors {
            let detail = refusal::of_field(text, error);
            match known.iter().find(|field| is_at(&error.pointer, field)) {
                Some(field) => faults.fields.push(((*field).to_owned(), detail)),
                None => faults.whole.push(detail),
            }
        }
        if problem.errors.is_empty() {
            let detail = refusal::of_problem(text, problem);
            // A name that is taken is about the field of the name.
            if problem.code == "name_taken" && known.contains(&"name") {
                return Faults::field("name", detail);
            }
            faults.whole.push(detail);
        }
        faults
    }

    /// Sorts what a problem says by the fields of a form in a workspace, or fails with it where the form
    /// cannot be shown again.
    pub(crate) fn of_form(
        frame: &Frame,
        problem: &Problem,
        known: &[&str],
    ) -> Result<Faults, Failure> {
        match problem.status {
            401 | 404 | 500.. => Err(problem.clone().into()),
            412 => Ok(Faults::whole(frame.t("stale"))),
            _ => Ok(Faults::of(frame.text, problem, known)),
        }
    }

    /// Says that another person saved first, which fields they changed, and what is saved of those that the
    /// sender changed too.
    pub(crate) fn stale(frame: &Frame, form: &Form, now: &[Saved]) -> Faults {
        let values: Vec<(&str, &str)> =
            now.iter().map(|saved| (saved.name.as_str(), saved.value.as_str())).collect();
        let changed = form.changed_since(&values);
        let in_changed = |saved: &&Saved| changed.contains(&saved.name.as_str());
        let mut labels: Vec<&str> =
            now.iter().filter(in_changed).map(|saved| saved.label.as_str()).collect();
        labels.dedup();
        let whole = if labels.is_empty() {
            frame.t("stale-form")
        } else {
            text!(frame.text, "stale-fields", what = labels.join(", "))
        };
        let both = now.iter().filter(in_changed).filter_map(|saved| saved.beside(frame, form));
        Faults { whole: std::iter::once(whole).chain(both).collect(), fields: Vec::new() }
    }

    /// A fault of the form as a whole.
    pub(crate) fn whole(detail: String) -> Faults {
        Faults { whole: vec![detail], fields: Vec::new() }
    }

    /// Faults of the form as a whole.
    pub(crate) fn lines(whole: Vec<String>) -> Faults {
        Faults { whole, fields: Vec::new() }
    }

    /// A fault of one field.
    pub(crate) fn field(name: &str, detail: String) -> Faults {
        Faults { whole: Vec::new(), fields: vec![(name.to_owned(), detail)] }
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.fields.is_empty()
    }

    /// What is wrong with a field.
    pub(crate) fn at(&self, name: &str) -> Option<String> {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map(|(_, detail)| detail.clone())
    }
}

/// Whether a JSON pointer is that of a field, or of something in it.
fn is_at(pointer: &str, field: &str) -> bool {
    let rest = pointer.strip_prefix('/').and_then(|pointer| pointer.strip_prefix(field));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
