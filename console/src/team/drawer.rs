//! The drawers over the list: the access of a member, and an invitation.

use super::access_form::AccessForm;
use super::access_preview::AccessPreview;
use super::access_stale::Stale;
use crate::frame::Person;

/// The access of a member.
#[derive(Clone, Debug, Default)]
pub(crate) struct AccessDrawer {
    pub(crate) title: String,
    pub(crate) person: Person,
    pub(crate) email: String,
    /// Where the form goes; the preview is below it.
    pub(crate) action: String,
    pub(crate) back: String,
    /// The version that the form was opened with, and what it was made from.
    pub(crate) version: String,
    pub(crate) made_from: String,
    pub(crate) form: AccessForm,
    pub(crate) preview: AccessPreview,
    /// What another person has saved since.
    pub(crate) stale: Option<Stale>,
    /// Where a view through the eyes of the member begins, if the viewer may.
    pub(crate) view: Option<String>,
    /// Whether the form is tried as soon as it is open.
    pub(crate) tries: bool,
    /// Whether the viewer would give up the billing contact.
    pub(crate) gives_up_billing: bool,
}

/// An invitation of one or several people.
#[derive(Clone, Debug, Default)]
pub(crate) struct InviteDrawer {
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) action: String,
    pub(crate) back: String,
    /// The addresses as they were typed.
    pub(crate) emails: String,
    pub(crate) emails_error: Option<String>,
    /// Why the file was not read.
    pub(crate) file_error: Option<String>,
    /// The addresses, each with what is wrong with it.
    pub(crate) lines: Vec<InviteLine>,
    /// How many of them can be invited.
    pub(crate) good: usize,
    /// How many of them cannot.
    pub(crate) wrong: usize,
    pub(crate) has_name: bool,
    pub(crate) name: String,
    /// The fields that must be filled in.
    pub(crate) required: Vec<String>,
    pub(crate) form: AccessForm,
    pub(crate) preview: AccessPreview,
    /// Whether the form is tried as soon as it is open; a refusal is shown as it is.
    pub(crate) tries: bool,
    pub(crate) send: String,
}

/// An address of an invitation.
#[derive(Clone, Debug)]
pub(crate) struct InviteLine {
    pub(crate) address: String,
    /// The name beside it.
    pub(crate) name: Option<String>,
    pub(crate) problem: Option<String>,
}

impl InviteDrawer {
    /// Whether a field must be filled in.
    pub(crate) fn needs(&self, field: &str) -> bool {
        self.required.iter().any(|known| known == field)
    }
}

#[cfg(test)]
impl AccessDrawer {
    pub(crate) fn sample() -> AccessDrawer {
        AccessDrawer {
            title: "Edit access".to_owned(),
            person: Person::new(&"mbr_1", "<script>"),
            form: AccessForm::sample(),
            preview: AccessPreview::sample(),
            stale: Some(Stale {
                who: "<script> saved this member.".to_owned(),
                differs: vec!["Role: <script>".to_owned()],
            }),
            gives_up_billing: true,
            view: Some("#".to_owned()),
            ..AccessDrawer::default()
        }
    }
}

#[cfg(test)]
impl InviteDrawer {
    pub(crate) fn sample() -> InviteDrawer {
        InviteDrawer {
            title: "Invite member".to_owned(),
            emails: "<script>".to_owned(),
            emails_error: Some("An address is required.".to_owned()),
            file_error: Some("<script>.pdf is no text.".to_owned()),
            wrong: 1,
            lines: vec![InviteLine {
                address: "<script>".to_owned(),
                name: Some("<script>".to_owned()),
                problem: Some("no address".to_owned()),
            }],
            has_name: true,
            required: vec!["email".to_owned()],
            form: AccessForm::sample(),
            preview: AccessPreview::sample(),
            ..InviteDrawer::default()
        }
    }
}
