//! Entrances: who brings a token, the workspace that they name and how they stand in it, in one
//! statement, since every request that reads begins with it.

use std::sync::LazyLock;

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::session::Session;

use crate::account::MAY_SIGN_IN;
use crate::error::Error;
use crate::member::{MembershipSummary, STANDING, membership};
use crate::tx::{Tx, WorkspaceTx};
use crate::value::{Row, Value};

/// How a workspace is named.
#[derive(Clone, Copy, Debug)]
pub enum WorkspaceRef<'n> {
    /// By its id.
    Id(WorkspaceId),
    /// By its slug.
    Slug(&'n str),
}

/// What is behind a token and the name of a workspace.
pub struct SessionLookup {
    /// The session.
    pub session: Session,
    /// The transaction, inside of the workspace, and how the account stands there; nothing where
    /// there is no such workspace, it is deleted, or they are nobody in it.
    pub membership: Option<(WorkspaceTx, MembershipSummary)>,
}

impl Tx {
    /// Goes into a workspace by a session's token. Nothing when there is no such session, or its
    /// account was deleted or may not sign in.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], and `Unavailable` in a transaction that writes: nothing is held.
    pub async fn find_by_session(
        self,
        token: &[u8],
        workspace: WorkspaceRef<'_>,
    ) -> Result<Option<SessionLookup>, Error> {
        let mut tx = self;
        if tx.is_writing() {
            return Err(Error::unavailable(
                "who writes holds the workspace: see `Tx::into_workspace`",
            ));
        }
        let (sql, name): (&str, Value) = match workspace {
            WorkspaceRef::Id(id) => (&BY_ID, id.into()),
            WorkspaceRef::Slug(slug) => (&BY_SLUG, slug.into()),
        };
        let Some(row) = tx.find(sql, &[token.to_vec().into(), name]).await? else {
            return Ok(None);
        };
        let session = super::from_row(&row)?;
        let is_there = row.optional(MEMBER, Row::id)?.is_some();
        if !is_there {
            return Ok(Some(SessionLookup { session, membership: None }));
        }
        let (id, revision) = (row.id(WORKSPACE)?, row.int(WORKSPACE + 1)?);
        let inside = WorkspaceTx::inside(tx, id, revision);
        Ok(Some(SessionLookup {
            session,
            membership: Some((inside, membership(&row, MEMBER)?)),
        }))
    }
}

static BY_ID: LazyLock<String> = LazyLock::new(|| coming_in("id"));

static BY_SLUG: LazyLock<String> = LazyLock::new(|| coming_in("slug"));

/// Takes the token, and what a column of the workspace says.
fn coming_in(column: &str) -> String {
    format!(
        "SELECT {}, w.id, w.revision, {STANDING} FROM sessions s \
         JOIN accounts a ON a.id = s.account_id \
         LEFT JOIN workspaces w ON w.{column} = ?2 AND w.deleted_at IS NULL \
         LEFT JOIN members m ON m.workspace_id = w.id AND m.account_id = a.id \
         WHERE s.token = ?1 AND {MAY_SIGN_IN}",
        super::COLUMNS
    )
}

/// Where the columns of the workspace begin, and those of the member.
const WORKSPACE: usize = 5;
const MEMBER: usize = WORKSPACE + 2;
