//! Reports: one figure of the dashboard, for one record type or all.

use hallpass_domain::record::Schema;
use hallpass_engine::Resource;
use hallpass_store::record::RecordFigures;

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::dashboard::{GroupBy, GroupSum, Total};
use crate::error::Error;
use crate::gate::permission::{ReadReports, RecordPermission};
use crate::record::part::reading;

/// A report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// By stage, for record types that have stages.
    Pipeline,
    /// By owner: those with the most records, then the others as one group.
    Owners,
    /// By the month of creation.
    Months,
}

impl Report {
    /// Every report.
    pub const EVERY: [Report; 3] = [Report::Pipeline, Report::Owners, Report::Months];

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Report::Pipeline => "pipeline",
            Report::Owners => "owners",
            Report::Months => "months",
        }
    }

    /// Parses a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Report> {
        Report::EVERY.into_iter().find(|report| report.word() == word)
    }

    const fn by(self) -> GroupBy {
        match self {
            Report::Pipeline => GroupBy::Stage,
            Report::Owners => GroupBy::Owner,
            Report::Months => GroupBy::Month,
        }
    }

    fn is_about(self, resource: &Resource) -> bool {
        match self {
            Report::Pipeline => !Schema::of(resource).stages.is_empty(),
            Report::Owners | Report::Months => true,
        }
    }
}

/// Reports on a workspace.
pub struct Reports<'c>(pub(crate) &'c mut WorkspaceContext);

impl Reports<'_> {
    /// Returns a report on one record type, or on each that the member may read. `Missing` when there is
    /// no such record type, or it has no stages to report on.
    #[boxed]
    pub async fn load(
        &mut self,
        report: Report,
        entity: Option<&str>,
    ) -> Result<Vec<(Resource, Total, Vec<GroupSum>)>, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.dashboard().check(ReadReports).await?;
        let types = match entity {
            Some(entity) => vec![check_type(ctx, report, entity).await?],
            None => {
                ctx.visible_types().into_iter().filter(|one| report.is_about(one)).collect()
            }
        };
        let all = ctx.dashboard().sums(&pass, &types, &[report.by()]).await?;
        let groups = |figures: RecordFigures| match report {
            Report::Pipeline => (figures.total, figures.stages),
            Report::Owners => (figures.total, figures.owners),
            Report::Months => (figures.total, figures.months),
        };
        let all = types.into_iter().zip(all.into_iter().map(groups));
        Ok(all.map(|(resource, (total, groups))| (resource, total, groups)).collect())
    }
}

/// Checks that the member may read a record type, and that the report applies to it.
async fn check_type(
    ctx: &mut WorkspaceContext,
    report: Report,
    entity: &str,
) -> Result<Resource, Error> {
    let resource = ctx.record_type(entity)?;
    ctx.check(RecordPermission::new(entity, reading(&resource))).await?;
    if report.is_about(&resource) {
        Ok(resource)
    } else {
        Err(Error::Missing { noun: "pipeline" })
    }
}
