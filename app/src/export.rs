//! Export: everything in a workspace, one JSON object a line.

use std::collections::HashMap;
use std::time::Duration;

use hallpass_domain::id::MemberId;
use hallpass_domain::record::{Event, Owner, Record};
use hallpass_domain::setting::shown;
use hallpass_store::invitation::InvitationQuery;
use hallpass_store::record::{CountMode, ListBounds, ListQuery, Narrowing, Reach, SortOrder};
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

use crate::app::App;
use crate::boxed;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::ExportWorkspace;
use crate::gate::{Pass, Permission};
use crate::operation::Operator;
use crate::principal::Principal;
use crate::record::owner_word;
use crate::{department, invitation, member, profile, role, saved_report, team};

/// How many rows are read at a time.
const PAGE: usize = 500;

/// How long a line may wait for a slow client, whose export keeps a transaction open.
const LINE_TIMEOUT: Duration = Duration::from_secs(30);

/// The receiver of an export's lines; its capacity bounds how far the export runs ahead.
pub type ExportSink = Sender<Value>;

/// Exports that begin outside a workspace.
pub struct Exports<'a>(pub(crate) &'a App);

impl Exports<'_> {
    /// Exports a workspace as an operator, from one moment.
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
        let tx = self.0.db().read_in(id.0).await?.ok_or_else(no_workspace)?;
        let name = operator.name().to_owned();
        let mut ctx = self.0.open_context(tx, Actor::Operator, name).await?;
        ctx.export().run(lines).await
    }

    /// Audits that a member exports the workspace, and opens the context that reads it. `NotSelfServe`
    /// where the access model reserves it for the operator (HARMONY-46).
    #[boxed]
    pub async fn begin(
        &self,
        principal: &Principal,
        workspace: &str,
    ) -> Result<WorkspaceContext, Error> {
        let mut ctx = self.0.enter_to_write(principal, workspace).await?;
        let pass = ctx.check(ExportWorkspace).await?;
        ctx.record_audit(&pass, "workspace.export", ctx.workspace_id(), &(), &()).await?;
        ctx.commit(&pass).await?;
        self.0.enter(principal, workspace).await
    }
}

/// The names of members, also of those who were removed.
type Names = HashMap<MemberId, String>;

/// The export of a workspace.
pub struct Export<'c>(pub(crate) &'c mut WorkspaceContext);

impl Export<'_> {
    /// Exports everything in the workspace: its settings, its members and what they are given, record
    /// types, records with their history, and the audit log. `Broken` when a line is not received in
    /// time.
    #[boxed]
    pub async fn run(&mut self, lines: &ExportSink) -> Result<(), Error> {
        let pass = self.0.check(ExportWorkspace).await?;
        let workspace = self.0.snapshot().workspace.clone();
        let blueprint = self.0.read(&pass)?.blueprint_text().await?;
        let view = json!({
            "name": workspace.name.as_str(), "slug": workspace.slug.as_str(),
            "created_at": workspace.created_at.to_string(), "settings": shown(&workspace.settings),
            "blueprint": blueprint,
        });
        send(lines, "workspace", &workspace.id.to_string(), view).await?;
        for one in self.0.read(&pass)?.departments().list_all().await? {
            send(lines, "department", &one.id.to_string(), department::audit_view(&one))
                .await?;
        }
        for one in self.0.read(&pass)?.roles().list_all().await? {
            send(lines, "role", &one.id.to_string(), role::audit_view(&one)).await?;
        }
        for one in self.0.read(&pass)?.profiles().list_all().await? {
            send(lines, "profile", &one.id.to_string(), profile::audit_view(&one)).await?;
        }
        for one in self.0.read(&pass)?.teams().list_all().await? {
            send(lines, "team", &one.id.to_string(), team::audit_view(&one)).await?;
        }
        for one in self.0.read(&pass)?.saved_reports().list_all().await? {
            send(lines, "report", &one.id.to_string(), saved_report::audit_view(&one)).await?;
        }
        for one in self.0.read(&pass)?.entities().list_all().await? {
            let view = json!({
                "added": one.is_added, "name": one.name, "one": one.one,
                "fields": one.fields, "stages": one.stages,
            });
            send(lines, "record_type", &one.entity, view).await?;
        }
        let mut members = self.0.read(&pass)?.members().list_all().await?;
        members.extend(self.0.read(&pass)?.members().list_removed().await?);
        let names: Names = members.iter().map(|member| (member.id, member.name())).collect();
        for one in members {
            let mut view = member::audit_view(&one);
            if let Value::Object(view) = &mut view {
                view.insert("first_name".to_owned(), json!(one.first_name));
                view.insert("last_name".to_owned(), json!(one.last_name));
                view.insert("joined_at".to_owned(), json!(one.joined_at.to_string()));
            }
            send(lines, "member", &one.id.to_string(), view).await?;
        }
        self.invitations(&pass, lines).await?;
        self.records(&pass, &names, lines).await?;
        self.audit(&pass, lines).await
    }

    async fn invitations(
        &mut self,
        pass: &Pass<impl Permission>,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let mut below = None;
        loop {
            let page = self
                .0
                .read(pass)?
                .invitations()
                .list(&InvitationQuery::default(), below, size())
                .await?;
            for one in &page {
                send(lines, "invitation", &one.id.to_string(), invitation::audit_view(one))
                    .await?;
            }
            let Some(last) = page.last() else { return Ok(()) };
            below = Some(last.id);
        }
    }

    async fn records(
        &mut self,
        pass: &Pass<impl Permission>,
        names: &Names,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let kinds = self.0.policy().resources().iter();
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
                let page = self.0.read(pass)?.records().list(&query).await?;
                for one in page.records {
                    send(lines, "record", &one.id.to_string(), record_view(&one, names))
                        .await?;
                    let events = self
                        .0
                        .read(pass)?
                        .records()
                        .list_events(one.id, None, usize::MAX)
                        .await?;
                    for event in events.iter().rev() {
                        send(lines, "event", &event.id.to_string(), event_view(event, names))
                            .await?;
                    }
                }
                match page.next {
                    Some(next) => query.after = Some(next),
                    None => break,
                }
            }
        }
        Ok(())
    }

    async fn audit(
        &mut self,
        pass: &Pass<impl Permission>,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let (every, mut below) = (hallpass_store::audit::AuditQuery::default(), None);
        loop {
            let page = self.0.read(pass)?.audit().list(&every, below, size()).await?;
            for entry in &page {
                let view = json!({
                    "at": entry.at.to_string(), "actor": entry.actor.map(|id| id.to_string()),
                    "actor_name": entry.actor_name, "action": entry.action,
                    "outcome": entry.outcome.word(), "subject": entry.subject,
                    "before": entry.before, "after": entry.after,
                    "revision": entry.revision, "request": entry.request,
                });
                send(lines, "audit", &entry.id.to_string(), view).await?;
            }
            let Some(last) = page.last() else { return Ok(()) };
            below = Some(last.id);
        }
    }
}

async fn send(lines: &ExportSink, kind: &str, id: &str, view: Value) -> Result<(), Error> {
    let mut line = json!({"kind": kind, "id": id});
    if let (Value::Object(line), Value::Object(view)) = (&mut line, view) {
        line.extend(view);
    }
    let received = lines.send_timeout(line, LINE_TIMEOUT).await;
    received.map_err(|_| Error::broken("the client has stopped reading the export"))
}

fn size() -> i64 {
    i64::try_from(PAGE).unwrap_or(i64::MAX)
}

fn name(names: &Names, member: Option<MemberId>) -> Option<&str> {
    names.get(&member?).map(String::as_str)
}

fn record_view(record: &Record, names: &Names) -> Value {
    let owner = match record.owner {
        Owner::Unowned => None,
        Owner::Member(id) => Some(id),
    };
    json!({
        "entity": record.entity, "owner": owner_word(record.owner),
        "owner_name": name(names, owner), "title": record.title,
        "fields": record.fields, "stage": record.stage, "open": record.open,
        "created_by": record.created_by.map(|id| id.to_string()),
        "created_by_name": name(names, record.created_by),
        "created_at": record.created_at.to_string(),
        "updated_at": record.updated_at.to_string(),
    })
}

fn event_view(event: &Event, names: &Names) -> Value {
    json!({
        "record": event.record.to_string(), "at": event.at.to_string(),
        "actor": event.actor.map(|id| id.to_string()),
        "actor_name": name(names, event.actor), "action": event.action,
        "detail": event.detail,
    })
}
