//! The second reading of a file: what was checked is written, some at a time, so that others write in between.

use std::time::Duration;

use hallpass_domain::audit::{Entry, Outcome};
use hallpass_domain::email::Email;
use hallpass_domain::id::{AuditId, WorkspaceId};
use hallpass_domain::import::IdMap;
use hallpass_domain::record::{Event, Record};
use hallpass_domain::refusal::Refusal;
use hallpass_domain::workspace::Workspace;
use hallpass_store::WorkspaceTx;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use tracing::error;

use super::account::{Addresses, new_account};
use super::admission::Admitted;
use super::check::Checked;
use super::file::{Kind, Line, Lines};
use super::log::{Known, Log};
use super::reading::{Ids, Wrong};
use super::request::{ImportRequest, ImportedIds};
use super::setup::Setup;
use crate::app::App;
use crate::bulk_job::pace::BulkPace;
use crate::error::Error;
use crate::operation::Operator;
use crate::secret::Token;

/// How many rows before the records a transaction writes.
const ROWS: usize = 200;

/// How many bytes of lines a transaction writes, beside its last line.
const BYTES: usize = 1 << 20;

/// How often a batch is tried while the database is busy.
const TRIES: u32 = 30;

/// How long a batch waits until it is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Writes a workspace that was checked.
pub(super) struct Writer<'w> {
    app: &'w App,
    operator: &'w Operator,
    checked: &'w Checked,
    ids: Ids,
    pace: BulkPace,
}

/// Rows that one transaction writes.
#[derive(Default)]
struct Batch {
    records: Vec<Record>,
    events: Vec<Event>,
    entries: Vec<Entry>,
    subjects: Vec<(String, AuditId)>,
    bytes: usize,
}

impl Batch {
    fn rows(&self) -> usize {
        self.records.len() + self.events.len() + self.entries.len() + self.subjects.len()
    }

    /// Whether it has so many rows, or as many bytes as one has.
    fn is_full(&self, rows: i64) -> bool {
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        self.bytes >= BYTES || self.rows() >= rows
    }

    /// Adds what a line makes.
    fn add(&mut self, line: &Line, log: &mut Log, known: Known<'_>) -> Result<(), Wrong> {
        match line.kind {
            Kind::Record => self.records.push(log.record(line, known)?),
            Kind::Event => self.events.push(log.event(line, known)?),
            Kind::Audit => self.entries.push(log.entry(line, known)?),
            Kind::AuditSubject => self.subjects.extend(log.subjects(line, known)?),
            Kind::Workspace
            | Kind::Department
            | Kind::Role
            | Kind::Profile
            | Kind::Team
            | Kind::Report
            | Kind::View
            | Kind::RecordType
            | Kind::Member
            | Kind::Invitation
            | Kind::End => {}
        }
        self.bytes += line.len();
        Ok(())
    }
}

impl<'w> Writer<'w> {
    pub(super) fn new(
        app: &'w App,
        operator: &'w Operator,
        checked: &'w Checked,
        map: IdMap,
    ) -> Writer<'w> {
        let (ids, pace) = (Ids { map, now: app.now() }, BulkPace::default());
        Writer { app, operator, checked, ids, pace }
    }

    /// Writes everything, or removes what was written.
    pub(super) async fn run(
        &self,
        request: &ImportRequest,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<WorkspaceId, Error> {
        let Some(admitted) = &self.checked.admitted else { return Err(changed()) };
        let workspace = self.begin(admitted, request.ids).await?;
        let written = match self.write((admitted, &workspace), request, progress).await {
            Ok(()) => self.end(admitted, &workspace).await,
            Err(error) => Err(error),
        };
        let Err(why) = written else { return Ok(workspace.id) };
        let discarded = self.app.workspaces().discard_import(self.operator, &workspace).await;
        if let Err(error) = discarded {
            error!(error.why = %error, "cannot remove what an import has written: {error}");
        }
        Err(why)
    }

    /// Inserts the workspace as one that is being imported.
    async fn begin(&self, admitted: &Admitted, ids: ImportedIds) -> Result<Workspace, Error> {
        let (Some(head), Some(slug)) = (&self.checked.setup.head, &self.checked.slug) else {
            return Err(changed());
        };
        let text = head.blueprint.as_str();
        let workspace = Workspace {
            id: self.ids.of(head.id.0),
            slug: slug.clone(),
            name: head.name.clone(),
            revision: 1,
            created_at: head.created_at,
            deleted_at: Some(self.app.now()),
            settings: admitted.settings.clone(),
            blueprint_hash: Sha256::digest(text.as_bytes()).to_vec(),
        };
        let taken = || Refusal::SlugTaken { slug: slug.to_string() };
        let mut tx = self.app.db().write().await?;
        if tx.workspaces().find_id_by_slug(slug.as_str()).await?.is_some() {
            return Err(taken().into());
        }
        let blueprint = (admitted.blueprint.id.as_str(), text);
        let begun = tx.workspaces().begin_import(&workspace, blueprint).await;
        begun.map_err(|error| Error::on_conflict(error, taken()))?;
        let detail = json!({
            "workspace": slug.as_str(), "blueprint": admitted.blueprint.id,
            "from": head.id, "keeps_ids": ids == ImportedIds::Kept,
        });
        let operations = self.app.operations();
        let operation =
            operations.build(self.operator, "workspace.import", &workspace.id, detail);
        tx.operations().insert(&operation).await?;
        tx.commit().await?;
        Ok(workspace)
    }

    async fn write(
        &self,
        (admitted, workspace): (&Admitted, &Workspace),
        request: &ImportRequest,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<(), Error> {
        let known = Known { types: &admitted.types, setup: &self.checked.setup, ids: self.ids };
        let mut lines = Lines::of(&request.file)?;
        let (mut setup, mut is_set_up) = (Setup::default(), false);
        let (mut log, mut batch) = (Log::default(), Batch::default());
        while let Some(line) = lines.next()?.map_err(|_| changed())? {
            if line.kind.place() < Kind::Record {
                setup.add(&line, self.ids).map_err(|_| changed())?;
                continue;
            }
            if !is_set_up {
                is_set_up = true;
                self.set_up(&setup, workspace).await?;
            }
            batch.add(&line, &mut log, known).map_err(|_| changed())?;
            if batch.is_full(self.pace.size()) {
                self.flush(&batch, workspace.id).await?;
                batch = Batch::default();
                progress(line.number, self.checked.lines);
            }
        }
        self.flush(&batch, workspace.id).await?;
        if lines.into_hash() == self.checked.hash { Ok(()) } else { Err(changed()) }
    }

    /// Writes what precedes the records, in an order in which each row refers to those before it.
    async fn set_up(&self, setup: &Setup, workspace: &Workspace) -> Result<(), Error> {
        macro_rules! write {
            ($rows:ident, $tx:ident, $one:ident => $insert:expr) => {
                for rows in setup.$rows.chunks(ROWS) {
                    let mut $tx = self.open(workspace.id).await?;
                    for (_, $one) in rows {
                        $insert.await?;
                    }
                    self.commit($tx).await?;
                }
            };
        }
        write!(departments, tx, one => tx.departments().insert(one));
        write!(roles, tx, one => tx.roles().insert(one));
        write!(profiles, tx, one => tx.profiles().insert(one));
        write!(teams, tx, one => tx.teams().insert(one));
        write!(types, tx, one => tx.entities().upsert(one));
        write!(reports, tx, one => tx.saved_reports().insert(one));
        write!(views, tx, one => tx.saved_views().insert(one));
        let addresses = Addresses::of(setup);
        let locale = locale(workspace);
        for members in setup.members.chunks(ROWS) {
            let mut tx = self.open(workspace.id).await?;
            for (_, member) in members {
                let accounts = (tx.global(), locale);
                let member = addresses.account_of(self.app, accounts, member.clone()).await?;
                tx.members().insert(&member).await?;
            }
            self.commit(tx).await?;
        }
        // Links are not in a file: an open invitation is good again once it is sent again.
        let token = || Token::new(self.app.random()).hash();
        write!(invitations, tx, one => tx.invitations().insert(&token(), one));
        Ok(())
    }

    /// A transaction in the workspace, as long as it is being imported.
    async fn open(&self, id: WorkspaceId) -> Result<WorkspaceTx, Error> {
        let gone = || Error::broken("the workspace was purged while it was imported");
        let tx = self.app.db().write_for(id.0).await?;
        let mut tx = tx.into_deleted_workspace(id.0).await?.ok_or_else(gone)?;
        if tx.note_import(self.app.now()).await? { Ok(tx) } else { Err(gone()) }
    }

    /// Commits, and lets others write.
    async fn commit(&self, tx: WorkspaceTx) -> Result<(), Error> {
        tx.commit().await?;
        tokio::time::sleep(BulkPace::pause_after(Duration::ZERO)).await;
        Ok(())
    }

    /// Writes a batch, and lets others write for as long as that took.
    async fn flush(&self, batch: &Batch, id: WorkspaceId) -> Result<(), Error> {
        if batch.rows() == 0 {
            return Ok(());
        }
        let mut tries = 0;
        loop {
            let began = Instant::now();
            match self.try_flush(batch, id).await {
                Ok(()) => {
                    self.pace.note(began.elapsed());
                    self.pace.wait().await;
                    return Ok(());
                }
                Err(Error::Refused(Refusal::Busy { .. }) | Error::TooSlow) if tries < TRIES => {
                    tries += 1;
                    tokio::time::sleep(AGAIN).await;
                }
                Err(other) => return Err(other),
            }
        }
    }

    async fn try_flush(&self, batch: &Batch, id: WorkspaceId) -> Result<(), Error> {
        let mut tx = self.open(id).await?;
        tx.records().insert_all(&batch.records).await?;
        tx.records().insert_events(&batch.events).await?;
        for entry in &batch.entries {
            tx.audit().insert(entry).await?;
        }
        tx.audit().insert_all_subjects(&batch.subjects).await?;
        Ok(tx.commit().await?)
    }

    /// Ends the import in one transaction: accounts get their places, and the workspace can be entered.
    async fn end(&self, admitted: &Admitted, workspace: &Workspace) -> Result<(), Error> {
        let gone = || Error::broken("the workspace was purged while it was imported");
        // What is stored compiles, before anyone depends on it.
        let tx = self.app.db().read().await?.into_deleted_workspace(workspace.id.0).await?;
        let mut tx = tx.ok_or_else(gone)?;
        self.app.snapshots().compile(self.app.computations(), &mut tx).await?;
        drop(tx);
        let mut tx = self.open(workspace.id).await?;
        // Accounts can be deleted, or end because another has confirmed the address.
        for id in tx.members().list_orphaned_for_update().await? {
            let member = tx.members().find(id).await?.ok_or_else(gone)?;
            let email =
                Email::parse(&member.email).map_err(|why| Error::broken(why.to_string()))?;
            let confirmed = tx.global().accounts().find_confirmed(&email).await?;
            let is_free = match &confirmed {
                Some(account) => tx.members().find_by_account(account.id).await?.is_none(),
                None => false,
            };
            let account = match confirmed.filter(|_| is_free) {
                Some(account) => account,
                None => {
                    let account = new_account(self.app, &member, (email, locale(workspace)))?;
                    tx.global().accounts().insert(&account).await?;
                    account
                }
            };
            tx.replace_account(id, account.id).await?;
        }
        tx.add_places().await?;
        let revision = self.checked.revision;
        let entry = Entry {
            id: self.app.id(),
            at: self.app.now(),
            actor: None,
            actor_name: "the operator".to_owned(),
            action: "workspace.import".to_owned(),
            outcome: Outcome::Done,
            subject: workspace.id.to_string(),
            before: Value::Null,
            after: json!({
                "name": workspace.name.as_str(), "slug": workspace.slug.as_str(),
                "blueprint": admitted.blueprint.id, "lines": self.checked.report.counts,
            }),
            revision,
            request: self.operator.name().to_owned(),
            times: 1,
            last_at: self.app.now(),
        };
        tx.audit().insert(&entry).await?;
        if !tx.end_import(revision).await? {
            return Err(gone());
        }
        Ok(tx.commit().await?)
    }
}

/// The language of the workspace.
fn locale(workspace: &Workspace) -> &str {
    let general = workspace.settings.get("general");
    general.and_then(|general| general.get("locale")?.as_str()).unwrap_or("en")
}

fn changed() -> Error {
    Error::broken("the file has changed since it was checked; nothing was imported")
}
