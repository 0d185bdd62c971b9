//! Export: everything in a workspace, a JSON object a line.

use std::time::Duration;

use hallpass_domain::record::{Event, Record};
use hallpass_domain::setting::shown;
use hallpass_store::record::{ListQuery, Reach, SortOrder};
use serde_json::{Value, json};
use tokio::sync::mpsc::Sender;

use crate::app::App;
use crate::context::{Actor, WorkspaceContext, no_workspace};
use crate::error::Error;
use crate::gate::permission::ExportWorkspace;
use crate::gate::{Pass, Permission};
use crate::operation::Operator;
use crate::principal::Principal;
use crate::record::owner_word;
use crate::{department, invitation, member, profile, role, team};

/// How many rows are read at a time.
const PAGE: usize = 500;

/// How long a line may wait until somebody takes it: whoever stops reading holds no database.
const PATIENCE: Duration = Duration::from_secs(30);

/// Takes the lines of an export, one after the other; an export goes on as they are taken.
pub type ExportSink = Sender<Value>;

impl App {
    /// Exports a workspace as an operator; what is read is one moment.
    ///
    /// # Errors
    ///
    /// `Missing`; `Broken` when a line is not taken.
    pub async fn export_workspace_for(
        &self,
        operator: &Operator,
        named: &str,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let id = self.workspace_named(named).await?;
        let mut tx = self.db().write_in(id.0).await?.ok_or_else(no_workspace)?;
        let operation = self.operation(operator, "workspace.export", id, json!(named));
        tx.global().operations().insert(&operation).await?;
        tx.commit().await?;
        let tx = self.db().read_in(id.0).await?.ok_or_else(no_workspace)?;
        let name = operator.name().to_owned();
        self.open_context(tx, Actor::Operator, name).await?.export(lines).await
    }

    /// Notes that a member exports the workspace, and gives the visit that does it.
    ///
    /// # Errors
    ///
    /// `Missing`, `Denied`; `NotSelfServe` where the access model keeps it for the operator
    /// (HARMONY-46).
    pub async fn begin_export(
        &self,
        principal: &Principal,
        named: &str,
    ) -> Result<WorkspaceContext, Error> {
        let mut ctx = self.enter_to_write(principal, named).await?;
        let pass = ctx.check(ExportWorkspace).await?;
        ctx.record_audit(&pass, "workspace.export", ctx.workspace_id(), &(), &()).await?;
        ctx.commit(&pass).await?;
        self.enter(principal, named).await
    }
}

impl WorkspaceContext {
    /// Exports everything in the workspace: what it is, people, what they are given, record types,
    /// records with what happened to them, the audit log.
    ///
    /// # Errors
    ///
    /// `Denied`; `NotSelfServe`; `Broken` when a line is not taken.
    pub async fn export(&mut self, lines: &ExportSink) -> Result<(), Error> {
        let pass = self.check(ExportWorkspace).await?;
        let workspace = self.snapshot().workspace.clone();
        let blueprint = self.tx(&pass)?.blueprint_text().await?;
        let facts = json!({
            "name": workspace.name.as_str(), "slug": workspace.slug.as_str(),
            "created_at": workspace.created_at.to_string(), "settings": shown(&workspace.settings),
            "blueprint": blueprint,
        });
        put(lines, "workspace", &workspace.id.to_string(), facts).await?;
        for one in self.tx(&pass)?.departments().list_all().await? {
            put(lines, "department", &one.id.to_string(), department::audit_view(&one)).await?;
        }
        for one in self.tx(&pass)?.roles().list_all().await? {
            put(lines, "role", &one.id.to_string(), role::audit_view(&one)).await?;
        }
        for one in self.tx(&pass)?.profiles().list_all().await? {
            put(lines, "profile", &one.id.to_string(), profile::audit_view(&one)).await?;
        }
        for one in self.tx(&pass)?.teams().list_all().await? {
            put(lines, "team", &one.id.to_string(), team::audit_view(&one)).await?;
        }
        for one in self.tx(&pass)?.entities().list_all().await? {
            let facts = json!({
                "added": one.is_added, "name": one.name, "one": one.one,
                "fields": one.fields, "stages": one.stages,
            });
            put(lines, "record_type", &one.entity, facts).await?;
        }
        for one in self.tx(&pass)?.members().list_all().await? {
            let mut facts = member::audit_view(&one);
            if let Value::Object(facts) = &mut facts {
                facts.insert("email".to_owned(), json!(one.email));
                facts.insert("first_name".to_owned(), json!(one.first_name));
                facts.insert("last_name".to_owned(), json!(one.last_name));
                facts.insert("joined_at".to_owned(), json!(one.joined_at.to_string()));
            }
            put(lines, "member", &one.id.to_string(), facts).await?;
        }
        self.export_invitations(&pass, lines).await?;
        self.export_records(&pass, lines).await?;
        self.export_audit(&pass, lines).await
    }

    async fn export_invitations(
        &mut self,
        pass: &Pass<impl Permission>,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let mut below = None;
        loop {
            let page = self.tx(pass)?.invitations().list(below, size()).await?;
            for one in &page {
                put(lines, "invitation", &one.id.to_string(), invitation::audit_view(one))
                    .await?;
            }
            let Some(last) = page.last() else { return Ok(()) };
            below = Some(last.id);
        }
    }

    async fn export_records(
        &mut self,
        pass: &Pass<impl Permission>,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let kinds = self.policy().resources().iter();
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
            };
            loop {
                let page = self.tx(pass)?.records().list(&query).await?;
                for one in page.records {
                    put(lines, "record", &one.id.to_string(), record_facts(&one)).await?;
                    let events =
                        self.tx(pass)?.records().list_events(one.id, None, usize::MAX).await?;
                    for event in events.iter().rev() {
                        put(lines, "event", &event.id.to_string(), event_facts(event)).await?;
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

    async fn export_audit(
        &mut self,
        pass: &Pass<impl Permission>,
        lines: &ExportSink,
    ) -> Result<(), Error> {
        let (every, mut below) = (hallpass_store::audit::AuditQuery::default(), None);
        loop {
            let page = self.tx(pass)?.audit().list(&every, below, size()).await?;
            for entry in &page {
                let facts = json!({
                    "at": entry.at.to_string(), "actor": entry.actor.map(|id| id.to_string()),
                    "actor_name": entry.actor_name, "action": entry.action,
                    "outcome": entry.outcome.word(), "subject": entry.subject,
                    "before": entry.before, "after": entry.after,
                    "revision": entry.revision, "request": entry.request,
                });
                put(lines, "audit", &entry.id.to_string(), facts).await?;
            }
            let Some(last) = page.last() else { return Ok(()) };
            below = Some(last.id);
        }
    }
}

async fn put(lines: &ExportSink, kind: &str, id: &str, facts: Value) -> Result<(), Error> {
    let mut line = json!({"kind": kind, "id": id});
    if let (Value::Object(line), Value::Object(facts)) = (&mut line, facts) {
        line.extend(facts);
    }
    let taken = lines.send_timeout(line, PATIENCE).await;
    taken.map_err(|_| Error::broken("nobody takes the lines of an export any more"))
}

fn size() -> i64 {
    i64::try_from(PAGE).unwrap_or(i64::MAX)
}

fn record_facts(record: &Record) -> Value {
    json!({
        "entity": record.entity, "owner": owner_word(record.owner), "title": record.title,
        "fields": record.fields, "stage": record.stage, "open": record.open,
        "created_by": record.created_by.map(|id| id.to_string()),
        "created_at": record.created_at.to_string(),
        "updated_at": record.updated_at.to_string(),
    })
}

fn event_facts(event: &Event) -> Value {
    json!({
        "record": event.record.to_string(), "at": event.at.to_string(),
        "actor": event.actor.map(|id| id.to_string()), "action": event.action,
        "detail": event.detail,
    })
}
