//! Export: everything in a workspace, one JSON object a line.

mod lines;
pub(crate) mod place;
mod view;

use hallpass_domain::id::{AuditId, WorkspaceId};
use hallpass_domain::member::Status;
use hallpass_domain::record::Record;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::shown;
use hallpass_store::WorkspaceReader;
use hallpass_store::invitation::InvitationQuery;
use hallpass_store::record::{CountMode, ListBounds, ListQuery, Narrowing, Reach, SortOrder};
use hallpass_store::share::Shares;
use serde_json::{Value, json};

use self::lines::Lines;
pub use self::lines::{ExportSink, PIECES_AHEAD};
pub use self::place::ExportPlace;
use self::view::{
    Names, entry_view, event_view, invitation_view, member_view, profile_view, record_view,
    with_creator,
};
use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::Pass;
use crate::gate::permission::ExportWorkspace;
use crate::operation::Operator;
use crate::principal::Principal;
use crate::snapshot::Snapshot;
use crate::{department, role, saved_report, saved_view, team};

/// How many rows are read at a time.
const PAGE: usize = 200;

/// How many subjects of entries are read at a time; a subject has some dozen bytes.
const SUBJECTS: usize = 1_000;

/// The version of the format, which an import asks for.
pub const FORMAT: u32 = 1;

/// What is in a workspace and not in its export: secrets, what belongs to accounts or to other systems, and
/// what is over when it is read.
pub const LEFT_OUT: [&str; 8] = [
    "passwords, factors and sessions of accounts",
    "secrets of integrations",
    "links of invitations",
    "API keys",
    "connections to identity providers, and who came by them",
    "proven domains",
    "the plan, the billing details and invoices",
    "bulk jobs and mails",
];

/// After how many seconds a client may ask again.
const RETRY_AFTER: i64 = 10;

/// Takes a place for an export of a workspace.
///
/// # Errors
///
/// `Busy` when as many are under way as may be: each takes memory for what its client has not read.
pub(crate) fn take_place(ctx: &WorkspaceContext) -> Result<ExportPlace, Error> {
    let place = Shares::try_enter(ctx.app.exports_at_once(), ctx.workspace_id());
    place.map(ExportPlace::new).ok_or_else(|| Refusal::Busy { seconds: RETRY_AFTER }.into())
}

/// Exports of workspaces: settings, members and what they are given, record types, records with their
/// history, and the audit log.
pub struct Exports<'a>(pub(crate) &'a App);

impl Exports<'_> {
    /// Exports a workspace as an operator.
    ///
    /// # Errors
    ///
    /// `Broken` when a line is not received in time.
    #[boxed]
    pub async fn run_as(
        &self,
        operator: &Operator,
        workspace: &str,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let id = self.0.workspace_id(workspace).await?;
        let mut tx = self.0.db().write_in(id.0).await?.ok_or_else(no_workspace)?;
        let (action, detail) = ("workspace.export", json!(workspace));
        let operation = self.0.operations().build(operator, action, &id, detail);
        tx.global().operations().insert(&operation).await?;
        tx.commit().await?;
        Export::new(self.0, Exporter::Operator(operator, id), lines).run().await
    }

    /// Audits that a member exports the workspace. `NotSelfServe` where the access model reserves it for
    /// the operator (HARMONY-46). `Busy` when too many exports of the workspace are under way.
    #[boxed]
    pub async fn begin(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<ExportPlace, Error> {
        let mut ctx = self.0.enter_to_write(principal, workspace).await?;
        let pass = ctx.check(ExportWorkspace).await?;
        let place = take_place(&ctx)?;
        ctx.record_audit(&pass, "workspace.export", ctx.workspace_id(), &(), &()).await?;
        ctx.commit(&pass).await?;
        Ok(place)
    }

    /// Exports a workspace as a member, who has begun to.
    ///
    /// # Errors
    ///
    /// Those of the gate, which is asked again for each part, and `Broken` when a line is not received
    /// in time.
    #[boxed]
    pub async fn run(
        &self,
        principal: &Principal,
        workspace: &str,
        (lines, place): (&ExportSink, ExportPlace),
    ) -> Result<(), Error> {
        // Held until the end.
        let _place = place;
        Export::new(self.0, Exporter::Member(principal, workspace), lines).run().await
    }
}

/// Who exports.
#[derive(Clone, Copy)]
enum Exporter<'e> {
    Member(&'e Principal, &'e str),
    Operator(&'e Operator, WorkspaceId),
}

/// The export of a workspace, part by part.
///
/// **Invariant:** lines are sent while no transaction is open, so that a client that takes them slowly
/// keeps no one out. Each part is read with the rights of its moment.
struct Export<'e> {
    app: &'e App,
    exporter: Exporter<'e>,
    /// The lines of the current part.
    lines: Lines<'e>,
    /// What the current part is read in.
    open: Option<(WorkspaceContext, Pass<ExportWorkspace>)>,
}

impl<'e> Export<'e> {
    fn new(app: &'e App, exporter: Exporter<'e>, lines: &'e ExportSink) -> Export<'e> {
        Export { app, exporter, lines: Lines::to(lines), open: None }
    }

    async fn run(mut self) -> Result<(), Error> {
        self.workspace().await?;
        let names = self.members().await?;
        self.invitations().await?;
        self.records(&names).await?;
        if let Some(latest) = self.audit().await? {
            self.audit_subjects(latest).await?;
        }
        self.end().await
    }

    /// Reads in the current part, or begins one.
    async fn read(&mut self) -> Result<WorkspaceReader<'_>, Error> {
        if self.open.is_none() {
            let mut ctx = enter(self.app, self.exporter).await?;
            let pass = ctx.check(ExportWorkspace).await?;
            self.open = Some((ctx, pass));
        }
        let open = self.open.as_mut();
        let (ctx, pass) = open.ok_or_else(|| Error::broken("no part of the export is open"))?;
        ctx.read(pass)
    }

    /// Adds a line to the current part.
    fn add(&mut self, kind: &str, id: &dyn ToString, view: Value) -> Result<(), Error> {
        let mut line = json!({"kind": kind, "id": id.to_string()});
        if let (Value::Object(line), Value::Object(view)) = (&mut line, view) {
            line.extend(view);
        }
        self.lines.add(&line)
    }

    /// Ends the current part: its transaction, and then its lines are sent.
    async fn send(&mut self) -> Result<(), Error> {
        self.open = None;
        self.lines.send().await
    }

    /// Ends the current part where it has enough lines.
    async fn send_enough(&mut self) -> Result<(), Error> {
        if self.lines.are_enough() { self.send().await } else { Ok(()) }
    }

    async fn workspace(&mut self) -> Result<(), Error> {
        let blueprint = self.read().await?.blueprint_text().await?;
        let workspace = self.snapshot()?.workspace.clone();
        let view = json!({
            "format": FORMAT, "left_out": LEFT_OUT,
            "name": workspace.name.as_str(), "slug": workspace.slug.as_str(),
            "created_at": workspace.created_at.to_string(), "settings": shown(&workspace.settings),
            "blueprint": blueprint,
        });
        self.add("workspace", &workspace.id, view)?;
        let departments = self.read().await?.departments().list_all().await?;
        for one in departments {
            self.add("department", &one.id, department::audit_view(&one))?;
            self.send_enough().await?;
        }
        let roles = self.read().await?.roles().list_all().await?;
        for one in roles {
            self.add("role", &one.id, role::audit_view(&one))?;
            self.send_enough().await?;
        }
        let profiles = self.read().await?.profiles().list_all().await?;
        for one in profiles {
            self.add("profile", &one.id, profile_view(&one))?;
            self.send_enough().await?;
        }
        let teams = self.read().await?.teams().list_all().await?;
        for one in teams {
            self.add("team", &one.id, team::audit_view(&one))?;
            self.send_enough().await?;
        }
        let reports = self.read().await?.saved_reports().list_all().await?;
        for one in reports {
            let view = saved_report::audit_view(&one);
            self.add("report", &one.id, with_creator(view, one.sharing))?;
            self.send_enough().await?;
        }
        self.views().await?;
        let entities = self.read().await?.entities().list_all().await?;
        for one in entities {
            let view = json!({
                "added": one.is_added, "name": one.name, "one": one.one,
                "fields": one.fields, "stages": one.stages,
            });
            self.add("record_type", &one.entity, view)?;
            self.send_enough().await?;
        }
        self.send().await
    }

    async fn views(&mut self) -> Result<(), Error> {
        let mut after = None;
        loop {
            let page = self.read().await?.saved_views().list_after(after, PAGE).await?;
            for one in &page.items {
                let view = saved_view::audit_view(one);
                self.add("view", &one.id, with_creator(view, one.sharing))?;
            }
            self.send_enough().await?;
            let Some(last) = page.items.last().filter(|_| page.has_more) else { return Ok(()) };
            after = Some(last.id);
        }
    }

    async fn members(&mut self) -> Result<Names, Error> {
        let mut members = self.read().await?.members().list_all().await?;
        members.extend(self.read().await?.members().list_removed().await?);
        // PostgreSQL lists what was changed in an order of its own.
        members.sort_unstable_by_key(|one| (one.status == Status::Removed, one.id));
        let names = members.iter().map(|member| (member.id, member.name())).collect();
        for one in members {
            self.add("member", &one.id, member_view(&one))?;
            self.send_enough().await?;
        }
        self.send().await.map(|()| names)
    }

    async fn invitations(&mut self) -> Result<(), Error> {
        let (every, mut below) = (InvitationQuery::default(), None);
        loop {
            let page = self.read().await?.invitations().list(&every, below, PAGE).await?;
            for one in &page.items {
                self.add("invitation", &one.id, invitation_view(one))?;
            }
            self.send().await?;
            let Some(last) = page.items.last().filter(|_| page.has_more) else { return Ok(()) };
            below = Some(last.id);
        }
    }

    async fn records(&mut self, names: &Names) -> Result<(), Error> {
        self.read().await?;
        let kinds = self.snapshot()?.model.policy().resources().iter();
        let entities: Vec<String> = kinds.map(|resource| resource.key.clone()).collect();
        for entity in entities {
            let mut query = ListQuery {
                entity,
                reach: Reach::All,
                owner: None,
                stage: None,
                text: None,
                order: SortOrder::Oldest,
                after: None,
                limit: PAGE,
                total: CountMode::Skipped,
                bounds: ListBounds::default(),
                narrowing: Narrowing::default(),
                sorting: None,
            };
            loop {
                let page = self.read().await?.records().list(&query).await?;
                for one in page.records {
                    self.record(&one, names).await?;
                }
                self.send().await?;
                match page.next {
                    Some(next) => query.after = Some(next),
                    None => break,
                }
            }
        }
        Ok(())
    }

    async fn record(&mut self, record: &Record, names: &Names) -> Result<(), Error> {
        self.add("record", &record.id, record_view(record, names))?;
        let mut after = None;
        loop {
            let mut records = self.read().await?.records();
            let events = records.list_events_after(record.id, after, PAGE).await?;
            for event in &events.items {
                self.add("event", &event.id, event_view(event, names))?;
            }
            self.send_enough().await?;
            let last = events.items.last().filter(|_| events.has_more);
            let Some(last) = last else { return Ok(()) };
            after = Some(last.id);
        }
    }

    /// Adds the audit log, the latest entry first. Returns the latest.
    async fn audit(&mut self) -> Result<Option<AuditId>, Error> {
        let (every, mut below) = (hallpass_store::audit::AuditQuery::default(), None);
        let mut latest = None;
        loop {
            let page = self.read().await?.audit().list(&every, below, PAGE).await?;
            latest = latest.or_else(|| page.items.first().map(|entry| entry.id));
            for entry in &page.items {
                self.add("audit", &entry.id, entry_view(entry))?;
            }
            self.send().await?;
            let Some(last) = page.items.last().filter(|_| page.has_more) else {
                return Ok(latest);
            };
            below = Some(last.id);
        }
    }

    /// Adds what entries touch beside their subjects, up to an entry.
    async fn audit_subjects(&mut self, latest: AuditId) -> Result<(), Error> {
        let mut after = None;
        loop {
            let mut audit = self.read().await?.audit();
            let page = audit.list_subjects(after.as_ref(), SUBJECTS).await?;
            for of_subject in page.items.chunk_by(|(one, _), (other, _)| one == other) {
                let entries = of_subject.iter().filter(|(_, entry)| *entry <= latest);
                let entries: Vec<String> =
                    entries.map(|(_, entry)| entry.to_string()).collect();
                if let Some((subject, _)) = of_subject.first().filter(|_| !entries.is_empty()) {
                    self.add("audit_subject", subject, json!({"entries": entries}))?;
                }
            }
            self.send().await?;
            let Some(last) = page.items.last().filter(|_| page.has_more) else { return Ok(()) };
            after = Some(last.clone());
        }
    }

    /// Ends the export with the number of the lines before, by which a file that was cut off is noticed.
    async fn end(&mut self) -> Result<(), Error> {
        let lines = self.lines.count();
        self.lines.add(&json!({"kind": "end", "lines": lines}))?;
        self.send().await
    }

    fn snapshot(&self) -> Result<&Snapshot, Error> {
        let open = self.open.as_ref().map(|(ctx, _)| ctx.snapshot());
        open.ok_or_else(|| Error::broken("no part of the export is open"))
    }
}

async fn enter(app: &App, exporter: Exporter<'_>) -> Result<WorkspaceContext, Error> {
    match exporter {
        Exporter::Member(principal, workspace) => app.enter(principal, workspace).await,
        Exporter::Operator(operator, id) => {
            let tx = app.db().read_in(id.0).await?.ok_or_else(no_workspace)?;
            app.open_context(tx, Actor::Operator, operator.name().to_owned()).await
        }
    }
}
