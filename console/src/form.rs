//! Forms: the fields that a browser sends, by name.

use form_urlencoded::parse;

mod multipart;

/// The fields of a form, in the order of the page. A name may occur more than once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
}

/// A file that a form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Its name on the reader's computer.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// The field with what a form was made from, as a query.
pub(crate) const MADE_FROM: &str = "made_from";

impl Form {
    /// Parses a body, or a query.
    pub(crate) fn parse(body: &[u8]) -> Form {
        Form { fields: parse(body).into_owned().collect(), files: Vec::new() }
    }

    /// Parses a body of a content type: with files, if it says so. None where the body is cut off.
    pub(crate) fn of(content_type: &str, body: &[u8]) -> Option<Form> {
        let Some(boundary) = multipart::boundary(content_type) else {
            return Some(Form::parse(body));
        };
        let mut form = Form::default();
        for part in multipart::parse(body, boundary)? {
            match part.file {
                None => {
                    let value = String::from_utf8_lossy(&part.content).into_owned();
                    form.fields.push((part.name, value));
                }
                // A field of a file that was not chosen.
                Some(name) if name.is_empty() => {}
                Some(name) => {
                    form.files.push((part.name, Upload { name, content: part.content }));
                }
            }
        }
        Some(form)
    }

    /// The file that was chosen in a field.
    pub(crate) fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, file)| file)
    }

    /// The form with another value for a field.
    pub(crate) fn put(mut self, name: &str, value: String) -> Form {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value));
        self
    }

    /// The query of what a form is made from, for its field `made_from`.
    pub(crate) fn made_from(values: &[(&str, &str)]) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish()
    }

    /// The form without what was not touched since it was made, so that a stale form changes only what
    /// the sender changed. A form that does not say what it was made from stays.
    #[must_use]
    pub(crate) fn touched(mut self) -> Form {
        let was = Form::parse(self.exact(MADE_FROM).as_bytes());
        self.fields.retain(|(name, value)| was.find(name) != Some(value.trim()));
        self
    }

    /// The names of the fields that have another value now than when the form was made.
    pub(crate) fn changed_since<'n>(&self, now: &[(&'n str, &str)]) -> Vec<&'n str> {
        let was = Form::parse(self.exact(MADE_FROM).as_bytes());
        let is_other = |(name, value): &&(&str, &str)| {
            was.find(name).is_some_and(|was| was != value.trim())
        };
        now.iter().filter(is_other).map(|(name, _)| *name).collect()
    }

    /// The value of a field, without white space around it; empty when it is absent.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.find(name).unwrap_or_default()
    }

    /// The value of a field as it was typed, for passwords.
    pub(crate) fn exact(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The value of a field of several lines as it was typed, with line feeds between them.
    pub(crate) fn lines(&self, name: &str) -> String {
        self.exact(name).replace("\r\n", "\n")
    }

    /// The value of a field, if the form has it.
    pub(crate) fn find(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// The value of a field that is not empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.find(name).filter(|value| !value.is_empty())
    }

    /// Whether a checkbox is checked.
    pub(crate) fn is_checked(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    /// Every value of a field that is not empty.
    pub(crate) fn every<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let known = self.fields.iter().filter(move |(known, _)| known == name);
        known.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The fields whose names begin with a prefix: `level.deals` is `deals` of `level.`.
    pub(crate) fn below<'f>(
        &'f self,
        prefix: &'f str,
    ) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.fields
            .iter()
            .filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }
}

#[cfg(test)]
mod tests;
