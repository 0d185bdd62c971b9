//! A mixed load at 70 % of what the server can do: after the first part of it, memory, open files and the log of
//! SQLite do not grow, and few lines are logged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use hallpass_testkit::TestDatabase;
use hallpass_testkit::test_size::is_long;
use tokio::task::JoinSet;

use super::client::Client;
use crate::cli::folder;
use crate::server::Server;

/// The clients that measure what the server can do, each as fast as it is answered.
const CLIENTS: usize = 8;

/// The most requests of the load that wait for their answers.
const AT_ONCE: usize = 16;

/// The share of it that the load asks for, in percent.
const SHARE: u32 = 70;

/// How often the process is looked at.
const LOOKS: u32 = 50;

/// The looks before the server is warm.
const WARM: usize = 15;

/// What a server may take more than when it was warm: memory in KiB, open files, bytes of the log of SQLite.
const MORE: Usage = Usage { memory: 16 * 1_024, files: 24, wal: 8 << 20 };

/// The most bytes that are logged for a request.
const LOGGED: u64 = 40;

/// What the process takes at a moment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    pub(super) memory: u64,
    files: u64,
    wal: u64,
}

impl Usage {
    pub(super) fn of(pid: u32, wal: &Path) -> Usage {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let memory = memory.trim().trim_end_matches(" kB").parse().unwrap();
        let files = fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count() as u64;
        let wal = fs::metadata(wal).map_or(0, |file| file.len());
        Usage { memory, files, wal }
    }

    fn most(looks: &[Usage]) -> Usage {
        let most = |of: fn(&Usage) -> u64| looks.iter().map(of).max().unwrap_or_default();
        Usage {
            memory: most(|one| one.memory),
            files: most(|one| one.files),
            wal: most(|one| one.wal),
        }
    }

    /// What has grown by more than is allowed since the server was warm.
    fn growth(self, warm: Usage) -> Vec<String> {
        let all = [
            ("memory in KiB", self.memory, warm.memory + warm.memory / 10 + MORE.memory),
            ("open files", self.files, warm.files + MORE.files),
            ("bytes of the log of SQLite", self.wal, warm.wal + MORE.wal),
        ];
        let grown = all.into_iter().filter(|(_, now, most)| now > most);
        grown
            .map(|(what, now, most)| format!("{what}: {now}, and {most} are allowed"))
            .collect()
    }
}

/// How often each kind of request was answered with each status.
type Statuses = Arc<Mutex<BTreeMap<(&'static str, u16), usize>>>;

/// The kinds of requests of a day: the caller, the request, how often of a hundred times, and the expected status.
const KINDS: [(&str, &str, &str, usize, u16); 14] = [
    ("anna", "GET", "/records/contacts?limit=20", 20, 200),
    ("anna", "GET", "/me", 10, 200),
    ("anna", "POST", "/access/check", 20, 200),
    ("anna", "GET", "/records/contacts?q=zoe&limit=20", 6, 200),
    ("anna", "GET", "/members", 6, 200),
    ("anna", "GET", "/roles", 4, 200),
    ("anna", "GET", "/dashboard", 4, 200),
    ("anna", "GET", "/search?q=zoe", 3, 200),
    ("anna", "GET", "/audit?limit=20", 3, 200),
    ("anna", "GET", "page", 8, 200),
    ("anna", "POST", "/records/contacts", 5, 201),
    ("trudy", "POST", "/roles", 5, 403),
    ("anna", "GET", "/records/contacts/con_00000000000000000000000000000000", 3, 404),
    ("trudy", "GET", "/records/contacts?limit=200", 3, 200),
];

/// The people who ask.
#[derive(Clone)]
struct People {
    anna: Client,
    trudy: Client,
}

impl People {
    /// Sends the request of a number: each hundred in a row have every kind as often as it is given.
    async fn ask(&self, number: usize, statuses: &Statuses) {
        // 37 and 100 have no common factor: the kinds are mixed.
        let mut place = number * 37 % 100;
        let kind = KINDS.iter().find(|kind| {
            let is_it = place < kind.3;
            place = place.saturating_sub(kind.3);
            is_it
        });
        let (who, method, path, _, expected) = kind.unwrap();
        let client = if *who == "anna" { &self.anna } else { &self.trudy };
        let answer = match (*method, *path) {
            ("GET", "page") => client.get("/workspace/acme/settings/team").await,
            ("GET", _) => client.get(&format!("/api/v1/workspaces/acme{path}")).await,
            (_, path) => {
                let body = match path {
                    "/access/check" => {
                        r#"{"checks": [{"resource": "contacts", "action": "read"}]}"#
                    }
                    "/roles" => r#"{"name": "Sales", "grants": []}"#,
                    _ => r#"{"fields": {"name": "Zoe"}}"#,
                };
                client.post(&format!("/api/v1/workspaces/acme{path}"), body).await
            }
        };
        if answer.status != *expected {
            *statuses.lock().unwrap().entry((path, answer.status)).or_default() += 1;
        }
    }

    /// How many requests a second the server answers when each client asks again at once.
    async fn capacity(&self, time: Duration) -> u32 {
        let mut running = JoinSet::new();
        for client in 0..CLIENTS {
            let people = self.clone();
            running.spawn(async move {
                let statuses = Statuses::default();
                let mut count = 0;
                let asking = async {
                    loop {
                        people.ask(client + count * CLIENTS, &statuses).await;
                        count += 1;
                    }
                };
                let _: Result<(), _> = tokio::time::timeout(time, asking).await;
                count
            });
        }
        let count: usize = running.join_all().await.into_iter().sum();
        u32::try_from(count).unwrap() / u32::try_from(time.as_secs()).unwrap()
    }

    /// Asks so often a second, whether or not the last requests are answered, and the sooner after a pause of the
    /// machine; how many requests it were.
    async fn load(&self, rate: u32, time: Duration, statuses: &Statuses) -> usize {
        let mut every = tokio::time::interval(Duration::from_secs(1) / rate);
        let mut running = JoinSet::new();
        let mut count = 0;
        #[expect(clippy::disallowed_methods, reason = "the load takes a given time")]
        let began = Instant::now();
        while began.elapsed() < time {
            let _ = every.tick().await;
            let (people, statuses, number) = (self.clone(), statuses.clone(), count);
            running.spawn(async move { people.ask(number, &statuses).await });
            count += 1;
            while running.try_join_next().is_some() {}
            if running.len() >= AT_ONCE {
                let _ = running.join_next().await;
            }
        }
        let _ = running.join_all().await;
        count
    }
}

async fn stays_as_it_is(name: &str, database: TestDatabase) {
    let (measured, time) =
        if is_long() { (10, Duration::from_mins(10)) } else { (2, Duration::from_secs(8)) };
    let database = super::people(database, 1_000).await;
    let location = database.location();
    let folder = folder(name);
    let into_file = ["bash", "-c", "exec \"$0\" \"$@\" 2>server.log"];
    let server = Server::start_in(&into_file, &folder, &["--database", &location]);
    let (anna, cast) = super::sign_in(server.address.parse().unwrap()).await;
    let people = People { anna, trudy: cast.trudy };

    let rate = people.capacity(Duration::from_secs(measured)).await * SHARE / 100;
    let statuses = Statuses::default();
    let wal = PathBuf::from(format!("{location}-wal"));
    let logged = || fs::metadata(folder.join("server.log")).map_or(0, |file| file.len());
    let before = logged();
    let pid = server.id();
    let look = async {
        let mut looks = Vec::new();
        for _ in 0..LOOKS {
            super::pause(time / LOOKS).await;
            looks.push(Usage::of(pid, &wal));
        }
        looks
    };
    let (count, looks) = tokio::join!(people.load(rate, time, &statuses), look);
    let (warm, later) = looks.split_at(WARM);
    let (warm, most) = (Usage::most(warm), Usage::most(later));
    let lines = logged() - before;
    println!(
        "{name}: {rate} requests a second, {count} of them; at most {warm:?} when warm, {most:?} later; \
         {lines} bytes logged"
    );

    assert_eq!(*statuses.lock().unwrap(), BTreeMap::new());
    assert!(count > 100, "{count} requests");
    assert_eq!(most.growth(warm), Vec::<String>::new());
    assert!(lines <= count as u64 * LOGGED, "{lines} bytes for {count} requests");
    let stopped = tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    assert_eq!(stopped, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_under_load_stays_as_it_is_on_sqlite() {
    stays_as_it_is("soak_sqlite", TestDatabase::folder()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_under_load_stays_as_it_is_on_postgres() {
    stays_as_it_is("soak_postgres", TestDatabase::server().await).await;
}

#[test]
fn growth_is_what_exceeds_a_warm_server_by_more_than_is_allowed() {
    let warm = Usage { memory: 100_000, files: 40, wal: 4 << 20 };
    assert_eq!(warm.growth(warm), Vec::<String>::new());

    let grown = Usage { memory: 130_000, files: 80, wal: 20 << 20 };

    assert_eq!(grown.growth(warm).len(), 3, "{:?}", grown.growth(warm));
}

#[test]
fn the_kinds_of_requests_are_a_hundred_together() {
    assert_eq!(KINDS.iter().map(|kind| kind.3).sum::<usize>(), 100);
}
