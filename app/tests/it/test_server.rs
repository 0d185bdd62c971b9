//! An app on a database of its own, with sign-up, workspaces and the links in its mails.

use std::sync::Arc;

use hallpass_app::account::SignUp;
use hallpass_app::environment::SystemRandom;
use hallpass_app::hasher::HashCost;
use hallpass_app::origin::Origin;
use hallpass_app::secret::Token;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Principal, Rules};
use hallpass_domain::id::{InvitationId, WorkspaceId};
use hallpass_domain::secret::Secret;
use hallpass_store::{Db, Options};
use hallpass_testkit::{ManualClock, TestDatabase};

/// The password of every account.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// An app with its database.
pub(crate) struct TestServer {
    pub(crate) app: App,
    pub(crate) clock: Arc<ManualClock>,
    /// Dropped last.
    _database: TestDatabase,
}

impl TestServer {
    pub(crate) async fn on(database: TestDatabase) -> TestServer {
        let options = Options { connections: 12, ..Options::default() };
        let db = Db::open(&database.location(), &options).await.expect("the database opens");
        let (app, clock) = app(db);
        TestServer { app, clock, _database: database }
    }

    /// Another app on the same database, like a second process.
    pub(crate) fn beside(&self) -> App {
        self.beside_with_a_clock().0
    }

    /// Another app on the same database, with a clock of its own.
    pub(crate) fn beside_with_a_clock(&self) -> (App, Arc<ManualClock>) {
        app(self.app.db().clone())
    }

    /// Signs an account up and confirms its address.
    pub(crate) async fn sign_up(&self, email: &str) -> Principal {
        let ask = SignUp {
            email: email.to_owned(),
            password: Secret::new(PASSWORD.to_owned()),
            first_name: "Anna".to_owned(),
            last_name: String::new(),
            locale: None,
        };
        let (_, token) = self.app.accounts().sign_up(&ask, &Origin::default()).await.unwrap();
        let principals = self.app.principals();
        let principal = principals
            .find_by_session(&token, (&Origin::default(), "request"))
            .await
            .unwrap()
            .unwrap();
        let link = self.confirmation_link(email).await;
        let confirmed =
            self.app.accounts().confirm_address(Some(&principal), &link, None).await;
        confirmed.unwrap();
        principal
    }

    /// The token in the mail that asks to confirm an address.
    async fn confirmation_link(&self, email: &str) -> Token {
        let mut tx = self.app.db().read().await.unwrap();
        let sql = "SELECT letter FROM mails WHERE recipient = ?1 AND letter LIKE '%confirm_address%' \
             ORDER BY id DESC LIMIT 1";
        let row = tx.query_one(sql, &[email.into()]).await.unwrap();
        let letter: serde_json::Value = serde_json::from_str(row.text(0).unwrap()).unwrap();
        Token::received(letter["token"].as_str().unwrap())
    }

    /// Creates a workspace with a blueprint.
    pub(crate) async fn found(
        &self,
        founder: &Principal,
        blueprint: &str,
        slug: &str,
    ) -> WorkspaceId {
        let ask = NewWorkspace {
            name: slug.to_owned(),
            slug: slug.to_owned(),
            blueprint: Some(blueprint.to_owned()),
            blueprint_text: None,
        };
        self.app.workspaces().create(founder, &ask).await.unwrap().id
    }

    /// Returns the link of an invitation from its last mail.
    pub(crate) async fn link(&self, invitation: InvitationId) -> Token {
        let mut tx = self.app.db().read().await.unwrap();
        let sql = "SELECT letter FROM mails WHERE about = ?1 ORDER BY id";
        let rows = tx.query(sql, &[invitation.to_string().into()]).await.unwrap();
        let mail_template = rows.last().expect("a mail").text(0).unwrap();
        let mail_template: serde_json::Value = serde_json::from_str(mail_template).unwrap();
        Token::received(mail_template["token"].as_str().expect("a link"))
    }
}

fn app(db: Db) -> (App, Arc<ManualClock>) {
    let (clock, rng) = (Arc::new(ManualClock::default()), Arc::new(SystemRandom::default()));
    let app = App::with(db, Rules::default(), clock.clone(), rng, HashCost::CHEAP);
    (app.expect("an app"), clock)
}
