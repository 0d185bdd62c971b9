//! Import: a workspace made of its export.
//!
//! **Invariant:** the whole file is checked before anything is written, and no one enters the workspace before all
//! of it is there. Until then it is marked as being imported, and what a process leaves behind that ends in between is
//! purged.

mod account;
mod admission;
mod check;
mod file;
mod form;
mod log;
mod people;
mod reading;
mod report;
mod request;
mod setup;
mod write;

use hallpass_domain::import::IdMap;

use self::check::Checked;
pub use self::file::LONGEST_LINE;
pub use self::report::{ImportReport, MOST_PROBLEMS, Problem};
pub use self::request::{ImportRequest, ImportedIds};
use self::write::Writer;
use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;

/// Imports of workspaces.
pub struct Imports<'a>(pub(crate) &'a App);

impl Imports<'_> {
    /// Checks a file and says what its import would do; changes nothing.
    ///
    /// # Errors
    ///
    /// `Broken` when the file cannot be read. What is wrong in it is in the report.
    #[boxed]
    pub async fn check(
        &self,
        _: &Operator,
        request: &ImportRequest,
    ) -> Result<ImportReport, Error> {
        Ok(Checked::read(self.0, request).await?.report)
    }

    /// Imports a workspace, all of it or nothing. `progress` is told how many lines are written, of how many.
    /// The report has what was done, or the problems because of
    /// which nothing was.
    ///
    /// # Errors
    ///
    /// `Broken` when the file cannot be read, or has changed since it was checked. What was written until then
    /// is removed.
    #[boxed]
    pub async fn run(
        &self,
        operator: &Operator,
        request: &ImportRequest,
        progress: &mut (dyn FnMut(u64, u64) + Send),
    ) -> Result<ImportReport, Error> {
        operator.check_recent()?;
        let mut checked = Checked::read(self.0, request).await?;
        if !checked.report.problems.is_empty() {
            return Ok(checked.report);
        }
        let ids = match request.ids {
            ImportedIds::Kept => IdMap::Kept,
            ImportedIds::New => {
                let mut random = [0; 8];
                self.0.random().fill(&mut random);
                IdMap::fresh(u64::from_be_bytes(random))
            }
        };
        let written =
            Writer::new(self.0, operator, &checked, ids).run(request, progress).await?;
        checked.report.workspace = Some(written);
        Ok(checked.report)
    }
}
