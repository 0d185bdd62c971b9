//! A generated workspace: its people first, then its records, some at a time.
//!
//! **Invariant:** each transaction leaves counters, sums and the index of search as exact as any other, so that
//! what an interrupted command has written is a smaller workspace, or one without records.

mod people;
mod records;
mod rng;
pub(crate) mod size;
mod value;
mod words;

use hallpass_app::App;
use hallpass_app::environment::{Clock as _, SystemClock};
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_domain::account::Account;
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::record::Record;
use hallpass_domain::secret::Secret;
use hallpass_domain::time::Timestamp;
use hallpass_engine::Blueprint;
use hallpass_store::record::RecordFill;
use hallpass_store::{Error, WorkspaceTx};
use serde_json::json;
use tokio::task::spawn_blocking;

use crate::output::describe;
use crate::progress::{Progress, say};
use people::People;
use records::{RecordMaker, RecordType};
use rng::Rng;
use size::Size;
use words::Words;

/// Members that one transaction inserts.
const MEMBERS: u64 = 1_000;

/// What is generated, and where.
pub(crate) struct Generation<'g> {
    pub(crate) app: &'g App,
    pub(crate) operator: &'g Operator,
    pub(crate) new: &'g NewWorkspace,
    pub(crate) blueprint: &'g Blueprint,
    pub(crate) size: &'g Size,
    /// The hash of everyone's password.
    pub(crate) password: Option<Secret<String>>,
    /// When the newest record was created.
    pub(crate) until: Timestamp,
    /// Records that are inserted at a time.
    pub(crate) batch: u64,
    /// Who else writes.
    pub(crate) others: Others,
}

/// Who else may write in the database in the meantime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Others {
    /// No other process: a transaction may take as long as it takes.
    None,
    /// A server, whose transactions wait.
    MayWait,
}

/// What was generated.
pub(crate) struct Generated {
    pub(crate) members: u64,
    pub(crate) records: u64,
    /// The address of the founder.
    pub(crate) founder: String,
}

impl Generation<'_> {
    pub(crate) async fn run(self) -> Result<Generated, String> {
        let types = self.size.records.of_types(self.blueprint)?;
        let words = Words::new();
        // Ids of accounts are unique on the server, whose other workspaces may have the same seed.
        let seed = Rng::of(self.size.seed, &self.new.slug, 0).next();
        let people = People {
            blueprint: self.blueprint,
            size: self.size,
            seed,
            words: &words,
            host: format!("{}.example", self.new.slug),
            password: self.password.clone(),
            until: self.until,
        };
        let founder = people.account(0)?;
        let workspace = self.found(&founder).await?;
        let members = self.fill(workspace, &people, &founder).await?;
        let types =
            types.into_iter().map(|(resource, all)| RecordType { resource, made: 0, all });
        let (founded, until) = (people.founded(), self.until);
        let (types, next) = (types.collect(), 0);
        let maker =
            RecordMaker { seed, words: words.clone(), types, members, founded, until, next };
        let records = self.insert_records(workspace, maker).await?;
        let founder = founder.email.as_str().to_owned();
        Ok(Generated { members: self.size.members, records, founder })
    }

    /// Creates the workspace, and before it the account of its founder.
    async fn found(&self, founder: &Account) -> Result<WorkspaceId, String> {
        let db = self.app.db();
        let mut tx = db.write().await.map_err(failed)?;
        let slug = &self.new.slug;
        if tx.workspaces().find_id_by_slug(slug).await.map_err(failed)?.is_some() {
            return Err(format!(
                "there is a workspace `{slug}`, or was one; choose another `--slug`"
            ));
        }
        tx.accounts().insert(founder).await.map_err(|error| {
            if !matches!(error, Error::Conflict(_)) {
                return failed(error);
            }
            format!(
                "the account {} exists, from a workspace that was deleted; choose another `--slug`",
                founder.email.as_str()
            )
        })?;
        tx.commit().await.map_err(failed)?;
        let created =
            self.app.workspaces().create_as(self.operator, &founder.email, self.new).await;
        Ok(created.map_err(|error| describe(&error))?.id)
    }

    /// Inserts teams, departments and members. Returns the members, the founder first.
    async fn fill(
        &self,
        workspace: WorkspaceId,
        people: &People<'_>,
        founder: &Account,
    ) -> Result<Vec<MemberId>, String> {
        let mut tx = self.enter(workspace).await?;
        let profiles = tx.profiles().list_all().await.map_err(failed)?;
        let profiles: Vec<_> = profiles.iter().map(|profile| profile.id).collect();
        let found = tx.members().find_by_account(founder.id).await.map_err(failed)?;
        let mut members = vec![found.ok_or("the founder is no member")?.id];
        for department in people.departments()? {
            tx.departments().insert(&department).await.map_err(failed)?;
        }
        for team in people.teams(&profiles)? {
            tx.teams().insert(&team).await.map_err(failed)?;
        }
        let Size { members: all, teams, departments, seed, .. } = self.size;
        let detail = json!({
            "members": all, "teams": teams, "departments": departments, "seed": seed,
            "records": self.size.records.to_string(),
        });
        let operation = self.app.operations().build(
            self.operator,
            "workspace.generate",
            &workspace,
            detail,
        );
        tx.global().operations().insert(&operation).await.map_err(failed)?;
        finish(tx).await?;
        let mut progress = Progress::begin("members", *all, SystemClock.now());
        for first in (1..*all).step_by(usize::try_from(MEMBERS).unwrap_or(usize::MAX)) {
            let mut tx = self.enter(workspace).await?;
            let end = (*all).min(first + MEMBERS);
            for number in first..end {
                let account = people.account(number)?;
                let member = people.member(number, &account, profiles.len());
                let is_open = member.status == hallpass_domain::member::Status::Active;
                let accounts = async |tx: &mut WorkspaceTx| -> Result<(), Error> {
                    tx.global().accounts().insert(&account).await?;
                    tx.global().accounts().add_workspace(account.id, workspace).await?;
                    if !is_open {
                        tx.global()
                            .accounts()
                            .deactivate_workspace(account.id, workspace)
                            .await?;
                    }
                    tx.members().insert(&member).await
                };
                accounts(&mut tx).await.map_err(failed)?;
                members.push(member.id);
            }
            finish(tx).await?;
            progress.show(end, SystemClock.now());
        }
        Ok(members)
    }

    /// Inserts the records. The next ones are made while the ones before are written.
    async fn insert_records(
        &self,
        workspace: WorkspaceId,
        maker: RecordMaker,
    ) -> Result<u64, String> {
        let (all, batch) = (maker.all(), self.batch);
        let mut fill = match self.others {
            Others::None => {
                RecordFill::begin(self.enter(workspace).await?).await.map_err(failed)?
            }
            Others::MayWait => None,
        };
        let mut progress = Progress::begin("records", all, SystemClock.now());
        let mut making = spawn_blocking(move || make(maker, batch));
        let mut written = 0;
        loop {
            let made =
                making.await.map_err(|error| format!("making records broke off: {error}"))?;
            let (maker, records) = made?;
            if records.is_empty() {
                break;
            }
            making = spawn_blocking(move || make(maker, batch));
            match &mut fill {
                Some(fill) => fill.insert(&records).await.map_err(failed)?,
                None => {
                    let mut tx = self.enter(workspace).await?;
                    tx.records().insert_all(&records).await.map_err(failed)?;
                    tx.commit().await.map_err(failed)?;
                }
            }
            written += u64::try_from(records.len()).unwrap_or(0);
            progress.show(written, SystemClock.now());
        }
        if let Some(fill) = fill {
            say("indexing the records");
            fill.commit().await.map_err(failed)?;
        }
        Ok(written)
    }

    async fn enter(&self, workspace: WorkspaceId) -> Result<WorkspaceTx, String> {
        let entered = self.app.db().write_in(workspace.0).await.map_err(failed)?;
        entered.ok_or_else(|| "the workspace was deleted while it was filled".to_owned())
    }
}

/// The next records, with what makes those after them.
fn make(maker: RecordMaker, batch: u64) -> Result<(RecordMaker, Vec<Record>), String> {
    let mut maker = maker;
    let records = maker.make(batch)?;
    Ok((maker, records))
}

/// Ends a transaction that has changed access.
async fn finish(tx: WorkspaceTx) -> Result<(), String> {
    let mut tx = tx;
    tx.bump_revision().await.map_err(failed)?;
    tx.commit().await.map_err(failed)
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` passes the error by value")]
fn failed(error: Error) -> String {
    format!("cannot write: {error}")
}
