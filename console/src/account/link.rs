//! Links that are mailed to the address of an account: the page that requests one, and the account that a
//! link is of.

use askama::Template;
use hallpass_domain::account::Account;
use hallpass_web::error::Problem;

use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Outside;

/// What a link is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LinkKind {
    /// The confirmation of the address.
    Confirmation,
    /// A new password.
    Password,
}

impl LinkKind {
    const fn title(self) -> &'static str {
        match self {
            LinkKind::Confirmation => "confirm-title",
            LinkKind::Password => "forgot-title",
        }
    }

    const fn intro(self) -> &'static str {
        match self {
            LinkKind::Confirmation => "send-again-intro",
            LinkKind::Password => "forgot-intro",
        }
    }

    /// Where the form goes.
    const fn action(self) -> &'static str {
        match self {
            LinkKind::Confirmation => "/confirmations",
            LinkKind::Password => "/password-resets",
        }
    }

    /// The way back, and its label.
    const fn back(self) -> (&'static str, &'static str) {
        match self {
            LinkKind::Confirmation => ("/", "to-start"),
            LinkKind::Password => ("/sign-in", "to-sign-in"),
        }
    }
}

/// The page to request a link, and the page after that, which is the same for every address.
#[derive(Template)]
#[template(path = "account/request.html")]
pub(crate) struct RequestPage {
    pub(super) outside: Outside,
    pub(super) kind: LinkKind,
    pub(super) email: String,
    /// What was sent, if anything was.
    pub(super) sent: Option<String>,
}

impl RequestPage {
    #[cfg(test)]
    pub(crate) fn samples() -> [RequestPage; 2] {
        [LinkKind::Confirmation, LinkKind::Password].map(|kind| RequestPage {
            outside: Outside::sample(),
            kind,
            email: "dana@northwind.io".to_owned(),
            sent: Some("We have sent a link to <script>.".to_owned()),
        })
    }
}

/// The account of a link, and the status of the page that shows its form with some faults. None if the
/// link is dead.
pub(super) fn account(
    found: Result<Account, hallpass_app::Error>,
    faults: &Faults,
) -> Result<(u16, Option<Account>), Failure> {
    match found {
        Ok(account) => Ok((if faults.is_empty() { 200 } else { 422 }, Some(account))),
        Err(error) => {
            let problem = Problem::from(error);
            if problem.code == "dead_link" { Ok((404, None)) } else { Err(problem.into()) }
        }
    }
}
