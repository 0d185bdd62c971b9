//! Submissions: a form that a member sends, in a workspace to write.
//!
//! **Invariant:** the transaction begins when the whole form has been read, so that a slow client keeps
//! none open.

use axum::body::to_bytes;
use axum::extract::{FromRequest, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::dry_run::{DryRun, Effect};
use hallpass_app::preview::Preview;
use hallpass_web::Web;
use hallpass_web::error::Problem;
use hallpass_web::extract::LARGEST_BODY;
use hallpass_web::extract::context::{enter_to_read, enter_to_write};

use crate::failure::Failure;
use crate::form::{Form, VERSION};
use crate::frame::Frame;
use crate::request::PageRequest;

/// The people of a preview at most.
const PREVIEWED: usize = 20;

/// A form that a member sends.
pub(crate) struct Submission {
    /// The fields.
    pub(crate) form: Form,
    /// The query of the path.
    pub(crate) query: Form,
    /// What is around the page that shows the form again.
    pub(crate) frame: Frame,
    parts: Parts,
    web: Web,
}

impl FromRequest<Web> for Submission {
    type Rejection = Failure;

    async fn from_request(request: Request, web: &Web) -> Result<Submission, Failure> {
        let (mut parts, body) = request.into_parts();
        let ctx = enter_to_read(&mut parts, web).await?;
        let frame = Frame::of(&ctx, &PageRequest::of(&parts, web));
        drop(ctx);
        let body = to_bytes(body, LARGEST_BODY).await.map_err(|_| Failure::too_large())?;
        let kind = parts.headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let form = Form::of(kind, &body).ok_or_else(Failure::unreadable)?.touched();
        if let Some(version) = form.filled(VERSION)
            && let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\""))
        {
            parts.headers.insert(header::IF_MATCH, tag);
        }
        let query = Form::parse(parts.uri.query().unwrap_or_default().as_bytes());
        Ok(Submission { form, query, frame, parts, web: web.clone() })
    }
}

impl Submission {
    /// Enters the workspace, to write.
    pub(crate) async fn write(&mut self) -> Result<WorkspaceContext, Problem> {
        enter_to_write(&mut self.parts, &self.web).await
    }

    /// Enters the workspace, to read: for the page that shows the form again.
    pub(crate) async fn read(&mut self) -> Result<WorkspaceContext, Problem> {
        enter_to_read(&mut self.parts, &self.web).await
    }

    /// Enters the workspace, to run a use case up to its first write.
    pub(crate) async fn rehearse(&mut self) -> Result<Rehearsal, Problem> {
        let dry_run = DryRun::default();
        self.parts.extensions.insert(dry_run.clone());
        let ctx = enter_to_write(&mut self.parts, &self.web).await;
        self.parts.extensions.remove::<DryRun>();
        Ok(Rehearsal { ctx: ctx?, dry_run })
    }

    /// Describes what a rehearsed change would do.
    pub(crate) async fn describe(
        &mut self,
        effect: Option<Effect>,
    ) -> Result<Preview, Problem> {
        let mut ctx = self.read().await?;
        Ok(ctx.previews().describe(effect, None, PREVIEWED).await?)
    }
}

/// A use case that runs up to its first write.
pub(crate) struct Rehearsal {
    /// The workspace.
    pub(crate) ctx: WorkspaceContext,
    dry_run: DryRun,
}

impl Rehearsal {
    /// The effect of the use case; none when it was refused or would change nothing.
    pub(crate) fn into_effect(self) -> Option<Effect> {
        self.dry_run.take_effect()
    }
}
