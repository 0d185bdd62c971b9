//! The first bytes of a connection, which must come in time.
//!
//! Until a connection has said whether it speaks HTTP/1 or HTTP/2, no timeout of the library runs.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

/// What HTTP/2 begins with; anything else is HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection that is watched until it is known what it speaks.
pub(super) struct Opening {
    stream: TcpStream,
    /// How much of the preface was read, and when the rest must be there; nothing once it is known.
    watch: Option<(usize, Pin<Box<Sleep>>)>,
}

impl Opening {
    pub(super) fn new(stream: TcpStream, timeout: Duration) -> Opening {
        Opening { stream, watch: Some((0, Box::pin(tokio::time::sleep(timeout)))) }
    }

    fn look(&mut self, new: &[u8]) {
        let Some((seen, _)) = &mut self.watch else { return };
        let rest = PREFACE.get(*seen..).unwrap_or_default();
        let same = rest.iter().zip(new).take_while(|(wanted, got)| wanted == got).count();
        *seen += same;
        // Nothing new is the end of the stream.
        if same < new.len() || same == rest.len() || new.is_empty() {
            self.watch = None;
        }
    }
}

impl AsyncRead for Opening {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if read.is_pending()
            && let Some((_, deadline)) = &mut this.watch
        {
            ready!(deadline.as_mut().poll(context));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        if this.watch.is_some() {
            this.look(buffer.filled().get(before..).unwrap_or_default());
        }
        read
    }
}

impl AsyncWrite for Opening {
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
