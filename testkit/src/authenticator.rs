//! An authenticator in software with one passkey, and the browser around it.

use data_encoding::BASE64URL_NOPAD;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The person is present.
const PRESENT: u8 = 0x01;
/// The device has verified the person.
const VERIFIED: u8 = 0x04;
/// The data of the new passkey follow.
const ATTESTED: u8 = 0x40;

/// An authenticator with one passkey. Its fields can be set to what an attacker would send.
pub struct Authenticator {
    key: EcdsaKeyPair,
    /// The id of the passkey.
    pub id: Vec<u8>,
    /// The id of the account that the passkey is of.
    pub user: Vec<u8>,
    /// The page that asks, as the browser says.
    pub origin: String,
    /// The host that the passkey is for.
    pub rp_id: String,
    /// How often the passkey was used.
    pub counter: u32,
    /// Whether the device verifies the person.
    pub verifies: bool,
}

impl Authenticator {
    /// Makes an authenticator without a passkey, in a browser on a page.
    #[must_use]
    pub fn at(origin: &str) -> Authenticator {
        let rng = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_ASN1_SIGNING;
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(algorithm, &rng).expect("a key");
        let mut id = vec![0; 32];
        rng.fill(&mut id).expect("random bytes");
        let host = origin.split("//").nth(1).unwrap_or_default();
        Authenticator {
            key: EcdsaKeyPair::from_pkcs8(algorithm, pkcs8.as_ref(), &rng).expect("a key"),
            id,
            user: Vec::new(),
            origin: origin.to_owned(),
            rp_id: host.split(':').next().unwrap_or_default().to_owned(),
            counter: 0,
            verifies: true,
        }
    }

    /// Makes the passkey that options ask for, as `RegistrationResponseJSON`.
    pub fn create(&mut self, options: &Value) -> Value {
        self.user = decode(&options["user"]["id"]);
        let client_data = self.client_data("webauthn.create", options);
        let mut data = self.data(ATTESTED);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).expect("a short id").to_be_bytes());
        data.extend(&self.id);
        data.extend(self.cose_key());
        let mut attestation = vec![0xa3, 0x63];
        attestation.extend(b"fmt\x64none\x67attStmt\xa0\x68authData\x58");
        attestation.push(u8::try_from(data.len()).expect("short data"));
        attestation.extend(data);
        self.answer(&json!({
            "clientDataJSON": encode(&client_data),
            "attestationObject": encode(&attestation),
            "transports": ["internal"],
        }))
    }

    /// Signs in as options ask, as `AuthenticationResponseJSON`.
    pub fn get(&mut self, options: &Value) -> Value {
        self.counter += 1;
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(0);
        let mut signed = data.clone();
        signed.extend(Sha256::digest(&client_data));
        let signature = self.key.sign(&SystemRandom::new(), &signed).expect("a signature");
        self.answer(&json!({
            "clientDataJSON": encode(&client_data),
            "authenticatorData": encode(&data),
            "signature": encode(signature.as_ref()),
            "userHandle": encode(&self.user),
        }))
    }

    fn answer(&self, response: &Value) -> Value {
        let id = encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response,
            "clientExtensionResults": {}})
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        json!({"type": kind, "challenge": options["challenge"], "origin": self.origin,
            "crossOrigin": false})
        .to_string()
        .into_bytes()
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        let verified = if self.verifies { VERIFIED } else { 0 };
        let mut data = Sha256::digest(self.rp_id.as_bytes()).to_vec();
        data.push(flags | PRESENT | verified);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key: an elliptic curve, ES256, P-256 (RFC 9052).
    fn cose_key(&self) -> Vec<u8> {
        let point = self.key.public_key().as_ref();
        let mut key = vec![0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
        key.extend(&point[1..33]);
        key.extend([0x22, 0x58, 0x20]);
        key.extend(&point[33..65]);
        key
    }
}

fn encode(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn decode(text: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(text.as_str().expect("a text").as_bytes()).expect("base64url")
}
