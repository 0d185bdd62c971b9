//! A server in the process, with its database, clock and mails.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use hallpass_app::app::ProviderRules;
use hallpass_app::environment::{RandomSource, SystemRandom};
use hallpass_app::hasher::HashCost;
use hallpass_app::secret::keyring::SecretKey;
use hallpass_app::{App, Rules};
use hallpass_domain::time::Span;
use hallpass_sso::http::Network;
use hallpass_store::Value as Bound;
use hallpass_web::Web;
use hallpass_web::state::HttpConfig;
use serde_json::{Value, json};

use crate::clock::ManualClock;
use crate::person::Person;
use crate::published_record::PublishedRecords;
use crate::rng::SeededRandom;
use crate::test_database::TestDatabase;

/// The password of every account.
pub const PASSWORD: &str = "correct horse battery";

/// A server in the process, with its database and clock.
pub struct TestServer {
    /// The application.
    pub app: App,
    /// The real router.
    pub router: Router,
    /// The clock.
    pub clock: Arc<ManualClock>,
    /// The database. It is dropped last.
    pub database: TestDatabase,
}

impl TestServer {
    /// A server on SQLite in memory.
    pub async fn in_memory() -> TestServer {
        TestServer::on(TestDatabase::Memory, Rules::default()).await
    }

    /// A server on SQLite in a file.
    pub async fn on_file() -> TestServer {
        TestServer::on(TestDatabase::folder(), Rules::default()).await
    }

    /// A server on PostgreSQL.
    pub async fn on_postgres() -> TestServer {
        TestServer::on(TestDatabase::server().await, Rules::default()).await
    }

    /// A server on SQLite in memory, with rules of the operator.
    pub async fn with_rules(rules: Rules) -> TestServer {
        TestServer::on(TestDatabase::Memory, rules).await
    }

    /// A server on a database, with rules of the operator.
    pub async fn on(database: TestDatabase, rules: Rules) -> TestServer {
        TestServer::with(database, rules, Arc::new(SystemRandom::default())).await
    }

    /// On a database, with random numbers from a seed: the same requests get the same responses.
    pub async fn seeded(database: TestDatabase, rules: Rules, seed: u64) -> TestServer {
        TestServer::with(database, rules, Arc::new(SeededRandom::new(seed))).await
    }

    /// A server on SQLite in memory that hashes passwords at a cost.
    pub async fn with_hash_cost(cost: HashCost) -> TestServer {
        let rng = Arc::new(SystemRandom::default());
        TestServer::build(TestDatabase::Memory, Rules::default(), rng, cost).await
    }

    async fn with(
        database: TestDatabase,
        rules: Rules,
        rng: Arc<dyn RandomSource>,
    ) -> TestServer {
        TestServer::build(database, rules, rng, HashCost::CHEAP).await
    }

    async fn build(
        database: TestDatabase,
        rules: Rules,
        rng: Arc<dyn RandomSource>,
        cost: HashCost,
    ) -> TestServer {
        let db = database.open().await;
        let clock = Arc::new(ManualClock::default());
        let rules = Rules { secret_keys: vec![SecretKey::kept([7; 32])], ..rules };
        // Identity providers of tests are on this machine.
        let is_default = rules.base_url == Rules::default().base_url;
        let base_url =
            if is_default { "https://crm.example.com".to_owned() } else { rules.base_url };
        let providers = ProviderRules { network: Network::Any, ..rules.providers };
        let rules = Rules { base_url: base_url.clone(), providers, ..rules };
        let app = App::with(db, rules, Arc::<ManualClock>::clone(&clock), rng, cost)
            .expect("an application");
        app.use_text_records(Arc::new(PublishedRecords(app.db().clone())));
        let http = HttpConfig { base_url, ..HttpConfig::default() };
        let router = hallpass_console::router(Web::new(app.clone(), http));
        let router = router.layer(from_fn_with_state(app.clone(), store_presence));
        TestServer { app, router, clock, database }
    }

    /// Another process on the same database, with the same clock.
    pub async fn another(&self) -> App {
        let rules = self.app.rules().clone();
        let clock = Arc::<ManualClock>::clone(&self.clock);
        let rng = Arc::new(SystemRandom::default());
        App::with(self.database.open().await, rules, clock, rng, HashCost::CHEAP)
            .expect("an application")
    }

    /// Moves the clock by days.
    pub fn advance_days(&self, n: i64) {
        self.clock.advance(Span::days(n));
    }

    /// Runs the next batch of a bulk job, and returns how many records it has changed.
    pub async fn run_batch(&self) -> Option<i64> {
        self.clock.advance(Span::seconds(3));
        self.app.bulk_work().run_next().await.expect("a batch")
    }

    /// Runs the batches of bulk jobs until none is due, and returns how many records they have changed.
    pub async fn run_batches(&self) -> i64 {
        let mut records = 0;
        while let Some(n) = self.run_batch().await {
            records += n;
        }
        records
    }

    /// A client that has not signed in.
    #[must_use]
    pub fn anonymous(&self) -> Person {
        Person::new(self.router.clone())
    }

    /// A client of this server with the session of a client of another server on the same data.
    #[must_use]
    pub fn with_session_of(&self, person: &Person) -> Person {
        person.in_router(self.router.clone())
    }

    /// A client of another process on the same data, with the session of a client of this server.
    #[must_use]
    pub fn with_session_at(&self, other: App, person: &Person) -> Person {
        let base_url = self.app.rules().base_url.clone();
        let http = HttpConfig { base_url, ..HttpConfig::default() };
        person.in_router(hallpass_console::router(Web::new(other, http)))
    }

    /// Signs up an account and confirms its address: `anna` is `anna@example.com`, Anna.
    pub async fn sign_up(&self, name: &str) -> Person {
        let person = self.sign_up_unconfirmed(name).await;
        let link = self.last_token("confirm_address", &format!("{name}@example.com")).await;
        let path = format!("/api/v1/confirmations/{link}");
        let _ = person.post(&path, json!({})).await.expect(204);
        person
    }

    /// Signs up an account whose address is not confirmed.
    pub async fn sign_up_unconfirmed(&self, name: &str) -> Person {
        let person = self.anonymous();
        let body = json!({
            "email": format!("{name}@example.com"), "password": PASSWORD,
            "first_name": capital(name), "last_name": "",
        });
        let _ = person.post("/api/v1/accounts", body).await.expect(201);
        person
    }

    /// Every queued mail, the latest last: its recipient and its contents.
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

    /// The token in the latest mail of a kind to an address.
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

/// Stores what earlier requests have noted, as a server does a moment later. A storage that fails is no reason
/// for the request to fail.
async fn store_presence(State(app): State<App>, request: Request, next: Next) -> Response {
    let _ = app.presence().store().await;
    next.run(request).await
}

/// A word with a capital first letter.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
