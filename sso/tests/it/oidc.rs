//! OpenID Connect: what is accepted, and attacks on tokens and answers, each with its control.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hallpass_sso::http::{Client as Http, Network};
use hallpass_sso::oidc::{
    self, Authorization, Callback, Client, Kind, Logout, Provider, read_logout_token,
};
use hallpass_sso::{Identity, Refusal};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::oidc_provider::OidcProvider;

const CLIENT: &str = "client-1";
const REDIRECT: &str = "https://hallpass.example/sso/con_1/callback";
const TENANT: &str = "6f1c1f0e-4a5b-4c6d-8e7f-0123456789ab";
const OBJECT: &str = "00000000-1111-2222-3333-444444444444";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn authorization() -> Authorization {
    Authorization {
        state: "state-1".to_owned(),
        nonce: "nonce-1".to_owned(),
        verifier: "v".repeat(43),
    }
}

fn answer() -> Callback {
    Callback {
        code: Some("code-1".to_owned()),
        state: Some("state-1".to_owned()),
        ..Callback::default()
    }
}

/// A connection to a provider that serves.
struct Connection {
    server: OidcProvider,
    kind: Kind,
    http: Http,
}

impl Connection {
    async fn own() -> Connection {
        let server = OidcProvider::start("").await;
        let kind = Kind::Own { issuer: server.base.clone() };
        Connection { server, kind, http: Http::new(Network::Any).unwrap() }
    }

    async fn google(domains: &[&str]) -> Connection {
        let server = OidcProvider::start("").await;
        let hosted_domains = domains.iter().map(|domain| (*domain).to_owned()).collect();
        let kind = Kind::Google { issuer: server.base.clone(), hosted_domains };
        Connection { server, kind, http: Http::new(Network::Any).unwrap() }
    }

    async fn microsoft() -> Connection {
        let server = OidcProvider::start(&format!("/{TENANT}/v2.0")).await;
        let kind =
            Kind::Microsoft { authority: server.base.clone(), tenant: TENANT.to_owned() };
        Connection { server, kind, http: Http::new(Network::Any).unwrap() }
    }

    fn client(&self) -> Client<'_> {
        Client { kind: &self.kind, id: CLIENT, secret: "secret-1", redirect_url: REDIRECT }
    }

    async fn provider(&self) -> Provider {
        Provider::discover(&self.kind.issuer(), &self.http).await.unwrap()
    }

    /// Claims that are in order.
    fn claims(&self) -> Value {
        json!({
            "iss": self.kind.issuer(), "aud": CLIENT, "sub": "ben-1", "nonce": "nonce-1",
            "iat": now().as_second(), "exp": now().as_second() + 300,
            "email": "ben@northwind.example", "email_verified": true, "name": "Ben",
            "groups": ["sales", "owner"], "sid": "s1",
        })
    }

    fn claims_with(&self, changes: Value) -> Value {
        let mut claims = self.claims();
        let (Some(into), Value::Object(changes)) = (claims.as_object_mut(), changes) else {
            panic!("objects")
        };
        for (name, value) in changes {
            if value.is_null() {
                into.remove(&name);
            } else {
                into.insert(name, value);
            }
        }
        claims
    }

    async fn finish(&self, token: &str, callback: &Callback) -> Result<Identity, Refusal> {
        self.server.issue(token);
        let provider = self.provider().await;
        let client = self.client();
        oidc::finish(&provider, &client, &authorization(), callback, &self.http, now()).await
    }

    /// Signs these claims, and finishes with them.
    async fn accept(&self, claims: &Value) -> Result<Identity, Refusal> {
        self.finish(&self.server.token(claims), &answer()).await
    }

    async fn logout(&self, token: &str) -> Result<Logout, Refusal> {
        read_logout_token(&self.provider().await, &self.client(), token, now())
    }
}

#[tokio::test]
async fn the_request_has_state_nonce_and_a_hashed_verifier() {
    let connection = Connection::own().await;
    let provider = connection.provider().await;

    let url = oidc::start(&provider, &connection.client(), &authorization(), true).unwrap();

    let pairs: std::collections::BTreeMap<String, String> =
        url.query_pairs().into_owned().collect();
    assert_eq!(pairs["response_type"], "code");
    assert_eq!(pairs["client_id"], CLIENT);
    assert_eq!(pairs["state"], "state-1");
    assert_eq!(pairs["nonce"], "nonce-1");
    assert_eq!(pairs["redirect_uri"], REDIRECT);
    assert_eq!(pairs["scope"], "openid email profile");
    assert_eq!(pairs["code_challenge_method"], "S256");
    assert_eq!(pairs["prompt"], "login");
    assert!(!url.as_str().contains(&authorization().verifier));
}

#[tokio::test]
async fn a_code_is_exchanged_with_secret_and_verifier() {
    let connection = Connection::own().await;

    let identity = connection.accept(&connection.claims()).await.unwrap();

    assert_eq!(identity.issuer, connection.kind.issuer());
    assert_eq!(identity.subject, "ben-1");
    assert_eq!(identity.email.as_deref(), Some("ben@northwind.example"));
    assert!(identity.email_verified);
    assert_eq!(identity.groups, ["sales", "owner"]);
    assert_eq!(identity.session.as_deref(), Some("s1"));
    let requests = connection.server.requests();
    let token = requests.iter().find(|request| request.starts_with("POST /token")).unwrap();
    assert!(token.contains("authorization: Basic "), "{token}");
    assert!(token.contains(&format!("code_verifier={}", authorization().verifier)));
}

#[tokio::test]
async fn claims_that_are_not_in_the_token_come_from_the_user_info_of_the_same_person() {
    let connection = Connection::own().await;
    let thin =
        connection.claims_with(json!({"email": null, "email_verified": null, "name": null}));
    let info = json!({"sub": "ben-1", "email": "b@northwind.example", "email_verified": true});
    connection.server.answer("/userinfo", &info);

    let identity = connection.accept(&thin).await.unwrap();

    assert_eq!(identity.email.as_deref(), Some("b@northwind.example"));
    connection.server.answer("/userinfo", &json!({"sub": "anna-1", "email": "a@x.example"}));
    assert!(matches!(connection.accept(&thin).await, Err(Refusal::Subject(_))));
}

#[tokio::test]
async fn a_token_for_another_issuer_client_request_or_time_is_refused() {
    let connection = Connection::own().await;
    assert!(connection.accept(&connection.claims()).await.is_ok());
    let second = now().as_second();
    let time = Refusal::Time("it has expired, or was issued at another time");
    for (changes, expected) in [
        (json!({"aud": "client-2"}), Refusal::Audience),
        (json!({"aud": [CLIENT, "client-2"]}), Refusal::Audience),
        (json!({"aud": []}), Refusal::Audience),
        (json!({"azp": "client-2"}), Refusal::Audience),
        (json!({"nonce": "nonce-2"}), Refusal::Nonce),
        (json!({"nonce": null}), Refusal::Nonce),
        (json!({"exp": second}), time.clone()),
        (json!({"exp": second - 1}), time.clone()),
        (json!({"iat": second + 61}), time.clone()),
        (json!({"iat": second - 601}), time.clone()),
        (json!({"nbf": second + 61}), Refusal::Time("it is not valid yet")),
        (json!({"nbf": "soon"}), Refusal::Time("it is not valid yet")),
    ] {
        let result = connection.accept(&connection.claims_with(changes.clone())).await;
        assert_eq!(result, Err(expected), "{changes}");
    }
    for issuer in ["https://evil.example", &format!("{}/", connection.server.base)] {
        let result = connection.accept(&connection.claims_with(json!({"iss": issuer}))).await;
        assert!(matches!(result, Err(Refusal::Issuer(_))), "{issuer}: {result:?}");
    }
    assert!(connection.accept(&connection.claims_with(json!({"azp": 7}))).await.is_err());
    for missing in ["iss", "aud", "exp", "iat", "sub"] {
        let result = connection.accept(&connection.claims_with(json!({missing: null}))).await;
        assert!(result.is_err(), "{missing}");
    }
}

#[tokio::test]
async fn a_token_without_the_right_signature_is_refused() {
    let connection = Connection::own().await;
    let claims = connection.claims();
    let good = connection.server.token(&claims);
    assert!(connection.finish(&good, &answer()).await.is_ok());
    let other = OidcProvider::start("").await;
    let (header, rest) = good.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let evil = encode(&connection.claims_with(json!({"sub": "anna-1"})));
    let none = encode(&json!({"alg": "none"}));
    let hs256 = encode(&json!({"alg": "HS256", "kid": "k1"}));
    let mac = |key: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, key);
        let tag = hmac::sign(&key, format!("{hs256}.{evil}").as_bytes());
        format!("{hs256}.{evil}.{}", BASE64_URL_SAFE_NO_PAD.encode(tag))
    };
    let tokens = [
        other.token(&claims),
        format!("{header}.{evil}.{signature}"),
        format!("{header}.{body}."),
        format!("{none}.{evil}."),
        format!("{none}.{evil}.{signature}"),
        mac(b"secret-1"),
        mac(connection.server.jwk("k1")["n"].as_str().unwrap().as_bytes()),
        connection.server.token_with(&json!({"alg": "RS256", "kid": "k2"}), &claims),
        connection.server.token_with(&json!({"alg": "ES256", "kid": "k1"}), &claims),
        connection
            .server
            .token_with(&json!({"alg": "RS256", "kid": "k1", "crit": ["x"]}), &claims),
        connection
            .server
            .token_with(&json!({"alg": "RS256", "kid": "k1", "typ": "logout+jwt"}), &claims),
        // A key that the token brings, or says where to fetch.
        other.token_with(&json!({"alg": "RS256", "jwk": other.jwk("k1")}), &claims),
        other.token_with(
            &json!({"alg": "RS256", "kid": "k1", "jku": format!("{}/jwks", other.base)}),
            &claims,
        ),
        String::new(),
        "a.b.c".to_owned(),
    ];

    for token in tokens {
        let result = connection.finish(&token, &answer()).await;
        assert!(result.is_err(), "let in by {token}: {result:?}");
    }
}

#[tokio::test]
async fn a_short_key_or_one_for_encryption_verifies_nothing() {
    let connection = Connection::own().await;
    let token = connection.server.token(&connection.claims());
    let mut encryption = connection.server.jwk("k1");
    encryption["use"] = json!("enc");
    let mut other_algorithm = connection.server.jwk("k1");
    other_algorithm["alg"] = json!("RS512");
    let mut short = connection.server.jwk("k1");
    short["n"] = json!("A".repeat(200) + &"x".repeat(142));
    for key in [encryption, other_algorithm, short] {
        connection.server.answer("/jwks", &json!({"keys": [key]}));
        assert_eq!(connection.finish(&token, &answer()).await, Err(Refusal::Signature));
    }
    connection.server.answer("/jwks", &json!({"keys": [connection.server.jwk("k1")]}));
    assert!(connection.finish(&token, &answer()).await.is_ok());
}

#[tokio::test]
async fn an_answer_to_another_request_or_of_another_provider_is_refused() {
    let connection = Connection::own().await;
    let token = connection.server.token(&connection.claims());
    let issuer = connection.kind.issuer();
    assert!(
        connection
            .finish(&token, &Callback { issuer: Some(issuer.clone()), ..answer() })
            .await
            .is_ok()
    );
    for state in [None, Some(String::new()), Some("state-2".to_owned())] {
        let result = connection.finish(&token, &Callback { state, ..answer() }).await;
        assert_eq!(result, Err(Refusal::State));
    }
    let other = Some("https://evil.example".to_owned());
    let result = connection.finish(&token, &Callback { issuer: other, ..answer() }).await;
    assert!(matches!(result, Err(Refusal::Issuer(_))));
    let denied = Some("access_denied".to_owned());
    let result = connection.finish(&token, &Callback { error: denied, ..answer() }).await;
    assert_eq!(result, Err(Refusal::NotSignedIn("access_denied".to_owned())));
    // A provider that says that its answers name it, names itself in each.
    connection
        .server
        .publish(&issuer, json!({"authorization_response_iss_parameter_supported": true}));
    let result = connection.finish(&token, &answer()).await;
    assert!(matches!(result, Err(Refusal::Issuer(_))));
}

#[tokio::test]
async fn a_provider_that_calls_itself_differently_is_refused() {
    let connection = Connection::own().await;
    let base = &connection.server.base;
    assert!(Provider::discover(base, &connection.http).await.is_ok());
    for name in ["https://evil.example".to_owned(), format!("{base}/")] {
        connection.server.answer(
            "/.well-known/openid-configuration",
            &json!({
                "issuer": name, "authorization_endpoint": format!("{base}/authorize"),
                "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/jwks"),
                "response_types_supported": ["code"], "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }),
        );
        assert!(Provider::discover(base, &connection.http).await.is_err(), "{name}");
    }
    connection.server.publish(base, json!({"authorization_endpoint": "javascript:alert(1)"}));
    assert!(Provider::discover(base, &connection.http).await.is_err());
}

#[tokio::test]
async fn a_stored_provider_of_another_connection_is_refused() {
    let (one, two) = (Connection::own().await, Connection::own().await);
    one.server.issue(&one.server.token(&one.claims()));
    let provider = one.provider().await;

    let result =
        oidc::finish(&provider, &two.client(), &authorization(), &answer(), &two.http, now())
            .await;

    assert!(matches!(result, Err(Refusal::Issuer(_))));
}

#[tokio::test]
async fn google_signs_for_everyone_so_the_domain_must_be_the_organisations() {
    let connection = Connection::google(&["northwind.example", "northwind.test"]).await;
    for domain in ["northwind.example", "northwind.test", "NORTHWIND.example"] {
        let claims = connection.claims_with(json!({"hd": domain}));
        let identity = connection.accept(&claims).await.unwrap();
        assert_eq!(identity.subject, "ben-1");
        assert_eq!(identity.hosted_domain, Some(domain.to_ascii_lowercase()));
    }
    for changes in [
        json!({}),
        json!({"hd": "evil.example"}),
        json!({"hd": ""}),
        json!({"hd": ["northwind.example"]}),
        json!({"hd": "northwind.example.evil.example"}),
    ] {
        let result = connection.accept(&connection.claims_with(changes.clone())).await;
        assert_eq!(result, Err(Refusal::HostedDomain), "{changes}");
    }
    let without = Connection::google(&[]).await;
    let claims = without.claims_with(json!({"hd": "northwind.example"}));
    assert!(without.accept(&claims).await.is_err());
}

#[tokio::test]
async fn microsoft_identifies_by_tenant_and_object() {
    let connection = Connection::microsoft().await;
    let of = |tenant: &str| json!({"tid": tenant, "oid": OBJECT, "sub": "pairwise"});

    let identity = connection.accept(&connection.claims_with(of(TENANT))).await.unwrap();

    assert_eq!(identity.subject, format!("{TENANT}/{OBJECT}"));
    assert_eq!(identity.hosted_domain, None);
    for changes in [
        of("9188040d-6c67-4c5b-b112-36a304b66dad"),
        of(""),
        json!({"oid": OBJECT}),
        json!({"tid": TENANT}),
    ] {
        let result = connection.accept(&connection.claims_with(changes.clone())).await;
        assert!(
            matches!(result, Err(Refusal::Tenant | Refusal::Subject(_))),
            "{changes}: {result:?}"
        );
    }
    for tenant in ["common", "organizations", "consumers", "northwind.example", ""] {
        let kind = Kind::Microsoft {
            authority: "https://x.example".to_owned(),
            tenant: tenant.to_owned(),
        };
        assert!(kind.check().is_err(), "{tenant}");
    }
}

#[tokio::test]
async fn requests_do_not_go_into_the_own_network_or_follow_redirects() {
    let connection = Connection::own().await;
    let public = Http::new(Network::Public).unwrap();
    let (_, port) = connection.server.base.rsplit_once(':').unwrap();
    for issuer in [
        connection.server.base.clone(),
        format!("https://127.0.0.1:{port}"),
        format!("https://localhost:{port}"),
        format!("https://[::1]:{port}"),
        format!("https://[::ffff:127.0.0.1]:{port}"),
        "https://169.254.169.254".to_owned(),
        "https://10.0.0.1".to_owned(),
        "ftp://idp.example".to_owned(),
    ] {
        let refusal = Provider::discover(&issuer, &public).await.unwrap_err();
        let Refusal::Provider(text) = &refusal else { panic!("{refusal}") };
        assert!(text.contains("not an address that requests may go to"), "{issuer}: {text}");
    }
    let path = "/.well-known/openid-configuration";
    connection.server.answer_with(path, 302, String::new());
    assert!(Provider::discover(&connection.server.base, &connection.http).await.is_err());
    connection.server.answer_with(path, 200, "x".repeat(600_000));
    assert!(Provider::discover(&connection.server.base, &connection.http).await.is_err());
}

fn logout_claims(connection: &Connection) -> Value {
    json!({
        "iss": connection.kind.issuer(), "aud": CLIENT, "iat": now().as_second(),
        "exp": now().as_second() + 120, "jti": "j1", "sub": "ben-1", "sid": "s1",
        "events": {EVENT: {}},
    })
}

#[tokio::test]
async fn a_logout_token_says_whose_sessions_end() {
    let connection = Connection::own().await;
    let header = json!({"alg": "RS256", "kid": "k1", "typ": "logout+jwt"});
    let token = connection.server.token_with(&header, &logout_claims(&connection));

    let logout = connection.logout(&token).await.unwrap();

    assert_eq!(logout.subject.as_deref(), Some("ben-1"));
    assert_eq!(logout.session.as_deref(), Some("s1"));
    assert_eq!(logout.once.id, "j1");
    assert_eq!(logout.once.until, "2026-01-01T12:03:00Z".parse().unwrap());
}

#[tokio::test]
async fn a_forged_logout_token_ends_nothing() {
    let connection = Connection::own().await;
    let good = connection.server.token(&logout_claims(&connection));
    assert!(connection.logout(&good).await.is_ok());
    let other = OidcProvider::start("").await;
    let second = now().as_second();
    let with = |changes: Value| {
        let mut claims = logout_claims(&connection);
        if let (Some(claims), Value::Object(changes)) = (claims.as_object_mut(), changes) {
            claims.extend(changes);
        }
        claims.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        claims
    };
    let mut refused: Vec<String> = [
        json!({"iss": "https://evil.example"}),
        json!({"iss": null}),
        json!({"aud": "client-2"}),
        json!({"aud": [CLIENT, "client-2"]}),
        json!({"events": {}}),
        json!({"events": null}),
        json!({"events": {EVENT: true}}),
        json!({"nonce": "nonce-1"}),
        json!({"exp": second - 60}),
        json!({"exp": "never"}),
        json!({"iat": second + 61}),
        json!({"iat": second - 361, "exp": second + 100_000}),
        json!({"iat": null}),
        json!({"jti": null}),
        json!({"sub": null, "sid": null}),
    ]
    .into_iter()
    .map(|changes| connection.server.token(&with(changes)))
    .collect();
    refused.push(connection.server.token(&connection.claims()));
    refused.push(other.token(&logout_claims(&connection)));
    for header in [
        json!({"alg": "none"}),
        json!({"alg": "HS256"}),
        json!({"alg": "RS256", "kid": "k2"}),
        json!({"alg": "RS256", "crit": ["b64"]}),
        json!({"alg": "RS256", "typ": "at+jwt"}),
    ] {
        refused.push(connection.server.token_with(&header, &logout_claims(&connection)));
    }
    let (unsigned, _) = good.rsplit_once('.').unwrap();
    refused.push(format!("{unsigned}."));
    refused.push(unsigned.to_owned());
    refused.push(format!("{good}.x"));

    for token in refused {
        let result = connection.logout(&token).await;
        assert!(result.is_err(), "ended by {token}: {result:?}");
    }
}
