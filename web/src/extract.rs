//! What handlers are told by a request: who asks, the body, the parameters, read strictly.

use std::fmt;
use std::marker::PhantomData;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use hallpass_app::Principal;
use hallpass_app::secret::Token;
use hallpass_app::session::Origin;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};

use crate::error::Problem;
use crate::state::Web;

pub mod context;

/// The name of a request, as logs and the audit log have it.
#[derive(Clone, Debug, Default)]
pub struct RequestId(pub String);

/// From where a request comes.
#[derive(Clone, Debug, Default)]
pub struct Client(pub Origin);

/// The cookie of the session.
const COOKIE: &str = "hallpass_session";

/// The same where people come by TLS: browsers then bind it to this very host.
const SECURE_COOKIE: &str = "__Host-hallpass_session";

/// The longest body that is read, in bytes.
pub const LARGEST_BODY: usize = 2 << 20;

/// The cookie that carries a session.
#[must_use]
pub fn session_cookie(web: &Web, token: &Token) -> String {
    if web.http.is_secure {
        format!("{SECURE_COOKIE}={}; HttpOnly; Secure; SameSite=Lax; Path=/", token.expose())
    } else {
        format!("{COOKIE}={}; HttpOnly; SameSite=Lax; Path=/", token.expose())
    }
}

/// The cookie that takes a session away.
#[must_use]
pub fn no_session_cookie(web: &Web) -> String {
    if web.http.is_secure {
        format!("{SECURE_COOKIE}=; HttpOnly; Secure; SameSite=Lax; Path=/; Max-Age=0")
    } else {
        format!("{COOKIE}=; HttpOnly; SameSite=Lax; Path=/; Max-Age=0")
    }
}

/// The token of the session that a request brings.
pub(crate) fn session_token(web: &Web, headers: &HeaderMap) -> Option<Token> {
    let name = if web.http.is_secure { SECURE_COOKIE } else { COOKIE };
    let cookies =
        headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs =
        cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| Token::brought(value.trim()))
}

/// Somebody who has signed in.
pub struct SignedIn(pub Principal);

impl FromRequestParts<Web> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<SignedIn, Problem> {
        let found = principal(parts, web).await?;
        found.map(SignedIn).ok_or_else(|| hallpass_app::Error::NotSignedIn.into())
    }
}

/// Somebody who may have signed in.
pub struct Anyone(pub Option<Principal>);

impl FromRequestParts<Web> for Anyone {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Anyone, Problem> {
        principal(parts, web).await.map(Anyone)
    }
}

async fn principal(parts: &Parts, web: &Web) -> Result<Option<Principal>, Problem> {
    let request = parts.extensions.get::<RequestId>().cloned().unwrap_or_default();
    principal_of(web, &parts.headers, &request.0).await
}

/// Who asks, by API key or by session. Whoever brings a key is nobody else, even if the key is dead.
pub(crate) async fn principal_of(
    web: &Web,
    headers: &HeaderMap,
    request: &str,
) -> Result<Option<Principal>, Problem> {
    if let Some(key) = bearer(headers) {
        return Ok(web.app.principal_by_key(key, request).await?);
    }
    match session_token(web, headers) {
        Some(token) => Ok(web.app.principal(&token, request).await?),
        None => Ok(None),
    }
}

/// What stands behind `Authorization: Bearer`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, key) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

impl<S: Send + Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Client, Problem> {
        Ok(parts.extensions.get::<Client>().cloned().unwrap_or_default())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestId {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<RequestId, Problem> {
        Ok(parts.extensions.get::<RequestId>().cloned().unwrap_or_default())
    }
}

/// The version in `If-Match`, if there is one.
pub struct IfMatch(pub Option<i64>);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<IfMatch, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(IfMatch(None)) };
        let text = value.to_str().unwrap_or_default().trim();
        if text == "*" {
            return Ok(IfMatch(None));
        }
        let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or("");
        // What is no version of ours is a version that the thing does not have.
        Ok(IfMatch(Some(bare.parse().unwrap_or(-1))))
    }
}

/// The parameters of a path. What cannot be read names nothing.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Path<T>, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        // No name holds a NUL, and not every database could be asked for one.
        let read = read.ok().filter(|_| !parts.uri.path().contains("%00"));
        read.map(|axum::extract::Path(path)| Path(path)).ok_or_else(|| Problem::missing("page"))
    }
}

/// A JSON body in which every field is known.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Body<T>, Problem> {
        check_json(request.headers())?;
        let Raw(bytes) = Raw::from_request(request, state).await?;
        read(&bytes).map(Body)
    }
}

/// Whether a body says that it is JSON.
fn check_json(headers: &HeaderMap) -> Result<(), Problem> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    let detail = "send JSON, with `Content-Type: application/json`";
    Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not_json", detail))
}

/// A body as it came.
pub struct Raw(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Raw {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Raw, Problem> {
        Bytes::from_request(request, state).await.map(Raw).map_err(|error| {
            if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
                too_large()
            } else {
                broken_off()
            }
        })
    }
}

fn broken_off() -> Problem {
    let detail = "the body broke off, or is not what its headers say";
    Problem::new(StatusCode::BAD_REQUEST, "bad_body", detail)
}

fn too_large() -> Problem {
    let detail = format!("the body is larger than {LARGEST_BODY} bytes");
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", detail)
}

/// Something that is written as an object, and not as the list of its values in some order.
struct Object<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Object<T>, D::Error> {
        struct Read<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for Read<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(Object)
            }
        }

        reader.deserialize_map(Read(PhantomData))
    }
}

/// Reads a list of objects.
pub(crate) fn objects<'de, T, D>(reader: D) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let objects = Vec::<Object<T>>::deserialize(reader)?;
    Ok(objects.into_iter().map(|Object(value)| value).collect())
}

/// As [`objects`], where null says something else than nothing does.
pub(crate) fn given_objects<'de, T, D>(reader: D) -> Result<Option<Option<Vec<T>>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    let objects = Option::<Vec<Object<T>>>::deserialize(reader)?;
    let values = objects.map(|list| list.into_iter().map(|Object(value)| value).collect());
    Ok(Some(values))
}

/// Reads a body, and says where it is wrong.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // Only one that is wrong is read again, with an eye on where.
    match serde_json::from_slice(bytes) {
        Ok(Object(value)) => Ok(value),
        Err(_) => read_with_places(bytes),
    }
}

fn read_with_places<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let Object(value) = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let inner = error.into_inner();
        if inner.is_data() {
            return wrong_field(&pointer, &inner.to_string());
        }
        not_json(&inner)
    })?;
    reader.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

fn not_json(error: &serde_json::Error) -> Problem {
    let detail = format!("the body is not JSON: {error}");
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not_json", detail)
}

fn wrong_field(pointer: &str, message: &str) -> Problem {
    let message = message.split(" at line ").next().unwrap_or(message);
    let code = if message.starts_with("unknown field") {
        "unknown_field"
    } else if message.starts_with("missing field") {
        "missing"
    } else {
        "wrong_type"
    };
    Problem::field(pointer, code, message)
}

/// A path as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        let part = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        pointer.push('/');
        pointer.push_str(&part.replace('~', "~0").replace('/', "~1"));
    }
    pointer
}

/// Query parameters, every one of them known.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Params<T>, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Problem::field("", "bad_parameter", "no parameter holds a NUL"));
        }
        let read = axum::extract::Query::<T>::try_from_uri(&parts.uri);
        read.map(|axum::extract::Query(params)| Params(params)).map_err(|error| {
            let detail = error.body_text();
            let detail = detail.rsplit("query string: ").next().unwrap_or_default().to_owned();
            let code = if detail.contains("unknown field") {
                "unknown_parameter"
            } else {
                "bad_parameter"
            };
            Problem::field("", code, detail)
        })
    }
}

/// The part of a list that is asked for.
pub(crate) const DEFAULT_LIMIT: usize = 50;
const MOST: usize = 200;

/// How many are asked for: from 1 to 200.
pub(crate) fn limit(asked: Option<usize>) -> Result<usize, Problem> {
    match asked {
        None => Ok(DEFAULT_LIMIT),
        Some(n @ 1..=MOST) => Ok(n),
        Some(_) => Err(Problem::field("/limit", "bad_limit", "a page has 1 to 200 items")),
    }
}

/// Reads an id of a path: what is none is nobody's.
pub(crate) fn id<T: std::str::FromStr>(text: &str, noun: &'static str) -> Result<T, Problem> {
    text.parse().map_err(|_| Problem::missing(noun))
}

/// Reads an id of a body.
pub(crate) fn field_id<T>(pointer: &str, text: &str) -> Result<T, Problem>
where
    T: std::str::FromStr,
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|why: T::Err| Problem::field(pointer, "bad_id", why.to_string()))
}

/// Reads a field in which null says something else than nothing does.
pub(crate) fn given<'de, T, D>(reader: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(reader).map(Some)
}
