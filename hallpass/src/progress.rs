//! The progress of a long command, on standard error.

use std::io::{self, IsTerminal as _, Write as _};

use hallpass_domain::time::Timestamp;

/// The width of the bar.
const WIDTH: u64 = 30;

/// A bar on a terminal; elsewhere a line for every tenth.
pub(crate) struct Progress {
    what: &'static str,
    all: u64,
    began: Timestamp,
    /// The last tenth that was printed; none on a terminal.
    tenth: Option<u64>,
}

/// Says what takes a while and cannot be counted.
pub(crate) fn say(what: &str) {
    let _ = writeln!(io::stderr().lock(), "{what}");
}

impl Progress {
    pub(crate) fn begin(what: &'static str, all: u64, now: Timestamp) -> Progress {
        let tenth = (!io::stderr().is_terminal()).then_some(0);
        Progress { what, all: all.max(1), began: now, tenth }
    }

    /// Shows that so many are done. A standard error that is closed is not a failure.
    pub(crate) fn show(&mut self, done: u64, now: Timestamp) {
        let (all, what) = (self.all, self.what);
        let percent = done.saturating_mul(100) / all;
        let mut out = io::stderr().lock();
        if let Some(tenth) = &mut self.tenth {
            if percent / 10 > *tenth {
                *tenth = percent / 10;
                let _ = writeln!(out, "{percent:>3} %  {done} of {all} {what}");
            }
            return;
        }
        let full = usize::try_from(done.saturating_mul(WIDTH) / all).unwrap_or(0);
        let bar = "#".repeat(full);
        let left = match (done, (now - self.began).0) {
            (0, _) => String::new(),
            (done, spent) => {
                let all = i128::from(spent) * i128::from(all) / i128::from(done);
                format!(", {} s left", (all - i128::from(spent)) / 1_000_000)
            }
        };
        let end = if done >= all { "\n" } else { "" };
        let width = usize::try_from(WIDTH).unwrap_or(0);
        let _ = write!(
            out,
            "\r[{bar:<width$}] {percent:>3} %  {done} of {all} {what}{left}   {end}"
        );
        let _ = out.flush();
    }
}
