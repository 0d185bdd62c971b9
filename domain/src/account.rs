//! An account: a person who can sign in; global, and in any number of workspaces.

use serde_json::{Map, Value};

use crate::email::Email;
use crate::id::AccountId;
use crate::name::Name;
use crate::time::Timestamp;

/// The most bytes of a picture, as it is sent.
pub const LARGEST_PICTURE: usize = 200_000;

/// What people can be told about by mail, with what a new account starts with.
pub const NOTIFICATIONS: [(&str, bool); 5] = [
    ("assigned_to_me", true),
    ("mentions", true),
    ("invitation_accepted", true),
    ("weekly_summary", false),
    ("product_news", false),
];

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The address, which nobody changes in a form (CRM-209).
    pub email: Email,
    /// First name.
    pub first_name: Name,
    /// Last name; empty when there is none.
    pub last_name: String,
    /// The hash of the password; none for those who sign in elsewhere.
    pub password: Option<String>,
    /// The language of pages and mails, such as `en`.
    pub locale: String,
    /// A picture as a `data:` address, or none.
    pub picture: Option<String>,
    /// What to be told about, by key of [`NOTIFICATIONS`].
    pub notifications: Map<String, Value>,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// Goes up with each change.
    pub version: i64,
}

impl Account {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// Whether to tell about something.
    #[must_use]
    pub fn wants(&self, notification: &str) -> bool {
        let starts = NOTIFICATIONS.iter().any(|(key, on)| *key == notification && *on);
        self.notifications.get(notification).and_then(Value::as_bool).unwrap_or(starts)
    }
}

/// A picture as it is kept: PNG, JPEG or WebP in a `data:` address.
///
/// # Errors
///
/// What is wrong with it, for people.
pub fn check_picture(text: &str) -> Result<(), String> {
    if text.len() > LARGEST_PICTURE {
        return Err(format!("the picture is larger than {LARGEST_PICTURE} bytes"));
    }
    let kinds =
        ["data:image/png;base64,", "data:image/jpeg;base64,", "data:image/webp;base64,"];
    let Some(data) = kinds.iter().find_map(|kind| text.strip_prefix(kind)) else {
        return Err("a picture is PNG, JPEG or WebP as `data:image/png;base64,…`".to_owned());
    };
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    if data.is_empty() || !data.bytes().all(is_base64) {
        return Err("the picture is not base64".to_owned());
    }
    Ok(())
}

/// Reads the language of pages and mails.
#[must_use]
pub fn is_locale(text: &str) -> bool {
    let mut parts = text.split('-');
    let language = parts.next().unwrap_or_default();
    let is_language =
        matches!(language.len(), 2 | 3) && language.bytes().all(|b| b.is_ascii_lowercase());
    is_language
        && text.len() <= 20
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}
