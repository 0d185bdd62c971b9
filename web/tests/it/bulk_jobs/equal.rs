//! What a bulk job does equals what one transaction does: records, versions, owners, counters, sums, timelines.

use hallpass_app::naming::OwnerRef;
use hallpass_app::operation::Operator;
use hallpass_app::record::reassignment::{Reassigned, Reassignment};
use hallpass_testkit::test_size::{either, first_seed};
use hallpass_testkit::{Person, Rng, TestServer, TestWorkspace};
use serde_json::json;

use super::{MANY, check_counters};

const TYPES: [&str; 3] = ["contacts", "opportunities", "tickets"];

/// A workspace with random records of two members and of none.
struct Side<'t> {
    workspace: TestWorkspace<'t>,
    members: [Person; 2],
    ids: Vec<String>,
}

impl<'t> Side<'t> {
    async fn found(server: &'t TestServer, names: [&str; 4], sizes: &[[usize; 3]]) -> Side<'t> {
        let [slug, founder, ben, cleo] = names;
        let workspace = server.found_as(founder, "standard", slug).await;
        let ben = workspace.join(ben, json!({"role": "member"})).await;
        let cleo = workspace.join(cleo, json!({"role": "member"})).await;
        let mut ids = Vec::new();
        // The last type first, so that the ids do not grow from one type to the next.
        for (entity, sizes) in TYPES.iter().zip(sizes).rev() {
            for (owner, n) in [&ben.id, &cleo.id, "unowned"].iter().zip(sizes) {
                ids.extend(workspace.fill(entity, owner, *n).await);
            }
        }
        Side { workspace, members: [ben, cleo], ids }
    }

    /// All that is stored of its records, with members and records by their place.
    async fn stored(&self) -> Vec<String> {
        let app = &self.workspace.server.app;
        let id = app.db().read().await.unwrap();
        let mut tx = id.into_workspace_by_slug(&self.workspace.slug).await.unwrap().unwrap();
        let mut all = Vec::new();
        for sql in [
            "SELECT entity AS a, id AS i, owner_id AS o, version AS n FROM records \
             WHERE workspace_id = ?1 ORDER BY entity, id",
            "SELECT 'event' AS a, record_id AS i, actor_id AS o, 0 AS n FROM timeline \
             WHERE workspace_id = ?1 ORDER BY record_id, id",
            "SELECT entity AS a, owner_id AS i, owner_id AS o, n + 1000000 * open_n AS n \
             FROM record_counts WHERE workspace_id = ?1 AND n > 0 ORDER BY entity, n, open_n",
        ] {
            for row in &tx.query(sql, &[]).await.unwrap() {
                let place = |id: uuid::Uuid| {
                    let digits = id.as_simple().to_string();
                    let record = self.ids.iter().position(|one| one.ends_with(&digits));
                    let member = self.members.iter().position(|one| one.id.ends_with(&digits));
                    format!("{record:?} {member:?}")
                };
                let (i, n) = (row.id("i").unwrap(), row.int("n").unwrap());
                let o = if row.is_null("o") {
                    "none".to_owned()
                } else {
                    place(row.id("o").unwrap())
                };
                all.push(format!("{} {} {o} {n}", row.text("a").unwrap(), place(i)));
            }
        }
        all.sort_unstable();
        all
    }

    fn reassignment(
        &self,
        rng_places: Option<&[usize]>,
        types: Option<Vec<String>>,
        back: bool,
    ) -> Reassignment {
        let member = |place: usize| OwnerRef::Member(self.members[place].id.parse().unwrap());
        let records = rng_places.map(|places| {
            places.iter().map(|place| self.ids[*place].parse().unwrap()).collect()
        });
        let (from, to) =
            if back { (member(0), OwnerRef::Unowned) } else { (member(0), member(1)) };
        Reassignment { from, to, entities: types, records }
    }
}

async fn compare(server: TestServer, seed: u64) {
    let mut rng = Rng::new(seed);
    let mut sizes = [[0; 3]; 3];
    for of_type in &mut sizes {
        for n in of_type {
            *n = rng.below(120);
        }
    }
    // The large type is each in turn, and every other job is about listed records.
    sizes[usize::try_from(seed / 2 % 3).unwrap()][0] += MANY;
    let batched = Side::found(&server, ["acme", "anna", "ben", "cleo"], &sizes).await;
    let whole = Side::found(&server, ["other", "eve", "max", "zoe"], &sizes).await;
    assert_eq!(batched.ids.len(), whole.ids.len());
    let listed: Option<Vec<usize>> = seed.is_multiple_of(2).then(|| {
        let every: Vec<usize> = (0..batched.ids.len()).collect();
        rng.some(&every, 95)
    });
    let types = rng.percent(50).then(|| TYPES.map(str::to_owned).to_vec());
    let back = rng.percent(30);

    let ask = batched.reassignment(listed.as_deref(), types.clone(), back);
    let mut body = json!({"from": batched.members[0].id, "entities": ask.entities,
        "to": if back { "unowned" } else { &batched.members[1].id }});
    if let Some(records) = &ask.records {
        body["records"] = json!(records);
    }
    let job = batched.workspace.anna.post("/reassignments", body).await.expect(202).id();
    server.run_batches().await;
    let job = batched.workspace.anna.get(&format!("/bulk-jobs/{job}")).await.expect(200);

    // The operator waits for everything.
    let mut ctx = server.app.enter_as(&Operator::default(), "other").await.unwrap();
    let ask = whole.reassignment(listed.as_deref(), types, back);
    let done = ctx.records().reassign(&ask).await.unwrap();
    let Reassigned::Done(counts) = done else { panic!("an operator waits") };
    drop(ctx);

    assert_eq!(job.text("state"), "done", "{}", job.text);
    for (entity, n) in counts.moved {
        assert_eq!(
            job.body["counts"][&entity].as_i64().unwrap_or(0),
            n,
            "{entity}, seed {seed}"
        );
    }
    // The operator is no member, and the actor of no event.
    let without_actor = |rows: Vec<String>| -> Vec<String> {
        let kept = rows.into_iter().map(|row| match row.strip_prefix("event ") {
            Some(rest) => format!("event {}", rest.split(' ').next().unwrap_or_default()),
            None => row,
        });
        kept.collect()
    };
    let (one, two) =
        (without_actor(batched.stored().await), without_actor(whole.stored().await));
    assert!(one.len() > MANY, "{} rows", one.len());
    assert_eq!(one, two, "seed {seed}");
    check_counters(&server).await;
}

#[tokio::test]
async fn batches_do_what_one_transaction_does() {
    let first = first_seed(33);
    for seed in first..first + u64::try_from(either(4, 60)).unwrap() {
        compare(TestServer::in_memory().await, seed).await;
    }
}

#[tokio::test]
async fn batches_do_what_one_transaction_does_on_postgres() {
    compare(TestServer::on_postgres().await, first_seed(34)).await;
}
