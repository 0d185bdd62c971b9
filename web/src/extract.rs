//! Extractors: what a handler takes from a request, read strictly.

mod body;
mod client;
pub mod context;
pub(crate) mod cookie;
mod if_match;
mod path;
mod preview;
mod principal;
mod query;

pub use body::{Body, LARGEST_BODY, OptionalBody, Raw};
pub(crate) use body::{check_json, field_id, given, unreadable, unreadable_up_to};
pub use client::{Client, RequestId};
pub use cookie::{
    SignInTokens, browser_cookie, browser_secret, no_browser_cookie, no_pending_cookie,
    no_session_cookie, pending_cookie, session_cookie, session_token, trusted_cookie,
};
pub(crate) use if_match::precondition;
pub use path::Path;
pub(crate) use path::id;
pub(crate) use preview::PREVIEW;
pub(crate) use principal::principal_of;
pub use principal::{Anyone, SignedIn};
pub use query::Params;
pub(crate) use query::{DEFAULT_LIMIT, MOST, limit};
