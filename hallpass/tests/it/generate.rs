//! `hallpass generate`: a workspace that is as exact as any other, the same for the same seed, on both databases.

use std::collections::BTreeSet;

use hallpass_testkit::TestDatabase;
use serde_json::Value;

use crate::cli;

const SIZE: [&str; 9] = [
    "generate",
    "--members=60",
    "--teams=9",
    "--departments=13",
    "--until=2026-03-15T12:00:00Z",
    "--slug",
    "large",
    "--records",
    "900",
];

/// Runs a command on a database and checks its exit code; what it prints.
fn run(database: &TestDatabase, code: i32, arguments: &[&str]) -> String {
    let location = database.location();
    // The keys of secrets are beside a file, and of a server in a folder of their own.
    let data = match database {
        TestDatabase::Folder(folder) => folder.clone(),
        TestDatabase::Memory | TestDatabase::Server { .. } => {
            let name = location.rsplit('/').next().unwrap_or_default().to_owned();
            std::env::temp_dir().join(name)
        }
    };
    let data = data.to_str().unwrap();
    cli::run(&[arguments, &["--data", data, "--database", &location]].concat(), code)
}

/// The members and records of a workspace, without the random id of its founder.
fn contents(database: &TestDatabase, slug: &str) -> Vec<Value> {
    let text = run(database, 0, &["workspace", "export", slug]);
    let line = |line: &str| -> Value { serde_json::from_str(line).unwrap() };
    let founder = text.lines().map(line).find(|line| {
        line["kind"] == "member"
            && line["email"].as_str().is_some_and(|email| email.contains(".0@"))
    });
    let founder = founder.unwrap()["id"].as_str().unwrap().to_owned();
    let lines = text.lines().filter(|line| !line.contains(&format!("\"id\":\"{founder}\"")));
    let lines = lines.map(|one| line(&one.replace(&founder, "founder")));
    let lines = lines.filter(|line| line["kind"] == "member" || line["kind"] == "record");
    let mut lines: Vec<Value> = lines.collect();
    // Each database has members of the same name in an order of its own.
    lines.sort_by_key(|line| line["id"].to_string());
    lines
}

fn texts<'l>(lines: &'l [Value], kind: &str, key: &str) -> BTreeSet<&'l str> {
    let lines = lines.iter().filter(|line| line["kind"] == kind);
    lines.filter_map(|line| line[key].as_str()).collect()
}

/// The doctor finds nothing, and everything that the sizes say is there.
fn check(database: &TestDatabase) -> Vec<Value> {
    let report = run(database, 0, &["doctor"]);
    assert!(report.contains("ok        counters") && !report.contains("WRONG"), "{report}");
    let lines = contents(database, "large");
    // The founder is left out.
    assert_eq!(lines.iter().filter(|line| line["kind"] == "member").count(), 59);
    assert_eq!(lines.iter().filter(|line| line["kind"] == "record").count(), 900);
    lines
}

#[test]
fn generated_workspace_is_exact_and_the_same_for_the_same_seed() {
    let (one, other) = (TestDatabase::folder(), TestDatabase::folder());

    let told = run(&one, 0, &SIZE);
    assert!(told.contains("generated large with 60 members and 900 records"), "{told}");
    assert!(told.contains("100 %  900 of 900 records"), "{told}");
    let _ = run(&other, 0, &SIZE);

    let lines = check(&one);
    assert_eq!(lines, check(&other));
    // Every kind of what a workspace has is there.
    assert_eq!(texts(&lines, "member", "role").len(), 2);
    assert_eq!(texts(&lines, "member", "visibility").len(), 3);
    assert_eq!(texts(&lines, "record", "entity").len(), 10);
    assert!(texts(&lines, "record", "owner").len() > 20);
    let created = texts(&lines, "record", "created_at");
    assert_eq!(created.len(), 900);
    assert!(created.first().unwrap().starts_with("2022-0"), "{created:?}");
    assert!(created.last().unwrap().starts_with("2026-03-"), "{created:?}");
    // Another seed gives others.
    let (sizes, seed) =
        (SIZE.map(|one| if one == "large" { "second" } else { one }), ["--seed=2"]);
    let _ = run(&one, 0, &[&sizes[..], &seed].concat());
    let second = contents(&one, "second");
    let titles = |lines: &[Value]| texts(lines, "record", "title").len();
    assert!(titles(&[lines.clone(), second].concat()) > titles(&lines) + 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_workspace_is_the_same_on_postgres() {
    let (file, server) = (TestDatabase::folder(), TestDatabase::server().await);

    for database in [&file, &server] {
        let _ = run(database, 0, &SIZE);
    }

    assert_eq!(check(&file), check(&server));
}

#[test]
fn every_access_model_can_be_generated() {
    let database = TestDatabase::folder();
    for model in ["standard", "harmonia", "harmony", "hari", "team-management", "halo"] {
        let sizes = SIZE.map(|one| if one == "large" { model } else { one });

        let _ = run(&database, 0, &[&sizes[..], &["--blueprint", model]].concat());

        // It compiles, and is compared with its own model.
        let compared = run(&database, 0, &["workspace", "blueprint", model, model]);
        assert!(compared.contains("0 members gain or lose access"), "{compared}");
    }
    assert!(run(&database, 0, &["doctor"]).contains("ok        counters"));
}

#[test]
fn numbers_that_are_no_size_are_refused_before_anything_is_written() {
    let database = TestDatabase::folder();
    for (arguments, why) in [
        (["--members", "0"], "0 is not in 1..=200000"),
        (["--members", "200001"], "is not in 1..=200000"),
        (["--teams", "2001"], "is not in 0..=2000"),
        (["--records", "20000001"], "at most 20000000 records"),
        (["--records", "many"], "expected a number, got `many`"),
        (["--records", "contacts=1,contacts=2"], "`contacts` is there twice"),
        (["--records", "contacts=20000000,tickets=1"], "at most 20000000 records"),
        (["--records", "contcts=5"], "no record type `contcts`; there are contacts, companies"),
        (["--until", "yesterday"], "expected a time such as"),
        (["--until", "2999-01-01"], "the time is in the future"),
        (["--blueprint", "sales"], "no file and no access model `sales`"),
        (["--slug", "Not A Slug"], "slug"),
        (["--password-file", "/no/such/file"], "cannot read `/no/such/file`"),
    ] {
        let refused = run(&database, 2, &[&["generate"][..], &arguments].concat());
        assert!(refused.contains(why), "{arguments:?}: {refused}");
    }
    let _ = run(&database, 0, &["generate", "--members", "3", "--records", "contacts=7"]);
    assert!(run(&database, 0, &["workspace", "list"]).contains("generated "));
    let refused = run(&database, 2, &["generate", "--members", "3"]);
    assert!(refused.contains("there is a workspace `generated`"), "{refused}");
    // Its accounts outlast it.
    for arguments in [["delete", "generated"], ["purge", "generated"]] {
        let confirm = ["--confirm", "generated"];
        let _ = run(&database, 0, &[&["workspace"][..], &arguments, &confirm].concat());
    }
    let refused = run(&database, 2, &["generate", "--members", "3"]);
    assert!(refused.contains("exists, from a workspace that was deleted"), "{refused}");
}
