//! What a form shows when it was refused: a sentence on top, and the mistakes at their fields.

use hallpass_web::error::Problem;

use crate::failure::sentence;

/// Why a form was refused; empty for a form that was not sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Refused {
    /// What is not about one field.
    pub(crate) banner: Option<String>,
    errors: Vec<(String, String)>,
}

impl Refused {
    /// Shows a problem on a form with some fields; what is about others goes to the top.
    pub(crate) fn of(problem: &Problem, fields: &[&str]) -> Refused {
        let known = |pointer: &str| fields.iter().any(|field| is_at(pointer, field));
        let errors = problem.errors.iter();
        let (own, others): (Vec<_>, Vec<_>) = errors.partition(|error| known(&error.pointer));
        let banner = if problem.errors.is_empty() {
            Some(sentence(&problem.detail))
        } else {
            let others: Vec<String> =
                others.iter().map(|error| sentence(&error.detail)).collect();
            Some(others.join(" ")).filter(|text| !text.is_empty())
        };
        let own = own.into_iter().map(|error| (error.pointer.clone(), sentence(&error.detail)));
        Refused { banner, errors: own.collect() }
    }

    /// Whether nothing was refused.
    pub(crate) fn is_empty(&self) -> bool {
        self.banner.is_none() && self.errors.is_empty()
    }

    /// The mistake in a field.
    pub(crate) fn at(&self, field: &str) -> Option<String> {
        let found = self.errors.iter().find(|(pointer, _)| is_at(pointer, field));
        found.map(|(_, detail)| detail.clone())
    }

    /// The form with a sentence on top.
    pub(crate) fn banner(text: String) -> Refused {
        Refused { banner: Some(text), errors: Vec::new() }
    }
}

/// Whether a JSON pointer is that of a field, or of something in it.
fn is_at(pointer: &str, field: &str) -> bool {
    let rest = pointer.strip_prefix('/').and_then(|pointer| pointer.strip_prefix(field));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
