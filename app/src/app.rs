//! The shared state of the application: what every use case needs, in one place.
//!
//! Long because each part has an accessor with its promise.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use hallpass_domain::billing::subscription::Payment;
use hallpass_domain::id::{MailId, WorkspaceId};
pub use hallpass_domain::plan::Plan;
use hallpass_domain::refusal::Refusal;
use hallpass_domain::time::Timestamp;
use hallpass_sso::http::Client;
pub use hallpass_sso::http::Network;
use hallpass_sso::oidc::{GOOGLE, MICROSOFT};
use hallpass_store::Db;
use hallpass_store::secret::HEAD;
use hallpass_store::share::Shares;
use tokio::sync::Notify;
use uuid::Uuid;

use crate::admission::cache::AdmissionCache;
use crate::bulk_job::pace::BulkPace;
use crate::compute::Computations;
use crate::environment::{Clock, Ids, RandomSource, SystemClock, SystemRandom};
use crate::error::Error;
use crate::export::place::places;
use crate::hasher::{HashCost, Hasher};
use crate::idempotency::count::KeyCounts;
use crate::job::log::JobLog;
use crate::passkey::relying_party::RelyingParty;
use crate::presence::log::PresenceLog;
use crate::provider_cache::ProviderCache;
use crate::readiness::{NotReady, Readiness};
use crate::secret::Token;
use crate::secret::keyring::{KeySource, Keyring, SecretKey};
use crate::snapshot::{SnapshotUsage, Snapshots};
use crate::text_record::{NoTextRecords, TextRecords};

mod handles;

/// The operator's settings for the whole server.
#[derive(Clone, PartialEq, Eq)]
pub struct Rules {
    /// The contact that people are given for what only the operator can do.
    pub operator_contact: String,
    /// Whether members may do what their access model reserves for the operator (AMB-HARMONY-1).
    pub opens_self_serve: bool,
    /// The plans on sale, the smallest first.
    pub plans: Vec<Plan>,
    /// The secret with which Stripe signs its events; without one the webhook does not exist.
    pub stripe_secret: Option<String>,
    /// Where a customer changes plan and card: the URL of a billing portal.
    pub billing_portal: Option<String>,
    /// The cost of a password hash.
    pub password_hash: HashCost,
    /// The keys that encrypt stored secrets, the current one first.
    pub secret_keys: Vec<SecretKey>,
    /// The URL at which clients reach the server; identity providers send browsers back there.
    pub base_url: String,
    /// How identity providers are reached.
    pub providers: ProviderRules,
    /// The memory for compiled workspaces, in bytes.
    pub snapshot_memory: u64,
    /// Who may bring an access model of their own.
    pub own_blueprints: OwnBlueprints,
}

/// Who may bring an access model of their own, beside the shipped ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OwnBlueprints {
    /// Each user who creates a workspace, and each member who may replace its access model.
    #[default]
    Everybody,
    /// An operator only.
    Operators,
    /// No one: only those that ship are used.
    None,
}

/// The memory for compiled workspaces where no other is set, in bytes.
pub const SNAPSHOT_MEMORY: u64 = 256 << 20;

/// How identity providers are reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderRules {
    /// Where requests may go.
    pub network: Network,
    /// The issuer of Google.
    pub google: String,
    /// The authority of Microsoft, which national clouds have of their own.
    pub microsoft: String,
}

impl Default for ProviderRules {
    fn default() -> ProviderRules {
        ProviderRules {
            network: Network::Public,
            google: GOOGLE.to_owned(),
            microsoft: MICROSOFT.to_owned(),
        }
    }
}

impl Rules {
    /// The secret with which Stripe signs; none where it is not connected.
    #[must_use]
    pub fn stripe_secret(&self) -> Option<&str> {
        self.stripe_secret.as_deref().filter(|secret| !secret.is_empty())
    }

    /// Who decides what is paid.
    #[must_use]
    pub fn payment(&self) -> Payment<'_> {
        match self.stripe_secret() {
            Some(_) => Payment::ByProvider { portal: self.billing_portal.as_deref() },
            None => Payment::Unchecked,
        }
    }
}

/// Hides the secret.
impl fmt::Debug for Rules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rules {
            operator_contact,
            opens_self_serve,
            plans,
            stripe_secret,
            billing_portal,
            password_hash,
            secret_keys,
            base_url,
            providers,
            snapshot_memory,
            own_blueprints,
        } = self;
        f.debug_struct("Rules")
            .field("operator_contact", operator_contact)
            .field("opens_self_serve", opens_self_serve)
            .field("plans", plans)
            .field("stripe_secret", &stripe_secret.as_ref().map(|_| "***"))
            .field("billing_portal", billing_portal)
            .field("password_hash", password_hash)
            .field("secret_keys", secret_keys)
            .field("base_url", base_url)
            .field("providers", providers)
            .field("snapshot_memory", snapshot_memory)
            .field("own_blueprints", own_blueprints)
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
            billing_portal: None,
            password_hash: HashCost::USUAL,
            secret_keys: Vec::new(),
            base_url: "http://localhost:8080".to_owned(),
            providers: ProviderRules::default(),
            snapshot_memory: SNAPSHOT_MEMORY,
            own_blueprints: OwnBlueprints::default(),
        }
    }
}

/// The shared state. A clone shares it.
#[derive(Clone)]
pub struct App(Arc<dyn State>);

/// The shared state as its trait object: each future that holds it is known to be `Send` without a look into all of
/// its parts, which took the compiler most of its time.
trait State: Send + Sync {
    fn parts(&self) -> &AppInner;
}

impl State for AppInner {
    fn parts(&self) -> &AppInner {
        self
    }
}

struct AppInner {
    db: Db,
    clock: Arc<dyn Clock>,
    random: Arc<dyn RandomSource>,
    ids: Ids,
    hasher: Hasher,
    keyring: Keyring,
    /// None where browsers make no passkeys for the address of the server.
    relying_party: Option<RelyingParty>,
    snapshots: Snapshots,
    admissions: AdmissionCache,
    rules: Rules,
    /// Notified of each mail that is queued.
    mail_queued: Notify,
    jobs: JobLog,
    started_at: Timestamp,
    /// The DNS; without it, no domain is proven by a record.
    text_records: OnceLock<Arc<dyn TextRecords>>,
    providers: ProviderCache,
    /// The mails that this process has leased.
    leased_mails: Mutex<BTreeSet<MailId>>,
    presence: PresenceLog,
    readiness: Readiness,
    computations: Computations,
    exports: Arc<Shares<WorkspaceId>>,
    key_counts: KeyCounts,
    bulk_pace: BulkPace,
}

impl App {
    fn parts(&self) -> &AppInner {
        self.0.parts()
    }

    /// Creates the state on a database, with the clock and the random source of the machine. `Broken`
    /// when passwords cannot be hashed.
    pub fn new(db: Db, rules: Rules) -> Result<App, Error> {
        let random = Arc::new(SystemRandom::default());
        let cost = rules.password_hash;
        App::with(db, rules, Arc::new(SystemClock), random, cost)
    }

    /// Creates the state with a given clock and random source.
    pub fn with(
        db: Db,
        rules: Rules,
        clock: Arc<dyn Clock>,
        random: Arc<dyn RandomSource>,
        cost: HashCost,
    ) -> Result<App, Error> {
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let hasher = Hasher::new(threads, cost, &*random)?;
        let keyring = Keyring::new(&rules.secret_keys)?;
        let inner = AppInner {
            started_at: clock.now(),
            relying_party: RelyingParty::at(&rules.base_url),
            snapshots: Snapshots::new(rules.snapshot_memory),
            admissions: AdmissionCache::default(),
            db,
            clock,
            random,
            ids: Ids::default(),
            hasher,
            keyring,
            rules,
            mail_queued: Notify::new(),
            jobs: JobLog::default(),
            text_records: OnceLock::new(),
            providers: ProviderCache::default(),
            leased_mails: Mutex::default(),
            presence: PresenceLog::default(),
            readiness: Readiness::default(),
            computations: Computations::default(),
            exports: places(),
            key_counts: KeyCounts::default(),
            bulk_pace: BulkPace::default(),
        };
        Ok(App(Arc::new(inner)))
    }

    /// A random key for a form, by which the form does nothing twice.
    #[must_use]
    pub fn form_key(&self) -> String {
        Token::new(self.random()).expose().to_owned()
    }

    /// The current time.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts().clock.now()
    }

    /// The operator's settings.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.parts().rules
    }

    /// The database, for jobs that belong to no member.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.parts().db
    }

    /// Checks that the database answers and takes a write. Requests that come soon after each other get the
    /// same answer.
    pub async fn is_ready(&self) -> Result<(), NotReady> {
        self.parts().readiness.check(self.db(), self.now()).await
    }

    pub(crate) fn key_counts(&self) -> &KeyCounts {
        &self.parts().key_counts
    }

    pub(crate) fn computations(&self) -> &Computations {
        &self.parts().computations
    }

    pub(crate) fn exports_at_once(&self) -> &Arc<Shares<WorkspaceId>> {
        &self.parts().exports
    }

    pub(crate) fn presence_log(&self) -> &PresenceLog {
        &self.parts().presence
    }

    /// What the cache of snapshots takes.
    #[must_use]
    pub fn snapshot_usage(&self) -> SnapshotUsage {
        self.parts().snapshots.usage()
    }

    /// The last runs of the background jobs of this process.
    #[must_use]
    pub fn jobs(&self) -> &JobLog {
        &self.parts().jobs
    }

    /// Sets the DNS, once.
    pub fn use_text_records(&self, records: Arc<dyn TextRecords>) {
        let _ = self.parts().text_records.set(records);
    }

    pub(crate) fn text_records(&self) -> &dyn TextRecords {
        self.parts().text_records.get().map_or(&NoTextRecords, |records| &**records)
    }

    /// Makes requests to identity providers.
    pub(crate) fn provider_client(&self) -> Result<Client, Error> {
        Client::new(self.rules().providers.network).map_err(|e| Error::broken(e.to_string()))
    }

    pub(crate) fn providers(&self) -> &ProviderCache {
        &self.parts().providers
    }

    /// When this process started.
    #[must_use]
    pub fn started_at(&self) -> Timestamp {
        self.parts().started_at
    }

    /// Makes an id for a request.
    #[must_use]
    pub fn request_id(&self) -> String {
        format!("req_{}", self.id::<Uuid>().as_simple())
    }

    pub(crate) fn leased_mails(&self) -> MutexGuard<'_, BTreeSet<MailId>> {
        self.parts().leased_mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn mail_queued(&self) -> &Notify {
        &self.parts().mail_queued
    }

    /// How large the batches of bulk jobs are, and how long others have the writer between them.
    pub(crate) fn bulk_pace(&self) -> &BulkPace {
        &self.parts().bulk_pace
    }

    pub(crate) fn random(&self) -> &dyn RandomSource {
        &*self.parts().random
    }

    /// Hashes and verifies passwords.
    #[must_use]
    pub fn hasher(&self) -> &Hasher {
        &self.parts().hasher
    }

    /// Encrypts a secret to store it; see [`Keyring::seal`].
    pub fn seal(&self, about: (&str, &[u8]), plain: &[u8]) -> Result<Vec<u8>, Error> {
        self.parts().keyring.seal(about, plain, self.random())
    }

    /// Decrypts a stored secret; see [`Keyring::open`].
    pub fn unseal(&self, about: (&str, &[u8]), sealed: &[u8]) -> Result<Vec<u8>, Error> {
        self.parts().keyring.open(about, sealed)
    }

    /// Sets where the keys are kept, so that this process learns of a new one.
    pub fn use_key_source(&self, source: Arc<dyn KeySource>) {
        self.parts().keyring.use_source(source);
    }

    pub(crate) fn key_heads(&self) -> Result<Vec<[u8; HEAD]>, Error> {
        self.parts().keyring.heads()
    }

    /// Whether browsers make passkeys for the address of the server.
    #[must_use]
    pub fn has_passkeys(&self) -> bool {
        self.parts().relying_party.is_some()
    }

    pub(crate) fn relying_party(&self) -> Result<&RelyingParty, Refusal> {
        self.parts().relying_party.as_ref().ok_or(Refusal::NoPasskeys)
    }

    pub(crate) fn admission_cache(&self) -> &AdmissionCache {
        &self.parts().admissions
    }

    pub(crate) fn snapshots(&self) -> &Snapshots {
        &self.parts().snapshots
    }

    /// Makes sure that ids go on from the highest one in the database, also when the clock went back.
    pub async fn continue_ids(&self) -> Result<(), Error> {
        if let Some(highest) = self.db().read().await?.highest_id().await? {
            self.parts().ids.continue_after(highest);
        }
        Ok(())
    }

    /// Makes a new id of any noun.
    pub(crate) fn id<T: From<Uuid>>(&self) -> T {
        self.parts().ids.next(self.now(), self.random()).into()
    }
}
