//! The test vectors of `WebAuthn`, level 3, §16.2 (none, ES256), and what their missing user verification
//! makes of them here.

use data_encoding::HEXLOWER;
use hallpass_domain::email::Email;
use hallpass_domain::id::AccountId;
use hallpass_domain::name::Name;
use hallpass_domain::time::Timestamp;
use serde_json::Map;

use super::*;

const REGISTRATION_CHALLENGE: &str =
    "00c30fb78531c464d2b6771dab8d7b603c01162f2fa486bea70f283ae556e130";
const CREDENTIAL_ID: &str = "f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4";
const ATTESTATION: &str = "a363666d74646e6f6e656761747453746d74a068617574684461746158a4bfabc374\
    32958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b559000000008446ccb9ab1db374750b2367ff6f3a\
    1f0020f91f391db4c9b2fde0ea70189cba3fb63f579ba6122b33ad94ff3ec330084be4a5010203262001215820afefa1\
    6f97ca9b2d23eb86ccb64098d20db90856062eb249c33a9b672f26df61225820930a56b87a2fca66334b03458abf8797\
    17c12cc68ed73290af2e2664796b9220";
const REGISTRATION_CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e637265617465222c22\
    6368616c6c656e6765223a22414d4d507434557878475453746e63647134313759447742466938767049612d7077386f\
    4f755657345441222c226f726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f72\
    6967696e223a66616c73652c22657874726144617461223a22636c69656e74446174614a534f4e206d61792062652065\
    7874656e6465642077697468206164646974696f6e616c206669656c647320696e20746865206675747572652c207375\
    636820617320746869733a20426b5165446a646354427258426941774a544c453551227d";
const CHALLENGE: &str = "39c0e7521417ba54d43e8dc95174f423dee9bf3cd804ff6d65c857c9abf4d408";
const AUTHENTICATOR_DATA: &str =
    "bfabc37432958b063360d3ad6461c9c4735ae7f8edd46592a5e0f01452b2e4b51900000000";
const CLIENT_DATA: &str = "7b2274797065223a22776562617574686e2e676574222c226368616c6c656e6765223a\
    224f63446e55685158756c5455506f334a5558543049393770767a7a59425039745a63685879617630314167222c226f\
    726967696e223a2268747470733a2f2f6578616d706c652e6f7267222c2263726f73734f726967696e223a66616c7365\
    7d";
const SIGNATURE: &str = "3046022100f50a4e2e4409249c4a853ba361282f09841df4dd4547a13a87780218deffcd\
    380221008480ac0f0b93538174f575bf11a1dd5d78c6e486013f937295ea13653e331e87";

fn base64(hex: &str) -> String {
    BASE64URL_NOPAD.encode(&HEXLOWER.decode(hex.as_bytes()).unwrap())
}

fn account() -> Account {
    Account {
        id: AccountId(Uuid::from_u128(7)),
        email: Email::parse("anna@example.org").unwrap(),
        first_name: Name::parse("Anna").unwrap(),
        last_name: String::new(),
        password: None,
        locale: "en".to_owned(),
        picture: None,
        notifications: Map::new(),
        is_operator: false,
        disabled_at: None,
        confirmed_at: None,
        created_at: Timestamp::from_seconds(0),
        version: 1,
    }
}

/// A stored state with another challenge, and user verification that is only preferred.
fn state_of(state: &str, path: &str, challenge: &str) -> String {
    let mut state: Value = serde_json::from_str(state).unwrap();
    let fields = state.get_mut(path).unwrap();
    assert_eq!(fields["policy"], "required");
    merge(fields, &[("challenge", base64(challenge).into()), ("policy", "preferred".into())]);
    state.to_string()
}

fn registration() -> Value {
    let id = base64(CREDENTIAL_ID);
    json!({"id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": {
        "clientDataJSON": base64(REGISTRATION_CLIENT_DATA), "attestationObject": base64(ATTESTATION)}})
}

fn authentication(signature: &str) -> Value {
    let (id, user) = (base64(CREDENTIAL_ID), BASE64URL_NOPAD.encode(account().id.0.as_bytes()));
    json!({"id": id, "rawId": id, "type": "public-key", "clientExtensionResults": {}, "response": {
        "clientDataJSON": base64(CLIENT_DATA), "authenticatorData": base64(AUTHENTICATOR_DATA),
        "signature": base64(signature), "userHandle": user}})
}

#[test]
fn the_vectors_are_verified_where_user_verification_is_not_required() {
    let party = RelyingParty::at("https://example.org").unwrap();
    let (_, state) = party.begin_registration(&account(), Vec::new()).unwrap();
    let state = state_of(&state, "rs", REGISTRATION_CHALLENGE);

    let verified = party.finish_registration(&state, &registration()).unwrap();

    assert_eq!(BASE64URL_NOPAD.encode(&verified.id), base64(CREDENTIAL_ID));
    let (_, state) = party.begin_sign_in().unwrap();
    let state = state_of(&state, "ast", CHALLENGE);
    let verify = |signature: &str| {
        let state: DiscoverableAuthentication = serde_json::from_str(&state).unwrap();
        let answer: PublicKeyCredential =
            serde_json::from_value(authentication(signature)).unwrap();
        let passkey: Passkey = serde_json::from_str(&verified.credential).unwrap();
        party.library.finish_discoverable_authentication_v2(&answer, state, &passkey)
    };
    assert!(!verify(SIGNATURE).unwrap().user_verified());
    assert!(verify(&SIGNATURE.replace("cd38", "cd39")).is_err());
    // Here it counts as both factors, so it must have verified its user.
    let user = account().id.0;
    let answer = authentication(SIGNATURE);
    assert!(party.finish_sign_in(&state, &answer, user, &verified.credential).is_none());
}

#[test]
fn the_vectors_are_refused_where_user_verification_is_required() {
    let party = RelyingParty::at("https://example.org").unwrap();
    let (_, state) = party.begin_registration(&account(), Vec::new()).unwrap();
    let mut state: Value = serde_json::from_str(&state).unwrap();
    merge(&mut state["rs"], &[("challenge", base64(REGISTRATION_CHALLENGE).into())]);

    assert!(party.finish_registration(&state.to_string(), &registration()).is_none());
}

#[test]
fn a_passkey_is_listed_by_its_device_and_verifies_its_user() {
    let party = RelyingParty::at("https://example.org:8443/").unwrap();

    let (options, _) = party.begin_registration(&account(), vec![vec![1, 2, 3]]).unwrap();

    let selection = &options["authenticatorSelection"];
    assert_eq!(selection["residentKey"], "required");
    assert_eq!(selection["userVerification"], "required");
    assert_eq!(options["rp"]["id"], "example.org");
    assert_eq!(options["excludeCredentials"][0]["id"], "AQID");
    let (options, _) = party.begin_sign_in().unwrap();
    assert_eq!(options["userVerification"], "required");
    assert_eq!(options["rpId"], "example.org");
}

#[test]
fn an_address_without_a_host_name_has_no_passkeys() {
    for base in ["http://127.0.0.1:8080", "http://[::1]", "nonsense", "data:,"] {
        assert!(RelyingParty::at(base).is_none(), "{base}");
    }
}
