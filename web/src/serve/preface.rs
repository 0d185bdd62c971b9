//! A timeout for the first bytes of a connection.
//!
//! No timeout of hyper runs before it has detected whether a connection uses HTTP/1 or HTTP/2.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

/// The first bytes of an HTTP/2 connection; anything else is HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection that times out until its first bytes show which protocol it uses.
pub(super) struct PrefaceTimeout<S> {
    stream: S,
    /// The bytes of the preface that were read, and the deadline for the rest; none once the
    /// protocol is known.
    pending: Option<(usize, Pin<Box<Sleep>>)>,
}

impl<S> PrefaceTimeout<S> {
    pub(super) fn new(stream: S, timeout: Duration) -> PrefaceTimeout<S> {
        PrefaceTimeout { stream, pending: Some((0, Box::pin(tokio::time::sleep(timeout)))) }
    }

    fn inspect(&mut self, new: &[u8]) {
        let Some((seen, _)) = &mut self.pending else { return };
        let rest = PREFACE.get(*seen..).unwrap_or_default();
        let same = rest.iter().zip(new).take_while(|(wanted, read)| wanted == read).count();
        *seen += same;
        // A read of no bytes is the end of the stream.
        if same < new.len() || same == rest.len() || new.is_empty() {
            self.pending = None;
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PrefaceTimeout<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if read.is_pending()
            && let Some((_, deadline)) = &mut this.pending
        {
            ready!(deadline.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if this.pending.is_some() {
            this.inspect(buffer.filled().get(before..).unwrap_or_default());
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PrefaceTimeout<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write_vectored(context, bytes)
    }
}
