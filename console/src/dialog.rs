//! Dialogs: what happens, and the button that does it.

/// A dialog over a page. It is a page of its own, so that the way back and links to it work.
#[derive(Clone, Debug)]
pub(crate) struct Dialog {
    /// The verb and the name: "Remove Ben".
    pub(crate) title: String,
    /// What happens, one sentence each.
    pub(crate) effects: Vec<String>,
    /// Where the form goes.
    pub(crate) action: String,
    /// The button that does it.
    pub(crate) verb: String,
    /// The button that leaves everything as it is.
    pub(crate) keep: String,
    /// The page behind the dialog.
    pub(crate) back: String,
    /// The word to type before it is done, if there is one.
    pub(crate) word: Option<String>,
}

impl Dialog {
    #[cfg(test)]
    pub(crate) fn sample() -> Dialog {
        Dialog {
            title: "Remove Ben".to_owned(),
            effects: vec!["131 open records stay assigned to them: 131 deals.".to_owned()],
            action: "#".to_owned(),
            verb: "Remove from org".to_owned(),
            keep: "Keep them".to_owned(),
            back: "#".to_owned(),
            word: Some("DELETE".to_owned()),
        }
    }
}
