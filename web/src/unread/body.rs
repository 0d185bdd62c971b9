//! The body of an answer that is held until it is read, or taken away.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use super::Place;

/// The most bytes that are handed out at once.
const PART: usize = 64 * 1024;

/// The body of an answer.
pub(crate) struct HeldBody(pub(crate) Place);

impl HttpBody for HeldBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match self.0.next(PART) {
            Some(part) if part.is_empty() => None,
            Some(part) => Some(Ok(Frame::data(part))),
            // The connection breaks off, since the answer has begun.
            None => Some(Err(io::Error::other("the client has read its answer too slowly"))),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.0.left() == Some(0)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.left().map_or_else(SizeHint::new, |left| SizeHint::with_exact(left as u64))
    }
}
