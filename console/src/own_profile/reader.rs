//! The reader of a page of their own profile: the account, and the frame of the workspace around it.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use hallpass_app::Principal;
use hallpass_web::Web;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::viewer::{Authenticated, Viewer};

/// A member who opens a page of their own profile. One transaction at a time: that of the workspace is
/// over before anything of the account is loaded.
pub(super) struct OwnReader {
    pub(super) web: Web,
    pub(super) principal: Principal,
    pub(super) frame: Frame,
}

impl FromRequestParts<Web> for OwnReader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<OwnReader, Failure> {
        let Authenticated(principal) = Authenticated::from_request_parts(parts, web).await?;
        let Viewer { frame, .. } = Viewer::from_request_parts(parts, web).await?;
        Ok(OwnReader { web: web.clone(), principal, frame })
    }
}
