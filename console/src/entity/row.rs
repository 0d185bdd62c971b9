//! What the forms of fields and of stages share: the values of a row, and the mistakes at rows.

use hallpass_web::error::Problem;

use crate::faults::Faults;
use crate::form::Form;
use crate::text::Text;

/// The values of a row in a form: `field.company.name` is `name` of the row `field.company`.
pub(super) struct Sent<'f> {
    form: &'f Form,
    at: &'f str,
}

impl<'f> Sent<'f> {
    pub(super) fn new(form: &'f Form, at: &'f str) -> Sent<'f> {
        Sent { form, at }
    }

    /// The value of a text, or the saved one where the form does not have it.
    pub(super) fn text(&self, part: &str, saved: &str) -> String {
        self.find(part).unwrap_or(saved).to_owned()
    }

    /// The value of a text, if the form has it.
    pub(super) fn find(&self, part: &str) -> Option<&'f str> {
        self.form.find(&format!("{}.{part}", self.at))
    }

    /// Whether a box is checked, or the saved value where the form does not have the row.
    pub(super) fn is_checked(&self, part: &str, saved: bool) -> bool {
        if self.find("name").is_some() { self.find(part).is_some() } else { saved }
    }
}

/// Puts the mistakes in the items of a list at their rows, and returns what is wrong beside them.
pub(super) fn refuse<'r>(
    text: Text,
    problem: &Problem,
    (list, others): (&str, &[&str]),
    rows: impl Iterator<Item = &'r mut Option<String>>,
) -> Faults {
    let mut found = Vec::new();
    for (place, error) in rows.enumerate() {
        let field = format!("{list}/{place}");
        *error = Faults::of(text, problem, &[&field]).at(&field);
        found.extend(error.is_some().then_some(field));
    }
    let known = found.iter().map(String::as_str).chain(others.iter().copied());
    Faults::of(text, problem, &known.collect::<Vec<_>>())
}
