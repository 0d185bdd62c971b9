//! Every kind of request in generated workspaces, for an Admin, a Manager and a member who sees a department: on
//! SQLite, and on PostgreSQL if `HALLPASS_TEST_POSTGRES` names a server.
//!
//! What counts is processor time: of the server, and on PostgreSQL of the connections of the database together with
//! it. Beside it are the same page as a statement without permissions, row-level security of PostgreSQL, and
//! decisions of Cerbos.

mod cerbos;
mod cost;
mod database;
mod index;
mod people;
mod request;
mod statement;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::server::{BINARY, Server};
use cost::Meter;
use database::Database;
use index::Indexes;
use people::{PASSWORD, People};

const SIZES: [u64; 2] = [100_000, 1_000_000];
const LARGEST: u64 = 5_000_000;

const MEMBERS: u64 = 10_000;

/// Measures. `--alone` leaves Cerbos out, `--largest` adds the largest workspace; `--sqlite`, `--members=N` and
/// `--records=N` narrow it to one database, other members and one size.
pub(crate) fn measure(options: &[impl AsRef<str>]) -> Result<(), String> {
    let has = |option: &str| options.iter().any(|one| one.as_ref() == option);
    let number = |option: &str| {
        let given = options.iter().find_map(|one| one.as_ref().strip_prefix(option));
        given
            .map(|given| given.parse::<u64>().map_err(|_| format!("{option}{given}")))
            .transpose()
    };
    let mut sizes: Vec<u64> = match number("--records=")? {
        Some(one) => vec![one],
        None => SIZES.to_vec(),
    };
    if has("--largest") {
        sizes.push(LARGEST);
    }
    let members = number("--members=")?.unwrap_or(MEMBERS);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    println!("the server has {threads} threads; a client sends one request after the other");
    for size in sizes {
        measure_on(&Database::file()?, (size, members))?;
        if has("--sqlite") {
            continue;
        }
        match Database::server()? {
            Some(server) => measure_on(&server, (size, members))?,
            None => {
                println!("(PostgreSQL is not measured: HALLPASS_TEST_POSTGRES is not set)\n");
            }
        }
    }
    if !has("--alone") {
        println!("{}", cerbos::measure()?);
    }
    Ok(())
}

fn measure_on(database: &Database, (size, members): (u64, u64)) -> Result<(), String> {
    let began = Instant::now();
    let indexes = if database.is_server() && size >= LARGEST {
        generate(database, ("first", 100, 10))?;
        Some(Indexes::drop_of(database)?)
    } else {
        None
    };
    generate(database, ("bench", size, members))?;
    if let Some(indexes) = indexes {
        indexes.create(database)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "{}: {size} records of {members} members, generated in {seconds:.1} s",
        database.name()
    );
    let metrics = database::free_address()?;
    let mut flags = vec!["--metrics-listen", metrics.as_str()];
    let location = database.location();
    flags.extend(["--database", &location]);
    let server = Server::start_with(database.folder(), &flags)?;
    let people = People::sign_in(&server, &database.founder())?;
    let meter = Meter { server: &server, metrics: &metrics, database };
    println!("{}", cost::Cost::head());
    for request in request::every(&server, &people)? {
        println!("{}", meter.measure(&request)?);
    }
    drop(server);
    for line in statement::measure(database)? {
        println!("{line}");
    }
    println!();
    Ok(())
}

/// Generates a workspace with most of its records as opportunities, which have stages and amounts, and some of other types.
fn generate(
    database: &Database,
    (slug, size, members): (&str, u64, u64),
) -> Result<(), String> {
    let password = database.folder().join("password");
    std::fs::write(&password, PASSWORD).map_err(|error| error.to_string())?;
    let (tenth, twentieth) = (size / 10, size / 20);
    let most = size - tenth - 2 * twentieth;
    let records = format!(
        "opportunities={most},contacts={tenth},companies={twentieth},tickets={twentieth}"
    );
    let mut command = Command::new(BINARY);
    command.args(["generate", "--slug", slug, "--teams", "200", "--departments", "40"]);
    command.args(["--members", &members.to_string(), "--records", &records, "--password-file"]);
    command.arg(&password).arg("--data").arg(database.folder());
    command.args(["--database", &database.location()]);
    let output = command.output().map_err(|error| format!("`{BINARY}`: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let founder = text.lines().find_map(|line| line.strip_prefix("its founder is "));
    database.remember(founder.ok_or("no founder")?, Path::new("founder"))
}
