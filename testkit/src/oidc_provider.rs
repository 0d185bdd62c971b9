//! An OpenID Connect provider for tests, which issues the tokens that it is told to.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The provider, which serves on a port of this machine for as long as the test runs.
pub struct OidcProvider {
    /// Its address, and its issuer unless the metadata says another.
    pub base: String,
    key: KeyPair,
    pages: Arc<Mutex<Pages>>,
}

/// What it answers, by path; and the requests to its token endpoint.
#[derive(Default)]
struct Pages {
    answers: BTreeMap<String, (u16, String)>,
    requests: Vec<String>,
}

impl OidcProvider {
    /// Starts a provider whose issuer is its address followed by `path`.
    pub async fn start(path: &str) -> OidcProvider {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let base = format!("http://{}", listener.local_addr().expect("an address"));
        let provider = OidcProvider {
            base: base.clone(),
            key: KeyPair::generate(KeySize::Rsa2048).expect("a key"),
            pages: Arc::default(),
        };
        let issuer = format!("{base}{path}");
        provider.publish(&issuer, json!({}));
        provider.answer("/jwks", &json!({"keys": [provider.jwk("k1")]}));
        let pages = Arc::clone(&provider.pages);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&pages)));
            }
        });
        provider
    }

    /// Publishes metadata of an issuer, with these changes.
    pub fn publish(&self, issuer: &str, changes: Value) {
        let base = &self.base;
        let mut metadata = json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{base}/authorize"),
            "token_endpoint": format!("{base}/token"),
            "userinfo_endpoint": format!("{base}/userinfo"),
            "jwks_uri": format!("{base}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        });
        if let (Some(metadata), Value::Object(changes)) = (metadata.as_object_mut(), changes) {
            metadata.extend(changes);
        }
        let path = issuer.strip_prefix(base.as_str()).unwrap_or_default();
        self.answer(&format!("{path}/.well-known/openid-configuration"), &metadata);
    }

    /// Answers a path with this document.
    pub fn answer(&self, path: &str, document: &Value) {
        self.answer_with(path, 200, document.to_string());
    }

    /// Answers a path with this status and text.
    pub fn answer_with(&self, path: &str, status: u16, text: String) {
        let mut pages = self.pages.lock().expect("not poisoned");
        pages.answers.insert(path.to_owned(), (status, text));
    }

    /// Answers the next code with this token.
    pub fn issue(&self, id_token: &str) {
        self.answer(
            "/token",
            &json!({"access_token": "at", "token_type": "Bearer", "id_token": id_token}),
        );
    }

    /// The requests so far, with their bodies.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.pages.lock().expect("not poisoned").requests.clone()
    }

    /// The public key.
    #[must_use]
    pub fn jwk(&self, id: &str) -> Value {
        // RSAPublicKey of 2048 bits: nine bytes, the modulus, two bytes, the exponent.
        let key = self.key.public_key().as_ref();
        let encode = |bytes: &[u8]| BASE64_URL_SAFE_NO_PAD.encode(bytes);
        json!({
            "kty": "RSA", "use": "sig", "kid": id,
            "n": encode(&key[9..265]),
            "e": encode(&key[267..]),
        })
    }

    /// A token by RS256 with these claims.
    #[must_use]
    pub fn token(&self, claims: &Value) -> String {
        self.token_with(&json!({"alg": "RS256", "kid": "k1", "typ": "JWT"}), claims)
    }

    /// A token with this header, signed by RS256 whatever it says.
    #[must_use]
    pub fn token_with(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
            .expect("a signature");
        format!("{signed}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn serve(mut stream: TcpStream, pages: Arc<Mutex<Pages>>) {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    let length = loop {
        let Ok(count @ 1..) = stream.read(&mut buffer).await else { return };
        request.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, _)) = text.split_once("\r\n\r\n") {
            let body = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            break head.len() + 4 + body.map_or(0, |length| length.parse().unwrap_or(0));
        }
    };
    while request.len() < length {
        let Ok(count @ 1..) = stream.read(&mut buffer).await else { return };
        request.extend_from_slice(&buffer[..count]);
    }
    let text = String::from_utf8_lossy(&request).into_owned();
    let path = text.split_ascii_whitespace().nth(1).unwrap_or_default().to_owned();
    let (status, body) = {
        let mut pages = pages.lock().expect("not poisoned");
        pages.requests.push(text);
        pages.answers.get(&path).cloned().unwrap_or((404, "{}".to_owned()))
    };
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Location: /jwks\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(body.as_bytes()).await;
}
