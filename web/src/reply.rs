//! Responses: a body with its status, and the headers for revision, version and cookies.

use std::io;

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hallpass_app::PART_BYTES;
use hallpass_app::record::Total;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cursor;
use crate::error::Problem;
use crate::extract::limit;
use crate::openapi::scalar;

/// The header with the workspace revision of a response.
pub const REVISION: HeaderName = HeaderName::from_static("hallpass-revision");

/// The result of a handler.
pub type Answer<T> = Result<Reply<T>, Problem>;

/// Marks a response with a secret, which is returned once and never stored.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShownOnce;

/// A successful response.
pub struct Reply<T> {
    status: StatusCode,
    headers: HeaderMap,
    body: Option<T>,
    shown_once: Option<ShownOnce>,
}

impl<T> Reply<T> {
    /// Creates a response with status 200.
    pub fn ok(body: T) -> Reply<T> {
        Reply {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Some(body),
            shown_once: None,
        }
    }

    /// Creates a response with status 201.
    pub fn created(body: T) -> Reply<T> {
        Reply { status: StatusCode::CREATED, ..Reply::ok(body) }
    }

    /// Marks the body as one with a secret.
    #[must_use]
    pub fn shown_once(mut self) -> Reply<T> {
        self.shown_once = Some(ShownOnce);
        self
    }

    /// Adds the workspace revision.
    #[must_use]
    pub fn at(mut self, revision: i64) -> Reply<T> {
        self.headers.insert(REVISION, HeaderValue::from(revision));
        self
    }

    /// Adds the version of the resource as `ETag`.
    #[must_use]
    pub fn version(self, version: i64) -> Reply<T> {
        self.tag(&version.to_string())
    }

    /// Adds a version that is a text as `ETag`.
    #[must_use]
    pub fn tag(mut self, version: &str) -> Reply<T> {
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{version}\"")) {
            self.headers.insert(header::ETAG, tag);
        }
        self
    }

    /// Adds the version, if there is one, as `ETag`.
    #[must_use]
    pub fn version_if(self, version: Option<i64>) -> Reply<T> {
        match version {
            Some(version) => self.version(version),
            None => self,
        }
    }

    /// Adds a `Set-Cookie` header.
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Reply<T> {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            self.headers.insert(header::SET_COOKIE, cookie);
        }
        self
    }
}

impl Reply<()> {
    /// Creates a response with status 204.
    #[must_use]
    pub fn done() -> Reply<()> {
        Reply {
            status: StatusCode::NO_CONTENT,
            headers: HeaderMap::new(),
            body: None,
            shown_once: None,
        }
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        let mut response = match self.body {
            Some(body) => (self.status, Json(body)).into_response(),
            None => self.status.into_response(),
        };
        response.headers_mut().extend(self.headers);
        if let Some(mark) = self.shown_once {
            response.extensions_mut().insert(mark);
        }
        response
    }
}

/// A page of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items of the page.
    pub items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    pub next_cursor: Option<String>,
    /// The number of items on all pages; absent where it is not known exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = i64, minimum = 0)]
    pub total: Option<i64>,
    /// Whether there are more than `total`, which is 1,000 then; absent if not.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(value_type = bool, required = false)]
    pub total_is_more: bool,
    /// Whether items may be missing: finding them takes too long, or an index is not complete; absent if
    /// not. `next_cursor` goes on where there is one.
    #[serde(skip_serializing_if = "is_false")]
    #[schema(value_type = bool, required = false)]
    pub incomplete: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

/// The query parameters of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageParams {
    /// The items per page, from 1 to 200; 50 by default.
    #[param(value_type = Option<scalar::Limit>)]
    pub(crate) limit: Option<usize>,
    /// The `next_cursor` of the previous page.
    #[param(value_type = Option<scalar::Cursor>)]
    pub(crate) cursor: Option<String>,
}

/// The bytes that an item takes in an answer.
#[derive(Default)]
struct Counted(usize);

impl io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn size(item: &impl Serialize) -> usize {
    let mut counted = Counted::default();
    // Counting does not fail.
    let _ = serde_json::to_writer(&mut counted, item);
    counted.0
}

impl<T: Serialize> Page<T> {
    /// Cuts a page out of a complete list whose items have unique keys. The next page begins after the
    /// last item of this one, even if the item has moved by then. Like every part of a list it ends before its
    /// limit where its items are large.
    pub(crate) fn part(
        list: &str,
        ask: &PageParams,
        items: Vec<T>,
        key: impl Fn(&T) -> &str,
    ) -> Result<Page<T>, Problem> {
        let most = limit(ask.limit)?;
        let first = match ask.cursor.as_deref() {
            None => 0,
            Some(text) => {
                let (position, last): (usize, String) = cursor::read(list, text)?;
                let found = items.iter().position(|item| key(item) == last);
                found.map_or(position, |found| found + 1)
            }
        };
        let all = items.len();
        let mut bytes = 0;
        let fits = |item: &T| {
            let is_first = bytes == 0;
            bytes += size(item);
            is_first || bytes <= PART_BYTES
        };
        let items: Vec<T> = items.into_iter().skip(first).take(most).take_while(fits).collect();
        let last = items.last().filter(|_| first + items.len() < all);
        // If the last item is gone by then, the next page begins at its position.
        let position = (first + items.len()).saturating_sub(1);
        let next_cursor = last.map(|item| cursor::write(list, &(position, key(item))));
        Ok(Page::new(items, next_cursor, i64::try_from(all).ok()))
    }
}

impl<T> Page<T> {
    /// Returns a complete list as one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Page<T> {
        let total = i64::try_from(items.len()).ok();
        Page::new(items, None, total)
    }

    /// Returns a page of a list, of which nothing is missing.
    #[must_use]
    pub fn new(items: Vec<T>, next_cursor: Option<String>, total: Option<i64>) -> Page<T> {
        Page { items, next_cursor, total, total_is_more: false, incomplete: false }
    }

    /// Returns a page of a list with a filter.
    #[must_use]
    pub fn filtered(
        items: Vec<T>,
        next_cursor: Option<String>,
        total: Total,
        incomplete: bool,
    ) -> Page<T> {
        let (total, total_is_more) = match total {
            Total::Exact(n) => (Some(n), false),
            Total::MoreThan(n) => (Some(n), true),
            Total::Unknown => (None, false),
        };
        Page { items, next_cursor, total, total_is_more, incomplete }
    }
}
