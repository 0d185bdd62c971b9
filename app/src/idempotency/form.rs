//! The forms of pages: a form that is sent twice does nothing twice.
//!
//! **Invariant:** the key of a form is reserved before the form does anything. A page may commit several times and
//! read what it has written, so its outcome is stored afterwards. Where the server stops between, the outcome
//! is not known: a repetition is not run, and is told so.

use hallpass_store::idempotency::{AnsweredRequest, StoredResponse};

use super::request::IdempotentRequest;
use super::{IdempotentRequests, KeyState};
use crate::boxed;
use crate::error::Error;

/// The status of a form whose outcome is not known yet.
const RUNNING: u16 = 0;

/// What is known of a form that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormState {
    /// It is sent for the first time, and its key is reserved now.
    First,
    /// It was sent before, and is not done yet, or the server stopped before it was.
    Running,
    /// It was done before.
    Done(FormOutcome),
    /// The account has used as many keys as are stored: it runs, and a repetition would run too.
    Unprotected,
}

/// What became of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormOutcome {
    /// The page that shows it.
    pub location: String,
    /// Whether it showed something once, which is stored nowhere.
    pub was_shown_once: bool,
}

/// The status of an outcome that showed something once.
const SHOWN_ONCE: u16 = 200;

/// The status of an outcome that led on to a page.
const LED_ON: u16 = 303;

impl IdempotentRequests<'_> {
    /// Reserves the key of a form that is sent.
    #[boxed]
    pub async fn begin_form(&self, form: &IdempotentRequest) -> Result<FormState, Error> {
        let known = self.find(form).await?;
        if known != KeyState::Free {
            return Ok(state(known));
        }
        let response =
            StoredResponse { status: RUNNING, headers: Vec::new(), body: String::new() };
        let hash = form.hash().to_vec();
        let reserved = AnsweredRequest { hash, response, at: self.0.now() };
        let mut tx = self.0.db().write().await?;
        if !tx.idempotent_requests().insert(form.account(), form.key(), &reserved).await? {
            drop(tx);
            return Ok(state(self.find(form).await?));
        }
        tx.commit().await?;
        Ok(FormState::First)
    }

    /// Stores what became of a form whose key is reserved.
    #[boxed]
    pub async fn finish_form(
        &self,
        form: &IdempotentRequest,
        outcome: FormOutcome,
    ) -> Result<(), Error> {
        let response = StoredResponse {
            status: if outcome.was_shown_once { SHOWN_ONCE } else { LED_ON },
            headers: vec![("location".to_owned(), outcome.location)],
            body: String::new(),
        };
        let mut tx = self.0.db().write().await?;
        tx.idempotent_requests().update(form.account(), form.key(), &response).await?;
        Ok(tx.commit().await?)
    }

    /// Frees the key of a form that did nothing: it was refused, or only shows something.
    #[boxed]
    pub async fn release_form(&self, form: &IdempotentRequest) -> Result<(), Error> {
        let mut tx = self.0.db().write().await?;
        tx.idempotent_requests().delete(form.account(), form.key()).await?;
        Ok(tx.commit().await?)
    }
}

fn state(known: KeyState) -> FormState {
    match known {
        KeyState::Answered(StoredResponse { status: RUNNING, .. })
        | KeyState::Free
        | KeyState::Reused => FormState::Running,
        KeyState::Answered(response) => {
            let was_shown_once = response.status == SHOWN_ONCE;
            let location = response.headers.into_iter().next();
            let location = location.map(|(_, location)| location).unwrap_or_default();
            FormState::Done(FormOutcome { location, was_shown_once })
        }
        KeyState::TooMany { .. } => FormState::Unprotected,
    }
}
