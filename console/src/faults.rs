//! Faults: what is wrong with a form that was refused, for each field and for the form as a whole.

use hallpass_web::error::Problem;

use crate::failure::{Failure, sentence};
use crate::frame::Frame;

/// What is wrong with a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Faults {
    /// What concerns no field of the form.
    pub(crate) whole: Vec<String>,
    fields: Vec<(String, String)>,
}

impl Faults {
    /// Sorts what a problem says by the fields of a form; `/name` is the field `name`.
    pub(crate) fn of(problem: &Problem, known: &[&str]) -> Faults {
        let mut faults = Faults::default();
        for error in &problem.errors {
            let field = error.pointer.trim_start_matches('/').split('/').next();
            let detail = sentence(&error.detail);
            match field.filter(|field| known.contains(field)) {
                Some(field) => faults.fields.push((field.to_owned(), detail)),
                None => faults.whole.push(detail),
            }
        }
        if problem.errors.is_empty() {
            faults.whole.push(sentence(&problem.detail));
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
            _ => Ok(Faults::of(problem, known)),
        }
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

#[cfg(test)]
mod tests;
