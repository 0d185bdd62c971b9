//! An account: a person who can sign in; global, and a member of any number of workspaces.

use data_encoding::BASE64;
use imagesize::ImageType;
use serde_json::{Map, Value};

use crate::email::Email;
use crate::id::AccountId;
use crate::name::Name;
use crate::secret::Secret;
use crate::time::Timestamp;

/// The maximum size of a picture as it is sent, in bytes.
pub const LARGEST_PICTURE: usize = 200_000;

/// The maximum width and height of a picture, in pixels.
pub const WIDEST_PICTURE: usize = 2_048;

/// The kinds of pictures, as their media types name them.
const PICTURE_KINDS: [(&str, ImageType); 3] =
    [("png", ImageType::Png), ("jpeg", ImageType::Jpeg), ("webp", ImageType::Webp)];

/// The kinds of notification by mail, and whether a new account receives them.
pub const NOTIFICATIONS: [(&str, bool); 4] = [
    ("api_key_expiring", true),
    ("invitation_accepted", true),
    ("ownership_transferred", true),
    ("workspace_deleted", true),
];

/// A person who can sign in.
#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    /// The id.
    pub id: AccountId,
    /// The address; no form of the profile or of administrators changes it (CRM-209), only both mailboxes.
    pub email: Email,
    /// First name.
    pub first_name: Name,
    /// Last name; empty when there is none.
    pub last_name: String,
    /// The hash of the password; none for accounts that sign in through a provider.
    pub password: Option<Secret<String>>,
    /// The language of pages and mails, such as `en`.
    pub locale: String,
    /// A picture as a `data:` URL, or none.
    pub picture: Option<String>,
    /// Which notifications it receives, by key of [`NOTIFICATIONS`].
    pub notifications: Map<String, Value>,
    /// Whether it may open the operator's console; no form of its own changes it.
    pub is_operator: bool,
    /// When the operator has disabled it: it signs in by no way until it is enabled again.
    pub disabled_at: Option<Timestamp>,
    /// When the address was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// When the account was created.
    pub created_at: Timestamp,
    /// Increases with each change.
    pub version: i64,
}

impl Account {
    /// First and last name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }

    /// Whether it receives a notification.
    #[must_use]
    pub fn wants(&self, notification: &str) -> bool {
        let starts = NOTIFICATIONS.iter().any(|(key, on)| *key == notification && *on);
        self.notifications.get(notification).and_then(Value::as_bool).unwrap_or(starts)
    }
}

/// Splits the `data:` URL of a picture into its kind, as its media type names it, and its data in base64.
#[must_use]
pub fn split_picture(text: &str) -> Option<(&'static str, &str)> {
    PICTURE_KINDS.iter().find_map(|(name, _)| {
        let data = text.strip_prefix("data:image/")?.strip_prefix(name)?;
        Some((*name, data.strip_prefix(";base64,")?))
    })
}

/// Checks a picture: a PNG, JPEG or WebP file in a `data:` URL that names its kind, of at most
/// [`LARGEST_PICTURE`] bytes as it is sent and [`WIDEST_PICTURE`] pixels in each direction, since a browser
/// that shows it decodes all of them.
///
/// # Errors
///
/// What is wrong with it, for people.
pub fn check_picture(text: &str) -> Result<(), String> {
    if text.len() > LARGEST_PICTURE {
        let size = text.len();
        return Err(format!("expected at most {LARGEST_PICTURE} bytes, got {size}"));
    }
    let found = split_picture(text);
    let kind = |name| PICTURE_KINDS.iter().find(|(known, _)| *known == name);
    let Some((data, (_, kind))) = found.and_then(|(name, data)| Some((data, kind(name)?)))
    else {
        return Err(
            "expected a PNG, JPEG or WebP picture as `data:image/png;base64,…`".to_owned()
        );
    };
    let data = BASE64.decode(data.as_bytes()).unwrap_or_default();
    if data.is_empty() {
        return Err("expected the picture in valid base64".to_owned());
    }
    if imagesize::image_type(&data).ok().as_ref() != Some(kind) {
        return Err("expected a picture of the kind that its `data:` URL names".to_owned());
    }
    match imagesize::blob_size(&data) {
        Ok(size) if size.width.max(size.height) <= WIDEST_PICTURE => Ok(()),
        Ok(size) => Err(format!(
            "expected at most {WIDEST_PICTURE} pixels in each direction, got {} × {}",
            size.width, size.height
        )),
        Err(_) => Err("expected a picture whose size can be read".to_owned()),
    }
}

/// Whether a text is a language tag such as `en` or `de-CH`.
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
