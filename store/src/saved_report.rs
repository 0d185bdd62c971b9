//! Saved reports.

use std::marker::PhantomData;

use hallpass_domain::id::ReportId;
use hallpass_domain::name::Name;
use hallpass_domain::record::Owner;
use hallpass_domain::saved_report::{Grouping, Measure, SavedReport};
use hallpass_domain::sharing::Sharing;

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "saved_reports",
    &[
        "id",
        "name",
        "created_by",
        "is_shared",
        "entity",
        "stage",
        "owner_id",
        "grouped_by",
        "measure",
        "version",
    ],
);

/// The saved reports of a workspace, in a transaction.
pub struct SavedReports<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The saved reports.
    pub fn saved_reports(&mut self) -> SavedReports<'_> {
        SavedReports(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The saved reports.
    #[must_use]
    pub fn saved_reports(self) -> SavedReports<'t, Read> {
        SavedReports(self.0, PhantomData)
    }
}

impl<A> SavedReports<'_, A> {
    /// Lists every report, the first created first.
    pub async fn list_all(&mut self) -> Result<Vec<SavedReport>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 ORDER BY id", COLUMNS.select());
        self.0.query(&sql, &[]).await?.iter().map(from_row).collect()
    }

    /// Finds a report by id.
    pub async fn find(&mut self, id: ReportId) -> Result<Option<SavedReport>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND id = ?2", COLUMNS.select());
        self.0.find(&sql, &[id.into()]).await?.map(|row| from_row(&row)).transpose()
    }
}

impl SavedReports<'_> {
    /// Inserts a report.
    pub async fn insert(&mut self, report: &SavedReport) -> Result<(), Error> {
        self.0.execute(COLUMNS.insert(), &values(report)).await.map(drop)
    }

    /// Updates a report. Returns whether its version was still current.
    pub async fn update(&mut self, report: &SavedReport) -> Result<bool, Error> {
        Ok(self.0.execute(COLUMNS.update(), &values(report)).await? == 1)
    }

    /// Deletes a report.
    pub async fn delete(&mut self, id: ReportId) -> Result<(), Error> {
        let sql = "DELETE FROM saved_reports WHERE workspace_id = ?1 AND id = ?2";
        self.0.execute(sql, &[id.into()]).await.map(drop)
    }
}

fn values(report: &SavedReport) -> [Value; 10] {
    [
        report.id.into(),
        report.name.as_str().into(),
        report.sharing.created_by.into(),
        report.sharing.is_shared.into(),
        report.entity.as_str().into(),
        report.stage.clone().into(),
        report.owner.map(Owner::key).into(),
        report.grouping.word().into(),
        report.measure.word().into(),
        report.version.into(),
    ]
}

fn from_row(row: &Row) -> Result<SavedReport, Error> {
    Ok(SavedReport {
        id: row.id("id")?.into(),
        name: row.parsed("name", |text| Name::parse(text).ok())?,
        sharing: Sharing {
            created_by: row.id("created_by")?.into(),
            is_shared: row.bool("is_shared")?,
        },
        entity: row.text("entity")?.to_owned(),
        stage: row.optional("stage", Row::text)?.map(str::to_owned),
        owner: row.optional("owner_id", Row::id)?.map(Owner::of_key),
        grouping: row.parsed("grouped_by", Grouping::parse)?,
        measure: row.parsed("measure", Measure::parse)?,
        version: row.int("version")?,
    })
}
