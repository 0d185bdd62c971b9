//! The two bindings: HTTP POST with base64, HTTP Redirect with DEFLATE and a signature of the query.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use form_urlencoded::Serializer;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::decompress_to_vec_with_limit;
use url::Url;

use super::algorithm::{self, RSA_SHA256};
use super::certificate::Certificate;
use super::key::PrivateKey;
use super::signature::decode;
use crate::Refusal;

/// Largest message after decompression; a compressed one may claim to be endless.
const LARGEST: usize = 256 * 1024;

/// Decodes a message of the POST binding.
pub(crate) fn decode_post(message: &str) -> Result<String, Refusal> {
    if message.len() > LARGEST * 2 {
        return Err(Refusal::TooLarge);
    }
    String::from_utf8(decode(message)?).map_err(Refusal::malformed)
}

/// Which of the two messages a query carries.
#[derive(Clone, Copy)]
pub(crate) enum Message {
    Request,
    Response,
}

impl Message {
    fn parameter(self) -> &'static str {
        match self {
            Message::Request => "SAMLRequest",
            Message::Response => "SAMLResponse",
        }
    }
}

/// The address to redirect to: the message, compressed and signed.
pub(crate) fn redirect(
    location: &str,
    message: Message,
    xml: &str,
    relay_state: Option<&str>,
    key: &PrivateKey,
) -> Result<Url, Refusal> {
    let mut location = Url::parse(location).map_err(Refusal::malformed)?;
    let compressed = BASE64_STANDARD.encode(compress_to_vec(xml.as_bytes(), 6));
    let mut query = Serializer::new(String::new());
    query.append_pair(message.parameter(), &compressed);
    if let Some(relay_state) = relay_state {
        query.append_pair("RelayState", relay_state);
    }
    let signed = query.append_pair("SigAlg", RSA_SHA256).finish();
    let signature = key.sign_to_base64(signed.as_bytes())?;
    let signature =
        Serializer::new(String::new()).append_pair("Signature", &signature).finish();
    let query = match location.query().filter(|own| !own.is_empty()) {
        Some(own) => format!("{own}&{signed}&{signature}"),
        None => format!("{signed}&{signature}"),
    };
    location.set_query(Some(&query));
    Ok(location)
}

/// Verifies and decodes a request of the Redirect binding from the query as it was received.
///
/// The signature covers the encoded values, in a fixed order, so they are taken as they are.
pub(crate) fn decode_redirect(query: &str, keys: &[Certificate]) -> Result<Received, Refusal> {
    if query.len() > LARGEST {
        return Err(Refusal::TooLarge);
    }
    let message = once(query, "SAMLRequest")?.ok_or(Refusal::Unsigned)?;
    let relay_state = once(query, "RelayState")?;
    let name = once(query, "SigAlg")?.ok_or(Refusal::Unsigned)?;
    let signature = once(query, "Signature")?.ok_or(Refusal::Unsigned)?;
    let algorithm = algorithm::signature(&value(name))?;
    let signed = match relay_state {
        Some(state) => format!("SAMLRequest={message}&RelayState={state}&SigAlg={name}"),
        None => format!("SAMLRequest={message}&SigAlg={name}"),
    };
    let signature = decode(&value(signature))?;
    if !keys.iter().any(|key| key.verifies(&algorithm, signed.as_bytes(), &signature)) {
        return Err(Refusal::Signature);
    }
    let compressed = decode(&value(message))?;
    let xml = decompress_to_vec_with_limit(&compressed, LARGEST)
        .map_err(|error| Refusal::malformed(format!("{:?}", error.status)))?;
    let xml = String::from_utf8(xml).map_err(Refusal::malformed)?;
    Ok(Received { xml, relay_state: relay_state.map(value) })
}

/// A message whose signature was good.
pub(crate) struct Received {
    pub(crate) xml: String,
    pub(crate) relay_state: Option<String>,
}

/// The encoded value of a parameter, which may be there once.
fn once<'a>(query: &'a str, name: &str) -> Result<Option<&'a str>, Refusal> {
    let mut found = query.split('&').filter_map(|pair| {
        let (key, encoded) = pair.split_once('=').unwrap_or((pair, ""));
        (value(key) == name).then_some((key, encoded))
    });
    let first = found.next();
    // A name in another spelling would be read but not signed.
    if found.next().is_some() || first.is_some_and(|(key, _)| key != name) {
        return Err(Refusal::structure("a parameter is there twice"));
    }
    Ok(first.map(|(_, encoded)| encoded))
}

fn value(encoded: &str) -> String {
    let pair = format!("v={encoded}");
    form_urlencoded::parse(pair.as_bytes())
        .next()
        .map(|(_, v)| v.into_owned())
        .unwrap_or_default()
}
