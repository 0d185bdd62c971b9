//! Faults: what is wrong with a form that was refused, for each field and for the form as a whole.

use hallpass_web::error::Problem;

use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal;
use crate::text::Text;

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// What concerns no field of the form.
    pub(crate) whole: Vec<String>,
    fields: Vec<(String, String)>,
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

    /// Says that another person saved first, and which fields they changed: the names of the fields, with
    /// the values that are saved and the keys of their labels.
    pub(crate) fn stale(frame: &Frame, form: &Form, now: &[(&str, &str, &str)]) -> Faults {
        let values: Vec<(&str, &str)> =
            now.iter().map(|(field, value, _)| (*field, *value)).collect();
        let changed = form.changed_since(&values);
        let labels = now.iter().filter(|(field, ..)| changed.contains(field));
        let labels: Vec<String> = labels.map(|(_, _, key)| frame.t(key)).collect();
        Faults::whole(if labels.is_empty() {
            frame.t("stale-form")
        } else {
            text!(frame.text, "stale-fields", what = labels.join(", "))
        })
    }

    /// A fault of the form as a whole.
    pub(crate) fn whole(detail: String) -> Faults {
        Faults { whole: vec![detail], fields: Vec::new() }
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
