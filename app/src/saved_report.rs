//! Saved reports: create, share, run.
//!
//! **Invariant:** a report counts for each reader what that reader may read, regardless of who created it, and a
//! report that is not shared exists for its creator only; a shared one for those who may read its record type.

use hallpass_domain::id::{MemberId, ReportId};
use hallpass_domain::name::Name;
use hallpass_domain::record::Owner;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};
use hallpass_domain::sharing::Sharing;
use hallpass_engine::{Filter, Resource};
use hallpass_store::record::ReportQuery;
use serde_json::{Value, json};

use crate::boxed;
use crate::context::{WorkspaceContext, no_workspace};
use crate::dashboard::{GroupBy, GroupSum};
use crate::error::Error;
use crate::gate::permission::{
    CreateReports, DeleteReports, ReadReports, RecordPermission, UpdateReports,
};
use crate::gate::{Pass, Permission};
use crate::record::part::reading;
use crate::sharing::is_visible;

/// A new report, or a change of one; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct ReportChange {
    /// The name.
    pub name: Option<String>,
    /// Whether others see it.
    pub is_shared: Option<bool>,
    /// The record type, by key.
    pub entity: Option<String>,
    /// Only records in this stage; or in every stage.
    pub stage: Option<Option<String>>,
    /// Only records of this owner; or of every owner.
    pub owner: Option<Option<Owner>>,
    /// What it groups by.
    pub grouping: Option<Grouping>,
    /// What it measures.
    pub measure: Option<Measure>,
}

/// The saved reports of a workspace.
pub struct SavedReports<'c>(pub(crate) &'c mut WorkspaceContext);

impl SavedReports<'_> {
    /// Lists the member's own reports and the shared ones.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<SavedReport>, Error> {
        let pass = self.0.dashboard().check(ReadReports).await?;
        let mut reports = self.0.read(&pass)?.saved_reports().list_all().await?;
        let ctx = &*self.0;
        reports.retain(|report| is_visible(ctx, &report.sharing, &report.entity));
        Ok(reports)
    }

    /// Loads a report.
    #[boxed]
    pub async fn load(&mut self, id: ReportId) -> Result<SavedReport, Error> {
        let pass = self.0.dashboard().check(ReadReports).await?;
        self.find(&pass, id).await
    }

    /// Creates a report.
    #[boxed]
    pub async fn create(&mut self, change: &ReportChange) -> Result<SavedReport, Error> {
        let pass = self.0.dashboard().check(CreateReports).await?;
        let required = [
            ("/name", change.name.is_none()),
            ("/entity", change.entity.is_none()),
            ("/group_by", change.grouping.is_none()),
        ];
        let missing = required.into_iter().filter(|(_, is_missing)| *is_missing);
        Refusal::unless_valid(
            missing.map(|(pointer, _)| FieldError::missing(pointer)).collect(),
        )?;
        let blank = SavedReport {
            id: self.0.id(),
            name: parse_name(change.name.as_deref().unwrap_or_default())?,
            sharing: Sharing::own(self.0.member_id().ok_or_else(no_workspace)?),
            entity: String::new(),
            stage: None,
            owner: None,
            grouping: Grouping::Month,
            measure: Measure::Count,
            version: 1,
        };
        let report = self.changed(&blank, change).await?;
        let ctx = &mut *self.0;
        ctx.tx(&pass)?.saved_reports().insert(&report).await?;
        ctx.record_audit(&pass, "report.create", report.id, &(), &audit_view(&report)).await?;
        ctx.commit(&pass).await?;
        Ok(report)
    }

    /// Updates a report.
    #[boxed]
    pub async fn update(
        &mut self,
        id: ReportId,
        change: &ReportChange,
    ) -> Result<SavedReport, Error> {
        let pass = self.0.dashboard().check(UpdateReports).await?;
        let before = self.find(&pass, id).await?;
        self.0.check_version(before.version)?;
        let after = self.changed(&before, change).await?;
        let ctx = &mut *self.0;
        if !ctx.tx(&pass)?.saved_reports().update(&after).await? {
            return Err(Refusal::Stale.into());
        }
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "report.update", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(SavedReport { version: after.version + 1, ..after })
    }

    /// Deletes a report.
    #[boxed]
    pub async fn delete(&mut self, id: ReportId) -> Result<(), Error> {
        let pass = self.0.dashboard().check(DeleteReports).await?;
        let before = self.find(&pass, id).await?;
        self.0.check_version(before.version)?;
        let ctx = &mut *self.0;
        ctx.tx(&pass)?.saved_reports().delete(id).await?;
        ctx.record_audit(&pass, "report.delete", id, &audit_view(&before), &()).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Runs a report on the records that the member may read. Of owners it returns those with the most of what
    /// it measures, then the others as one group. `Missing` when its record type is gone,
    /// `SwitchedOff` when that is.
    #[boxed]
    pub async fn run(
        &mut self,
        id: ReportId,
    ) -> Result<(SavedReport, Resource, Vec<GroupSum>), Error> {
        let pass = self.0.dashboard().check(ReadReports).await?;
        let report = self.find(&pass, id).await?;
        let ctx = &mut *self.0;
        let resource = ctx.record_type(&report.entity)?;
        ctx.check(RecordPermission::new(&report.entity, reading(&resource))).await?;
        let owners: Filter = ctx.readable_owners(&resource).intersect(pass.filter().clone());
        let by = match report.grouping {
            Grouping::Stage => GroupBy::Stage,
            Grouping::Owner => GroupBy::Owner,
            Grouping::Month => GroupBy::Month,
        };
        let (reach, months) = (ctx.reach(&owners).narrowed(report.owner), ctx.months());
        let mut records = ctx.read(&pass)?.records();
        let stage = report.stage.as_deref();
        let query = ReportQuery {
            entity: &resource.key,
            reach: &reach,
            stage,
            by,
            measure: report.measure,
        };
        let sums = records.report(query, &months).await?;
        Ok((report, resource, sums))
    }

    async fn find(
        &mut self,
        pass: &Pass<impl Permission>,
        id: ReportId,
    ) -> Result<SavedReport, Error> {
        let found = self.0.read(pass)?.saved_reports().find(id).await?;
        let ctx = &*self.0;
        let visible = found.filter(|report| is_visible(ctx, &report.sharing, &report.entity));
        visible.ok_or(Error::Missing { noun: "report" })
    }

    /// The report after a change, which the member could run.
    async fn changed(
        &mut self,
        before: &SavedReport,
        change: &ReportChange,
    ) -> Result<SavedReport, Error> {
        let after = SavedReport {
            name: change.name.as_deref().map_or(Ok(before.name.clone()), parse_name)?,
            sharing: before.sharing.changed(change.is_shared),
            entity: change.entity.clone().unwrap_or_else(|| before.entity.clone()),
            stage: change.stage.clone().unwrap_or_else(|| before.stage.clone()),
            owner: change.owner.unwrap_or(before.owner),
            grouping: change.grouping.unwrap_or(before.grouping),
            measure: change.measure.unwrap_or(before.measure),
            ..before.clone()
        };
        let ctx = &mut *self.0;
        let unknown = || {
            let detail = format!("no record type `{}`", after.entity);
            Refusal::field("/entity", "unknown", detail)
        };
        let resource = ctx.snapshot().record_type(&after.entity).ok_or_else(unknown)?;
        let pass = ctx.check(RecordPermission::new(&after.entity, reading(&resource))).await?;
        if let Some(Owner::Member(owner)) = after.owner {
            let known: Option<MemberId> =
                ctx.read(&pass)?.members().find(owner).await?.map(|member| member.id);
            if known.is_none() {
                let detail = format!("no member `{owner}`");
                return Err(Refusal::field("/owner", "unknown", detail).into());
            }
        }
        check_stages(&after, &resource)?;
        Ok(after)
    }
}

fn check_stages(report: &SavedReport, resource: &Resource) -> Result<(), Refusal> {
    if report.grouping == Grouping::Stage && resource.stages.is_empty() {
        let detail = format!("{} have no stages; group by `owner` or `month`", resource.name);
        return Err(Refusal::field("/group_by", "no_stages", detail));
    }
    let Some(stage) = &report.stage else { return Ok(()) };
    let known = resource.stages.iter().map(|one| one.key.as_str());
    if known.clone().any(|key| key == stage) {
        return Ok(());
    }
    let error = FieldError::unknown("/stage", "unknown", ("stage", stage), known);
    Err(Refusal::Fields(vec![error]))
}

fn parse_name(name: &str) -> Result<Name, Refusal> {
    Name::parse(name).map_err(|why| Refusal::field("/name", "bad_name", why.to_string()))
}

/// A report in the audit log.
pub(crate) fn audit_view(report: &SavedReport) -> Value {
    json!({
        "name": report.name.as_str(),
        "shared": report.sharing.is_shared,
        "entity": report.entity,
        "stage": report.stage,
        "owner": report.owner.map(crate::record::owner_word),
        "group_by": report.grouping.word(),
        "measure": report.measure.word(),
    })
}
