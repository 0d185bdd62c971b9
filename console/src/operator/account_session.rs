//! A session of an account, as the operator sees it.

use hallpass_domain::session::Session;

use crate::format::Moment;
use crate::frame::Frame;
use crate::own_profile::program;

/// A session of the account.
#[derive(Clone, Debug)]
pub(crate) struct SessionRow {
    pub(super) id: String,
    pub(super) client: String,
    pub(super) address: String,
    pub(super) seen: Moment,
}

impl SessionRow {
    pub(super) fn of(frame: &Frame, session: &Session) -> SessionRow {
        SessionRow {
            id: session.id.to_string(),
            client: program(frame, &session.client),
            address: session.address.clone(),
            seen: frame.moment(session.seen_at),
        }
    }

    #[cfg(test)]
    pub(super) fn sample() -> SessionRow {
        SessionRow {
            id: "ses_1".into(),
            client: "<script>".into(),
            address: "192.0.2.1".into(),
            seen: Moment::default(),
        }
    }
}
