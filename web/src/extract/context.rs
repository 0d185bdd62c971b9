//! Workspace contexts: the member who sent the request, in the workspace of the path.
//!
//! **Invariant:** the transaction begins when the whole body has been read, so that a slow client
//! keeps none open.

use axum::body::{HttpBody as _, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use hallpass_app::access::Question;
use hallpass_app::admission::Decisions;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::principal::RequestCredential;
use hallpass_app::secret::Token;
use hallpass_domain::id::MemberId;
use serde::de::DeserializeOwned;

use super::body::{LARGEST_BODY, check_json, unreadable};
use super::client::{Client, RequestId};
use super::cookie::session_token;
use super::principal::{bearer, not_signed_in, principal};
use crate::decode;
use crate::error::Problem;
use crate::state::Web;

/// The largest body, in bytes, that is read before the client is authenticated.
const LARGEST_UNAUTHENTICATED: u64 = 16 << 10;

/// The parameter of a path that names the workspace.
const WORKSPACE: &str = "ws";

/// A member in a workspace, in a transaction that reads; the request has no body.
pub struct ReadContext(pub WorkspaceContext);

impl FromRequestParts<Web> for ReadContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<ReadContext, Problem> {
        enter_to_read(parts, web).await.map(ReadContext)
    }
}

/// A member in a workspace, in a transaction that reads, with the JSON body of the request.
pub struct ReadContextWith<T>(pub WorkspaceContext, pub T);

impl<T: DeserializeOwned + Send> FromRequest<Web> for ReadContextWith<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<ReadContextWith<T>, Problem> {
        let (mut parts, body) = read_body(request, web, decode::json).await?;
        let ctx = enter_to_read(&mut parts, web).await?;
        Ok(ReadContextWith(ctx, body?))
    }
}

/// A member in a workspace, in a transaction that writes; the request has no body.
pub struct WriteContext(pub WorkspaceContext);

impl FromRequestParts<Web> for WriteContext {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<WriteContext, Problem> {
        enter_to_write(parts, web).await.map(WriteContext)
    }
}

/// A member in a workspace, in a transaction that writes, with the JSON body of the request.
pub struct WriteContextWith<T>(pub WorkspaceContext, pub T);

impl<T: DeserializeOwned + Send> FromRequest<Web> for WriteContextWith<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<WriteContextWith<T>, Problem> {
        let (mut parts, body) = read_body(request, web, decode::json).await?;
        // A body with mistakes must not make other writers wait, and only members learn what is
        // wrong with it.
        let body = match body {
            Ok(body) => body,
            Err(problem) => {
                enter_to_read(&mut parts, web).await?;
                return Err(problem);
            }
        };
        let ctx = enter_to_write(&mut parts, web).await?;
        Ok(WriteContextWith(ctx, body))
    }
}

/// A member in a workspace, in a transaction that reads, with the way to one that writes and the JSON body of the
/// request: for what takes long before the write.
pub struct PreparedContextWith<T>(pub WorkspaceContext, pub WriteEntry, pub T);

/// The way of a request into its workspace, to write.
pub struct WriteEntry {
    parts: Parts,
    web: Web,
}

impl<T: DeserializeOwned + Send> FromRequest<Web> for PreparedContextWith<T> {
    type Rejection = Problem;

    async fn from_request(
        request: Request,
        web: &Web,
    ) -> Result<PreparedContextWith<T>, Problem> {
        let (mut parts, body) = read_body(request, web, decode::json).await?;
        let ctx = enter_to_read(&mut parts, web).await?;
        Ok(PreparedContextWith(ctx, WriteEntry { parts, web: web.clone() }, body?))
    }
}

impl WriteEntry {
    /// Enters the workspace, to write.
    pub async fn enter(mut self) -> Result<WorkspaceContext, Problem> {
        enter_to_write(&mut self.parts, &self.web).await
    }
}

/// Reads a JSON body to its end. The inner result says what is wrong with the body; only members of
/// the workspace learn it.
async fn read_body<T: DeserializeOwned>(
    request: Request,
    web: &Web,
    decode: fn(&[u8]) -> Result<T, Problem>,
) -> Result<(Parts, Result<T, Problem>), Problem> {
    let (parts, body) = request.into_parts();
    if !has_credentials(web, &parts.headers) {
        return Err(not_signed_in());
    }
    // An unauthenticated client cannot make the server read a large body.
    let length = body.size_hint().exact().unwrap_or(u64::MAX);
    if length > LARGEST_UNAUTHENTICATED && principal(&parts, web).await?.is_none() {
        return Err(not_signed_in());
    }
    let body = to_bytes(body, LARGEST_BODY).await.map_err(unreadable)?;
    let body = check_json(&parts.headers).and_then(|()| decode(&body));
    Ok((parts, body))
}

/// Whether a request carries an API key or a session token, valid or not.
fn has_credentials(web: &Web, headers: &HeaderMap) -> bool {
    bearer(headers).is_some() || session_token(web, headers).is_some()
}

/// A request for decisions, with its JSON body.
pub(crate) struct DecisionRequest<T>(pub(crate) DecisionEntry, pub(crate) Result<T, Problem>);

impl<T: DeserializeOwned + Send> FromRequest<Web> for DecisionRequest<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<DecisionRequest<T>, Problem> {
        let (parts, body) = read_body(request, web, decode::one_list).await?;
        Ok(DecisionRequest(DecisionEntry { parts, web: web.clone() }, body))
    }
}

/// The way of a request for decisions: into its workspace only where what is remembered does not answer it.
pub(crate) struct DecisionEntry {
    parts: Parts,
    web: Web,
}

impl DecisionEntry {
    /// Answers questions about a member, without one about the caller, by what is remembered; `None` where that
    /// does not suffice.
    pub(crate) async fn decide(
        &mut self,
        member: Option<MemberId>,
        questions: &[Question],
    ) -> Option<Decisions> {
        let workspace = workspace(&mut self.parts, &self.web).await.ok()?;
        let credentials = Credentials::of(&self.web, &self.parts.headers)?;
        let (Client(origin), RequestId(id)) =
            (Client::of(&self.parts), RequestId::of(&self.parts));
        let client = (&origin, id.as_str());
        self.web
            .app
            .admissions()
            .decide(credentials.get(), client, &workspace, (member, questions))
            .await
    }

    /// Enters the workspace.
    pub(crate) async fn enter(self) -> Result<WorkspaceContext, Problem> {
        let DecisionEntry { mut parts, web } = self;
        let workspace = workspace(&mut parts, &web).await?;
        let credentials = Credentials::of(&web, &parts.headers).ok_or_else(not_signed_in)?;
        let (Client(origin), RequestId(id)) = (Client::of(&parts), RequestId::of(&parts));
        let client = (&origin, id.as_str());
        Ok(web.app.admissions().enter_to_decide(credentials.get(), client, &workspace).await?)
    }
}

/// What a request authenticates itself with: an API key, or else a session.
enum Credentials<'h> {
    ApiKey(&'h str),
    Session(Token),
}

impl<'h> Credentials<'h> {
    fn of(web: &Web, headers: &'h HeaderMap) -> Option<Credentials<'h>> {
        if let Some(key) = bearer(headers) {
            return Some(Credentials::ApiKey(key));
        }
        session_token(web, headers).map(Credentials::Session)
    }

    fn get(&self) -> RequestCredential<'_> {
        match self {
            Credentials::ApiKey(key) => RequestCredential::ApiKey(key),
            Credentials::Session(token) => RequestCredential::Session(token),
        }
    }
}

/// Enters the workspace of the path, to read.
pub async fn enter_to_read(parts: &mut Parts, web: &Web) -> Result<WorkspaceContext, Problem> {
    let workspace = workspace(parts, web).await?;
    let (Client(origin), RequestId(request)) = (Client::of(parts), RequestId::of(parts));
    let credentials = Credentials::of(web, &parts.headers).ok_or_else(not_signed_in)?;
    Ok(web
        .app
        .admissions()
        .enter_by(credentials.get(), (&origin, &request), &workspace)
        .await?)
}

/// Enters the workspace of the path, to write. The request has been read to its end.
pub async fn enter_to_write(parts: &mut Parts, web: &Web) -> Result<WorkspaceContext, Problem> {
    let workspace = workspace(parts, web).await?;
    let principal = principal(parts, web).await?.ok_or_else(not_signed_in)?;
    Ok(web.app.enter_to_write(&principal, &workspace).await?)
}

/// The workspace that the path names, by slug or id.
async fn workspace(parts: &mut Parts, web: &Web) -> Result<String, Problem> {
    let path = RawPathParams::from_request_parts(parts, web).await;
    let path = path.map_err(|_| Problem::missing("page"))?;
    let workspace = path.iter().find(|(name, _)| *name == WORKSPACE).map(|(_, value)| value);
    // No name holds a NUL, and PostgreSQL refuses one in a parameter.
    let workspace = workspace.filter(|name| !name.contains('\0'));
    workspace.map(str::to_owned).ok_or_else(|| Problem::missing("page"))
}
