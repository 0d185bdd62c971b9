//! A town: one house with its database, its clock and its mails.

use std::sync::Arc;

use axum::Router;
use hallpass_app::environment::SystemRandom;
use hallpass_app::hasher::HashCost;
use hallpass_app::{App, Rules};
use hallpass_domain::time::Span;
use hallpass_store::Value as Bound;
use hallpass_web::Web;
use hallpass_web::state::HttpConfig;
use serde_json::{Value, json};

use crate::clock::ManualClock;
use crate::person::Person;
use crate::test_database::TestDatabase;
use crate::test_workspace::TestWorkspace;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";

/// One house with its database, its clock and its mails.
pub struct TestServer {
    /// The use cases.
    pub app: App,
    /// The real router.
    pub router: Router,
    /// The clock.
    pub clock: Arc<ManualClock>,
    /// What it stands on. Dropped last.
    pub database: TestDatabase,
}

impl TestServer {
    /// On a database in memory.
    pub async fn in_memory() -> TestServer {
        TestServer::on(TestDatabase::Memory, Rules::default()).await
    }

    /// On a file.
    pub async fn on_file() -> TestServer {
        TestServer::on(TestDatabase::folder(), Rules::default()).await
    }

    /// On PostgreSQL.
    pub async fn on_postgres() -> TestServer {
        TestServer::on(TestDatabase::server().await, Rules::default()).await
    }

    /// In memory, with rules of the operator.
    pub async fn ruled(rules: Rules) -> TestServer {
        TestServer::on(TestDatabase::Memory, rules).await
    }

    /// On some ground, with rules of the operator.
    pub async fn on(database: TestDatabase, rules: Rules) -> TestServer {
        let db = database.open().await;
        let clock = Arc::new(ManualClock::default());
        let rng = Arc::new(SystemRandom::default());
        let app = App::with(db, rules, Arc::<ManualClock>::clone(&clock), rng, HashCost::Cheap)
            .expect("a house");
        let router = hallpass_web::router(Web::new(app.clone(), HttpConfig::default()));
        TestServer { app, router, clock, database }
    }

    /// Lets days pass.
    pub fn days(&self, n: i64) {
        self.clock.pass(Span::days(n));
    }

    /// Somebody who has not signed in.
    #[must_use]
    pub fn stranger(&self) -> Person {
        Person::new(self.router.clone())
    }

    /// Somebody of a town that this one is a copy of, with the session that they have there.
    #[must_use]
    pub fn as_there(&self, person: &Person) -> Person {
        person.in_router(self.router.clone())
    }

    /// Somebody who signs up: `anna` is `anna@example.com`, Anna.
    pub async fn sign_up(&self, name: &str) -> Person {
        let person = self.stranger();
        let body = json!({
            "email": format!("{name}@example.com"), "password": PASSWORD,
            "first_name": capital(name), "last_name": "",
        });
        let _ = person.post("/api/v1/accounts", body).await.expect(201);
        person
    }

    /// A workspace of a blueprint, founded by Anna, who signs up for it.
    pub async fn found(&self, blueprint: &str) -> TestWorkspace<'_> {
        self.found_as("anna", blueprint, "acme").await
    }

    /// A workspace of a blueprint with a slug, founded by somebody who signs up for it.
    pub async fn found_as(&self, name: &str, blueprint: &str, slug: &str) -> TestWorkspace<'_> {
        let founder = self.sign_up(name).await;
        self.found_by(&founder, blueprint, slug).await
    }

    /// A workspace of a blueprint with a slug, founded by somebody.
    pub async fn found_by(
        &self,
        founder: &Person,
        blueprint: &str,
        slug: &str,
    ) -> TestWorkspace<'_> {
        let body = json!({"name": capital(slug), "slug": slug, "blueprint": blueprint});
        let _ = founder.post("/api/v1/workspaces", body).await.expect(201);
        let founder = founder.at(slug).await;
        TestWorkspace {
            server: self,
            blueprint: blueprint.to_owned(),
            slug: slug.to_owned(),
            anna: founder,
        }
    }

    /// Every mail that was written, the last one last: to whom, and what.
    pub async fn mails(&self) -> Vec<(String, Value)> {
        let mut tx = self.app.db().read().await.expect("a database");
        let sql = "SELECT recipient, letter FROM mails WHERE letter IS NOT NULL ORDER BY id";
        let none: [Bound; 0] = [];
        let rows = tx.query(sql, &none).await.expect("mails");
        let mail = |row: &hallpass_store::Row| {
            let mail_template =
                serde_json::from_str(row.text(1).expect("a letter")).expect("JSON");
            (row.text(0).expect("a recipient").to_owned(), mail_template)
        };
        rows.iter().map(mail).collect()
    }

    /// The token in the last mail of a kind to somebody.
    pub async fn last_token(&self, kind: &str, email: &str) -> String {
        let mails = self.mails().await;
        let found = mails
            .iter()
            .rev()
            .find(|(to, mail_template)| to == email && mail_template["kind"] == kind)
            .and_then(|(_, mail_template)| mail_template["token"].as_str());
        found.unwrap_or_else(|| panic!("no {kind} to {email} in {mails:?}")).to_owned()
    }
}

/// `anna` as a name.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
