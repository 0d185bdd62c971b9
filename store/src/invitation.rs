//! Invitations as they are kept: by the hash of their token, which itself is only in the mail.

use hallpass_domain::email::Email;
use hallpass_domain::id::{InvitationId, TeamId};
use hallpass_domain::invitation::{Invitation, InvitationState};
use hallpass_domain::member::MemberAccess;
use hallpass_engine::Visibility;
use uuid::Uuid;

use crate::error::Error;
use crate::query::json;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};

const COLUMNS: &str = "id, email, name, role, levels, visibility, department_id, manager_id, teams, \
                       is_billing_contact, landing, state, invited_by, invited_at, expires_at, version";

/// The invitations of a workspace, in a transaction.
pub struct Invitations<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The invitations.
    pub fn invitations(&mut self) -> Invitations<'_> {
        Invitations(self)
    }
}

impl Invitations<'_> {
    /// The invitation of an id.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn find(&mut self, id: InvitationId) -> Result<Option<Invitation>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM invitations WHERE workspace_id = ?1 AND id = ?2");
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// The invitation of a token's hash.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_by_token(&mut self, token: &[u8]) -> Result<Option<Invitation>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM invitations WHERE workspace_id = ?1 AND token = ?2");
        let row = self.0.find(&sql, &[token.to_vec().into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// The pending invitation of an address, expired ones too.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_pending(&mut self, email: &Email) -> Result<Option<Invitation>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations \
             WHERE workspace_id = ?1 AND email_key = ?2 AND state = 'pending'"
        );
        self.0.find(&sql, &[email.key().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Every pending invitation, expired ones too.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_pending(&mut self) -> Result<Vec<Invitation>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations WHERE workspace_id = ?1 AND state = 'pending'"
        );
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// A page of invitations, the latest first; below an id where one is named.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list(
        &mut self,
        below: Option<InvitationId>,
        limit: i64,
    ) -> Result<Vec<Invitation>, Error> {
        let below = below.unwrap_or(InvitationId(Uuid::max()));
        let sql = format!(
            "SELECT {COLUMNS} FROM invitations WHERE workspace_id = ?1 AND id < ?2 \
             ORDER BY id DESC LIMIT {limit}"
        );
        self.0.query(&sql, &[below.into()]).await?.iter().map(from_row).collect()
    }

    /// How many there are.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn count(&mut self) -> Result<i64, Error> {
        let sql = "SELECT count(*) FROM invitations WHERE workspace_id = ?1";
        self.0.query_one(sql, &[]).await?.int(0)
    }

    /// Adds an invitation.
    ///
    /// # Errors
    ///
    /// `Conflict` when its address has a pending one.
    pub async fn insert(&mut self, token: &[u8], invitation: &Invitation) -> Result<(), Error> {
        let sql = "INSERT INTO invitations (workspace_id, id, email, email_key, name, role, levels, \
                   visibility, department_id, manager_id, teams, is_billing_contact, landing, state, \
                   invited_by, invited_at, expires_at, version, token) VALUES \
                   (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, \
                   ?18, ?19)";
        let mut values = values(invitation).to_vec();
        values.push(token.to_vec().into());
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Keeps an invitation as it is now; says whether it still was as old as it says.
    ///
    /// # Errors
    ///
    /// As for [`Invitations::insert`].
    pub async fn update(&mut self, invitation: &Invitation) -> Result<bool, Error> {
        let sql = "UPDATE invitations SET email = ?3, email_key = ?4, name = ?5, role = ?6, \
                   levels = ?7, visibility = ?8, department_id = ?9, manager_id = ?10, teams = ?11, \
                   is_billing_contact = ?12, landing = ?13, state = ?14, invited_by = ?15, \
                   invited_at = ?16, expires_at = ?17, version = version + 1 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?18";
        Ok(self.0.execute(sql, &values(invitation)).await? == 1)
    }

    /// Gives an invitation another token: the old link is dead.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn replace_token(&mut self, id: InvitationId, token: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE invitations SET token = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), token.to_vec().into()]).await.map(drop)
    }
}

/// The values of a row from `?2` on.
fn values(invitation: &Invitation) -> [Value; 17] {
    let access = &invitation.access;
    let teams: Vec<String> = access.teams.iter().map(ToString::to_string).collect();
    [
        invitation.id.into(),
        invitation.email.as_str().into(),
        invitation.email.key().into(),
        invitation.name.clone().into(),
        access.role.as_str().into(),
        json(&access.levels),
        access.visibility.scope().word().into(),
        access.department.into(),
        access.manager.into(),
        json(&teams),
        access.is_billing_contact.into(),
        invitation.landing.clone().into(),
        invitation.state.word().into(),
        invitation.invited_by.into(),
        invitation.invited_at.into(),
        invitation.expires_at.into(),
        invitation.version.into(),
    ]
}

fn from_row(row: &Row) -> Result<Invitation, Error> {
    let teams: Vec<String> = row.json(8)?;
    let teams = teams.iter().map(|id| id.parse::<TeamId>()).collect::<Result<Vec<_>, _>>();
    let corrupt =
        |_| Error::Corrupt { table: "invitations".to_owned(), column: "teams".to_owned() };
    Ok(Invitation {
        id: row.id(0)?.into(),
        email: row.parsed(1, |text| Email::parse(text).ok())?,
        name: row.optional(2, Row::text)?.map(str::to_owned),
        access: MemberAccess {
            role: row.text(3)?.to_owned(),
            levels: row.json(4)?,
            visibility: row.parsed(5, Visibility::parse)?,
            department: row.optional(6, Row::id)?.map(Into::into),
            manager: row.optional(7, Row::id)?.map(Into::into),
            teams: teams.map_err(corrupt)?,
            is_billing_contact: row.bool(9)?,
        },
        landing: row.optional(10, Row::text)?.map(str::to_owned),
        state: row.parsed(11, InvitationState::parse)?,
        invited_by: row.optional(12, Row::id)?.map(Into::into),
        invited_at: row.time(13)?,
        expires_at: row.time(14)?,
        version: row.int(15)?,
    })
}
