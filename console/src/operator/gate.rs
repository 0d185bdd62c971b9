//! The gate of the operator's pages.
//!
//! **Invariant:** a caller who is not admitted gets the answer of a page that does not exist, before a form is
//! read: without a session too, so that nothing tells that there is a console.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::header;
use axum::http::request::Parts;
use hallpass_app::operation::Operator;
use hallpass_web::Web;
use hallpass_web::extract::{Anyone, LARGEST_BODY};

use super::rail;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::request::PageRequest;

/// An operator who opens a page.
pub(crate) struct OperatorViewer {
    /// The operator, whom use cases take.
    pub(super) operator: Operator,
    /// What is around the page.
    pub(super) frame: Frame,
    /// The query of the page.
    pub(super) query: Form,
}

impl FromRequestParts<Web> for OperatorViewer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let Anyone(principal) = Anyone::from_request_parts(parts, web).await?;
        let principal = principal.ok_or_else(|| Failure::missing("page"))?;
        let (operator, account) = web.app.operators().admit(&principal).await?;
        let request = PageRequest::of(parts, web);
        let frame = Frame::of_operator(&account, &request, rail::of);
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(OperatorViewer { operator, frame, query })
    }
}

/// A form that an operator sends.
pub(crate) struct OperatorSubmission {
    /// The operator, admitted after the form was read.
    pub(super) operator: Operator,
    /// What is around the page that shows the form again.
    pub(super) frame: Frame,
    /// The fields.
    pub(super) form: Form,
}

impl FromRequest<Web> for OperatorSubmission {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Failure> {
        let (mut parts, body) = request.into_parts();
        OperatorViewer::from_request_parts(&mut parts, web).await?;
        let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| Failure::too_large())?;
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let form = Form::of(kind, &body).ok_or_else(Failure::unreadable)?;
        let viewer = OperatorViewer::from_request_parts(&mut parts, web).await?;
        let OperatorViewer { operator, frame, .. } = viewer;
        Ok(OperatorSubmission { operator, frame, form })
    }
}
