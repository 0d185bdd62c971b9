//! The counters of records, compared with the records.

use uuid::Uuid;

use super::{Finding, FindingState, Repair, named};
use crate::db::Db;
use crate::error::Error;
use crate::record::{CounterGroup, WrongCounter};

impl Db {
    pub(super) async fn check_counters(&self, repair: Repair) -> Result<Finding, Error> {
        let subject = "counters";
        let (mut wrong, mut counted) = (Vec::new(), 0);
        for (workspace, slug) in self.every_workspace().await? {
            let tx = match self.read_in(workspace).await? {
                Some(tx) => Some(tx),
                None => self.read().await?.into_deleted_workspace(workspace).await?,
            };
            let Some(mut tx) = tx else { continue };
            let found = tx.records().check_counters().await?;
            drop(tx);
            counted += 1;
            if !found.is_empty() && repair == Repair::Counters {
                self.repair_counters(workspace).await?;
            }
            wrong.extend(found.iter().map(|counter| line(&slug, counter)));
        }
        if wrong.is_empty() {
            let detail = format!("equal to the records; workspaces: {counted}");
            return Ok(Finding::new(subject, FindingState::Good, detail));
        }
        let detail = named(wrong.into_iter());
        Ok(match repair {
            Repair::Counters => Finding::new(subject, FindingState::Repaired, detail),
            Repair::Never => {
                let detail = format!("{detail}; `hallpass doctor --repair` sets them right");
                Finding::new(subject, FindingState::Bad, detail)
            }
        })
    }

    /// Counts again while no other request writes in the workspace, and sets what is wrong.
    async fn repair_counters(&self, workspace: Uuid) -> Result<(), Error> {
        let tx = match self.write_in(workspace).await? {
            Some(tx) => Some(tx),
            None => self.write().await?.into_deleted_workspace(workspace).await?,
        };
        let Some(mut tx) = tx else { return Ok(()) };
        tx.records().repair_counters().await?;
        tx.commit().await
    }
}

/// What a counter says, in one line.
fn line(slug: &str, wrong: &WrongCounter) -> String {
    let WrongCounter { entity, owner, group, stored, counted } = wrong;
    let whose = match (owner, group) {
        (_, CounterGroup::Total) => "in all".to_owned(),
        (None, _) => "of every owner".to_owned(),
        (Some(owner), _) => format!("of the owner {}", owner.key()),
    };
    let which = match group {
        CounterGroup::Owner | CounterGroup::Total => String::new(),
        CounterGroup::Stage(stage) => format!(" in the stage `{stage}`"),
        CounterGroup::Month(month) => format!(" of the month {month}"),
        CounterGroup::Slot(slot) => format!(" of the quarter of an hour {slot}"),
    };
    format!("`{slug}` counts {} instead of {} `{entity}` {whose}{which}", stored.n, counted.n)
}
