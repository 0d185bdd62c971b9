//! Invitations, stored by the hash of the token that is in the mail.

use std::marker::PhantomData;

use hallpass_domain::email::Email;
use hallpass_domain::id::{DepartmentId, InvitationId, TeamId};
use hallpass_domain::invitation::{Invitation, InvitationState};
use hallpass_domain::member::MemberAccess;
use hallpass_domain::text::contains_pattern;
use hallpass_engine::Visibility;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::part::{Part, one_more};
use crate::query::{Conditions, json};
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "invitations",
    &[
        "id",
        "email",
        "name",
        "role",
        "levels",
        "visibility",
        "department_id",
        "manager_id",
        "teams",
        "is_billing_contact",
        "landing",
        "state",
        "invited_by",
        "invited_at",
        "expires_at",
        "version",
    ],
)
.computed(&["email_key"])
.hidden(&["token"]);

/// The invitations of a workspace, in a transaction.
pub struct Invitations<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The invitations.
    pub fn invitations(&mut self) -> Invitations<'_> {
        Invitations(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The invitations.
    #[must_use]
    pub fn invitations(self) -> Invitations<'t, Read> {
        Invitations(self.0, PhantomData)
    }
}

/// Which invitations are listed.
#[derive(Clone, Debug, Default)]
pub struct InvitationQuery {
    /// Only those that are pending, also if they have expired.
    pub is_pending: bool,
    /// Only those with this text in their address or name.
    pub text: Option<String>,
    /// Only those with this role.
    pub role: Option<String>,
    /// Only those with this department.
    pub department: Option<DepartmentId>,
}

fn conditions(query: &InvitationQuery, first: usize) -> Conditions {
    let mut conditions = Conditions::from(first);
    if query.is_pending {
        conditions.and("state = ?", [InvitationState::Pending.word().into()]);
    }
    if let Some(text) = &query.text {
        let pattern = Value::from(contains_pattern(text));
        let like = "(email_key LIKE ? ESCAPE '\\' OR lower(name) LIKE ? ESCAPE '\\')";
        conditions.and(like, [pattern.clone(), pattern]);
    }
    if let Some(role) = &query.role {
        conditions.and("role = ?", [role.as_str().into()]);
    }
    if let Some(department) = query.department {
        conditions.and("department_id = ?", [department.into()]);
    }
    conditions
}

impl<A> Invitations<'_, A> {
    /// Finds an invitation by id.
    pub async fn find(&mut self, id: InvitationId) -> Result<Option<Invitation>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Finds an invitation by the hash of its token.
    pub async fn find_by_token(&mut self, token: &[u8]) -> Result<Option<Invitation>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND token = ?2", COLUMNS.select());
        let row = self.0.find(&sql, &[token.to_vec().into()]).await?;
        row.map(|row| from_row(&row)).transpose()
    }

    /// Finds the pending invitation of an address, even if it has expired.
    pub async fn find_pending(&mut self, email: &Email) -> Result<Option<Invitation>, Error> {
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND email_key = ?2 AND state = 'pending'",
            COLUMNS.select()
        );
        self.0.find(&sql, &[email.key().into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Lists every pending invitation, with those that have expired.
    pub async fn list_pending(&mut self) -> Result<Vec<Invitation>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND state = 'pending'", COLUMNS.select());
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Lists a page of invitations, the latest first; with `below`, those with a lower id.
    pub async fn list(
        &mut self,
        query: &InvitationQuery,
        below: Option<InvitationId>,
        limit: usize,
    ) -> Result<Part<Invitation>, Error> {
        let conditions = conditions(query, 4);
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id < ?2{} ORDER BY id DESC LIMIT ?3",
            COLUMNS.select(),
            conditions.text()
        );
        let below = below.unwrap_or(InvitationId(Uuid::max()));
        let mut values = vec![below.into(), one_more(limit)];
        values.extend_from_slice(conditions.values());
        self.0.part(&sql, &values, limit, from_row).await
    }

    /// Counts the invitations that a query finds.
    pub async fn count(&mut self, query: &InvitationQuery) -> Result<i64, Error> {
        let conditions = conditions(query, 2);
        let sql = format!(
            "SELECT count(*) AS n FROM invitations WHERE workspace_id = ?1{}",
            conditions.text()
        );
        self.0.query_one(&sql, conditions.values()).await?.int("n")
    }
}

impl Invitations<'_> {
    /// Inserts an invitation with the hash of its token.
    ///
    /// # Errors
    ///
    /// `Conflict` when the address has a pending invitation.
    pub async fn insert(&mut self, token: &[u8], invitation: &Invitation) -> Result<(), Error> {
        let mut values = values(invitation).to_vec();
        values.push(token.to_vec().into());
        self.0.execute(COLUMNS.insert(), &values).await.map(drop)
    }

    /// Updates an invitation. Returns whether its version was still current.
    ///
    /// # Errors
    ///
    /// `Conflict` when the address has another pending invitation.
    pub async fn update(&mut self, invitation: &Invitation) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(invitation)).await? == 1)
    }

    /// Replaces the token of an invitation; the old link stops working.
    pub async fn replace_token(&mut self, id: InvitationId, token: &[u8]) -> Result<(), Error> {
        let sql = "UPDATE invitations SET token = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), token.to_vec().into()]).await.map(drop)
    }
}

fn values(invitation: &Invitation) -> [Value; 17] {
    let access = &invitation.access;
    let teams: Vec<String> = access.teams.iter().map(ToString::to_string).collect();
    [
        invitation.id.into(),
        invitation.email.as_str().into(),
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
        invitation.email.key().into(),
    ]
}

fn from_row(row: &Row) -> Result<Invitation, Error> {
    let teams: Vec<String> = row.json("teams")?;
    let teams = teams.iter().map(|id| id.parse::<TeamId>()).collect::<Result<Vec<_>, _>>();
    Ok(Invitation {
        id: row.id("id")?.into(),
        email: row.parsed("email", Email::stored)?,
        name: row.optional("name", Row::text)?.map(str::to_owned),
        access: MemberAccess {
            role: row.text("role")?.to_owned(),
            levels: row.json("levels")?,
            visibility: row.parsed("visibility", Visibility::parse)?,
            department: row.optional("department_id", Row::id)?.map(Into::into),
            manager: row.optional("manager_id", Row::id)?.map(Into::into),
            teams: teams.map_err(|_| row.corrupt("teams"))?,
            is_billing_contact: row.bool("is_billing_contact")?,
        },
        landing: row.optional("landing", Row::text)?.map(str::to_owned),
        state: row.parsed("state", InvitationState::parse)?,
        invited_by: row.optional("invited_by", Row::id)?.map(Into::into),
        invited_at: row.time("invited_at")?,
        expires_at: row.time("expires_at")?,
        version: row.int("version")?,
    })
}
