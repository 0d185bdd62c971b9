//! An office: a workspace with its founder, into which people come.

use hallpass_store::Value as Bound;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::answer::Answer;
use crate::person::Person;
use crate::test_server::{PASSWORD, TestServer, capital};

/// A workspace with its founder.
pub struct TestWorkspace<'t> {
    /// Where it is.
    pub server: &'t TestServer,
    /// The id of its blueprint.
    pub blueprint: String,
    /// Its slug.
    pub slug: String,
    /// Its founder, who holds the top role.
    pub anna: Person,
}

impl TestWorkspace<'_> {
    /// Somebody who is invited by the founder, and comes with an account of their own.
    pub async fn join(&self, name: &str, invitation: Value) -> Person {
        self.join_by(&self.anna, name, invitation).await
    }

    /// Somebody who is invited by somebody, and comes with an account of their own.
    pub async fn join_by(&self, inviter: &Person, name: &str, invitation: Value) -> Person {
        let _ = self.invite(inviter, name, invitation).await.expect(201);
        self.accept_as_new(name).await
    }

    /// Invites somebody: `ben` is `ben@example.com`.
    pub async fn invite(&self, inviter: &Person, name: &str, invitation: Value) -> Answer {
        let mut invitation = invitation;
        invitation["email"] = json!(format!("{name}@example.com"));
        inviter.post("/invitations", invitation).await
    }

    /// Somebody who takes the link of their last mail, and makes an account.
    pub async fn accept_as_new(&self, name: &str) -> Person {
        let token = self.token(name).await;
        let person = self.server.stranger();
        let body = json!({"password": PASSWORD, "first_name": capital(name), "last_name": ""});
        let path = format!("/api/v1/invitations/{token}/accept");
        let _ = person.post(&path, body).await.expect(201);
        person.at(&self.slug).await
    }

    /// Somebody who has an account takes the link of their last mail.
    pub async fn accept(&self, person: &Person, name: &str) -> Answer {
        let token = self.token(name).await;
        person.post(&format!("/api/v1/invitations/{token}/accept"), json!({})).await
    }

    /// The token of the last invitation to somebody.
    pub async fn token(&self, name: &str) -> String {
        self.server.last_token("invitation", &format!("{name}@example.com")).await
    }

    /// A record of somebody, by default with all that its type asks for.
    pub async fn record(&self, maker: &Person, entity: &str, title: &str) -> String {
        self.record_with(maker, entity, json!({}), title).await
    }

    /// A record of somebody with an owner or a stage of its own.
    pub async fn record_with(
        &self,
        maker: &Person,
        entity: &str,
        ask: Value,
        title: &str,
    ) -> String {
        let mut ask = ask;
        if ask.get("fields").is_none() {
            ask["fields"] = self.fields(entity, title);
        }
        maker.post(&format!("/records/{entity}"), ask).await.expect(201).id()
    }

    /// Values for every required field of a record type of the blueprint.
    #[must_use]
    pub fn fields(&self, entity: &str, title: &str) -> Value {
        let text =
            hallpass_domain::blueprint::find(&self.blueprint).expect("a shipped blueprint");
        let blueprint = hallpass_engine::Blueprint::parse(text).expect("it parses");
        let mut fields = json!({});
        for field in blueprint.resource(entity).map_or(&[][..], |known| &known.fields) {
            if field.required {
                fields[&field.key] = sample(field, title);
            }
        }
        fields
    }
}

impl TestWorkspace<'_> {
    /// Rewrites a passage of the workspace's blueprint, as whoever has the database can.
    pub async fn rewrite(&self, old: &str, new: &str) {
        let mut tx = self.server.app.db().write().await.expect("a database");
        let slug: [Bound; 1] = [self.slug.as_str().into()];
        let find = "SELECT blueprint_text FROM workspaces WHERE slug = ?1";
        let row = tx.query_one(find, &slug).await.expect("a workspace");
        let text = row.text(0).expect("a text").to_owned();
        let edited = text.replacen(old, new, 1);
        assert_ne!(edited, text, "no `{old}` in the blueprint");
        let hash = Sha256::digest(edited.as_bytes()).to_vec();
        let rewrite = "UPDATE workspaces SET blueprint_text = ?1, blueprint_hash = ?2, \
                       revision = revision + 1 WHERE slug = ?3";
        let values: [Bound; 3] = [edited.into(), hash.into(), self.slug.as_str().into()];
        let n = tx.execute(rewrite, &values).await.expect("a statement of the tests");
        assert_eq!(n, 1, "one workspace is rewritten");
        tx.commit().await.expect("a database");
    }
}

fn sample(field: &hallpass_engine::Field, title: &str) -> Value {
    use hallpass_engine::FieldType;
    match field.holds {
        FieldType::Text | FieldType::LongText => json!(title),
        FieldType::Number | FieldType::Money => json!(100),
        FieldType::Date => json!("2026-03-15"),
        FieldType::Time => json!("2026-03-15T12:00:00Z"),
        FieldType::Email => json!("somebody@example.com"),
        FieldType::Phone => json!("+41 44 668 18 00"),
        FieldType::Link => json!("https://example.com"),
        FieldType::Choice => json!(field.options.first()),
        FieldType::Check => json!(true),
    }
}
