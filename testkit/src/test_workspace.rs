//! A workspace of a test server, to which people are invited.

use std::sync::OnceLock;

use hallpass_domain::id::{RecordId, WorkspaceId};
use hallpass_domain::record::{Owner, Record};
use hallpass_engine::Blueprint;
use hallpass_store::Value as Bound;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::answer::Answer;
use crate::person::Person;
use crate::test_server::{PASSWORD, TestServer, capital};

/// A workspace and its founder.
pub struct TestWorkspace<'t> {
    /// The server.
    pub server: &'t TestServer,
    /// The id of the blueprint.
    pub blueprint: String,
    /// The slug.
    pub slug: String,
    /// The founder, who holds the top role.
    pub anna: Person,
    /// The blueprint, parsed when values for its fields are needed: without optimisation that takes long.
    parsed: OnceLock<Blueprint>,
}

impl TestServer {
    /// Creates the workspace `acme` of a blueprint for Anna, who signs up first.
    pub async fn found(&self, blueprint: &str) -> TestWorkspace<'_> {
        self.found_as("anna", blueprint, "acme").await
    }

    /// Creates a workspace of a blueprint for a new account.
    pub async fn found_as(&self, name: &str, blueprint: &str, slug: &str) -> TestWorkspace<'_> {
        let founder = self.sign_up(name).await;
        self.found_by(&founder, blueprint, slug).await
    }

    /// Creates a workspace of a blueprint for an account.
    pub async fn found_by(
        &self,
        founder: &Person,
        blueprint: &str,
        slug: &str,
    ) -> TestWorkspace<'_> {
        let body = json!({"name": capital(slug), "slug": slug, "blueprint": blueprint});
        let _ = founder.post("/api/v1/workspaces", body).await.expect(201);
        let founder = founder.at(slug).await;
        TestWorkspace::new(self, blueprint, slug, founder)
    }
}

impl<'t> TestWorkspace<'t> {
    /// A workspace that exists already.
    #[must_use]
    pub fn new(server: &'t TestServer, blueprint: &str, slug: &str, anna: Person) -> Self {
        let (blueprint, slug) = (blueprint.to_owned(), slug.to_owned());
        TestWorkspace { server, blueprint, slug, anna, parsed: OnceLock::new() }
    }

    /// Adds a member: the founder invites a person, who accepts with a new account.
    pub async fn join(&self, name: &str, invitation: Value) -> Person {
        self.join_by(&self.anna, name, invitation).await
    }

    /// Adds a member with another inviter.
    pub async fn join_by(&self, inviter: &Person, name: &str, invitation: Value) -> Person {
        let _ = self.invite(inviter, name, invitation).await.expect(201);
        self.accept_as_new(name).await
    }

    /// Invites a person: `ben` is `ben@example.com`.
    pub async fn invite(&self, inviter: &Person, name: &str, invitation: Value) -> Answer {
        let mut invitation = invitation;
        invitation["email"] = json!(format!("{name}@example.com"));
        inviter.post("/invitations", invitation).await
    }

    /// Accepts the latest invitation to a person with a new account.
    pub async fn accept_as_new(&self, name: &str) -> Person {
        let token = self.token(name).await;
        let person = self.server.anonymous();
        let body = json!({"password": PASSWORD, "first_name": capital(name), "last_name": ""});
        let path = format!("/api/v1/invitations/{token}/accept");
        let _ = person.post(&path, body).await.expect(201);
        person.at(&self.slug).await
    }

    /// Accepts the latest invitation to a person with their account.
    pub async fn accept(&self, person: &Person, name: &str) -> Answer {
        let token = self.token(name).await;
        person.post(&format!("/api/v1/invitations/{token}/accept"), json!({})).await
    }

    /// Authenticates a person again by their password, for what needs a recent sign-in.
    pub async fn reauthenticate(&self, person: &Person) {
        let path = "/api/v1/sessions/current/authentications";
        let _ = person.post(path, json!({"password": PASSWORD})).await.expect(200);
    }

    /// The token of the latest invitation to a person.
    pub async fn token(&self, name: &str) -> String {
        self.server.last_token("invitation", &format!("{name}@example.com")).await
    }

    /// Creates a record with every required field.
    pub async fn record(&self, creator: &Person, entity: &str, title: &str) -> String {
        self.record_with(creator, entity, json!({}), title).await
    }

    /// Creates a record with an owner, a stage or other members of the request.
    pub async fn record_with(
        &self,
        creator: &Person,
        entity: &str,
        request: Value,
        title: &str,
    ) -> String {
        let mut request = request;
        if request.get("fields").is_none() {
            request["fields"] = self.fields(entity, title);
        }
        creator.post(&format!("/records/{entity}"), request).await.expect(201).id()
    }

    /// Inserts so many records of an owner, a member's id or `unowned`, directly in the database.
    pub async fn fill(&self, entity: &str, owner: &str, n: usize) -> Vec<String> {
        let app = &self.server.app;
        let id: WorkspaceId = self.anna.get("").await.expect(200).id().parse().expect("an id");
        let owner = owner.parse().map_or(Owner::Unowned, Owner::Member);
        let mut tx = app.db().write_in(id.0).await.expect("a database").expect("a workspace");
        let mut records = Vec::with_capacity(n);
        for number in 0..n {
            let title = format!("Record {number}");
            let fields = self.fields(entity, &title).as_object().cloned().unwrap_or_default();
            records.push(Record {
                id: RecordId(Uuid::now_v7()),
                entity: entity.to_owned(),
                owner,
                title,
                fields,
                stage: None,
                open: number % 3 > 0,
                amount: i64::try_from(number).ok().filter(|number| number % 2 == 0),
                created_by: None,
                created_at: app.now(),
                updated_at: app.now(),
                version: 1,
            });
        }
        tx.records().insert_all(&records).await.expect("new records");
        tx.commit().await.expect("a database");
        records.iter().map(|record| record.id.to_string()).collect()
    }

    /// Values for every required field of a record type.
    #[must_use]
    pub fn fields(&self, entity: &str, title: &str) -> Value {
        let blueprint = self.parsed.get_or_init(|| {
            let text = hallpass_domain::blueprint::find(&self.blueprint);
            Blueprint::parse(text.expect("a shipped blueprint")).expect("it parses")
        });
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
    /// Replaces a passage of the blueprint of the workspace, directly in the database.
    pub async fn edit_blueprint(&self, old: &str, new: &str) {
        let mut tx = self.server.app.db().write().await.expect("a database");
        let slug: [Bound; 1] = [self.slug.as_str().into()];
        let find = "SELECT blueprint_text FROM workspaces WHERE slug = ?1";
        let row = tx.query_one(find, &slug).await.expect("a workspace");
        let text = row.text(0).expect("a text").to_owned();
        let edited = text.replacen(old, new, 1);
        assert_ne!(edited, text, "no `{old}` in the blueprint");
        let hash = Sha256::digest(edited.as_bytes()).to_vec();
        let update = "UPDATE workspaces SET blueprint_text = ?1, blueprint_hash = ?2, \
                       revision = revision + 1 WHERE slug = ?3";
        let values: [Bound; 3] = [edited.into(), hash.into(), self.slug.as_str().into()];
        let n = tx.execute(update, &values).await.expect("a statement of the tests");
        assert_eq!(n, 1, "one workspace is updated");
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
        FieldType::Email => json!("customer@example.com"),
        FieldType::Phone => json!("+41 44 668 18 00"),
        FieldType::Link => json!("https://example.com"),
        FieldType::Choice => json!(field.options.first().map(|option| &option.key)),
        FieldType::Check => json!(true),
    }
}
