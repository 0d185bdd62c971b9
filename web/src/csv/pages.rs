//! A list as a file: its pages one after the other, each with the rights of its moment.

use std::future::Future;
use std::io;

use axum::body::Body;
use futures_util::stream::try_unfold;
use hallpass_app::export::ExportPlace;

use crate::error::Problem;

/// A list that is read page by page.
pub(crate) trait Pages: Send + Sync + 'static {
    /// Where a page begins.
    type Position: Send;

    /// The page that begins there as lines, and where the next one begins.
    fn lines(
        &self,
        from: Self::Position,
    ) -> impl Future<Output = Result<(String, Option<Self::Position>), Problem>> + Send;
}

/// The file: the first part, then the pages from `next` on, read as fast as the client takes them. A page
/// that fails breaks the answer off, which has begun by then. The place is held until the end.
pub(crate) fn body<P: Pages>(
    pages: P,
    place: ExportPlace,
    first: String,
    next: Option<P::Position>,
) -> Body {
    let rest = Rest { pages, _place: place, ready: Some(first), next };
    Body::from_stream(try_unfold(rest, Rest::turn))
}

/// What is still to be sent.
struct Rest<P: Pages> {
    pages: P,
    /// Among the exports that run at the same time.
    _place: ExportPlace,
    ready: Option<String>,
    next: Option<P::Position>,
}

impl<P: Pages> Rest<P> {
    async fn turn(mut self) -> io::Result<Option<(String, Self)>> {
        if let Some(part) = self.ready.take() {
            return Ok(Some((part, self)));
        }
        let Some(from) = self.next.take() else { return Ok(None) };
        let page = self.pages.lines(from).await;
        let (part, next) = page.map_err(|problem| io::Error::other(problem.detail))?;
        self.next = next;
        Ok(Some((part, self)))
    }
}
