//! Forms: the fields that a browser sends, by name.

use std::collections::BTreeSet;

use form_urlencoded::parse;
use hallpass_app::setting::tag;

mod multipart;

/// The fields of a form, in the order of the page. A name may occur more than once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    fields: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
    /// The fields that the sender left as they were when the form was made.
    untouched: BTreeSet<String>,
    /// What was sent of those.
    left: Vec<(String, String)>,
}

/// The bytes of a value that a form repeats to say what it was made from; a longer one by its digest.
const REPEATED: usize = 200;

/// What a checked box sends.
pub(crate) const CHECKED: &str = "on";

/// A file that a form sends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Upload {
    /// Its name on the reader's computer.
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

/// The field with the version that a form was made from: a later one refuses the change.
pub(crate) const VERSION: &str = "version";

/// The field with what a form was made from, as a query.
pub(crate) const MADE_FROM: &str = "made_from";

/// The fields with passwords, codes and secrets.
pub(crate) const SECRETS: [&str; 7] =
    ["password", "present", "new", "code", "secret", "client_secret", "token"];

impl Form {
    /// Parses a body, or a query.
    pub(crate) fn parse(body: &[u8]) -> Form {
        Form { fields: parse(body).into_owned().collect(), ..Form::default() }
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

    /// What is sent, in bytes: the same for the same fields and files, whatever separates them in the body. The
    /// values of [`SECRETS`] are left out: a digest of it is stored, and could be guessed.
    pub(crate) fn content(&self) -> Vec<u8> {
        let mut content = Vec::new();
        let mut add = |part: &[u8]| {
            content.extend(part.len().to_le_bytes());
            content.extend(part);
        };
        for (name, value) in &self.fields {
            add(name.as_bytes());
            add(if SECRETS.contains(&name.as_str()) { b"" } else { value.as_bytes() });
        }
        for (name, file) in &self.files {
            add(b"file");
            add(name.as_bytes());
            add(file.name.as_bytes());
            add(&file.content);
        }
        content
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

    /// A query with some values.
    pub(crate) fn query_of(values: &[(&str, &str)]) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(values).finish()
    }

    /// What a form is made from, for its field `made_from`: each field with its value, also an empty one. A box
    /// that is not checked is empty, and a field with several values is there once for each.
    pub(crate) fn made_from(values: &[(&str, &str)]) -> String {
        let marks = values.iter().map(|(name, value)| (*name, mark(value)));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(marks).finish()
    }

    /// The form without what was not touched since it was made, so that a stale form changes only what
    /// the sender changed. A form that does not say what it was made from stays.
    #[must_use]
    pub(crate) fn touched(mut self) -> Form {
        let was = self.was();
        for (name, _) in &was.fields {
            if was.marks(name) == self.marks(name) {
                self.untouched.insert(name.clone());
            }
        }
        let is_left = |(name, _): &(String, String)| self.untouched.contains(name);
        (self.left, self.fields) = self.fields.into_iter().partition(is_left);
        self
    }

    /// The form as it was sent, also with what was not touched.
    pub(crate) fn whole(&self) -> Form {
        let fields = self.fields.iter().chain(&self.left).cloned().collect();
        Form { fields, ..self.clone() }
    }

    /// Whether the sender left a field as it was when the form was made.
    pub(crate) fn is_untouched(&self, name: &str) -> bool {
        self.untouched.contains(name)
    }

    /// Whether the sender touched something below a prefix, in a form that says what it was made from.
    pub(crate) fn is_touched_below(&self, prefix: &str) -> bool {
        let was = self.was();
        let names = was.fields.iter().chain(&self.fields).map(|(name, _)| name);
        names.filter(|name| name.starts_with(prefix)).any(|name| {
            !self.untouched.contains(name)
                && (was.find(name).is_some() || !self.marks(name).is_empty())
        })
    }

    /// The form that the page was opened with.
    fn was(&self) -> Form {
        Form::parse(self.exact(MADE_FROM).as_bytes())
    }

    /// The values of a field that are not empty, as a form says what it was made from, in order.
    fn marks(&self, name: &str) -> Vec<String> {
        let mut marks: Vec<String> = self.every(name).map(mark).collect();
        marks.sort_unstable();
        marks
    }

    /// The names of the fields that have another value now than when the form was made.
    pub(crate) fn changed_since<'n>(&self, now: &[(&'n str, &str)]) -> Vec<&'n str> {
        let was = self.was();
        let saved = Form::parse(Form::query_of(now).as_bytes());
        let is_other =
            |name: &&str| was.find(name).is_some() && was.marks(name) != saved.marks(name);
        let mut names: Vec<&str> = now.iter().map(|(name, _)| *name).filter(is_other).collect();
        names.dedup();
        names
    }

    /// Keeps the version that the form was opened with, and what it was made from, where it says so.
    pub(crate) fn keep_base(&self, version: &mut String, made_from: &mut String) {
        if let Some(sent) = self.filled(VERSION) {
            sent.clone_into(version);
            self.exact(MADE_FROM).clone_into(made_from);
        }
    }

    /// What is saved, with what the sender touched: the form as it is shown again.
    #[must_use]
    pub(crate) fn over(&self, mut saved: Form) -> Form {
        let is_kept =
            |name: &str| self.is_untouched(name) || [VERSION, MADE_FROM].contains(&name);
        saved.fields.retain(|(name, _)| is_kept(name));
        saved.fields.extend(self.fields.iter().filter(|(name, _)| !is_kept(name)).cloned());
        saved
    }

    /// The value of a field, or the one that is saved where the form does not have it or the sender left it.
    pub(crate) fn text_or(&self, name: &str, saved: &str) -> String {
        self.find(name).unwrap_or(saved).to_owned()
    }

    /// Whether a box is checked, or what is saved where the sender left it.
    pub(crate) fn checked_or(&self, name: &str, saved: bool) -> bool {
        if self.is_untouched(name) { saved } else { self.is_checked(name) }
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

/// A value as a form says what it was made from. Browsers end lines in their own way.
fn mark(value: &str) -> String {
    let value = value.trim().replace("\r\n", "\n");
    if value.len() <= REPEATED {
        return value;
    }
    tag(&std::iter::once(("value".to_owned(), value.into())).collect())
}

#[cfg(test)]
mod tests;
