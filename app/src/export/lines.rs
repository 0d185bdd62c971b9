//! The lines of an export, on their way to a client that may take them slowly.
//!
//! **Invariant:** an export holds few bytes that are not taken, beside those of the line that it makes.

use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::Sender;

use crate::error::Error;

/// Lines are sent once they have so many bytes.
const READY: usize = 256 << 10;

/// The most bytes that are sent at once: a long line is sent in pieces.
const PIECE: usize = 64 << 10;

/// How many pieces may wait in the channel of an export.
pub const PIECES_AHEAD: usize = 1;

/// How long a piece may wait for a slow client.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The receiver of an export: pieces of its text, a JSON object a line.
pub type ExportSink = Sender<Vec<u8>>;

/// The lines that are ready to be sent.
pub(super) struct Lines<'e> {
    sink: &'e ExportSink,
    ready: Vec<u8>,
    count: u64,
}

impl<'e> Lines<'e> {
    pub(super) fn to(sink: &'e ExportSink) -> Lines<'e> {
        Lines { sink, ready: Vec::new(), count: 0 }
    }

    /// Adds a line.
    pub(super) fn add(&mut self, line: &Value) -> Result<(), Error> {
        serde_json::to_writer(&mut self.ready, line)
            .map_err(|error| Error::broken(format!("a line of an export: {error}")))?;
        self.ready.push(b'\n');
        self.count += 1;
        Ok(())
    }

    /// How many lines were added in all.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Whether there is enough to be sent.
    pub(super) fn are_enough(&self) -> bool {
        self.ready.len() >= READY
    }

    /// Sends the lines. No transaction may be open: the client takes as long as it likes.
    pub(super) async fn send(&mut self) -> Result<(), Error> {
        let ready = std::mem::take(&mut self.ready);
        for piece in ready.chunks(PIECE) {
            let received = self.sink.send_timeout(piece.to_vec(), TIMEOUT).await;
            received.map_err(|_| Error::broken("the client has stopped reading the export"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
