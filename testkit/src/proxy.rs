//! A proxy in front of PostgreSQL that breaks connections around COMMIT, as a network or a restart does.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::rng::Rng;

/// The message of the protocol that commits: its type, its length and its text.
const COMMIT: &[u8] = b"Q\0\0\0\x0bCOMMIT\0";

/// The commits after which every connection breaks, as when the server restarts.
const COMMITS_BETWEEN_RESTARTS: u64 = 150;

/// How a connection breaks.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// The server does not get the COMMIT.
    Before,
    /// The server gets the COMMIT, and has perhaps executed it.
    During,
    /// The server has answered the COMMIT, and the answer is lost.
    After,
    /// Every connection breaks, this one as in `During`.
    Restart,
}

/// The kinds, in the order of their counts.
const CUTS: [Cut; 3] = [Cut::Before, Cut::During, Cut::After];

/// A proxy. It stops when it is dropped.
pub struct Proxy {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    rng: Mutex<Rng>,
    /// Of a hundred commits, how many are cut.
    percent: AtomicUsize,
    commits: AtomicU64,
    cuts: [AtomicU64; 4],
    restart: Notify,
}

impl Proxy {
    /// Listens on a free port, in front of a server at an address, and breaks nothing yet.
    pub async fn start(server: String, seed: u64) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            rng: Mutex::new(Rng::new(seed)),
            percent: AtomicUsize::new(0),
            commits: AtomicU64::new(0),
            cuts: Default::default(),
            restart: Notify::new(),
        });
        let shared = Arc::clone(&state);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (server, state) = (server.clone(), Arc::clone(&shared));
                tokio::spawn(async move { forward(client, &server, &state).await });
            }
        });
        Proxy { address, state, task }
    }

    /// Breaks so many of a hundred commits from now on; with 0, none and no connection.
    pub fn cut(&self, percent: usize) {
        self.state.percent.store(percent, Ordering::SeqCst);
    }

    /// How often a connection broke before, during and after a commit, and how often all did.
    #[must_use]
    pub fn cuts(&self) -> [u64; 4] {
        self.state.cuts.each_ref().map(|count| count.load(Ordering::SeqCst))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl State {
    /// Decides what becomes of a commit.
    fn next_cut(&self) -> Option<Cut> {
        let percent = self.percent.load(Ordering::SeqCst);
        if percent == 0 {
            return None;
        }
        let number = self.commits.fetch_add(1, Ordering::SeqCst) + 1;
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        let cut = if number.is_multiple_of(COMMITS_BETWEEN_RESTARTS) {
            Cut::Restart
        } else {
            rng.percent(percent).then(|| rng.pick(&CUTS))?
        };
        self.cuts[cut as usize].fetch_add(1, Ordering::SeqCst);
        Some(cut)
    }
}

/// Forwards until an end closes, or the connection is cut.
async fn forward(client: TcpStream, server: &str, state: &State) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (mut client, mut server) = (client, server);
    // What is forwarded is as small as what a statement takes: it does not wait for more.
    for socket in [&client, &server] {
        if socket.set_nodelay(true).is_err() {
            return;
        }
    }
    let (mut sent, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        tokio::select! {
            () = state.restart.notified() => return,
            read = client.read(&mut sent) => {
                let Some(bytes) = received(read, &sent) else { return };
                let commits = bytes.windows(COMMIT.len()).any(|part| part == COMMIT);
                let cut = if commits { state.next_cut() } else { None };
                if let Some(Cut::Before) = cut {
                    return;
                }
                if server.write_all(bytes).await.is_err() {
                    return;
                }
                match cut {
                    None | Some(Cut::Before) => {}
                    Some(Cut::During) => return,
                    Some(Cut::After) => {
                        let _ = server.read(&mut answered).await;
                        return;
                    }
                    Some(Cut::Restart) => return state.restart.notify_waiters(),
                }
            }
            read = server.read(&mut answered) => {
                let Some(bytes) = received(read, &answered) else { return };
                if client.write_all(bytes).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// The bytes that were read; none at the end.
fn received(read: std::io::Result<usize>, buffer: &[u8]) -> Option<&[u8]> {
    read.ok().filter(|n| *n > 0).and_then(|n| buffer.get(..n))
}
