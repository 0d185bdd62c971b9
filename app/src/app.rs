//! The house: what every use case needs, in one place.

use std::fmt;
use std::sync::Arc;

use hallpass_domain::email::Email;
use hallpass_domain::id::{MailId, WorkspaceId};
use hallpass_domain::mail_template::MailTemplate;
pub use hallpass_domain::plan::Plan;
use hallpass_domain::time::Timestamp;
use hallpass_store::mail::QueuedMail;
use hallpass_store::{Db, Tx};
use tokio::sync::Notify;
use uuid::Uuid;

use crate::environment::{Clock, Ids, RandomSource, SystemClock, SystemRandom};
use crate::error::Error;
use crate::hasher::{HashCost, Hasher};
use crate::snapshot::Snapshots;

/// What the operator decides about the whole server.
#[derive(Clone, PartialEq, Eq)]
pub struct Rules {
    /// Whom people are told to ask for what only the operator does.
    pub operator_contact: String,
    /// Whether members may do what their access model keeps for the operator (AMB-HARMONY-1).
    pub opens_self_serve: bool,
    /// The plans, the smallest first.
    pub plans: Vec<Plan>,
    /// The secret that Stripe signs its messages with; without one none is taken.
    pub stripe_secret: Option<String>,
}

/// Never the secret.
impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rules { operator_contact, opens_self_serve, plans, stripe_secret } = self;
        f.debug_struct("Rules")
            .field("operator_contact", operator_contact)
            .field("opens_self_serve", opens_self_serve)
            .field("plans", plans)
            .field("stripe_secret", &stripe_secret.as_ref().map(|_| "***"))
            .finish()
    }
}

impl Default for Rules {
    fn default() -> Rules {
        let plan = |key: &str, name: &str, entitlements: &[&str]| Plan {
            key: key.to_owned(),
            name: name.to_owned(),
            entitlements: entitlements.iter().map(|word| (*word).to_owned()).collect(),
        };
        Rules {
            operator_contact: "the operator of this server".to_owned(),
            opens_self_serve: false,
            plans: vec![
                plan("free", "Free", &[]),
                plan("starter", "Starter", &[]),
                plan("agency", "Agency", &["sso"]),
                plan("enterprise", "Enterprise", &[]),
            ],
            stripe_secret: None,
        }
    }
}

/// The house. A clone is the same house.
#[derive(Clone)]
pub struct App(Arc<AppInner>);

struct AppInner {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn RandomSource>,
    ids: Ids,
    hasher: Hasher,
    snapshots: Snapshots,
    rules: Rules,
    /// Told of each mail that is put into the queue.
    mail_waits: Notify,
}

impl App {
    /// A house on a database, with the clock and the chance of the machine.
    ///
    /// # Errors
    ///
    /// `Broken` when passwords cannot be hashed.
    pub fn new(db: Db, rules: Rules) -> Result<App, Error> {
        let random = Arc::new(SystemRandom::default());
        App::with(db, rules, Arc::new(SystemClock), random, HashCost::Usual)
    }

    /// A house with a clock and a chance of one's own.
    ///
    /// # Errors
    ///
    /// As for [`App::new`].
    pub fn with(
        db: Db,
        rules: Rules,
        clock: Arc<dyn Clock>,
        random: Arc<dyn RandomSource>,
        cost: HashCost,
    ) -> Result<App, Error> {
        let places = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let hasher = Hasher::new(places, cost, &*random)?;
        let (ids, snapshots) = (Ids::default(), Snapshots::default());
        let mail_waits = Notify::new();
        let rooms = AppInner { db, clock, random, ids, hasher, snapshots, rules, mail_waits };
        Ok(App(Arc::new(rooms)))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// What the operator decided.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.0.rules
    }

    /// The database, for jobs that belong to no member: sending mails, sweeping.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// `Broken` when it does not.
    pub async fn is_ready(&self) -> Result<(), Error> {
        self.db().read().await?.query("SELECT 1", &[]).await?;
        Ok(())
    }

    /// A name for a request.
    #[must_use]
    pub fn request_id(&self) -> String {
        format!("req_{}", self.id::<Uuid>().as_simple())
    }

    /// Waits until a mail has been put into the queue. Its transaction may not be committed yet.
    pub(crate) async fn mail_waits(&self) {
        self.0.mail_waits.notified().await;
    }

    pub(crate) fn random(&self) -> &dyn RandomSource {
        &*self.0.random
    }

    pub(crate) fn hasher(&self) -> &Hasher {
        &self.0.hasher
    }

    pub(crate) fn snapshots(&self) -> &Snapshots {
        &self.0.snapshots
    }

    /// A new id of whatever noun is wanted.
    pub(crate) fn id<T: From<Uuid>>(&self) -> T {
        self.0.ids.next(self.now(), self.random()).into()
    }

    /// Puts a letter into the queue of mails; it goes out when the transaction is committed.
    pub(crate) async fn post(
        &self,
        tx: &mut Tx,
        to: &Email,
        mail_template: MailTemplate,
        about: Option<(WorkspaceId, String)>,
    ) -> Result<(), Error> {
        let (workspace, about) = about.unzip();
        let mail = QueuedMail {
            id: self.id::<MailId>(),
            workspace,
            about,
            recipient: to.clone(),
            mail_template,
            created_at: self.now(),
        };
        tx.mails().enqueue(&mail).await?;
        self.0.mail_waits.notify_one();
        Ok(())
    }
}
