//! For how long a session stays good, for pages that are cleared when it has ended.
//!
//! **Invariant:** asking is no use of the session, so that an open page does not keep it alive.

use hallpass_domain::time::Span;

use super::Sessions;
use crate::boxed;
use crate::dry_run::DryRun;
use crate::error::Error;
use crate::origin::Origin;
use crate::principal::Principal;
use crate::secret::Token;

impl Sessions<'_> {
    /// For how long a session that is not used stays good, for a workspace or by itself; nothing where it has
    /// ended, or the workspace asks for more than it has.
    #[boxed]
    pub async fn lasts(
        &self,
        token: &Token,
        workspace: Option<&str>,
        (origin, request): (&Origin, &str),
    ) -> Result<Span, Error> {
        let now = self.0.now();
        let found = self.0.db().read().await?.sessions().find(&token.hash()).await?;
        let session = found.map(|session| self.0.presence_log().with_note(session));
        let Some(session) = session.filter(|session| session.is_alive(now)) else {
            return Ok(Span(0));
        };
        let Some(workspace) = workspace else { return Ok(session.ends_at() - now) };
        let principal = Principal::of_session(session, origin, request).dry(DryRun::default());
        match self.0.enter(&principal, workspace).await {
            Ok(ctx) => Ok(ctx.session_lasts().unwrap_or(Span(0))),
            Err(
                Error::NotSignedIn
                | Error::Missing { .. }
                | Error::Denied(_)
                | Error::StepUp(_),
            ) => Ok(Span(0)),
            Err(error) => Err(error),
        }
    }
}
