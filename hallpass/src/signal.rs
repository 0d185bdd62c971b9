//! Signals that stop the server: the first one lets it finish, the second one ends it at once.
//!
//! **Invariant:** after the first signal the process ends within a time, also when every thread of the server is
//! busy: signals have a thread and a runtime of their own.

use std::process;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tracing::{info, warn};

/// The exit code of a process that did not finish.
const UNFINISHED: i32 = 1;

/// Resolves at the first signal. From then on the process ends at the second one, or after `limit`.
pub(crate) fn stop_signal(limit: Duration) -> Result<impl Future<Output = ()>, String> {
    let failed = |error: &dyn std::fmt::Display| format!("cannot wait for signals: {error}");
    let (told, first) = oneshot::channel();
    let (opened, is_open) = mpsc::channel();
    let watch = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => return drop(opened.send(Err(error))),
        };
        runtime.block_on(async move {
            let mut signals = match Signals::open() {
                Ok(signals) => signals,
                Err(error) => return drop(opened.send(Err(error))),
            };
            let _ = opened.send(Ok(()));
            signals.next().await;
            info!("stopping; requests in progress are finished first; a second signal ends at once");
            let _ = told.send(());
            match tokio::time::timeout(limit, signals.next()).await {
                Ok(()) => warn!("ended at once by a second signal"),
                Err(_) => warn!("ended: stopping took more than {} s", limit.as_secs()),
            }
            process::exit(UNFINISHED);
        });
    };
    let thread = thread::Builder::new().name("signals".to_owned()).spawn(watch);
    thread.map_err(|error| failed(&error))?;
    is_open.recv().map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    Ok(async move {
        // The thread sends before it ends.
        let _ = first.await;
    })
}

/// Ctrl-C and SIGTERM.
struct Signals {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn open() -> std::io::Result<Signals> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Signals {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(not(unix))]
impl Signals {
    fn open() -> std::io::Result<Signals> {
        Ok(Signals {})
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
