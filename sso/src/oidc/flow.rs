//! The authorization code flow: the request, and what follows its answer.

use chrono::{DateTime, Utc};
use hyper::header::{ACCEPT, AUTHORIZATION, HeaderValue};
use hyper::{Method, Request, StatusCode};
use jiff::Timestamp;
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdToken, CoreIdTokenVerifier,
};
use openidconnect::{
    AccessToken, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse,
};
use serde_json::{Map, Value};
use url::Url;

use super::claims;
use super::kind::Kind;
use super::provider::{Provider, algorithms, describe};
use crate::http;
use crate::{Identity, Refusal};

/// How far the clock of a provider may differ from ours, in seconds.
const SKEW: i64 = 60;
/// How old an ID token may be that answers a request made now, in seconds.
const OLDEST: i64 = 600;
/// The claims that may come from the user info endpoint.
const FROM_USER_INFO: [&str; 6] =
    ["email", "email_verified", "family_name", "given_name", "groups", "name"];

/// Our side of a connection. It has no `Debug`: it holds a secret.
#[derive(Clone)]
pub struct Client<'a> {
    /// Which provider it is.
    pub kind: &'a Kind,
    /// Our id at the provider.
    pub id: &'a str,
    /// Our secret at the provider.
    pub secret: &'a str,
    /// Where the provider sends the browser back to: one address for each connection, so that an
    /// answer to one is not taken for an answer to another.
    pub redirect_url: &'a str,
}

/// The random values of a request. They are stored until its answer, and used once.
#[derive(Clone)]
pub struct Authorization {
    /// Ties the answer to the browser.
    pub state: String,
    /// Ties the ID token to the request.
    pub nonce: String,
    /// Ties the code to the request: 43 to 128 letters of RFC 7636.
    pub verifier: String,
}

/// The parameters of the answer. It has no `Debug`: the code is a secret until it is used.
#[derive(Clone, Default)]
pub struct Callback {
    /// `code`
    pub code: Option<String>,
    /// `state`
    pub state: Option<String>,
    /// `iss`
    pub issuer: Option<String>,
    /// `error`
    pub error: Option<String>,
}

/// The address to send the browser to.
pub fn start(
    provider: &Provider,
    client: &Client<'_>,
    authorization: &Authorization,
    must_authenticate: bool,
) -> Result<Url, Refusal> {
    check_issuer(provider, client)?;
    let redirect =
        RedirectUrl::new(client.redirect_url.to_owned()).map_err(Refusal::malformed)?;
    let verifier = PkceCodeVerifier::new(authorization.verifier.clone());
    let core = CoreClient::new(
        ClientId::new(client.id.to_owned()),
        provider.metadata.issuer().clone(),
        provider.keys.clone(),
    )
    .set_auth_uri(provider.metadata.authorization_endpoint().clone())
    .set_redirect_uri(redirect);
    let (state, nonce) = (authorization.state.clone(), authorization.nonce.clone());
    let mut request = core
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new(state),
            || Nonce::new(nonce),
        )
        .add_scope(Scope::new("email".to_owned()))
        .add_scope(Scope::new("profile".to_owned()))
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
    if must_authenticate {
        request = request.add_extra_param("prompt", "login").add_extra_param("max_age", "0");
    }
    // A hint only: the claim is checked.
    if let Kind::Google { hosted_domains, .. } = client.kind {
        let hint = match hosted_domains.as_slice() {
            [only] => only.as_str(),
            _ => "*",
        };
        request = request.add_extra_param("hd", hint.to_owned());
    }
    Ok(request.url().0)
}

/// Exchanges the code of an answer, and verifies the ID token.
///
/// The caller has found `authorization` by the state of the answer, in the browser that has made the
/// request, and has made sure that it is used once.
pub async fn finish(
    provider: &Provider,
    client: &Client<'_>,
    authorization: &Authorization,
    callback: &Callback,
    http: &http::Client,
    now: Timestamp,
) -> Result<Identity, Refusal> {
    check_issuer(provider, client)?;
    let code = check_callback(provider, authorization, callback)?;
    let token_url = provider
        .metadata
        .token_endpoint()
        .ok_or_else(|| Refusal::malformed("no token endpoint"))?;
    let auth_type =
        if provider.accepts_basic() { AuthType::BasicAuth } else { AuthType::RequestBody };
    let redirect =
        RedirectUrl::new(client.redirect_url.to_owned()).map_err(Refusal::malformed)?;
    let core = CoreClient::new(
        ClientId::new(client.id.to_owned()),
        provider.metadata.issuer().clone(),
        provider.keys.clone(),
    )
    .set_client_secret(ClientSecret::new(client.secret.to_owned()))
    .set_auth_type(auth_type)
    .set_token_uri(token_url.clone())
    .set_redirect_uri(redirect);
    let answer = core
        .exchange_code(AuthorizationCode::new(code))
        .set_pkce_verifier(PkceCodeVerifier::new(authorization.verifier.clone()))
        .request_async(http)
        .await
        .map_err(describe)?;
    let token = answer.id_token().ok_or_else(|| Refusal::structure("no ID token"))?;
    let mut claims = verify(provider, client, token, &authorization.nonce, now)?;
    if !claims.contains_key("email") {
        add_user_info(provider, answer.access_token(), &mut claims, http).await?;
    }
    identity(provider, client, &claims)
}

/// The provider must be the one of the connection, also if it was stored for some time.
fn check_issuer(provider: &Provider, client: &Client<'_>) -> Result<(), Refusal> {
    client.kind.check()?;
    let expected = client.kind.issuer();
    if provider.issuer() == expected {
        return Ok(());
    }
    Err(Refusal::Issuer(Refusal::quote(provider.issuer())))
}

fn check_callback(
    provider: &Provider,
    authorization: &Authorization,
    callback: &Callback,
) -> Result<String, Refusal> {
    if callback.state.as_deref() != Some(authorization.state.as_str()) {
        return Err(Refusal::State);
    }
    // RFC 9207: an answer of another provider must not bring its code here.
    match callback.issuer.as_deref() {
        Some(issuer) if issuer != provider.issuer() => {
            return Err(Refusal::Issuer(Refusal::quote(issuer)));
        }
        None if provider.answers_name_issuer() => {
            return Err(Refusal::Issuer("none".to_owned()));
        }
        _ => {}
    }
    if let Some(error) = &callback.error {
        return Err(Refusal::NotSignedIn(Refusal::quote(error)));
    }
    callback.code.clone().ok_or_else(|| Refusal::structure("no `code`"))
}

/// Verifies an ID token, and returns its claims as it has them.
pub(crate) fn verify(
    provider: &Provider,
    client: &Client<'_>,
    token: &CoreIdToken,
    nonce: &str,
    now: Timestamp,
) -> Result<Map<String, Value>, Refusal> {
    let time = chrono_time(now)?;
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(client.id.to_owned()),
        provider.metadata.issuer().clone(),
        provider.keys.clone(),
    )
    .set_allowed_algs(algorithms())
    .set_time_fn(move || time)
    .set_issue_time_verifier_fn(move |issued| {
        let age = now.as_second() - issued.timestamp();
        if (-SKEW..=OLDEST).contains(&age) {
            Ok(())
        } else {
            Err("issued at another time".to_owned())
        }
    });
    let verified = token
        .claims(&verifier, &Nonce::new(nonce.to_owned()))
        .map_err(|error| refuse(&error))?;

    // The same bytes again, for the claims that the crate does not know.
    let claims = payload(&token.to_string())?;
    let subject = claims::text(&claims, "sub").ok_or(Refusal::Subject("no `sub`"))?;
    if verified.subject().as_str() != subject {
        return Err(Refusal::Subject("two of them"));
    }
    // The crate leaves `azp` and `nbf` to us.
    if claims.get("azp").is_some_and(|party| party.as_str() != Some(client.id)) {
        return Err(Refusal::Audience);
    }
    match claims.get("nbf").map(Value::as_i64) {
        None => {}
        Some(Some(start)) if start <= now.as_second() + SKEW => {}
        Some(_) => return Err(Refusal::Time("it is not valid yet")),
    }
    Ok(claims)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the crate may add errors, and each of them is a refusal"
)]
fn refuse(error: &openidconnect::ClaimsVerificationError) -> Refusal {
    use openidconnect::ClaimsVerificationError as Error;
    use openidconnect::SignatureVerificationError as Signature;
    let text = Refusal::quote(&error.to_string());
    match error {
        Error::Expired(_) => Refusal::Time("it has expired, or was issued at another time"),
        Error::InvalidAudience(_) => Refusal::Audience,
        Error::InvalidIssuer(_) => Refusal::Issuer(text),
        Error::InvalidNonce(_) => Refusal::Nonce,
        Error::SignatureVerification(Signature::DisallowedAlg(_) | Signature::NoSignature) => {
            Refusal::Algorithm(text)
        }
        Error::SignatureVerification(_) => Refusal::Signature,
        _ => Refusal::Malformed(text),
    }
}

/// The payload of a token whose signature was verified.
pub(crate) fn payload(token: &str) -> Result<Map<String, Value>, Refusal> {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD;
    let payload = token.split('.').nth(1).ok_or_else(|| Refusal::malformed("no payload"))?;
    let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).map_err(Refusal::malformed)?;
    serde_json::from_slice(&payload).map_err(Refusal::malformed)
}

/// Adds what the provider says elsewhere: address, name and groups. Who it is, the ID token says.
async fn add_user_info(
    provider: &Provider,
    token: &AccessToken,
    claims: &mut Map<String, Value>,
    http: &http::Client,
) -> Result<(), Refusal> {
    let Some(url) = provider.metadata.userinfo_endpoint() else { return Ok(()) };
    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.secret()));
    let request = Request::builder()
        .method(Method::GET)
        .uri(url.as_str())
        .header(ACCEPT, "application/json")
        .header(AUTHORIZATION, bearer.map_err(Refusal::malformed)?)
        .body(Vec::new())
        .map_err(Refusal::malformed)?;
    let answer = http.send(request).await.map_err(describe)?;
    if answer.status() != StatusCode::OK {
        return Err(Refusal::Provider("its user info endpoint refuses the token".to_owned()));
    }
    let found: Map<String, Value> =
        serde_json::from_slice(answer.body()).map_err(Refusal::malformed)?;
    if found.get("sub") != claims.get("sub") {
        return Err(Refusal::Subject("the user info is about another person"));
    }
    for name in FROM_USER_INFO {
        if let (Some(value), false) = (found.get(name), claims.contains_key(name)) {
            claims.insert(name.to_owned(), value.clone());
        }
    }
    Ok(())
}

fn identity(
    provider: &Provider,
    client: &Client<'_>,
    claims: &Map<String, Value>,
) -> Result<Identity, Refusal> {
    let (subject, hosted_domain) = client.kind.subject(claims)?;
    let text = |name| claims::text(claims, name);
    let both = text("given_name").zip(text("family_name")).map(|(a, b)| format!("{a} {b}"));
    let methods = claims::texts(claims, "amr");
    let authenticated = claims.get("auth_time").and_then(Value::as_i64);
    Ok(Identity {
        issuer: provider.issuer().to_owned(),
        subject,
        email: text("email"),
        email_verified: claims.get("email_verified") == Some(&Value::Bool(true)),
        name: text("name").or(both),
        hosted_domain,
        groups: claims::texts(claims, "groups"),
        has_more_groups: claims::leaves_groups_out(claims),
        has_second_factor: methods.iter().any(|method| method == "mfa"),
        authenticated_at: authenticated.and_then(|at| Timestamp::from_second(at).ok()),
        session: text("sid"),
        once: None,
        claims: claims::all(claims),
    })
}

fn chrono_time(now: Timestamp) -> Result<DateTime<Utc>, Refusal> {
    DateTime::from_timestamp(now.as_second(), 0).ok_or(Refusal::Time("the clock is wrong"))
}
