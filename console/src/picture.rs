//! Pictures that a form takes: a script reads the file, makes it small, and puts it in a field as a
//! `data:` URL.

/// A field with a picture.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picture {
    /// The name of the field.
    pub(crate) name: &'static str,
    /// The stored picture, as a `data:` URL.
    pub(crate) stored: Option<String>,
    /// What is wrong with the one that was sent.
    pub(crate) fault: Option<String>,
}

impl Picture {
    /// A field with a stored picture.
    pub(crate) fn new(
        name: &'static str,
        stored: Option<String>,
        fault: Option<String>,
    ) -> Picture {
        Picture { name, stored, fault }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Picture {
        Picture::new("logo", Some("data:image/png;base64,AAAA".to_owned()), None)
    }
}
