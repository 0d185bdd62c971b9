//! Members of a workspace.

mod picture;
mod query;
mod row;
mod summary;
mod team;

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;

use hallpass_domain::id::{AccountId, MemberId};
use hallpass_domain::member::Member;
use hallpass_domain::text::{contains_pattern, fold};
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::account::MAY_SIGN_IN;
use crate::dialect::Dialect;
use crate::dialect::member_index::SHORTEST;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::{Row, Rows};
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;
pub use picture::PictureVersions;
use query::conditions;
pub use query::{FoundMembers, MemberPosition, MemberQuery};
pub use row::name_key;
pub(crate) use row::search_text;
use row::{COLUMNS, alias, from_row, values};
pub use summary::MembershipSummary;
pub(crate) use summary::{MEMBERSHIP, membership};
use team::{all_teams, join, leave_all, teams_of};

/// The members of a workspace, in a transaction.
pub struct Members<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The members.
    pub fn members(&mut self) -> Members<'_> {
        Members(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The members.
    #[must_use]
    pub fn members(self) -> Members<'t, Read> {
        Members(self.0, PhantomData)
    }
}

/// The most members that are looked up one by one. Where a text finds more, walking them by name is faster.
const MOST_AMONG: i64 = 1_000;

/// The first members by name of a source that fulfil conditions.
fn listed(source: &str, conditions: &str) -> String {
    format!(
        "SELECT {} FROM {source} WHERE workspace_id = ?1 AND status <> 'removed'{conditions} \
         ORDER BY name_key, id LIMIT ?2",
        COLUMNS.list()
    )
}

/// The statements that pages of members are read by, with a name, for the golden files of their plans.
#[must_use]
pub fn statements(dialect: Dialect) -> Vec<(String, String)> {
    let of_role = MemberQuery { role: Some(String::new()), ..MemberQuery::default() };
    let of_role = listed("members", conditions(&of_role, 3).text());
    let among = listed(&dialect.members_among("?3"), "");
    let all = [
        ("members by name", listed("members", "")),
        ("members of a role", of_role),
        ("members by a text", dialect.indexed_members().to_owned()),
        ("members that were found", among),
    ];
    all.map(|(name, sql)| (name.to_owned(), sql)).into()
}

impl<A> Members<'_, A> {
    /// Finds a member by id: active, inactive or removed.
    pub async fn find(&mut self, id: MemberId) -> Result<Option<Member>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        let rows = self.0.query(&sql, &[id.into()]).await?;
        Ok(self.with_teams(&rows).await?.pop())
    }

    /// Finds the member of an account: active, inactive or removed.
    pub async fn find_by_account(
        &mut self,
        account: AccountId,
    ) -> Result<Option<Member>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND account_id = ?2", COLUMNS.select());
        let rows = self.0.query(&sql, &[account.into()]).await?;
        Ok(self.with_teams(&rows).await?.pop())
    }

    /// Finds the membership of an account, or of a service account by its own id.
    pub async fn find_membership(
        &mut self,
        account: AccountId,
    ) -> Result<Option<MembershipSummary>, Error> {
        let sql = format!(
            "SELECT {MEMBERSHIP} FROM members m WHERE m.workspace_id = ?1 AND m.account_id = ?2"
        );
        let row = self.0.find(&sql, &[account.into()]).await?;
        row.map(|row| membership(&row)).transpose()
    }

    /// Whether the operator has disabled the account of a member.
    pub async fn is_disabled(&mut self, id: MemberId) -> Result<bool, Error> {
        let sql = "SELECT 1 AS found FROM members m JOIN accounts a ON a.id = m.account_id \
                   WHERE m.workspace_id = ?1 AND m.id = ?2 AND a.disabled_at IS NOT NULL";
        Ok(self.0.find(sql, &[id.into()]).await?.is_some())
    }

    /// Which of some members have an account that may sign in, or are service accounts, which need none.
    pub async fn list_who_may_sign_in(
        &mut self,
        members: &[MemberId],
    ) -> Result<HashSet<MemberId>, Error> {
        let dialect = self.0.dialect();
        let sql = format!(
            "SELECT m.id AS id FROM members m LEFT JOIN accounts a ON a.id = m.account_id \
             WHERE m.workspace_id = ?1 AND m.id {} \
             AND (m.account_id = m.id OR (a.id IS NOT NULL AND {MAY_SIGN_IN}))",
            dialect.seek_ids("?2")
        );
        let ids = dialect.ids(members.iter().map(|member| member.0));
        let rows = self.0.query(&sql, &[ids]).await?;
        rows.iter().map(|row| row.id("id").map(MemberId)).collect()
    }

    /// Lists every member that was not removed.
    pub async fn list_all(&mut self) -> Result<Vec<Member>, Error> {
        let sql =
            format!("{} WHERE workspace_id = ?1 AND status <> 'removed'", COLUMNS.select());
        let rows = self.0.query(&sql, &[]).await?;
        let mut teams = all_teams(self.0).await?;
        rows.iter()
            .map(|row| {
                let id: MemberId = row.id("id")?.into();
                from_row(row, teams.remove(&id).unwrap_or_default())
            })
            .collect()
    }

    /// Lists those of some members that were not removed.
    pub async fn list_some(&mut self, members: &[MemberId]) -> Result<Vec<Member>, Error> {
        if members.is_empty() {
            return Ok(Vec::new());
        }
        let dialect = self.0.dialect();
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id {} AND status <> 'removed'",
            COLUMNS.select(),
            dialect.seek_ids("?2")
        );
        let ids = dialect.ids(members.iter().map(|member| member.0));
        let rows = self.0.query(&sql, &[ids]).await?;
        self.with_teams(&rows).await
    }

    /// Lists every member that was removed.
    pub async fn list_removed(&mut self) -> Result<Vec<Member>, Error> {
        let sql =
            format!("{} WHERE workspace_id = ?1 AND status = 'removed'", COLUMNS.select());
        let rows = self.0.query(&sql, &[]).await?;
        rows.iter().map(|row| from_row(row, Vec::new())).collect()
    }

    /// Narrows a query by the index of texts, if it finds few members. The query finds the same as before.
    pub async fn narrowed(&mut self, query: MemberQuery) -> Result<MemberQuery, Error> {
        let text =
            query.text.as_deref().map(fold).filter(|text| text.chars().count() >= SHORTEST);
        let Some(text) = text else { return Ok(query) };
        let dialect = self.0.dialect();
        let values = [
            dialect.member_text(&text).into(),
            (MOST_AMONG + 1).into(),
            contains_pattern(&text).into(),
        ];
        let rows = self.0.query(dialect.indexed_members(), &values).await?;
        if i64::try_from(rows.len()).is_ok_and(|found| found > MOST_AMONG) {
            return Ok(query);
        }
        let positions = rows.iter().map(|row| {
            let name_key = row.text("name_key")?.to_owned();
            Ok(MemberPosition { name_key, id: row.id("id")?.into() })
        });
        let mut by_name = positions.collect::<Result<Vec<_>, Error>>()?;
        by_name.sort_unstable();
        let among = FoundMembers { by_name, are_all: query.is_text_alone() };
        Ok(MemberQuery { among: Some(among), ..query })
    }

    /// Lists a page of members by name.
    pub async fn list(
        &mut self,
        query: &MemberQuery,
        after: Option<&MemberPosition>,
        limit: i64,
    ) -> Result<Vec<Member>, Error> {
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let (source, among) = self.source(query, 3, (after, most));
        let mut conditions = conditions(query, 3 + among.len());
        if let Some(position) = after {
            let values = [position.name_key.as_str().into(), position.id.into()];
            conditions.and("(name_key, id) > (?, ?)", values);
        }
        let sql = listed(&source, conditions.text());
        let mut values = vec![limit.into()];
        values.extend(among);
        values.extend_from_slice(conditions.values());
        let rows = self.0.query(&sql, &values).await?;
        self.with_teams(&rows).await
    }

    /// Counts the members that a query finds.
    pub async fn count(&mut self, query: &MemberQuery) -> Result<i64, Error> {
        if let Some(found) = query.among.as_ref().filter(|found| found.are_all) {
            return Ok(i64::try_from(found.by_name.len()).unwrap_or(i64::MAX));
        }
        let (source, mut values) = self.source(query, 2, (None, usize::MAX));
        let conditions = conditions(query, 2 + values.len());
        let sql = format!(
            "SELECT count(*) AS n FROM {source} WHERE workspace_id = ?1 \
             AND status <> 'removed'{}",
            conditions.text()
        );
        values.extend_from_slice(conditions.values());
        self.0.query_one(&sql, &values).await?.int("n")
    }

    /// What follows FROM, and the value that it binds at a number, if any: at most so many behind a position,
    /// where all that are found are known.
    fn source(
        &self,
        query: &MemberQuery,
        number: usize,
        (after, most): (Option<&MemberPosition>, usize),
    ) -> (String, Vec<Value>) {
        let Some(among) = &query.among else { return ("members".to_owned(), Vec::new()) };
        let dialect = self.0.dialect();
        let most = if among.are_all { most } else { usize::MAX };
        let behind = among.by_name.iter().filter(|one| after.is_none_or(|after| *one > after));
        let ids = dialect.ids(behind.take(most).map(|one| one.id.0));
        (dialect.members_among(&format!("?{number}")), vec![ids])
    }

    /// The names of some members, including removed ones.
    pub async fn names(
        &mut self,
        ids: &[MemberId],
    ) -> Result<HashMap<MemberId, String>, Error> {
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let dialect = self.0.dialect();
        let sql = format!(
            "SELECT id, first_name, last_name FROM members WHERE workspace_id = ?1 AND id {}",
            dialect.in_ids("?2")
        );
        let rows = self.0.query(&sql, &[dialect.ids(ids.iter().map(|id| id.0))]).await?;
        let named = rows.iter().map(|row| {
            let name = format!("{} {}", row.text("first_name")?, row.text("last_name")?);
            Ok((row.id("id")?.into(), name.trim().to_owned()))
        });
        named.collect()
    }

    /// Which of some members have a picture, each with the version of the account, which changes with it.
    pub async fn pictures(&mut self, ids: &[MemberId]) -> Result<PictureVersions, Error> {
        picture::versions(self.0, ids).await
    }

    async fn with_teams(&mut self, rows: &Rows) -> Result<Vec<Member>, Error> {
        let ids = rows.iter().map(|row| row.id("id")).collect::<Result<Vec<Uuid>, Error>>()?;
        let mut teams = teams_of(self.0, &ids).await?;
        let each = rows.iter().zip(&ids);
        each.map(|(row, id)| from_row(row, teams.remove(&MemberId(*id)).unwrap_or_default()))
            .collect()
    }
}

impl Members<'_> {
    /// Lists the members whose account was deleted, which happens while a workspace is deleted. The
    /// accounts of all members are locked, so that none is deleted until the transaction ends.
    pub async fn list_orphaned_for_update(&mut self) -> Result<Vec<MemberId>, Error> {
        let sql = format!(
            "SELECT m.id AS id, a.deleted_at AS \"accounts.deleted_at\" \
             FROM members m JOIN accounts a ON a.id = m.account_id \
             WHERE m.workspace_id = ?1 AND m.status <> 'removed' ORDER BY a.id{}",
            self.0.dialect().for_update()
        );
        let mut orphaned = Vec::new();
        for row in self.0.query(&sql, &[]).await? {
            if row.optional("accounts.deleted_at", Row::time)?.is_some() {
                orphaned.push(row.id("id")?.into());
            }
        }
        Ok(orphaned)
    }

    /// Inserts a member.
    ///
    /// # Errors
    ///
    /// `Conflict` when the account has a member here, or there is another billing contact.
    pub async fn insert(&mut self, member: &Member) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(member)).await?;
        join(self.0, member.id, &member.access.teams).await
    }

    /// Updates a member and its teams. Returns whether its version was still current.
    ///
    /// # Errors
    ///
    /// `Conflict` when the account has another member here, or there is another billing contact.
    pub async fn update(&mut self, member: &Member) -> Result<bool, Error> {
        if self.0.execute(COLUMNS.update(), &values(member)).await? != 1 {
            return Ok(false);
        }
        leave_all(self.0, member.id).await?;
        join(self.0, member.id, &member.access.teams).await?;
        Ok(true)
    }

    /// Updates the name of the member of an account.
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
            search_text(first_name, last_name, &member.email, alias(&member)).into(),
        ];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Updates the address of a member, which is a copy of that of their account.
    pub async fn update_email(&mut self, member: &Member) -> Result<(), Error> {
        let sql =
            "UPDATE members SET email = ?3, search = ?4 WHERE workspace_id = ?1 AND id = ?2";
        let Member { first_name, last_name, email, .. } = member;
        let search = search_text(first_name, last_name, email, alias(member));
        let values = [member.id.into(), email.as_str().into(), search.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Records when a member last used the workspace.
    pub async fn update_seen_at(&mut self, id: MemberId, now: Timestamp) -> Result<(), Error> {
        let sql = "UPDATE members SET seen_at = ?3 WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into(), now.into()]).await.map(drop)
    }

    /// Unassigns every member that is assigned to a manager.
    pub async fn clear_manager(&mut self, manager: MemberId) -> Result<(), Error> {
        let sql = "UPDATE members SET manager_id = NULL, version = version + 1 \
                   WHERE workspace_id = ?1 AND manager_id = ?2";
        self.0.execute(sql, &[manager.into()]).await.map(drop)
    }
}
