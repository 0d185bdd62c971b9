//! The form of a saved view over the list that it saves.

/// The form of a saved view.
#[derive(Clone, Debug, Default)]
pub(crate) struct ViewForm {
    pub(crate) title: String,
    /// Where it is sent.
    pub(crate) action: String,
    pub(crate) name: String,
    pub(crate) is_shared: bool,
    /// The version that it was made from; none for a new view.
    pub(crate) version: Option<String>,
    /// What it was made from.
    pub(crate) made_from: String,
    /// What is wrong.
    pub(crate) errors: Vec<String>,
    /// The list behind it.
    pub(crate) back: String,
    /// What it saves, in words.
    pub(crate) saves: Vec<String>,
    /// The button that saves.
    pub(crate) verb: String,
}

impl ViewForm {
    #[cfg(test)]
    pub(crate) fn sample() -> ViewForm {
        ViewForm {
            title: "<script>".to_owned(),
            action: "#".to_owned(),
            name: "<script>".to_owned(),
            is_shared: true,
            version: Some("2".to_owned()),
            made_from: String::new(),
            errors: vec!["<script>".to_owned()],
            back: "#".to_owned(),
            saves: vec!["<script>".to_owned()],
            verb: "Save view".to_owned(),
        }
    }
}
