//! A second server on a database: its first right answer after a change of access on the first one, and what it
//! would take to compile the whole workspace. And for how long the replacement of an access model, which was
//! compared before, keeps others from writing.
//!
//! PostgreSQL is measured if `HALLPASS_TEST_POSTGRES` names a server, in a new database.

use std::time::Instant;

use hallpass_app::account::SignUp;
use hallpass_app::blueprint::BlueprintSource;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::RoleRef;
use hallpass_app::origin::Origin;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Principal, Rules};
use hallpass_domain::blueprint;
use hallpass_domain::secret::Secret;
use hallpass_store::{Db, Options};
use tokio::runtime::Runtime;

use crate::fill::{Filling, Setting, fill_in, member_id};
use crate::records::on_postgres;
use crate::table::{self, Gauge};

/// The members of the workspaces.
const SIZES: [u32; 2] = [10_000, 100_000];

/// Changes that are followed.
const CHANGES: u32 = 200;

/// Compilations.
const COMPILATIONS: usize = 5;

const SLUG: &str = "bench";

pub(crate) fn measure() -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let folder = std::env::temp_dir().join(format!("hallpass-bench-{}", std::process::id()));
    for members in SIZES {
        std::fs::create_dir(&folder).map_err(|error| error.to_string())?;
        let file = folder.join("hallpass.db").display().to_string();
        let measured = measure_at(&runtime, "SQLite on a file", &file, members);
        std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
        measured?;
        on_postgres(&runtime, |location| {
            measure_at(&runtime, "PostgreSQL", location, members)
        })?;
    }
    Ok(())
}

fn measure_at(
    runtime: &Runtime,
    engine: &str,
    location: &str,
    members: u32,
) -> Result<(), String> {
    println!("{engine}: a workspace of {members} members");
    let gauges = runtime.block_on(gauges(location, members))?;
    println!("{}", table::render(&gauges));
    Ok(())
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

async fn server(location: &str) -> Result<App, String> {
    let db = Db::open(location, &Options::default()).await.map_err(told)?;
    App::new(db, Rules::default()).map_err(told)
}

/// Signs an account up, and fills a workspace of it.
async fn found(app: &App, location: &str, members: u32) -> Result<Principal, String> {
    let ask = SignUp {
        email: "anna@example.com".to_owned(),
        password: Secret::new("correct horse battery".to_owned()),
        first_name: "Anna".to_owned(),
        last_name: String::new(),
        locale: None,
    };
    let (_, token) = app.accounts().sign_up(&ask, &Origin::default()).await.map_err(told)?;
    let found = app.principals().find_by_session(&token, (&Origin::default(), "bench")).await;
    let anna = found.map_err(told)?.ok_or("the session has ended")?;
    let ask = NewWorkspace {
        name: "Bench".to_owned(),
        slug: SLUG.to_owned(),
        blueprint: Some("standard".to_owned()),
        blueprint_text: None,
    };
    app.workspaces().create(&anna, &ask).await.map_err(told)?;
    let filling = Filling::Counters("contacts");
    let setting = Setting { members, profile: None, department: None, filling };
    fill_in(location, SLUG, &setting).await.map_err(told)?;
    Ok(anna)
}

async fn gauges(location: &str, members: u32) -> Result<Vec<Gauge<'static>>, String> {
    let first = server(location).await?;
    let anna = found(&first, location, members).await?;
    let second = App::new(first.db().clone(), Rules::default()).map_err(told)?;
    enter(&second, &anna).await?;
    let mut times = Vec::new();
    for number in 0..CHANGES {
        let role = if number % 2 == 0 { "manager" } else { "admin" };
        let access =
            AccessChange { role: Some(RoleRef::from(role)), ..AccessChange::default() };
        let member = member_id(number * 7 % members);
        let mut ctx = first.enter_to_write(&anna, SLUG).await.map_err(told)?;
        let changed = ctx.members().update(member, &access.into()).await.map_err(told)?;
        let start = Instant::now();
        let revision = enter(&second, &anna).await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        if revision != ctx.revision() || changed.access.role != role {
            return Err("the second server has another revision".to_owned());
        }
    }
    let followed = median(&mut times);
    if second.snapshot_usage().compilations > 1 {
        return Err("the second server has compiled what it could follow".to_owned());
    }
    let mut times = Vec::new();
    for _ in 0..COMPILATIONS {
        let new = App::new(first.db().clone(), Rules::default()).map_err(told)?;
        let start = Instant::now();
        enter(&new, &anna).await?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let compiled = median(&mut times);
    let (compared, replaced) = replacement(&first, &anna).await?;
    Ok(vec![
        Gauge::known("first answer after a change, followed", (5.0, "ms"), followed),
        Gauge::known("first answer of a new server, compiled", (5_000.0, "ms"), compiled),
        Gauge::known("access model: comparison", (10_000.0, "ms"), compared),
        Gauge::known("access model: replacement, others wait", (300.0, "ms"), replaced),
    ])
}

/// Enters the workspace, and returns its revision.
async fn enter(app: &App, anna: &Principal) -> Result<i64, String> {
    Ok(app.enter(anna, SLUG).await.map_err(told)?.revision())
}

/// The times of a comparison and of the replacement after it, from the lock of the writer to the commit.
async fn replacement(app: &App, anna: &Principal) -> Result<(f64, f64), String> {
    let text = blueprint::find("standard").ok_or("no access model")?;
    let text = text.replacen("id = \"standard\"", "id = \"ours\"", 1);
    let source = BlueprintSource { id: None, text: Some(text) };
    let start = Instant::now();
    let mut ctx = app.enter(anna, SLUG).await.map_err(told)?;
    let comparison = ctx.blueprint().compare(&source, None, 50).await.map_err(told)?;
    let compared = start.elapsed().as_secs_f64() * 1e3;
    drop(ctx);
    let mut ctx = app.enter_to_write(anna, SLUG).await.map_err(told)?;
    let start = Instant::now();
    ctx.blueprint().replace(&source, &comparison.id).await.map_err(told)?;
    Ok((compared, start.elapsed().as_secs_f64() * 1e3))
}

fn median(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}
