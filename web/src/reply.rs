//! Answers: a body, with the revision that it was made at and the version of what it shows.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::cursor;
use crate::error::Problem;
use crate::extract::limit;

/// The workspace revision that an answer was made at.
pub const REVISION: HeaderName = HeaderName::from_static("hallpass-revision");

/// What a handler gives back.
pub type Answer<T> = Result<Reply<T>, Problem>;

/// Marks an answer that holds a secret: it is given once, and kept nowhere.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ShownOnce;

/// An answer.
pub struct Reply<T> {
    status: StatusCode,
    headers: HeaderMap,
    body: Option<T>,
    shown_once: Option<ShownOnce>,
}

impl<T> Reply<T> {
    /// Here it is.
    pub fn ok(body: T) -> Reply<T> {
        Reply {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Some(body),
            shown_once: None,
        }
    }

    /// It was made.
    pub fn created(body: T) -> Reply<T> {
        Reply { status: StatusCode::CREATED, ..Reply::ok(body) }
    }

    /// With a secret in it, which is kept nowhere.
    #[must_use]
    pub fn shown_once(mut self) -> Reply<T> {
        self.shown_once = Some(ShownOnce);
        self
    }

    /// At a revision.
    #[must_use]
    pub fn at(mut self, revision: i64) -> Reply<T> {
        self.headers.insert(REVISION, HeaderValue::from(revision));
        self
    }

    /// In a version, as `ETag`.
    #[must_use]
    pub fn version(mut self, version: i64) -> Reply<T> {
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

    /// With a cookie.
    #[must_use]
    pub fn cookie(mut self, cookie: &str) -> Reply<T> {
        if let Ok(cookie) = HeaderValue::from_str(cookie) {
            self.headers.insert(header::SET_COOKIE, cookie);
        }
        self
    }
}

impl Reply<()> {
    /// It was done, and there is nothing to say.
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
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next one begins; null at the end.
    pub next_cursor: Option<String>,
    /// How many there are on all pages; absent where it is not known exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

/// Which part of a list.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageParams {
    /// 1 to 200.
    pub(crate) limit: Option<usize>,
    /// `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
}

impl<T> Page<T> {
    /// A part of a list that is at hand as a whole; each item has a key of its own. The next page
    /// begins behind the last item of this one, wherever that stands by then.
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
                let (place, last): (usize, String) = cursor::read(list, text)?;
                let found = items.iter().position(|item| key(item) == last);
                found.map_or(place, |found| found + 1)
            }
        };
        let all = items.len();
        let items: Vec<T> = items.into_iter().skip(first).take(most).collect();
        let last = items.last().filter(|_| first + items.len() < all);
        // Should the last one be gone by then, another stands in its place.
        let place = (first + items.len()).saturating_sub(1);
        let next_cursor = last.map(|item| cursor::write(list, &(place, key(item))));
        Ok(Page { items, next_cursor, total: i64::try_from(all).ok() })
    }

    /// All there is, on one page.
    #[must_use]
    pub fn whole(items: Vec<T>) -> Page<T> {
        let total = i64::try_from(items.len()).ok();
        Page { items, next_cursor: None, total }
    }
}
