//! Reports: one figure of the dashboard by itself, for one record type or all.

use hallpass_domain::record::Schema;
use hallpass_engine::{Filter, Resource};

use crate::context::WorkspaceContext;
use crate::dashboard::{GroupBy, GroupSum};
use crate::error::Error;
use crate::gate::permission::{ReadReports, RecordPermission};
use crate::record::reading;

/// A report that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// By stage, for record types that have stages.
    Pipeline,
    /// By owner.
    Owners,
    /// By the month in which the records were made.
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

    /// The report of a word.
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

impl WorkspaceContext {
    /// A report about one record type, or about each that the visitor may see.
    ///
    /// # Errors
    ///
    /// `Denied` for the report or for the record type; `Missing` for a record type that there is
    /// not, or that has no stages to report on; `SwitchedOff`.
    pub async fn report(
        &mut self,
        report: Report,
        entity: Option<&str>,
    ) -> Result<Vec<(Resource, Vec<GroupSum>)>, Error> {
        let pass = self.check_figures(ReadReports).await?;
        let types = match entity {
            Some(entity) => vec![self.reportable(report, entity).await?],
            None => {
                self.visible_types().into_iter().filter(|one| report.is_about(one)).collect()
            }
        };
        let mut told = Vec::new();
        for resource in types {
            let seen: Filter = self.seen(&resource).intersect(pass.filter().clone());
            let sums = self.sums(&pass, &resource, &seen, report.by()).await?;
            told.push((resource, sums));
        }
        Ok(told)
    }

    async fn reportable(&mut self, report: Report, entity: &str) -> Result<Resource, Error> {
        let resource = self.record_type(entity)?;
        self.check(RecordPermission::new(entity, reading(&resource))).await?;
        if report.is_about(&resource) {
            Ok(resource)
        } else {
            Err(Error::Missing { noun: "pipeline" })
        }
    }
}
