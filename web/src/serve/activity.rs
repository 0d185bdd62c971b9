//! What a connection is doing: whether the server works for it, or waits for its client.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::response::Response;
use hyper::Request;
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;

/// The largest part of a response that is handed out at once, in bytes: whether a client reads is seen from
/// part to part.
const PART: usize = 64 * 1024;

/// No head is awaited.
const NO_HEAD: u64 = u64::MAX;

/// The activity of a connection, from its acceptance on.
pub(super) struct Activity {
    pub(super) address: IpAddr,
    accepted: Instant,
    /// The requests that are not answered to the end.
    requests: AtomicUsize,
    /// Those of them in which the server waits for the client: for the rest of the body, or until it reads
    /// the answer.
    waiting: AtomicUsize,
    /// When the client last did something, in milliseconds since the acceptance.
    active: AtomicU64,
    /// When the head of a request began that is not complete, or [`NO_HEAD`].
    head: AtomicU64,
    is_http2: AtomicBool,
}

/// What the client of a connection is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wait {
    /// Nothing: the server works on a request.
    None,
    /// The next request, since then.
    Request(Duration),
    /// The rest of the head of a request, which began so long ago.
    Head(Duration),
    /// The rest of a body, or that it reads an answer, since then.
    Client(Duration),
}

impl Activity {
    /// A connection that was just accepted, whose first bytes are awaited.
    pub(super) fn new(address: IpAddr) -> Arc<Activity> {
        Arc::new(Activity {
            address,
            accepted: Instant::now(),
            requests: AtomicUsize::new(0),
            waiting: AtomicUsize::new(0),
            active: AtomicU64::new(0),
            head: AtomicU64::new(0),
            is_http2: AtomicBool::new(false),
        })
    }

    /// What the client is waited for.
    pub(super) fn wait(&self) -> Wait {
        let now = self.now();
        let since = |then: u64| Duration::from_millis(now.saturating_sub(then));
        let active = since(self.active.load(Ordering::Relaxed));
        let requests = self.requests.load(Ordering::Relaxed);
        if requests > self.waiting.load(Ordering::Relaxed) {
            return Wait::None;
        }
        if requests > 0 {
            return Wait::Client(active);
        }
        match self.head.load(Ordering::Relaxed) {
            NO_HEAD => Wait::Request(active),
            began => Wait::Head(since(began)),
        }
    }

    /// Notes that a client has begun to send a head, unless it sends the body of a request.
    pub(super) fn head_begins(&self) {
        if self.requests.load(Ordering::Relaxed) == 0 {
            let now = self.note_active();
            let _ =
                self.head.compare_exchange(NO_HEAD, now, Ordering::Relaxed, Ordering::Relaxed);
        }
    }

    /// Notes that the client speaks HTTP/2, whose frames do not tell when a head begins, but whose
    /// connections are pinged.
    pub(super) fn speaks_http2(&self) {
        self.is_http2.store(true, Ordering::Relaxed);
        self.head_ends();
    }

    pub(super) fn is_http1(&self) -> bool {
        !self.is_http2.load(Ordering::Relaxed)
    }

    fn head_ends(&self) {
        self.head.store(NO_HEAD, Ordering::Relaxed);
    }

    fn note_active(&self) -> u64 {
        let now = self.now();
        self.active.store(now, Ordering::Relaxed);
        now
    }

    fn now(&self) -> u64 {
        u64::try_from(self.accepted.elapsed().as_millis()).unwrap_or(NO_HEAD - 1)
    }
}

/// A request and its answer: ends when the answer was handed out to the end, or was dropped.
pub(super) struct Exchange {
    activity: Arc<Activity>,
    is_waiting: AtomicBool,
}

impl Exchange {
    /// Begins with a request whose head is complete.
    pub(super) fn begin(activity: &Arc<Activity>) -> Arc<Exchange> {
        activity.requests.fetch_add(1, Ordering::Relaxed);
        activity.head_ends();
        activity.note_active();
        Arc::new(Exchange {
            activity: Arc::clone(activity),
            is_waiting: AtomicBool::new(false),
        })
    }

    /// The request, whose body tells when its client is waited for.
    pub(super) fn watch_request<B>(self: &Arc<Exchange>, request: Request<B>) -> Request<Body>
    where
        B: HttpBody<Data = Bytes, Error: Into<axum::BoxError>> + Send + 'static,
    {
        request.map(|body| {
            Body::new(RequestBody { body: Box::pin(body), exchange: Arc::clone(self) })
        })
    }

    /// The answer, whose body tells when its client is waited for.
    pub(super) fn watch_response(self: Arc<Exchange>, response: Response) -> Response {
        self.is_waiting(false);
        response.map(|body| Body::new(ResponseBody { body, rest: None, exchange: self }))
    }

    fn is_waiting(&self, is_waiting: bool) {
        if self.is_waiting.swap(is_waiting, Ordering::Relaxed) == is_waiting {
            return;
        }
        self.activity.note_active();
        if is_waiting {
            self.activity.waiting.fetch_add(1, Ordering::Relaxed);
        } else {
            self.activity.waiting.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.is_waiting(false);
        self.activity.note_active();
        self.activity.requests.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The body of a request. Its client is waited for while a part of it is.
struct RequestBody<B> {
    body: Pin<Box<B>>,
    exchange: Arc<Exchange>,
}

impl<B: HttpBody<Data = Bytes>> HttpBody for RequestBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        let polled = this.body.as_mut().poll_frame(context);
        this.exchange.is_waiting(polled.is_pending());
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The body of an answer. Its client is waited for from the time at which a part was handed out until
/// another is asked for.
struct ResponseBody {
    body: Body,
    /// What is left of a large part.
    rest: Option<Bytes>,
    exchange: Arc<Exchange>,
}

impl HttpBody for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        // Another part is asked for: the client has read of the last one, also where this one is ready at once.
        this.exchange.is_waiting(false);
        let polled = match this.rest.take() {
            Some(rest) => Poll::Ready(Some(Ok(Frame::data(rest)))),
            None => Pin::new(&mut this.body).poll_frame(context),
        };
        this.exchange.is_waiting(polled.is_ready());
        polled.map_ok(|frame| match frame.into_data() {
            Ok(mut data) => {
                this.rest = (data.len() > PART).then(|| data.split_off(PART));
                Frame::data(data)
            }
            Err(frame) => frame,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let hint = self.body.size_hint();
        let rest = self.rest.as_ref().map_or(0, |rest| rest.len() as u64);
        let mut all = SizeHint::new();
        all.set_lower(hint.lower().saturating_add(rest));
        if let Some(upper) = hint.upper() {
            all.set_upper(upper.saturating_add(rest));
        }
        all
    }
}
