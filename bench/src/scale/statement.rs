//! The first page as a statement: without permissions, and on PostgreSQL under row-level security.

use std::time::{Duration, Instant};

use hallpass_store::{Db, Options};
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::database::{Database, execute, with_client};
use crate::server::processor_time;

/// Runs, of which the one with the least processor time counts, and statements of each.
const RUNS: u32 = 3;
const STATEMENTS: u32 = 200;

/// What a page has, in its order.
const PAGE: &str = "SELECT id, owner_id, title, stage, amount, fields, created_at, updated_at \
    FROM records WHERE workspace_id = {1} AND entity = 'opportunities' ORDER BY id DESC LIMIT 50";

/// The page, counted over the statements of a run.
struct Figure {
    processor: f64,
    wall: f64,
}

pub(super) fn measure(database: &Database) -> Result<Vec<String>, String> {
    if !database.is_server() {
        let figure = plain_on_file(&database.location())?;
        return Ok(vec![line("the same page, a plain SELECT in the process", &figure)]);
    }
    let url = database.location();
    let plain = page(&url, &[])?;
    let role = format!("hallpass_scale_{}", std::process::id());
    for sql in row_level_security(&role) {
        execute(&url, &sql)?;
    }
    let secured = page(&url, &[&format!("SET ROLE {role}"), PERSON]);
    execute(&url, &format!("DROP OWNED BY {role}; DROP ROLE {role}"))?;
    Ok(vec![
        line("the same page, a plain SELECT", &plain),
        line("the same page, row-level security with EXISTS", &secured?),
    ])
}

fn line(what: &str, figure: &Figure) -> String {
    format!(
        "  {what:<46} {:>8.3} {:>9} {:>8.2} {:>9} {:>11.1}",
        figure.processor * 1e3,
        "-",
        figure.wall * 1e3,
        "-",
        1.0
    )
}

/// The owners whom each member reaches who sees a department: those of the department and of the departments below,
/// and the unowned records.
fn row_level_security(role: &str) -> Vec<String> {
    vec![
        "CREATE TABLE scale_reach (member UUID, owner_id UUID, PRIMARY KEY (member, owner_id))"
            .to_owned(),
        "WITH RECURSIVE below AS (SELECT id AS top, id FROM departments UNION ALL \
             SELECT b.top, d.id FROM below b JOIN departments d ON d.parent_id = b.id) \
         INSERT INTO scale_reach SELECT DISTINCT m.id, o.id FROM (SELECT id, department_id \
             FROM members WHERE role = 'member' AND visibility = 'department' ORDER BY id LIMIT 20) m \
         JOIN below b ON b.top = m.department_id JOIN members o ON o.department_id = b.id \
         UNION SELECT id, CAST('00000000-0000-0000-0000-000000000000' AS UUID) FROM members"
            .to_owned(),
        "ANALYZE scale_reach; ANALYZE records".to_owned(),
        format!("CREATE ROLE {role}; GRANT SELECT ON records, scale_reach, members TO {role}"),
        "CREATE POLICY reach ON records FOR SELECT USING (EXISTS (SELECT 1 FROM scale_reach s \
         WHERE s.member = CAST(current_setting('scale.member') AS UUID) AND s.owner_id = records.owner_id))"
            .to_owned(),
        "ALTER TABLE records ENABLE ROW LEVEL SECURITY".to_owned(),
    ]
}

/// Sets the caller: a member who sees a department.
const PERSON: &str = "SELECT set_config('scale.member', (SELECT CAST(member AS TEXT) FROM scale_reach \
    GROUP BY member ORDER BY count(*) DESC, member LIMIT 1), false)";

/// The page on a server: the processor time of the connection there.
fn page(url: &str, before: &[&str]) -> Result<Figure, String> {
    with_client(url, async |client| {
        let failed = |error: tokio_postgres::Error| error.to_string();
        let process: i32 =
            client.query_one("SELECT pg_backend_pid()", &[]).await.map_err(failed)?.get(0);
        let process = u32::try_from(process).map_err(|error| error.to_string())?;
        let workspace: Uuid =
            client.query_one("SELECT id FROM workspaces", &[]).await.map_err(failed)?.get(0);
        for sql in before {
            client.batch_execute(sql).await.map_err(failed)?;
        }
        let statement = client.prepare(&PAGE.replace("{1}", "$1")).await.map_err(failed)?;
        let values: [&(dyn ToSql + Sync); 1] = [&workspace];
        let mut figure = Figure { processor: f64::INFINITY, wall: f64::INFINITY };
        for _ in 0..RUNS {
            let (started, began) = (processor_time(process)?, Instant::now());
            for _ in 0..STATEMENTS {
                client.query(&statement, &values).await.map_err(failed)?;
            }
            figure.note(processor_time(process)? - started, began.elapsed());
        }
        Ok(figure)
    })
}

/// The page on a file, in this process.
fn plain_on_file(location: &str) -> Result<Figure, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let sql = PAGE.replace("{1}", "?1");
    let failed = |error: hallpass_store::Error| error.to_string();
    runtime.block_on(async {
        let db = Db::open(location, &Options::default()).await.map_err(failed)?;
        let mut tx = db.read().await.map_err(failed)?;
        let workspace = tx.query_one("SELECT id FROM workspaces", &[]).await.map_err(failed)?;
        let workspace = workspace.id("id").map_err(failed)?;
        let mut figure = Figure { processor: f64::INFINITY, wall: f64::INFINITY };
        for _ in 0..RUNS {
            let process = std::process::id();
            let (started, began) = (processor_time(process)?, Instant::now());
            for _ in 0..STATEMENTS {
                tx.query(&sql, &[workspace.into()]).await.map_err(failed)?;
            }
            figure.note(processor_time(process)? - started, began.elapsed());
        }
        Ok(figure)
    })
}

impl Figure {
    fn note(&mut self, processor: f64, wall: Duration) {
        self.processor = self.processor.min(processor / f64::from(STATEMENTS));
        self.wall = self.wall.min(wall.as_secs_f64() / f64::from(STATEMENTS));
    }
}
