//! Records are made while all of an owner's are reassigned: none is lost, and the counters say what
//! there is.

use hallpass_app::naming::OwnerRef;
use hallpass_app::record::change::NewRecord;
use hallpass_app::record::reassignment::{self, Reassignment};
use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, RecordId, WorkspaceId};
use hallpass_domain::record::{Owner, Record};
use hallpass_store::Value;
use serde_json::{Map, json};
use uuid::Uuid;

use super::arena::{Database, Race, RaceWorkspace, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::test_size::either;

const ENTITY: &str = "contacts";

/// More than so many are in the way of the next race.
const MOST: i64 = 12;

async fn make(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    owner: MemberId,
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    let fields = Map::from_iter([("name".to_owned(), json!("Contact"))]);
    let ask = NewRecord { fields, owner: Some(OwnerRef::Member(owner)), stage: None };
    ctx.records().create(ENTITY, &ask).await.map(|_| 1)
}

async fn reassign(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    (from, to): (MemberId, MemberId),
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    let (from, to) = (OwnerRef::Member(from), OwnerRef::Member(to));
    let ask = Reassignment { from, to, entities: Some(vec![ENTITY.to_owned()]), records: None };
    let reassignment::Reassigned::Done(moved) = ctx.records().reassign(&ask).await? else {
        panic!("a race has few records");
    };
    Ok(moved.moved.iter().map(|(_, n)| n).sum())
}

const COUNTER: &str = "UPDATE record_counts SET n = ?4, open_n = ?4 WHERE workspace_id = ?1 \
                       AND entity = ?2 AND owner_id = ?3";

async fn counter(bare: &Bare, owner: MemberId) -> i64 {
    let sql = "SELECT coalesce(sum(n), 0) FROM record_counts WHERE workspace_id = ?1 \
               AND entity = ?2 AND owner_id = ?3";
    let values = [ENTITY.into(), owner.into()];
    let mut tx = bare.read().await;
    let rows = tx.query(&format!("SELECT CAST(({sql}) AS BIGINT)"), &values).await.unwrap();
    rows[0].int(0).unwrap()
}

fn counted(owner: MemberId, n: i64) -> (String, Vec<Value>) {
    (COUNTER.to_owned(), vec![ENTITY.into(), owner.into(), n.into()])
}

async fn make_bare(bare: Bare, like: Record, owner: MemberId) -> Result<i64, Error> {
    let n = counter(&bare, owner).await;
    let mut tx = bare.app.db().write_in(bare.workspace.0).await?.expect("the workspace");
    let (id, owner_of) = (RecordId(Uuid::now_v7()), Owner::Member(owner));
    tx.records().insert(&Record { id, owner: owner_of, ..like }).await?;
    let (sql, values) = counted(owner, n + 1);
    tx.execute(&sql, &values).await?;
    tx.commit().await?;
    Ok(1)
}

async fn reassign_bare(bare: Bare, from: MemberId, to: MemberId) -> Result<i64, Error> {
    let (had, has) = (counter(&bare, from).await, counter(&bare, to).await);
    let sql = "UPDATE records SET owner_id = ?4 WHERE workspace_id = ?1 AND entity = ?2 \
               AND owner_id = ?3";
    let moved = (sql.to_owned(), vec![ENTITY.into(), from.into(), to.into()]);
    bare.write(&[moved, counted(from, 0), counted(to, has + had)]).await?;
    Ok(had)
}

/// What Ben has goes to Cleo, or back, while both get more.
struct Reassigned {
    made: i64,
    is_back: bool,
    like: Option<Record>,
}

impl Reassigned {
    async fn begin_anew(&mut self, race_workspace: &RaceWorkspace) {
        for table in ["records", "record_counts", "record_sums", "record_totals", "timeline"] {
            let sql = format!("DELETE FROM {table} WHERE workspace_id = ?1");
            race_workspace.put_back(&[], &[(&sql, &[])]).await;
        }
        self.made = 0;
        // Both have counters from the beginning, which a control only sets.
        for place in [1, 2] {
            let (app, anna) =
                (race_workspace.app().clone(), race_workspace.people[0].principal.clone());
            let owner = race_workspace.people[place].member;
            self.made += make(app, anna, race_workspace.workspace, owner).await.unwrap();
        }
    }
}

impl Race for Reassigned {
    const BLUEPRINT: &'static str = "standard";
    const ROLES: &'static [&'static str] = &["member", "member"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        self.begin_anew(race_workspace).await;
        let reach = hallpass_store::record::Reach::All;
        let sql = "SELECT id FROM records WHERE workspace_id = ?1";
        let mut tx = race_workspace.read().await;
        let id = tx.query(sql, &[]).await.unwrap()[0].id(0).unwrap();
        self.like = tx.records().find(ENTITY, RecordId(id)).await.unwrap();
        assert_eq!(tx.records().total(ENTITY, &reach).await.unwrap(), self.made);
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        if self.made > MOST {
            self.begin_anew(race_workspace).await;
        }
        self.is_back = !self.is_back;
        let [anna, ben, cleo] = [0, 1, 2].map(|place| race_workspace.people[place].clone());
        let (from, to) = if self.is_back { (&cleo, &ben) } else { (&ben, &cleo) };
        let (made, moved) = match race_workspace.way {
            Way::App => {
                let (app, place) = (race_workspace.app().clone(), race_workspace.workspace);
                both(
                    make(app.clone(), from.principal.clone(), place, from.member),
                    reassign(app, anna.principal.clone(), place, (from.member, to.member)),
                )
                .await
            }
            Way::Bare => {
                let like = self.like.clone().expect("a record");
                both(
                    make_bare(Bare::of(race_workspace, from), like, from.member),
                    reassign_bare(Bare::of(race_workspace, &anna), from.member, to.member),
                )
                .await
            }
        };
        self.made += 1;
        let rows = "SELECT count(*) FROM records WHERE workspace_id = ?1 AND owner_id = ?2";
        let counter = "SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM record_counts \
                       WHERE workspace_id = ?1 AND owner_id = ?2";
        let (mut there, mut told) = (Vec::new(), Vec::new());
        for owner in [ben.member, cleo.member] {
            there.push(race_workspace.count(rows, &[owner.into()]).await);
            told.push(race_workspace.count(counter, &[owner.into()]).await);
        }
        let all: i64 = there.iter().sum();
        let is_right = there == told && all == self.made && made.is_done() && moved.is_done();
        if !is_right {
            self.made = MOST + 1;
        }
        (!is_right)
            .then(|| format!("{there:?} records, counted as {told:?}: {made:?}, {moved:?}"))
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(500, 20_000);
    let start = || Reassigned { made: 0, is_back: false, like: None };
    run("reassignment while records are made", 47, (database, way), rounds, start).await
}

super::arena::races! {
    race: no_record_is_lost_while_its_owner_changes,
    without_the_workspace_held_counters_tell_of_other_records
}
