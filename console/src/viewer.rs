//! The viewer: the member who opens a page of a workspace, with the frame around the page.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hallpass_app::Principal;
use hallpass_app::context::WorkspaceContext;
use hallpass_web::Web;
use hallpass_web::extract::SignedIn;
use hallpass_web::extract::context::enter_to_read;

use crate::failure::Failure;
use crate::flash;
use crate::form::Form;
use crate::frame::{Frame, Outside};
use crate::request::PageRequest;
use crate::text::{Language, Text};

/// A member who opens a page of a workspace.
pub(crate) struct Viewer {
    /// The workspace, to read.
    pub(crate) ctx: WorkspaceContext,
    /// What is around the page.
    pub(crate) frame: Frame,
    /// The query of the page.
    pub(crate) query: Form,
}

impl FromRequestParts<Web> for Viewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Viewer, Failure> {
        let ctx = enter_to_read(parts, web).await?;
        let frame = Frame::of(&ctx, &PageRequest::of(parts, web));
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Viewer { ctx, frame, query })
    }
}

/// The principal of a request outside a workspace; without one, the reader signs in first.
pub(crate) struct Authenticated(pub(crate) Principal);

impl FromRequestParts<Web> for Authenticated {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let SignedIn(principal) = SignedIn::from_request_parts(parts, web).await?;
        Ok(Authenticated(principal))
    }
}

/// The reader of a page outside a workspace.
pub(crate) struct Reader {
    /// The texts.
    pub(crate) text: Text,
    /// The query of the page.
    pub(crate) query: Form,
    /// The message that the page shows once.
    pub(crate) flash: Option<String>,
    /// The key of the forms of the page.
    once: String,
}

impl Reader {
    /// What is around the page, with the message of the last change.
    pub(crate) fn outside(&self) -> Outside {
        Outside { flash: self.flash.clone(), ..self.outside_again() }
    }

    /// What is around a page that a form is shown again on.
    pub(crate) fn outside_again(&self) -> Outside {
        let once = self.once.clone();
        Outside { once, ..Outside::new(self.text.language, None) }
    }
}

impl FromRequestParts<Web> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Reader, Failure> {
        Ok(Reader {
            text: Text { language: Language::accepted(&parts.headers) },
            query: Form::parse(parts.uri.query().unwrap_or_default().as_bytes()),
            flash: flash::message(web, &parts.headers),
            once: web.app.form_key(),
        })
    }
}
