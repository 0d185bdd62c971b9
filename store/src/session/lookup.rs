//! What a request that reads begins with: the session of a token, a workspace, and the account's
//! membership there, in one statement.

use std::sync::LazyLock;

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::session::Session;

use crate::account::MAY_SIGN_IN;
use crate::error::Error;
use crate::member::{MEMBERSHIP, MembershipSummary, membership};
use crate::session;
use crate::slug::by_slug;
use crate::tx::Tx;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

/// How a request names a workspace.
#[derive(Clone, Copy, Debug)]
pub enum WorkspaceRef<'n> {
    /// By its id.
    Id(WorkspaceId),
    /// By its slug.
    Slug(&'n str),
}

/// The session of a token, and the membership of its account in a workspace.
pub struct SessionLookup {
    /// The session.
    pub session: Session,
    /// The transaction, in the workspace, and the membership; `None` where the workspace does not
    /// exist or is deleted, or the account has no member in it.
    pub membership: Option<(WorkspaceTx, MembershipSummary)>,
}

impl Tx {
    /// Finds a session by the hash of its token, and continues in a workspace. `None` when there is
    /// no such session, or its account is deleted or may not sign in.
    ///
    /// # Errors
    ///
    /// `Unavailable` in a transaction that writes, since the workspace is not locked.
    pub async fn find_by_session(
        self,
        token: &[u8],
        workspace: WorkspaceRef<'_>,
    ) -> Result<Option<SessionLookup>, Error> {
        let mut tx = self;
        if tx.is_writing() {
            let why = "a transaction that writes enters by `Tx::into_workspace`";
            return Err(Error::unavailable(why));
        }
        let (sql, named): (&str, Value) = match workspace {
            WorkspaceRef::Id(id) => (&BY_ID, id.into()),
            WorkspaceRef::Slug(slug) => (&BY_SLUG, slug.into()),
        };
        let Some(row) = tx.find(sql, &[token.to_vec().into(), named]).await? else {
            return Ok(None);
        };
        let session = session::from_row(&row)?;
        if row.is_null("members.id") {
            return Ok(Some(SessionLookup { session, membership: None }));
        }
        let (id, revision) = (row.id("workspaces.id")?, row.int("workspaces.revision")?);
        let inside = WorkspaceTx::new(tx, id, revision);
        Ok(Some(SessionLookup { session, membership: Some((inside, membership(&row)?)) }))
    }
}

static BY_ID: LazyLock<String> = LazyLock::new(|| statement("?2"));

static BY_SLUG: LazyLock<String> = LazyLock::new(|| statement(&by_slug("?2")));

/// It takes the token, and what the id of the workspace is found by.
fn statement(id: &str) -> String {
    format!(
        "SELECT {}, w.id AS \"workspaces.id\", w.revision AS \"workspaces.revision\", \
         {MEMBERSHIP} FROM sessions s JOIN accounts a ON a.id = s.account_id \
         LEFT JOIN workspaces w ON w.id = {id} AND w.deleted_at IS NULL \
         LEFT JOIN members m ON m.workspace_id = w.id AND m.account_id = a.id \
         WHERE s.token = ?1 AND {MAY_SIGN_IN}",
        session::COLUMNS.list_of("s")
    )
}
