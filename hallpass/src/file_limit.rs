//! The files that the machine lets the server open, and how many connections that leaves.

use tracing::{info, warn};

/// The files that are not connections of clients: database, mails, requests to other servers.
const OTHERS: u64 = 256;

/// The fewest connections with which the server is of use.
const FEWEST: u64 = 64;

/// How many connections there may be: as many as wanted, if the machine allows it.
///
/// # Errors
///
/// One line that says that the machine allows too few files, and what to do.
pub(crate) fn connections(wanted: usize) -> Result<usize, String> {
    let needed = OTHERS.saturating_add(wanted as u64);
    // The limit of a shell is often 1,024, and may be raised up to another.
    let files = match rlimit::increase_nofile_limit(needed) {
        Ok(files) => files,
        Err(error) => {
            warn!("cannot find out how many files may be open: {error}");
            return Ok(wanted);
        }
    };
    match files.checked_sub(OTHERS) {
        Some(left) if left >= wanted as u64 => Ok(wanted),
        Some(left) if left >= FEWEST => {
            info!(
                "at most {left} connections instead of {wanted}: only {files} files may be open"
            );
            Ok(usize::try_from(left).unwrap_or(wanted))
        }
        Some(_) | None => Err(format!(
            "only {files} files may be open, and the server needs {}; raise the limit with \
             `ulimit -n 4096`, or `LimitNOFILE=` of systemd",
            OTHERS + FEWEST
        )),
    }
}
