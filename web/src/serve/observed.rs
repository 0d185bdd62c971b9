//! A stream that tells when the head of a request begins.
//!
//! hyper has one timeout for the head of a request and for the idle time before it. A client that keeps
//! half a head back is told from one that keeps an idle connection by the bytes that it has sent.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::activity::Activity;

/// The first bytes of an HTTP/2 connection; anything else is HTTP/1.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose reads are noted.
pub(super) struct Observed<S> {
    stream: S,
    activity: Arc<Activity>,
    protocol: Protocol,
}

enum Protocol {
    /// So many bytes of the preface were read.
    Unknown(usize),
    Http1,
    Http2,
}

impl<S> Observed<S> {
    pub(super) fn new(stream: S, activity: Arc<Activity>) -> Observed<S> {
        Observed { stream, activity, protocol: Protocol::Unknown(0) }
    }

    fn note(&mut self, new: &[u8]) {
        if let Protocol::Unknown(seen) = &mut self.protocol {
            let rest = PREFACE.get(*seen..).unwrap_or_default();
            let same = rest.iter().zip(new).take_while(|(wanted, read)| wanted == read).count();
            *seen += same;
            // A read of no bytes is the end of the stream.
            if same < new.len() || new.is_empty() {
                self.protocol = Protocol::Http1;
            }
            if same == rest.len() {
                self.protocol = Protocol::Http2;
                self.activity.speaks_http2();
            }
        }
        if matches!(self.protocol, Protocol::Http1) && !new.is_empty() {
            self.activity.head_begins();
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Observed<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(context, buffer);
        if read.is_ready() {
            this.note(buffer.filled().get(before..).unwrap_or_default());
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Observed<S> {
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
