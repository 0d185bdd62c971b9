//! Members as they are kept.

mod row;

use std::collections::HashMap;

use hallpass_domain::id::{AccountId, DepartmentId, MemberId, TeamId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::text::contains_pattern;
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::error::Error;
use crate::query::Conditions;
use crate::tx::WorkspaceTx;
use crate::value::{Row, Value};
pub use row::name_key;
use row::{from_row, search, values};

const COLUMNS: &str = "m.id, m.account_id, m.first_name, m.last_name, m.email, m.status, m.role, \
                       m.levels, m.visibility, m.department_id, m.manager_id, m.is_billing_contact, \
                       m.landing, m.joined_at, m.seen_at, m.role_since, m.role_by, m.version";

/// How many members a statement names at once.
const MOST_AT_ONCE: usize = 200;

/// The members of a workspace, in a transaction.
pub struct Members<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The members.
    pub fn members(&mut self) -> Members<'_> {
        Members(self)
    }
}

/// Which members are asked for; those that were removed never are.
#[derive(Clone, Debug, Default)]
pub struct MemberQuery {
    /// A part of name or address.
    pub text: Option<String>,
    /// A part of their name alone.
    pub name: Option<String>,
    /// Their role.
    pub role: Option<String>,
    /// Their status.
    pub status: Option<Status>,
    /// Their department.
    pub department: Option<DepartmentId>,
    /// A team of theirs.
    pub team: Option<TeamId>,
}

/// How an account stands in a workspace.
#[derive(Clone, Debug)]
pub struct MembershipSummary {
    /// The member.
    pub id: MemberId,
    /// Whether the membership counts.
    pub status: Status,
    /// First and last name.
    pub name: String,
    /// When they were last here.
    pub seen_at: Option<Timestamp>,
}

/// What [`membership`] reads of a member `m`.
pub(crate) const STANDING: &str = "m.id, m.status, m.first_name, m.last_name, m.seen_at";

/// How somebody stands, from the columns at a place and behind it.
pub(crate) fn membership(row: &Row, at: usize) -> Result<MembershipSummary, Error> {
    let name = format!("{} {}", row.text(at + 2)?, row.text(at + 3)?);
    Ok(MembershipSummary {
        id: row.id(at)?.into(),
        status: row.parsed(at + 1, Status::parse)?,
        name: name.trim().to_owned(),
        seen_at: row.optional(at + 4, Row::time)?,
    })
}

/// Where a page of members ends: the next one goes on behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberPosition {
    /// The name by which they are sorted.
    pub name_key: String,
    /// The id, among those of the same name.
    pub id: MemberId,
}

impl Members<'_> {
    /// A member, active, inactive or removed.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn find(&mut self, id: MemberId) -> Result<Option<Member>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM members m WHERE m.workspace_id = ?1 AND m.id = ?2");
        let row = self.0.find(&sql, &[id.into()]).await?;
        self.with_teams(row).await
    }

    /// The member of an account, active, inactive or removed.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_by_account(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Member>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM members m WHERE m.workspace_id = ?1 AND m.account_id = ?2"
        );
        let row = self.0.find(&sql, &[account.into()]).await?;
        self.with_teams(row).await
    }

    /// How an account stands here: what a request needs to know first.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn find_membership(
        &mut self,
        account: AccountId,
    ) -> Result<Option<MembershipSummary>, Error> {
        let sql = format!(
            "SELECT {STANDING} FROM members m WHERE m.workspace_id = ?1 AND m.account_id = ?2"
        );
        let row = self.0.find(&sql, &[account.into()]).await?;
        row.map(|row| membership(&row, 0)).transpose()
    }

    /// Every member that was not removed.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_all(&mut self) -> Result<Vec<Member>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM members m WHERE m.workspace_id = ?1 AND m.status <> 'removed'"
        );
        let rows = self.0.query(&sql, &[]).await?;
        let mut teams = self.teams().await?;
        rows.iter()
            .map(|row| {
                let id: MemberId = row.id(0)?.into();
                from_row(row, teams.remove(&id).unwrap_or_default())
            })
            .collect()
    }

    /// Those who are here by an account that was deleted, while nobody could enter the workspace. The
    /// accounts of all are held, so that no other is deleted meanwhile.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list_orphaned_for_update(&mut self) -> Result<Vec<MemberId>, Error> {
        let sql = format!(
            "SELECT m.id, a.deleted_at FROM members m JOIN accounts a ON a.id = m.account_id \
             WHERE m.workspace_id = ?1 AND m.status <> 'removed' ORDER BY a.id{}",
            self.0.dialect().for_update()
        );
        let mut gone = Vec::new();
        for row in self.0.query(&sql, &[]).await? {
            if row.optional(1, Row::time)?.is_some() {
                gone.push(row.id(0)?.into());
            }
        }
        Ok(gone)
    }

    /// A page of members, by name.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list(
        &mut self,
        query: &MemberQuery,
        after: Option<&MemberPosition>,
        limit: i64,
    ) -> Result<Vec<Member>, Error> {
        let mut conditions = conditions(query);
        if let Some(place) = after {
            let values = [place.name_key.as_str().into(), place.id.into()];
            conditions.and("(m.name_key, m.id) > (?, ?)", values);
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM members m WHERE m.workspace_id = ?1 \
             AND m.status <> 'removed'{} ORDER BY m.name_key, m.id LIMIT {limit}",
            conditions.text()
        );
        let rows = self.0.query(&sql, conditions.values()).await?;
        let ids = rows.iter().map(|row| row.id(0)).collect::<Result<Vec<Uuid>, Error>>()?;
        let mut teams = self.teams_of(&ids).await?;
        let each = rows.iter().zip(&ids);
        each.map(|(row, id)| from_row(row, teams.remove(&MemberId(*id)).unwrap_or_default()))
            .collect()
    }

    /// How many members a query finds.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn count(&mut self, query: &MemberQuery) -> Result<i64, Error> {
        let conditions = conditions(query);
        let sql = format!(
            "SELECT count(*) FROM members m WHERE m.workspace_id = ?1 \
             AND m.status <> 'removed'{}",
            conditions.text()
        );
        self.0.query_one(&sql, conditions.values()).await?.int(0)
    }

    /// Names of members by id, removed ones too.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn names(
        &mut self,
        ids: &[MemberId],
    ) -> Result<HashMap<MemberId, String>, Error> {
        let mut names = HashMap::new();
        let sql =
            "SELECT first_name, last_name FROM members WHERE workspace_id = ?1 AND id = ?2";
        for id in ids {
            if names.contains_key(id) {
                continue;
            }
            if let Some(row) = self.0.find(sql, &[(*id).into()]).await? {
                let name = format!("{} {}", row.text(0)?, row.text(1)?);
                names.insert(*id, name.trim().to_owned());
            }
        }
        Ok(names)
    }

    /// Adds a member.
    ///
    /// # Errors
    ///
    /// `Conflict` when the account has a member here, or there is another billing contact.
    pub async fn insert(&mut self, member: &Member) -> Result<(), Error> {
        let sql = "INSERT INTO members (workspace_id, id, account_id, first_name, last_name, email, \
                   name_key, search, status, role, levels, visibility, department_id, manager_id, \
                   is_billing_contact, landing, joined_at, seen_at, role_since, role_by, version) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, \
                   ?17, ?18, ?19, ?20, ?21)";
        self.0.execute(sql, &values(member)).await?;
        self.join(member.id, &member.access.teams).await
    }

    /// Keeps a member as it is now; its version goes up. Says whether it still was as old as it
    /// says.
    ///
    /// # Errors
    ///
    /// As for [`Members::insert`].
    pub async fn update(&mut self, member: &Member) -> Result<bool, Error> {
        let sql = "UPDATE members SET account_id = ?3, first_name = ?4, last_name = ?5, email = ?6, \
                   name_key = ?7, search = ?8, status = ?9, role = ?10, levels = ?11, \
                   visibility = ?12, department_id = ?13, manager_id = ?14, \
                   is_billing_contact = ?15, landing = ?16, joined_at = ?17, seen_at = ?18, \
                   role_since = ?19, role_by = ?20, version = version + 1 \
                   WHERE workspace_id = ?1 AND id = ?2 AND version = ?21";
        if self.0.execute(sql, &values(member)).await? != 1 {
            return Ok(false);
        }
        let out = "DELETE FROM team_members WHERE workspace_id = ?1 AND member_id = ?2";
        self.0.execute(out, &[member.id.into()]).await?;
        self.join(member.id, &member.access.teams).await?;
        Ok(true)
    }

    /// Keeps the name of an account in its member.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update_name(
        &mut self,
        account: AccountId,
        first_name: &str,
        last_name: &str,
    ) -> Result<(), Error> {
        let Some(member) = self.find_by_account(account).await? else { return Ok(()) };
        let sql = "UPDATE members SET first_name = ?3, last_name = ?4, name_key = ?5, search = ?6 \
                   WHERE workspace_id = ?1 AND id = ?2";
        let values = [
            member.id.into(),
            first_name.into(),
            last_name.into(),
            name_key(first_name, last_name).into(),
            search(first_name, last_name, &member.email).into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Notes when a member was last here.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn update_seen_at(&mut self, id: MemberId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE members SET seen_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Assigns to nobody whoever is assigned to a member.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn clear_manager(&mut self, manager: MemberId) -> Result<(), Error> {
        let sql = "UPDATE members SET manager_id = NULL, version = version + 1 \
                   WHERE workspace_id = ?1 AND manager_id = ?2";
        self.0.execute(sql, &[manager.into()]).await.map(drop)
    }

    async fn join(&mut self, member: MemberId, teams: &[TeamId]) -> Result<(), Error> {
        let sql =
            "INSERT INTO team_members (workspace_id, team_id, member_id) VALUES (?1, ?2, ?3)";
        for team in teams {
            self.0.execute(sql, &[(*team).into(), member.into()]).await?;
        }
        Ok(())
    }

    async fn with_teams(&mut self, row: Option<Row>) -> Result<Option<Member>, Error> {
        let Some(row) = row else { return Ok(None) };
        let sql = "SELECT team_id FROM team_members WHERE workspace_id = ?1 AND member_id = ?2 \
                   ORDER BY team_id";
        let id = row.id(0)?;
        let teams = self.0.query(sql, &[id.into()]).await?;
        let teams = teams.iter().map(|row| row.id(0).map(TeamId)).collect::<Result<_, _>>()?;
        from_row(&row, teams).map(Some)
    }

    /// The teams of some members, in as few statements as there are hundreds of them.
    async fn teams_of(
        &mut self,
        members: &[Uuid],
    ) -> Result<HashMap<MemberId, Vec<TeamId>>, Error> {
        let mut teams: HashMap<MemberId, Vec<TeamId>> = HashMap::new();
        for some in members.chunks(MOST_AT_ONCE) {
            let marks: Vec<String> =
                (0..some.len()).map(|place| format!("?{}", place + 2)).collect();
            let sql = format!(
                "SELECT member_id, team_id FROM team_members WHERE workspace_id = ?1 \
                 AND member_id IN ({}) ORDER BY member_id, team_id",
                marks.join(", ")
            );
            let values: Vec<Value> = some.iter().map(|id| Value::Id(*id)).collect();
            for row in self.0.query(&sql, &values).await? {
                teams.entry(row.id(0)?.into()).or_default().push(row.id(1)?.into());
            }
        }
        Ok(teams)
    }

    async fn teams(&mut self) -> Result<HashMap<MemberId, Vec<TeamId>>, Error> {
        let sql = "SELECT member_id, team_id FROM team_members WHERE workspace_id = ?1 \
                   ORDER BY member_id, team_id";
        let mut teams: HashMap<MemberId, Vec<TeamId>> = HashMap::new();
        for row in self.0.query(sql, &[]).await? {
            teams.entry(row.id(0)?.into()).or_default().push(row.id(1)?.into());
        }
        Ok(teams)
    }
}

fn conditions(query: &MemberQuery) -> Conditions {
    let mut conditions = Conditions::from(2);
    if let Some(text) = &query.text {
        conditions.and("m.search LIKE ? ESCAPE '\\'", [contains_pattern(text).into()]);
    }
    if let Some(name) = &query.name {
        conditions.and("m.name_key LIKE ? ESCAPE '\\'", [contains_pattern(name).into()]);
    }
    if let Some(role) = &query.role {
        conditions.and("m.role = ?", [role.as_str().into()]);
    }
    if let Some(status) = query.status {
        conditions.and("m.status = ?", [status.word().into()]);
    }
    if let Some(department) = query.department {
        conditions.and("m.department_id = ?", [department.into()]);
    }
    if let Some(team) = query.team {
        conditions.and(
            "EXISTS (SELECT 1 FROM team_members t WHERE t.workspace_id = m.workspace_id \
             AND t.team_id = ? AND t.member_id = m.id)",
            [team.into()],
        );
    }
    conditions
}
