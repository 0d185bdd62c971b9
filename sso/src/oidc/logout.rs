//! Back-channel logout: the provider's token that ends sessions.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyUse, JwsSigningAlgorithm};
use serde_json::{Map, Value};

use super::flow::{Client, payload};
use super::provider::{Provider, algorithms};
use super::{Kind, claims};
use crate::Refusal;
use crate::identity::Once;

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const LARGEST: usize = 16 * 1024;
const SKEW: i64 = 60;
/// How old a token without an end of its own may be, in seconds.
const OLDEST: i64 = 300;

/// Whose sessions end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logout {
    /// As in [`Identity::subject`](crate::Identity::subject). All sessions of the person, unless
    /// `session` names one.
    pub subject: Option<String>,
    /// As in [`Identity::session`](crate::Identity::session).
    pub session: Option<String>,
    /// The token may be used once.
    pub once: Once,
}

/// Verifies a logout token: <https://openid.net/specs/openid-connect-backchannel-1_0.html>.
pub fn read_logout_token(
    provider: &Provider,
    client: &Client<'_>,
    token: &str,
    now: Timestamp,
) -> Result<Logout, Refusal> {
    if token.len() > LARGEST {
        return Err(Refusal::TooLarge);
    }
    if provider.issuer() != client.kind.issuer() {
        return Err(Refusal::Issuer(Refusal::quote(provider.issuer())));
    }
    verify_signature(provider, token)?;
    let claims = payload(token)?;
    let text = |name| claims::text(&claims, name);
    if text("iss").as_deref() != Some(provider.issuer()) {
        return Err(Refusal::Issuer(text("iss").unwrap_or_default()));
    }
    if claims::texts(&claims, "aud") != [client.id] {
        return Err(Refusal::Audience);
    }
    let until = check_times(&claims, now)?;
    let is_logout =
        claims.get("events").and_then(|events| events.get(EVENT)).is_some_and(Value::is_object);
    // An ID token has a nonce and no event: neither may be taken for the other.
    if !is_logout || claims.contains_key("nonce") {
        return Err(Refusal::structure("not a logout token"));
    }
    let subject = match client.kind {
        // Microsoft and Google send `sub` alone or `sid`; the organisation is in the issuer, or in
        // the session.
        Kind::Microsoft { .. } => match (text("tid"), text("oid")) {
            (Some(_), Some(_)) => Some(client.kind.subject(&claims)?.0),
            _ => None,
        },
        Kind::Google { .. } | Kind::Own { .. } => text("sub"),
    };
    let session = text("sid");
    if subject.is_none() && session.is_none() {
        return Err(Refusal::Subject("neither `sub` nor `sid`"));
    }
    let id = text("jti").ok_or_else(|| Refusal::structure("no `jti`"))?;
    Ok(Logout { subject, session, once: Once { id, until } })
}

fn check_times(claims: &Map<String, Value>, now: Timestamp) -> Result<Timestamp, Refusal> {
    let second = |name| claims.get(name).and_then(Value::as_i64);
    let issued = second("iat").ok_or(Refusal::Time("it does not say when it was issued"))?;
    let end = match claims.get("exp") {
        None => issued + OLDEST,
        Some(_) => second("exp").ok_or(Refusal::Time("a time cannot be read"))?,
    };
    // However far the end is, an old token is not remembered any more.
    let end = end.min(issued + OLDEST);
    let now = now.as_second();
    if issued > now + SKEW || now >= end + SKEW {
        return Err(Refusal::Time("it has expired, or was issued at another time"));
    }
    Timestamp::from_second(end + SKEW).map_err(|_| Refusal::Time("a time cannot be read"))
}

fn verify_signature(provider: &Provider, token: &str) -> Result<(), Refusal> {
    let (signed, signature) =
        token.rsplit_once('.').ok_or_else(|| Refusal::malformed("not a token"))?;
    let (header, body) =
        signed.split_once('.').ok_or_else(|| Refusal::malformed("not a token"))?;
    if body.contains('.') {
        return Err(Refusal::malformed("not a signed token"));
    }
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).map_err(Refusal::malformed);
    let header: Map<String, Value> =
        serde_json::from_slice(&decode(header)?).map_err(Refusal::malformed)?;
    if header.contains_key("crit") {
        return Err(Refusal::structure("critical header fields"));
    }
    let kind = claims::text(&header, "typ").map(|kind| kind.to_ascii_lowercase());
    if !matches!(kind.as_deref(), None | Some("jwt" | "logout+jwt" | "application/logout+jwt"))
    {
        return Err(Refusal::structure("not a logout token"));
    }
    let name = claims::text(&header, "alg").unwrap_or_default();
    let algorithm: CoreJwsSigningAlgorithm =
        serde_json::from_value(Value::String(name.clone()))
            .map_err(|_| Refusal::Algorithm(Refusal::quote(&name)))?;
    if !algorithms().contains(&algorithm) {
        return Err(Refusal::Algorithm(Refusal::quote(&name)));
    }
    let key_id = claims::text(&header, "kid");
    let signature = decode(signature)?;
    let is_good = provider
        .keys
        .keys()
        .iter()
        .filter(|key| fits(key, key_id.as_deref(), &algorithm))
        .any(|key| key.verify_signature(&algorithm, signed.as_bytes(), &signature).is_ok());
    if is_good { Ok(()) } else { Err(Refusal::Signature) }
}

/// Whether a key may have made a signature by this algorithm.
fn fits(key: &CoreJsonWebKey, id: Option<&str>, algorithm: &CoreJwsSigningAlgorithm) -> bool {
    let has_id = id.is_none_or(|id| key.key_id().is_some_and(|own| own.as_str() == id));
    let may_sign = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
    let is_of_type = algorithm.key_type().as_ref() == Some(key.key_type());
    let is_for = match key.signing_alg() {
        JsonWebKeyAlgorithm::Unspecified => true,
        JsonWebKeyAlgorithm::Algorithm(own) => own == algorithm,
        JsonWebKeyAlgorithm::Unsupported => false,
    };
    has_id && may_sign && is_of_type && is_for
}
