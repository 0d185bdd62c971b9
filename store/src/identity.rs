//! People whom providers have identified, their sessions, and messages that are used once.

use std::marker::PhantomData;

use hallpass_domain::connection::group::Assignment;
use hallpass_domain::id::{AccountId, ConnectionId, SessionId};
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::query::json;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::workspace_tx::WorkspaceTx;

/// The identities of a workspace, in a transaction.
pub struct Identities<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

/// A person at a connection.
#[derive(Clone, Copy, Debug)]
pub struct IdentityKey<'k> {
    /// The connection.
    pub connection: ConnectionId,
    /// The issuer.
    pub issuer: &'k str,
    /// The person at the issuer.
    pub subject: &'k str,
}

/// That an account is connected to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The connection.
    pub connection: ConnectionId,
    /// Since when.
    pub created_at: Timestamp,
    /// When its person last came in by it.
    pub seen_at: Timestamp,
}

/// A person whom a provider has identified, with what it last said about groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownIdentity {
    /// The account of the person.
    pub account: AccountId,
    /// The groups that the provider last sent.
    pub groups: Vec<String>,
    /// What the mapping of groups has given.
    pub given: Assignment,
}

impl WorkspaceTx {
    /// The identities.
    pub fn identities(&mut self) -> Identities<'_> {
        Identities(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The identities.
    #[must_use]
    pub fn identities(self) -> Identities<'t, Read> {
        Identities(self.0, PhantomData)
    }
}

impl<A> Identities<'_, A> {
    /// Finds the account of a person; one that is deleted is not found.
    pub async fn find(&mut self, key: IdentityKey<'_>) -> Result<Option<AccountId>, Error> {
        let sql = "SELECT i.account_id AS account_id FROM identities i \
                   JOIN accounts a ON a.id = i.account_id AND a.deleted_at IS NULL \
                   WHERE i.workspace_id = ?1 AND i.connection_id = ?2 AND i.issuer = ?3 \
                   AND i.subject = ?4";
        let values = [key.connection.into(), key.issuer.into(), key.subject.into()];
        let found = self.0.find(sql, &values).await?;
        found.map(|row| row.id("account_id").map(Into::into)).transpose()
    }

    /// Finds what the mapping of groups has given a person; nothing for one who is not known.
    pub async fn find_given(&mut self, key: IdentityKey<'_>) -> Result<Assignment, Error> {
        let sql = "SELECT given FROM identities WHERE workspace_id = ?1 AND connection_id = ?2 \
                   AND issuer = ?3 AND subject = ?4";
        let values = [key.connection.into(), key.issuer.into(), key.subject.into()];
        let Some(row) = self.0.find(sql, &values).await? else {
            return Ok(Assignment::default());
        };
        Ok(row.optional("given", Row::json)?.unwrap_or_default())
    }

    /// Lists what the mappings of groups have given an account, by connection.
    pub async fn list_given(
        &mut self,
        account: AccountId,
    ) -> Result<Vec<(ConnectionId, Assignment)>, Error> {
        let sql = "SELECT connection_id, given FROM identities WHERE workspace_id = ?1 \
                   AND account_id = ?2 AND given IS NOT NULL ORDER BY created_at, connection_id";
        let rows = self.0.query(sql, &[account.into()]).await?;
        let given = |row: &Row| Ok((row.id("connection_id")?.into(), row.json("given")?));
        rows.iter().map(given).collect()
    }

    /// Lists the people of a connection whose groups are known.
    pub async fn list_with_groups(
        &mut self,
        connection: ConnectionId,
    ) -> Result<Vec<KnownIdentity>, Error> {
        let sql = "SELECT account_id, known_groups, given FROM identities \
                   WHERE workspace_id = ?1 AND connection_id = ?2 \
                   AND known_groups IS NOT NULL ORDER BY created_at, account_id";
        let rows = self.0.query(sql, &[connection.into()]).await?;
        rows.iter()
            .map(|row| {
                Ok(KnownIdentity {
                    account: row.id("account_id")?.into(),
                    groups: row.json("known_groups")?,
                    given: row.optional("given", Row::json)?.unwrap_or_default(),
                })
            })
            .collect()
    }

    /// The connections that an account is connected to, each once.
    pub async fn list_of(&mut self, account: AccountId) -> Result<Vec<Identity>, Error> {
        let sql = "SELECT connection_id, MIN(created_at) AS created_at, MAX(seen_at) AS seen_at \
                   FROM identities WHERE workspace_id = ?1 AND account_id = ?2 \
                   GROUP BY connection_id ORDER BY connection_id";
        let rows = self.0.query(sql, &[account.into()]).await?;
        let identity = |row: &Row| {
            Ok(Identity {
                connection: row.id("connection_id")?.into(),
                created_at: row.time("created_at")?,
                seen_at: row.time("seen_at")?,
            })
        };
        rows.iter().map(identity).collect()
    }

    /// How many people have come in by a connection.
    pub async fn count(&mut self, connection: ConnectionId) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) AS found FROM identities \
                   WHERE workspace_id = ?1 AND connection_id = ?2";
        self.0.query_one(sql, &[connection.into()]).await?.int("found")
    }
}

impl Identities<'_> {
    /// Connects a person to an account. The account that the person was connected to is deleted:
    /// callers connect nothing that [`find`](Identities::find) finds.
    pub async fn connect(
        &mut self,
        key: IdentityKey<'_>,
        account: AccountId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO identities (workspace_id, connection_id, issuer, subject, \
                   account_id, created_at, seen_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6) \
                   ON CONFLICT (workspace_id, connection_id, issuer, subject) \
                   DO UPDATE SET account_id = excluded.account_id, \
                   created_at = excluded.created_at, seen_at = excluded.seen_at, \
                   known_groups = NULL, given = NULL";
        let values = [
            key.connection.into(),
            key.issuer.into(),
            key.subject.into(),
            account.into(),
            now.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Records when a person last came in.
    pub async fn update_seen_at(
        &mut self,
        key: IdentityKey<'_>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "UPDATE identities SET seen_at = ?5 WHERE workspace_id = ?1 \
                   AND connection_id = ?2 AND issuer = ?3 AND subject = ?4";
        let values = [key.connection.into(), key.issuer.into(), key.subject.into(), now.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Records the groups that the provider has sent, and what the mapping has given by them.
    pub async fn save_groups(
        &mut self,
        key: IdentityKey<'_>,
        groups: &[String],
        given: &Assignment,
    ) -> Result<(), Error> {
        let sql = "UPDATE identities SET known_groups = ?5, given = ?6 WHERE workspace_id = ?1 \
                   AND connection_id = ?2 AND issuer = ?3 AND subject = ?4";
        let values = [
            key.connection.into(),
            key.issuer.into(),
            key.subject.into(),
            json(&groups),
            json(given),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Forgets what the mappings of groups have given an account: what it has is its own from then on, or
    /// it is a member no longer.
    pub async fn clear_given(&mut self, account: AccountId) -> Result<(), Error> {
        let sql =
            "UPDATE identities SET given = NULL WHERE workspace_id = ?1 AND account_id = ?2";
        self.0.execute(sql, &[account.into()]).await.map(drop)
    }

    /// Disconnects an account from a connection; returns whether it was connected.
    pub async fn disconnect(
        &mut self,
        connection: ConnectionId,
        account: AccountId,
    ) -> Result<bool, Error> {
        let sql = "DELETE FROM identities WHERE workspace_id = ?1 AND connection_id = ?2 \
                   AND account_id = ?3";
        Ok(self.0.execute(sql, &[connection.into(), account.into()]).await? > 0)
    }

    /// Notes that a message is used; returns whether it was not used before.
    pub async fn use_once(
        &mut self,
        connection: ConnectionId,
        message: &str,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO used_messages (workspace_id, connection_id, message, until) \
                   VALUES (?1, ?2, ?3, ?4) \
                   ON CONFLICT (connection_id, message) DO NOTHING";
        let values = [connection.into(), message.into(), until.into()];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Notes that a session began at a provider.
    pub async fn insert_session(
        &mut self,
        session: SessionId,
        (connection, account): (ConnectionId, AccountId),
        (subject, provider_session): (&str, Option<&str>),
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO provider_sessions (workspace_id, session_id, connection_id, \
                   account_id, subject, provider_session, created_at) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) \
                   ON CONFLICT (session_id) DO UPDATE SET \
                   connection_id = excluded.connection_id, subject = excluded.subject, \
                   provider_session = excluded.provider_session, \
                   created_at = excluded.created_at";
        let values = [
            session.into(),
            connection.into(),
            account.into(),
            subject.into(),
            provider_session.map(ToOwned::to_owned).into(),
            now.into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Takes the sessions of an account that began at a connection.
    pub async fn take_sessions_of(
        &mut self,
        connection: ConnectionId,
        account: AccountId,
    ) -> Result<Vec<SessionId>, Error> {
        let sql = "SELECT session_id FROM provider_sessions WHERE workspace_id = ?1 \
                   AND connection_id = ?2 AND account_id = ?3 ORDER BY session_id";
        let values = [connection.into(), account.into()];
        let rows = self.0.query(sql, &values).await?;
        let taken = rows.iter().map(|row| row.id("session_id").map(Into::into)).collect();
        let sql = "DELETE FROM provider_sessions WHERE workspace_id = ?1 \
                   AND connection_id = ?2 AND account_id = ?3";
        self.0.execute(sql, &values).await?;
        taken
    }

    /// Takes the sessions that a logout message ends: those of a person, of a session at the provider,
    /// or both.
    pub async fn take_sessions(
        &mut self,
        connection: ConnectionId,
        subject: Option<&str>,
        provider_sessions: &[String],
    ) -> Result<Vec<(AccountId, SessionId)>, Error> {
        let sql = "SELECT session_id, account_id, subject, provider_session \
                   FROM provider_sessions WHERE workspace_id = ?1 AND connection_id = ?2 \
                   AND (subject = ?3 OR ?4)";
        let values =
            [connection.into(), subject.unwrap_or_default().into(), subject.is_none().into()];
        let mut taken = Vec::new();
        for row in &self.0.query(sql, &values).await? {
            let own = row.optional("provider_session", Row::text)?;
            let is_meant = provider_sessions.is_empty()
                || own.is_some_and(|own| provider_sessions.iter().any(|one| one == own));
            if is_meant {
                taken.push((row.id("account_id")?.into(), row.id("session_id")?.into()));
            }
        }
        for (_, session) in &taken {
            let session: SessionId = *session;
            let sql = "DELETE FROM provider_sessions \
                       WHERE workspace_id = ?1 AND session_id = ?2";
            self.0.execute(sql, &[session.into()]).await?;
        }
        Ok(taken)
    }
}
