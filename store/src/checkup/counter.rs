//! The counters of records, compared with the records.

use uuid::Uuid;

use super::{Finding, FindingState, Repair, named};
use crate::db::Db;
use crate::error::Error;
use crate::tx::Tx;

/// What the counters of a workspace have more than its records, by type and owner.
const OWNERS: &str = "SELECT entity, owner_id, CAST(SUM(n) AS BIGINT) AS n, \
    CAST(SUM(open_n) AS BIGINT) AS open_n FROM (\
    SELECT entity, owner_id, n, open_n FROM record_counts WHERE workspace_id = ?1 UNION ALL \
    SELECT entity, owner_id, -COUNT(*), -SUM(CASE WHEN is_open THEN 1 ELSE 0 END) FROM records \
    WHERE workspace_id = ?1 GROUP BY entity, owner_id) AS differences \
    GROUP BY entity, owner_id HAVING SUM(n) <> 0 OR SUM(open_n) <> 0 ORDER BY entity, owner_id";

/// What the totals of a workspace have more than its records, by type.
const TOTALS: &str = "SELECT entity, CAST(SUM(n) AS BIGINT) AS n FROM (\
    SELECT entity, n FROM record_totals WHERE workspace_id = ?1 UNION ALL \
    SELECT entity, -COUNT(*) FROM records WHERE workspace_id = ?1 GROUP BY entity) AS differences \
    GROUP BY entity HAVING SUM(n) <> 0 ORDER BY entity";

/// The counters that are wrong, and by how much.
struct Differences {
    owners: Vec<(String, Uuid, i64, i64)>,
    totals: Vec<(String, i64)>,
}

impl Db {
    pub(super) async fn check_counters(&self, repair: Repair) -> Result<Finding, Error> {
        let subject = "counters";
        let workspaces = self.every_workspace().await?;
        let (mut wrong, mut counted) = (Vec::new(), 0);
        for (workspace, slug) in &workspaces {
            let found = Differences::find(&mut self.read().await?, *workspace).await?;
            counted += 1;
            if found.is_none() {
                continue;
            }
            if repair == Repair::Counters {
                self.repair_counters(*workspace).await?;
            }
            wrong.extend(found.lines(slug));
        }
        if wrong.is_empty() {
            let detail = format!("equal to the records of {counted} workspaces");
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
        let mut tx = self.write().await?;
        let lock =
            format!("SELECT id FROM workspaces WHERE id = ?1{}", tx.dialect().for_update());
        if tx.find(&lock, &[workspace.into()]).await?.is_none() {
            return Ok(());
        }
        let Differences { owners, totals } = Differences::find(&mut tx, workspace).await?;
        let sql = "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) \
                   VALUES (?1, ?2, ?3, ?4, ?5) \
                   ON CONFLICT (workspace_id, entity, owner_id) DO UPDATE SET \
                   n = record_counts.n + excluded.n, \
                   open_n = record_counts.open_n + excluded.open_n";
        let mut versions: Vec<(String, i64)> = totals;
        for (entity, owner, n, open) in owners {
            let values = [
                workspace.into(),
                entity.as_str().into(),
                owner.into(),
                (-n).into(),
                (-open).into(),
            ];
            tx.execute(sql, &values).await?;
            if !versions.iter().any(|(known, _)| *known == entity) {
                versions.push((entity, 0));
            }
        }
        let sql = "INSERT INTO record_totals (workspace_id, entity, n, version) \
                   VALUES (?1, ?2, ?3, 1) ON CONFLICT (workspace_id, entity) DO UPDATE SET \
                   n = record_totals.n + excluded.n, version = record_totals.version + 1";
        for (entity, n) in versions {
            tx.execute(sql, &[workspace.into(), entity.into(), (-n).into()]).await?;
        }
        tx.commit().await
    }
}

impl Differences {
    async fn find(tx: &mut Tx, workspace: Uuid) -> Result<Differences, Error> {
        let rows = tx.query(OWNERS, &[workspace.into()]).await?;
        let owners = rows.iter().map(|row| {
            let entity = row.text("entity")?.to_owned();
            Ok((entity, row.id("owner_id")?, row.int("n")?, row.int("open_n")?))
        });
        let owners = owners.collect::<Result<Vec<_>, Error>>()?;
        let rows = tx.query(TOTALS, &[workspace.into()]).await?;
        let totals = rows.iter().map(|row| Ok((row.text("entity")?.to_owned(), row.int("n")?)));
        Ok(Differences { owners, totals: totals.collect::<Result<Vec<_>, Error>>()? })
    }

    fn is_none(&self) -> bool {
        self.owners.is_empty() && self.totals.is_empty()
    }

    fn lines(&self, slug: &str) -> Vec<String> {
        let owners = self.owners.iter().map(|(entity, owner, n, open)| {
            format!("`{slug}` counts {n:+} `{entity}` ({open:+} open) of the owner {owner}")
        });
        let totals =
            self.totals.iter().map(|(entity, n)| format!("`{slug}` counts {n:+} `{entity}`"));
        owners.chain(totals).collect()
    }
}
