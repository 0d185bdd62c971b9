//! The control: the same server in this process, with a database whose places and shares have no bounds.

use std::net::SocketAddr;
use std::thread::JoinHandle;
use std::time::Duration;

use hallpass_app::secret::keyring::SecretKey;
use hallpass_app::{App, Rules};
use hallpass_store::options::HeavyReads;
use hallpass_store::{Db, Options};
use hallpass_web::Web;
use hallpass_web::serve::{Port, serve};
use hallpass_web::state::HttpConfig;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// More than there ever are.
const ANY: usize = 1 << 20;

/// The server, until it is stopped.
pub(super) struct Unbounded {
    pub(super) address: SocketAddr,
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
}

impl Unbounded {
    /// Starts it on a database, on threads of its own.
    pub(super) fn start(location: String) -> Unbounded {
        let (stop, stopped) = oneshot::channel();
        let (told, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
            let runtime = runtime.unwrap();
            runtime.block_on(async move {
                let db = Db::open(&location, &without_bounds()).await.unwrap();
                let secret_keys = vec![SecretKey::kept([7; 32])];
                let app = App::new(db, Rules { secret_keys, ..Rules::default() }).unwrap();
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                told.send(listener.local_addr().unwrap()).unwrap();
                let port = Port { listener, tls: None, most_connections: ANY };
                let router = hallpass_console::router(Web::new(app, HttpConfig::default()));
                let stopped = async {
                    let _ = stopped.await;
                };
                serve(port, router, stopped, Duration::from_secs(1)).await;
            });
            runtime.shutdown_background();
        });
        Unbounded { address: address.recv().unwrap(), stop, thread }
    }

    pub(super) fn stop(self) {
        let _ = self.stop.send(());
        self.thread.join().unwrap();
    }
}

/// As if nothing were in any other request's way.
fn without_bounds() -> Options {
    let heavy = HeavyReads {
        places: ANY,
        waiting: ANY,
        after_instructions: u32::MAX,
        after: Duration::from_hours(1),
        ..HeavyReads::default()
    };
    Options { read_budget: None, heavy, waiting_in_workspace: None, ..Options::default() }
}
