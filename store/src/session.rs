//! Sessions, stored by the hash of their token.

pub mod attempt;
pub mod device;
pub mod lookup;
pub mod pending;

use hallpass_domain::id::{AccountId, SessionId};
use hallpass_domain::session::Session;
use hallpass_domain::session::authentication::Authentications;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_domain::view::View;

use crate::account::MAY_SIGN_IN;
use crate::columns::Columns;
use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

pub(crate) static COLUMNS: Columns = Columns::global(
    "sessions",
    &[
        "id",
        "account_id",
        "created_at",
        "seen_at",
        "longest_pause",
        "authentications",
        "client",
        "address",
        "view_workspace_id",
        "view_member_id",
        "view_until",
    ],
)
.hidden(&["token"]);

/// The sessions, in a transaction.
pub struct Sessions<'t>(&'t mut Tx);

impl Tx {
    /// The sessions.
    pub fn sessions(&mut self) -> Sessions<'_> {
        Sessions(self)
    }
}

impl Sessions<'_> {
    /// Finds a session by the hash of its token, unless its account is deleted or may not sign in.
    pub async fn find(&mut self, token: &[u8]) -> Result<Option<Session>, Error> {
        let sql = format!(
            "SELECT {} FROM sessions s JOIN accounts a ON a.id = s.account_id \
             WHERE s.token = ?1 AND {MAY_SIGN_IN}",
            COLUMNS.list_of("s")
        );
        self.0.find(&sql, &[token.to_vec().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Lists every session of an account, the latest first.
    pub async fn list(&mut self, account: AccountId) -> Result<Vec<Session>, Error> {
        let sql = format!("{} WHERE account_id = ?1 ORDER BY id DESC", COLUMNS.select());
        self.0.query(&sql, &[account.into()]).await?.iter().map(from_row).collect()
    }

    /// Inserts a session.
    pub async fn insert(&mut self, token: &[u8], session: &Session) -> Result<(), Error> {
        let values = [
            session.id.into(),
            session.account.into(),
            session.created_at.into(),
            session.seen_at.into(),
            session.longest_pause.0.into(),
            session.authentications.to_stored().into(),
            session.client.as_str().into(),
            session.address.as_str().into(),
            session.view.as_ref().map(|view| view.workspace).into(),
            session.view.as_ref().map(|view| view.member).into(),
            session.view.as_ref().map(|view| view.until).into(),
            token.to_vec().into(),
        ];
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Records when and from where a session was last used, unless a later use is stored. Of two pauses the
    /// longer one stays.
    pub async fn update_use(&mut self, session: &Session) -> Result<(), Error> {
        let sql = "UPDATE sessions SET seen_at = ?3, address = ?4, longest_pause = \
                   CASE WHEN longest_pause < ?5 THEN ?5 ELSE longest_pause END \
                   WHERE account_id = ?1 AND id = ?2 AND seen_at < ?3";
        let values = [
            session.account.into(),
            session.id.into(),
            session.seen_at.into(),
            session.address.as_str().into(),
            session.longest_pause.0.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Gives a session other authentications and, with them, another token: the one before is worth nothing
    /// from then on. Returns whether the session existed.
    pub async fn update_authentications(
        &mut self,
        session: &Session,
        token: &[u8],
    ) -> Result<bool, Error> {
        let sql = "UPDATE sessions SET token = ?3, authentications = ?4, longest_pause = ?5, seen_at = ?6 \
                   WHERE account_id = ?1 AND id = ?2";
        let values = [
            session.account.into(),
            session.id.into(),
            token.to_vec().into(),
            session.authentications.to_stored().into(),
            session.longest_pause.0.into(),
            session.seen_at.into(),
        ];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Sets the view of a session, or ends it.
    pub async fn set_view(
        &mut self,
        account: AccountId,
        id: SessionId,
        view: Option<&View>,
    ) -> Result<(), Error> {
        let sql = "UPDATE sessions SET view_workspace_id = ?3, view_member_id = ?4, \
                   view_until = ?5 WHERE account_id = ?1 AND id = ?2";
        let values = [
            account.into(),
            id.into(),
            view.map(|view| view.workspace).into(),
            view.map(|view| view.member).into(),
            view.map(|view| view.until).into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Finds a session of an account by its id.
    pub async fn find_by_id(
        &mut self,
        account: AccountId,
        id: SessionId,
    ) -> Result<Option<Session>, Error> {
        let sql = format!("{} WHERE account_id = ?1 AND id = ?2", COLUMNS.select());
        let row = self.0.find(&sql, &[account.into(), id.into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Whether an account has a session.
    pub async fn exists(&mut self, account: AccountId, id: SessionId) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM sessions WHERE account_id = ?1 AND id = ?2";
        Ok(self.0.find(sql, &[account.into(), id.into()]).await?.is_some())
    }

    /// Deletes a session of an account; returns whether it existed.
    pub async fn delete(&mut self, account: AccountId, id: SessionId) -> Result<bool, Error> {
        let sql = "DELETE FROM sessions WHERE account_id = ?1 AND id = ?2";
        Ok(self.0.execute(sql, &[account.into(), id.into()]).await? > 0)
    }

    /// Deletes the sessions of an account, with one exception.
    pub async fn delete_all(
        &mut self,
        account: AccountId,
        except: Option<SessionId>,
    ) -> Result<(), Error> {
        let except = except.unwrap_or(SessionId(uuid::Uuid::nil()));
        let sql = "DELETE FROM sessions WHERE account_id = ?1 AND id <> ?2";
        self.0.execute(sql, &[account.into(), except.into()]).await.map(drop)
    }

    /// Deletes the sessions that were last used before a time, or created before another.
    pub async fn delete_expired(
        &mut self,
        seen_before: Timestamp,
        created_before: Timestamp,
    ) -> Result<u64, Error> {
        let sql = "DELETE FROM sessions WHERE seen_at < ?1 OR created_at < ?2";
        self.0.execute(sql, &[seen_before.into(), created_before.into()]).await
    }
}

pub(crate) fn from_row(row: &Row) -> Result<Session, Error> {
    Ok(Session {
        id: row.id("id")?.into(),
        account: row.id("account_id")?.into(),
        created_at: row.time("created_at")?,
        seen_at: row.time("seen_at")?,
        longest_pause: Span(row.int("longest_pause")?),
        authentications: row.parsed("authentications", Authentications::stored)?,
        client: row.text("client")?.to_owned(),
        address: row.text("address")?.to_owned(),
        view: view(row)?,
    })
}

fn view(row: &Row) -> Result<Option<View>, Error> {
    if row.is_null("view_until") {
        return Ok(None);
    }
    Ok(Some(View {
        workspace: row.id("view_workspace_id")?.into(),
        member: row.id("view_member_id")?.into(),
        until: row.time("view_until")?,
    }))
}
