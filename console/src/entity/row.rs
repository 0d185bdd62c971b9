//! What the forms of fields and of stages share: the values of a row, and the mistakes at rows.

use hallpass_web::error::Problem;

use crate::faults::{Faults, Saved};
use crate::form::{Form, MADE_FROM};
use crate::frame::Frame;
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

    /// Whether a box is checked, or the saved value where the sender left it or the form does not have the row.
    pub(super) fn is_checked(&self, part: &str, saved: bool) -> bool {
        let (name, row) = (format!("{}.{part}", self.at), format!("{}.name", self.at));
        let has_row = self.form.find(&row).is_some() || self.form.is_untouched(&row);
        if has_row { self.form.checked_or(&name, saved) } else { saved }
    }
}

/// What a form of some controls is made from.
pub(super) fn made_from(saved: &[Saved]) -> String {
    let values: Vec<(&str, &str)> =
        saved.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
    Form::made_from(&values)
}

/// Says that another person saved first: what they changed, and which rows they removed.
pub(super) fn stale(frame: &Frame, form: &Form, saved: &[Saved]) -> Faults {
    let mut faults = Faults::stale(frame, form, saved);
    let was = Form::parse(form.exact(MADE_FROM).as_bytes());
    let rows = was.below("");
    let rows = rows.filter(|(name, _)| matches!(name.rsplit_once('.'), Some((_, "name"))));
    let gone = rows.filter(|(name, _)| saved.iter().all(|one| one.name != *name));
    let gone: Vec<&str> = gone.map(|(_, value)| value).collect();
    if !gone.is_empty() {
        faults.whole.push(text!(frame.text, "stale-removed", what = gone.join(", ")));
    }
    faults
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
