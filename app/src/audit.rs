//! The audit log: list and export entries.

use hallpass_domain::audit::{ACTIONS, Entry, RECORD_VERBS};
use hallpass_domain::bulk_job::MOST_AT_ONCE;
use hallpass_domain::id::AuditId;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::search::Words;
use hallpass_domain::setting::Area;
use hallpass_engine::text::suggestion;
use hallpass_store::record::Total;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::export::{ExportPlace, take_place};
use crate::gate::permission::{ExportAudit, ReadAudit};
use crate::gate::{Pass, Permission};
pub use filter::{AuditFilter, AuditQuery};
pub use line::{AuditFormat, ShownEntry};
pub use page::AuditPage;
use search::{LONGEST_TEXT, Search};
pub(crate) use visible::reaches;

pub(crate) mod filter;
pub(crate) mod line;
mod page;
mod search;
mod visible;

/// How many entries of a log are looked at to count those that a filter finds which no index does.
const SCANNED: i64 = 10_000;

/// The audit log of a workspace.
pub struct AuditLog<'c>(pub(crate) &'c mut WorkspaceContext);

impl AuditLog<'_> {
    /// Lists a page of entries, the latest first.
    #[boxed]
    pub async fn list(
        &mut self,
        filter: &AuditFilter,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        let pass = self.0.check(ReadAudit).await?;
        check_filters(self.0, &pass, filter).await?;
        let words = filter.text.as_deref().and_then(Words::parse);
        if let Some(words) = &words {
            let search = Search::new(&filter.query, words, limit);
            return search.page(self.0, &pass, below).await;
        }
        let (entries, has_more) = self.list_with(&pass, &filter.query, below, limit).await?;
        let next = entries.last().filter(|_| has_more).map(|last| last.id);
        Ok(AuditPage { entries, next, reached: None })
    }

    /// Counts the entries that a filter finds, as far as that is quick: up to so many as are downloaded at once.
    #[boxed]
    pub async fn count(&mut self, filter: &AuditFilter) -> Result<Total, Error> {
        let pass = self.0.check(ReadAudit).await?;
        check_filters(self.0, &pass, filter).await?;
        if filter.text.is_some() {
            return Ok(Total::Unknown);
        }
        if !filter.is_indexed() {
            let mut log = self.0.read(&pass)?.audit();
            if log.count_up_to(&AuditQuery::default(), SCANNED + 1).await? > SCANNED {
                return Ok(Total::Unknown);
            }
        }
        let most = MOST_AT_ONCE + 1;
        let found = self.0.read(&pass)?.audit().count_up_to(&filter.query, most).await?;
        Ok(if found == most { Total::MoreThan(MOST_AT_ONCE) } else { Total::Exact(found) })
    }

    /// Loads an entry.
    #[boxed]
    pub async fn load(&mut self, id: AuditId) -> Result<Entry, Error> {
        let pass = self.0.check(ReadAudit).await?;
        let entry = self.0.read(&pass)?.audit().find(id).await?;
        let shown = visible::shown(self.0, &pass, entry.into_iter().collect()).await?;
        shown.into_iter().next().ok_or(Error::Missing { noun: "audit entry" })
    }

    /// Notes in the audit log that the caller exports the entries that a query finds, and commits. The pages of the
    /// export are read afterwards, each with the rights of its moment.
    #[boxed]
    pub async fn begin_export(&mut self, filter: &AuditFilter) -> Result<ExportPlace, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ExportAudit).await?;
        check_filters(ctx, &pass, filter).await?;
        let place = take_place(ctx)?;
        let (workspace, view) = (ctx.workspace_id(), filter.to_json());
        ctx.record_audit(&pass, "audit.export", workspace, &(), &view).await?;
        ctx.commit(&pass).await?;
        Ok(place)
    }

    /// Lists a page of entries under a pass that another noun has asked for.
    pub(crate) async fn list_with(
        &mut self,
        pass: &Pass<impl Permission>,
        query: &AuditQuery,
        below: Option<AuditId>,
        limit: usize,
    ) -> Result<(Vec<Entry>, bool), Error> {
        let found = self.0.read(pass)?.audit().list(query, below, limit).await?;
        Ok((visible::shown(self.0, pass, found.items).await?, found.has_more))
    }
}

/// Refuses filters that mean nothing: an actor who never was a member, an action that does not exist,
/// a time that ends before it begins.
pub(crate) async fn check_filters(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    AuditFilter { query, text }: &AuditFilter,
) -> Result<(), Error> {
    let mut errors = Vec::new();
    if text.as_ref().is_some_and(|text| text.chars().count() > LONGEST_TEXT) {
        let detail = format!("search for at most {LONGEST_TEXT} characters");
        errors.push(FieldError::new("/q", "bad_text", detail));
    }
    if let Some(actor) = query.actor
        && ctx.read(pass)?.members().find(actor).await?.is_none()
    {
        errors.push(FieldError::new("/actor", "unknown", format!("no member `{actor}`")));
    }
    if let Some(action) = &query.action
        && !is_action(ctx, action)
        && !is_logged(ctx, pass, action).await?
    {
        let suggestion = suggestion(action, ACTIONS).map(|text| format!("; {text}"));
        let detail = format!("no action `{action}`{}", suggestion.unwrap_or_default());
        errors.push(FieldError::new("/action", "unknown", detail));
    }
    if let (Some(from), Some(to)) = (query.from, query.to)
        && to < from
    {
        errors.push(FieldError::new("/to", "before_from", "`to` is before `from`"));
    }
    Ok(Refusal::unless_valid(errors)?)
}

/// Whether an action can be in the log of a workspace: one of its areas, of its settings, or of a
/// record type; for a denial a resource with an action.
fn is_action(ctx: &WorkspaceContext, action: &str) -> bool {
    if let Some((resource, verb)) = action.split_once(':') {
        return ctx.policy().cell(resource, verb).is_some();
    }
    let Some((noun, verb)) = action.split_once('.') else { return false };
    let mut resources = ctx.policy().resources().iter();
    let record = resources.find(|known| known.key == noun);
    ACTIONS.contains(&action)
        || (noun == "settings" && Area::parse(verb).is_some())
        || record.is_some_and(|resource| {
            RECORD_VERBS.contains(&verb) || resource.action(verb).is_some()
        })
}

/// Whether an action is in the log, such as one of a record type that was deleted.
async fn is_logged(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    action: &str,
) -> Result<bool, Error> {
    let query = AuditQuery { action: Some(action.to_owned()), ..AuditQuery::default() };
    Ok(!ctx.read(pass)?.audit().list(&query, None, 1).await?.items.is_empty())
}
