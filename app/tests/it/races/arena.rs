//! Runs races in several workspaces of one database at the same time.

use std::sync::Arc;

use hallpass_app::{App, Error, Principal, WorkspaceContext};
use hallpass_domain::id::{AccountId, MemberId, WorkspaceId};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::refusal::RefusalKind;
use hallpass_domain::session::Session;
use hallpass_domain::session::authentication::{Authentications, Method};
use hallpass_domain::time::{Span, Timestamp};
use hallpass_store::{Value, WorkspaceTx};
use hallpass_testkit::TestDatabase;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::test_server::TestServer;
use hallpass_testkit::Rng;
use hallpass_testkit::test_size::{first_seed, is_long};

/// How many workspaces race at the same time.
const WORKSPACES: usize = 4;

/// The databases on which every race is run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Database {
    File,
    Server,
}

impl Database {
    async fn database(self) -> TestDatabase {
        match self {
            Database::File => TestDatabase::folder(),
            Database::Server => TestDatabase::server().await,
        }
    }
}

/// Whether the race uses the app, or goes without its protection.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
    App,
    Bare,
}

/// A workspace and the people who race in it.
pub(crate) struct RaceWorkspace {
    pub(crate) server: Arc<TestServer>,
    pub(crate) workspace: WorkspaceId,
    pub(crate) people: Vec<Racer>,
    pub(crate) rng: Rng,
    pub(crate) way: Way,
}

/// An account with its member.
#[derive(Clone)]
pub(crate) struct Racer {
    pub(crate) email: String,
    pub(crate) principal: Principal,
    pub(crate) member: MemberId,
}

/// A kind of race.
pub(crate) trait Race: Send + Sync + 'static {
    /// The access model of the workspaces.
    const BLUEPRINT: &'static str;

    /// The roles of the members beside the founder.
    const ROLES: &'static [&'static str];

    /// Prepares what every race of a workspace needs.
    fn prepare(&mut self, _: &mut RaceWorkspace) -> impl Future<Output = ()> + Send {
        async {}
    }

    /// Runs one race and returns what went wrong.
    fn run(
        &mut self,
        race_workspace: &mut RaceWorkspace,
    ) -> impl Future<Output = Option<String>> + Send;
}

/// Runs so many races of a kind on a database.
pub(crate) async fn run<R: Race>(
    name: &str,
    of_test: u64,
    (database, way): (Database, Way),
    rounds: usize,
    race: fn() -> R,
) -> Vec<String> {
    let server = Arc::new(TestServer::on(database.database().await).await);
    if way == Way::Bare {
        drop_constraints(&server.app).await;
    }
    let seed = first_seed(of_test);
    let mut tasks = JoinSet::new();
    for number in 0..WORKSPACES {
        let mut race_workspace =
            RaceWorkspace::new(&server, number, seed, way, (R::BLUEPRINT, R::ROLES)).await;
        let mut race = race();
        race.prepare(&mut race_workspace).await;
        tasks.spawn(async move {
            let (mut ran, mut wrong) = (0, Vec::new());
            for _ in 0..rounds / WORKSPACES {
                ran += 1;
                wrong.extend(race.run(&mut race_workspace).await);
                // One wrong outcome shows what the protection is for; a long run counts them.
                if way == Way::Bare && !wrong.is_empty() && !is_long() {
                    break;
                }
            }
            (ran, wrong)
        });
    }
    let (mut ran, mut wrong) = (0, Vec::new());
    for (races, found) in tasks.join_all().await {
        ran += races;
        wrong.extend(found);
    }
    println!("{name}, {database:?}, {way:?}: {ran} races, {} wrong, seed {seed}", wrong.len());
    wrong
}

/// Drops the unique indexes, which protect as well: a control goes without them too.
async fn drop_constraints(app: &App) {
    let mut tx = app.db().write().await.unwrap();
    for index in ["members_account", "members_contact", "invitations_pending"] {
        tx.execute(&format!("DROP INDEX {index}"), &[]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

impl RaceWorkspace {
    async fn new(
        server: &Arc<TestServer>,
        number: usize,
        seed: u64,
        way: Way,
        (blueprint, roles): (&str, &[&str]),
    ) -> RaceWorkspace {
        let founder = server.sign_up(&format!("anna{number}@example.com")).await;
        let workspace = server.found(&founder, blueprint, &format!("race-{number}")).await;
        let rng = Rng::new(seed ^ (number as u64 + 1));
        let mut race_workspace = RaceWorkspace {
            server: Arc::clone(server),
            workspace,
            people: Vec::new(),
            rng,
            way,
        };
        let member = race_workspace.member_of(founder.person().unwrap()).await.unwrap();
        let email = format!("anna{number}@example.com");
        race_workspace.people.push(Racer { email, principal: founder, member: member.id });
        for (place, role) in roles.iter().enumerate() {
            let racer =
                race_workspace.join(&format!("p{place}-{number}@example.com"), role).await;
            race_workspace.people.push(racer);
        }
        race_workspace
    }

    pub(crate) fn app(&self) -> &App {
        &self.server.app
    }

    /// Adds a new member to the workspace.
    pub(crate) async fn join(&self, email: &str, role: &str) -> Racer {
        let principal = self.server.sign_up(email).await;
        let account = principal.person().unwrap();
        // Before the lock: entering the workspace stores when the member was last seen.
        let blueprint = self.blueprint().await;
        let mut tx = self.write().await;
        let member = Member {
            id: MemberId(Uuid::now_v7()),
            account: Some(account),
            first_name: "Ben".to_owned(),
            last_name: String::new(),
            email: email.to_owned(),
            status: Status::Active,
            access: MemberAccess::new(&blueprint, role),
            alias: None,
            landing: None,
            role_since: Timestamp::from_micros(0),
            role_by: None,
            joined_at: Timestamp::from_micros(0),
            seen_at: None,
            version: 1,
        };
        tx.members().insert(&member).await.unwrap();
        tx.global().accounts().add_workspace(account, self.workspace).await.unwrap();
        end(tx).await;
        Racer { email: email.to_owned(), principal, member: member.id }
    }

    async fn blueprint(&self) -> Arc<hallpass_engine::Blueprint> {
        let ctx = self.app().enter(&self.people[0].principal, &self.name()).await.unwrap();
        Arc::clone(ctx.model().blueprint())
    }

    pub(crate) fn name(&self) -> String {
        self.workspace.to_string()
    }

    pub(crate) async fn enter(&self, racer: &Racer) -> Result<WorkspaceContext, Error> {
        self.app().enter_to_write(&racer.principal, &self.name()).await
    }

    pub(crate) async fn write(&self) -> WorkspaceTx {
        self.app().db().write_in(self.workspace.0).await.unwrap().expect("the workspace")
    }

    pub(crate) async fn read(&self) -> WorkspaceTx {
        self.app().db().read_in(self.workspace.0).await.unwrap().expect("the workspace")
    }

    pub(crate) async fn member_of(&self, account: AccountId) -> Option<Member> {
        self.read().await.members().find_by_account(account).await.unwrap()
    }

    /// All members, active or not.
    pub(crate) async fn members(&self) -> Vec<Member> {
        self.read().await.members().list_all().await.unwrap()
    }

    /// Queries a number.
    pub(crate) async fn count(&self, sql: &str, values: &[Value]) -> i64 {
        self.read().await.query_one(sql, values).await.unwrap().int(0).unwrap()
    }

    /// Restores members to an earlier state, with other statements, in one transaction.
    pub(crate) async fn put_back(&self, members: &[Member], beside: &[(&str, &[Value])]) {
        let mut tx = self.write().await;
        // There is one billing contact at a time.
        let mut members = members.to_vec();
        members.sort_by_key(|member| member.access.is_billing_contact);
        for member in &members {
            let version = tx.members().find(member.id).await.unwrap().unwrap().version;
            let back = Member { version, ..member.clone() };
            assert!(tx.members().update(&back).await.unwrap());
            let sql = "UPDATE accounts SET deleted_at = NULL WHERE id = ?1";
            tx.global().execute(sql, &[member.account.into()]).await.unwrap();
            tx.global()
                .accounts()
                .add_workspace(member.account_or_own_id(), self.workspace)
                .await
                .unwrap();
            let racer = self.people.iter().find(|racer| racer.member == member.id);
            if let Some(racer) = racer {
                sign_in_again(&mut tx, &racer.principal).await;
            }
        }
        for (sql, values) in beside {
            tx.execute(sql, values).await.unwrap();
        }
        end(tx).await;
    }
}

/// Restores a session that ended with its account.
async fn sign_in_again(tx: &mut WorkspaceTx, principal: &Principal) {
    let (account, id) = (principal.person().unwrap(), principal.session().unwrap());
    let mut sessions = tx.global().sessions();
    if !sessions.exists(account, id).await.unwrap() {
        let at = Timestamp::from_micros(0);
        let session = Session {
            id,
            account,
            created_at: at,
            seen_at: at,
            longest_pause: Span(0),
            authentications: Authentications::of(Method::Password, at),
            client: String::new(),
            address: String::new(),
            view: None,
        };
        sessions.insert(id.0.as_bytes(), &session).await.unwrap();
    }
}

async fn end(tx: WorkspaceTx) {
    let mut tx = tx;
    tx.bump_revision().await.unwrap();
    tx.commit().await.unwrap();
}

/// The outcome of one of the two.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    /// It was done; the revision afterwards.
    Done(i64),
    /// It was refused, with the code.
    Refused(String),
}

impl Outcome {
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Outcome::Done(_))
    }
}

/// Converts a result; an internal error fails the test.
pub(crate) fn outcome(result: Result<i64, Error>) -> Outcome {
    match result {
        Ok(revision) => Outcome::Done(revision),
        Err(
            Error::Unconfirmed(why)
            | Error::StorageFull(why)
            | Error::StorageFailing(why)
            | Error::Broken(why),
        ) => panic!("broke: {why}"),
        Err(Error::DryRun) => panic!("ran dry"),
        Err(Error::TooSlow) => panic!("took too long"),
        Err(Error::Refused(refusal)) => {
            assert!(
                refusal.kind() != RefusalKind::Invalid || refusal.code() == "invalid",
                "{refusal}"
            );
            Outcome::Refused(refusal.code().to_owned())
        }
        Err(Error::Denied(denial)) => Outcome::Refused(format!("denied {}", denial.action)),
        Err(Error::Missing { noun }) => Outcome::Refused(format!("no {noun}")),
        Err(Error::NotSignedIn | Error::SecondFactor(_) | Error::StepUp(_)) => {
            Outcome::Refused("not signed in".to_owned())
        }
    }
}

/// Runs both at the same time, on different threads.
pub(crate) async fn both<A, B>(one: A, other: B) -> (Outcome, Outcome)
where
    A: Future<Output = Result<i64, Error>> + Send + 'static,
    B: Future<Output = Result<i64, Error>> + Send + 'static,
{
    let (one, other) = (tokio::spawn(one), tokio::spawn(other));
    (outcome(one.await.unwrap()), outcome(other.await.unwrap()))
}

impl Outcome {
    /// Returns whether it was done, or refused with one of some codes.
    pub(crate) fn is_one_of(&self, codes: &[&str]) -> bool {
        match self {
            Outcome::Done(_) => true,
            Outcome::Refused(word) => codes.contains(&word.as_str()),
        }
    }
}

/// Declares the tests of a race on both databases, each with its control.
macro_rules! races {
    ($race:ident: $holds:ident, $control:ident) => {
        mod file {
            use crate::races::arena::{Database, Way};

            #[tokio::test(flavor = "multi_thread")]
            async fn $holds() {
                let wrong = super::$race(Database::File, Way::App).await;
                assert!(wrong.is_empty(), "{wrong:#?}");
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn $control() {
                assert!(!super::$race(Database::File, Way::Bare).await.is_empty());
            }
        }
        mod server {
            use crate::races::arena::{Database, Way};

            #[tokio::test(flavor = "multi_thread")]
            async fn $holds() {
                let wrong = super::$race(Database::Server, Way::App).await;
                assert!(wrong.is_empty(), "{wrong:#?}");
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn $control() {
                assert!(!super::$race(Database::Server, Way::Bare).await.is_empty());
            }
        }
    };
}

pub(crate) use races;
