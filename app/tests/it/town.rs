//! A house on a database of its own, the people who signed up for it, and the links in their mails.

use std::sync::Arc;

use hallpass_app::account::SignUp;
use hallpass_app::hasher::Cost;
use hallpass_app::outside::SystemChance;
use hallpass_app::secret::Token;
use hallpass_app::session::Origin;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{Caller, House, Rules};
use hallpass_domain::id::{InvitationId, WorkspaceId};
use hallpass_store::{Db, Options};
use hallpass_testkit::{Ground, ToldClock};

/// The password of everybody.
const PASSWORD: &str = "correct horse battery";

/// A house with its database.
pub(crate) struct Town {
    pub(crate) house: House,
    /// Dropped last.
    _ground: Ground,
}

impl Town {
    pub(crate) async fn on(ground: Ground) -> Town {
        let options = Options { connections: 12 };
        let db = Db::open(&ground.location(), &options).await.expect("the database opens");
        Town { house: house(db), _ground: ground }
    }

    /// Another house on the same database: a second process beside the first.
    pub(crate) fn beside(&self) -> House {
        house(self.house.db().clone())
    }

    /// Somebody who signs up.
    pub(crate) async fn sign_up(&self, email: &str) -> Caller {
        let ask = SignUp {
            email: email.to_owned(),
            password: PASSWORD.to_owned(),
            first_name: "Anna".to_owned(),
            last_name: String::new(),
        };
        let (_, token) = self.house.sign_up(&ask, &Origin::default()).await.unwrap();
        self.house.caller(&token, "request").await.unwrap().unwrap()
    }

    /// A workspace of a blueprint, founded by somebody.
    pub(crate) async fn found(
        &self,
        founder: &Caller,
        blueprint: &str,
        slug: &str,
    ) -> WorkspaceId {
        let ask = NewWorkspace {
            name: slug.to_owned(),
            slug: slug.to_owned(),
            blueprint: Some(blueprint.to_owned()),
            blueprint_text: None,
        };
        self.house.create_workspace(founder, &ask).await.unwrap().id
    }

    /// The link of an invitation, as its last mail has it.
    pub(crate) async fn link(&self, invitation: InvitationId) -> Token {
        let mut tx = self.house.db().read().await.unwrap();
        let sql = "SELECT letter FROM mails WHERE about = ?1 ORDER BY id";
        let rows = tx.query(sql, &[invitation.to_string().into()]).await.unwrap();
        let letter = rows.last().expect("a mail").text(0).unwrap();
        let letter: serde_json::Value = serde_json::from_str(letter).unwrap();
        Token::brought(letter["token"].as_str().expect("a link"))
    }
}

fn house(db: Db) -> House {
    let (clock, chance) = (Arc::new(ToldClock::default()), Arc::new(SystemChance::default()));
    House::with(db, Rules::default(), clock, chance, Cost::Cheap).expect("a house")
}
