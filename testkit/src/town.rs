//! A town: one house with its database, its clock and its mails.

use std::sync::Arc;

use axum::Router;
use hallpass_app::hasher::Cost;
use hallpass_app::outside::SystemChance;
use hallpass_app::{House, Rules};
use hallpass_domain::time::Span;
use hallpass_store::Value as Bound;
use hallpass_web::Web;
use hallpass_web::state::Manner;
use serde_json::{Value, json};

use crate::clock::ToldClock;
use crate::ground::Ground;
use crate::office::Office;
use crate::person::Person;

/// The password of everybody.
pub const PASSWORD: &str = "correct horse battery";

/// One house with its database, its clock and its mails.
pub struct Town {
    /// The use cases.
    pub house: House,
    /// The real router.
    pub router: Router,
    /// The clock.
    pub clock: Arc<ToldClock>,
    /// What it stands on. Dropped last.
    pub ground: Ground,
}

impl Town {
    /// On a database in memory.
    pub async fn in_memory() -> Town {
        Town::on(Ground::Memory, Rules::default()).await
    }

    /// On a file.
    pub async fn on_file() -> Town {
        Town::on(Ground::folder(), Rules::default()).await
    }

    /// On PostgreSQL.
    pub async fn on_postgres() -> Town {
        Town::on(Ground::server().await, Rules::default()).await
    }

    /// In memory, with rules of the operator.
    pub async fn ruled(rules: Rules) -> Town {
        Town::on(Ground::Memory, rules).await
    }

    /// On some ground, with rules of the operator.
    pub async fn on(ground: Ground, rules: Rules) -> Town {
        let db = ground.open().await;
        let clock = Arc::new(ToldClock::default());
        let chance = Arc::new(SystemChance::default());
        let house =
            House::with(db, rules, Arc::<ToldClock>::clone(&clock), chance, Cost::Cheap)
                .expect("a house");
        let router = hallpass_web::router(Web::new(house.clone(), Manner::default()));
        Town { house, router, clock, ground }
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
    pub async fn found(&self, blueprint: &str) -> Office<'_> {
        self.found_as("anna", blueprint, "acme").await
    }

    /// A workspace of a blueprint with a slug, founded by somebody who signs up for it.
    pub async fn found_as(&self, name: &str, blueprint: &str, slug: &str) -> Office<'_> {
        let founder = self.sign_up(name).await;
        self.found_by(&founder, blueprint, slug).await
    }

    /// A workspace of a blueprint with a slug, founded by somebody.
    pub async fn found_by(&self, founder: &Person, blueprint: &str, slug: &str) -> Office<'_> {
        let body = json!({"name": capital(slug), "slug": slug, "blueprint": blueprint});
        let _ = founder.post("/api/v1/workspaces", body).await.expect(201);
        let founder = founder.at(slug).await;
        Office {
            town: self,
            blueprint: blueprint.to_owned(),
            slug: slug.to_owned(),
            anna: founder,
        }
    }

    /// Every mail that was written, the last one last: to whom, and what.
    pub async fn mails(&self) -> Vec<(String, Value)> {
        let mut tx = self.house.db().read().await.expect("a database");
        let sql = "SELECT recipient, letter FROM mails WHERE letter IS NOT NULL ORDER BY id";
        let none: [Bound; 0] = [];
        let rows = tx.query(sql, &none).await.expect("mails");
        let mail = |row: &hallpass_store::Row| {
            let letter = serde_json::from_str(row.text(1).expect("a letter")).expect("JSON");
            (row.text(0).expect("a recipient").to_owned(), letter)
        };
        rows.iter().map(mail).collect()
    }

    /// The token in the last mail of a kind to somebody.
    pub async fn last_token(&self, kind: &str, email: &str) -> String {
        let mails = self.mails().await;
        let found = mails
            .iter()
            .rev()
            .find(|(to, letter)| to == email && letter["kind"] == kind)
            .and_then(|(_, letter)| letter["token"].as_str());
        found.unwrap_or_else(|| panic!("no {kind} to {email} in {mails:?}")).to_owned()
    }
}

/// `anna` as a name.
pub(crate) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}
