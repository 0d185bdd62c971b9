//! Questions: a dialog over a page of records, with what it needs to know.

use crate::picker::Choice;
use crate::picker::Picker;

/// A dialog that asks before it changes records.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    /// The verb and the name: "Delete Acme renewal".
    pub(crate) title: String,
    /// What happens, one sentence each.
    pub(crate) effects: Vec<String>,
    /// Where the form goes.
    pub(crate) action: String,
    /// Hidden values of the form.
    pub(crate) hidden: Vec<(&'static str, String)>,
    /// The choice of an owner.
    pub(crate) picker: Option<Picker>,
    /// The stages to choose from; empty for no choice.
    pub(crate) stages: Vec<Choice>,
    /// Whether it asks for a text.
    pub(crate) has_text: bool,
    /// The text that was typed.
    pub(crate) text: String,
    /// What is wrong.
    pub(crate) error: Option<String>,
    /// The button that does it.
    pub(crate) verb: String,
    /// The button that leaves everything as it is.
    pub(crate) keep: String,
    /// The page behind the dialog.
    pub(crate) back: String,
    /// Whether it destroys something.
    pub(crate) is_danger: bool,
}

impl Question {
    #[cfg(test)]
    pub(crate) fn sample() -> Question {
        Question {
            title: "Reassign <script>".to_owned(),
            effects: vec!["The new owner sees it from then on.".to_owned()],
            action: "#".to_owned(),
            hidden: vec![("version", "3".to_owned())],
            picker: Some(Picker::sample()),
            stages: Vec::new(),
            has_text: true,
            text: "<script>".to_owned(),
            error: Some("Ben saved first.".to_owned()),
            verb: "Reassign".to_owned(),
            keep: "Keep it".to_owned(),
            back: "#".to_owned(),
            is_danger: true,
        }
    }
}
