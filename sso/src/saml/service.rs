//! What we are to an identity provider, and the metadata that says so.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Our side of a connection.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// Our entity id at this connection: the address of its metadata.
    pub entity_id: &'a str,
    /// Where responses are posted: the assertion consumer service.
    pub consumer_url: &'a str,
    /// Where logout requests are sent.
    pub logout_url: &'a str,
    /// The certificate of our key, in DER.
    pub certificate: &'a [u8],
}

impl Service<'_> {
    /// The metadata to give to the provider.
    #[must_use]
    pub fn metadata(&self) -> String {
        let certificate = BASE64_STANDARD.encode(self.certificate);
        let key = |purpose: &str, methods: &str| {
            format!(
                "    <md:KeyDescriptor use=\"{purpose}\">\n      \
                 <ds:KeyInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
                 <ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data>\
                 </ds:KeyInfo>\n{methods}    </md:KeyDescriptor>\n"
            )
        };
        let method =
            |name: &str| format!("      <md:EncryptionMethod Algorithm=\"{name}\"/>\n");
        let methods = [
            method("http://www.w3.org/2009/xmlenc11#aes256-gcm"),
            method("http://www.w3.org/2009/xmlenc11#aes128-gcm"),
            method("http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"),
        ]
        .concat();
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
             entityID=\"{entity}\">\n  \
             <md:SPSSODescriptor AuthnRequestsSigned=\"true\" WantAssertionsSigned=\"true\" \
             protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\n\
             {signing}{encryption}    \
             <md:SingleLogoutService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"{logout}\"/>\n    \
             <md:SingleLogoutService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{logout}\"/>\n    \
             <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>\n    \
             <md:NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</md:NameIDFormat>\n    \
             <md:AssertionConsumerService index=\"0\" isDefault=\"true\" \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"{consumer}\"/>\n  \
             </md:SPSSODescriptor>\n</md:EntityDescriptor>\n",
            entity = escape(self.entity_id),
            signing = key("signing", ""),
            encryption = key("encryption", &methods),
            logout = escape(self.logout_url),
            consumer = escape(self.consumer_url),
        )
    }
}

/// Text for an element or an attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
