//! A SAML identity provider for tests, which signs what it is told to.
//!
//! It writes elements in their canonical form by hand and canonicalises nothing, so that it shares no
//! code with what it tests.

use aws_lc_rs::digest::{self, SHA256};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hallpass_sso::saml::PrivateKey;

/// Where signatures are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// In the assertion.
    Assertion,
    /// In the response.
    Response,
    /// In both.
    Both,
    /// Nowhere.
    Nothing,
}

/// The provider: a key and a name.
pub struct SamlProvider {
    /// Its entity id.
    pub entity_id: String,
    /// Its certificate, in DER.
    pub certificate: Vec<u8>,
    key: KeyPair,
}

/// What a response says. Change what the test is about.
#[derive(Clone, Debug)]
pub struct Says {
    /// The address of the consumer service: destination and recipient.
    pub recipient: String,
    /// The service.
    pub audience: String,
    /// The request that is answered.
    pub in_response_to: Option<String>,
    /// The id of the assertion.
    pub assertion_id: String,
    /// The name id.
    pub name_id: String,
    /// The format of the name id.
    pub format: String,
    /// Attributes with their values.
    pub attributes: Vec<(String, Vec<String>)>,
    /// Now, as `2026-01-01T00:00:00Z`.
    pub issued: String,
    /// When it begins to be valid.
    pub not_before: String,
    /// When it ends to be valid.
    pub not_on_or_after: String,
    /// When the person was authenticated; none for now.
    pub authenticated: Option<String>,
    /// The session at the provider.
    pub session: String,
}

impl Says {
    /// A response that is in order, at noon of the first day of 2026.
    #[must_use]
    pub fn new(recipient: &str, audience: &str, in_response_to: Option<&str>) -> Says {
        Says {
            recipient: recipient.to_owned(),
            audience: audience.to_owned(),
            in_response_to: in_response_to.map(ToOwned::to_owned),
            assertion_id: "_a1".to_owned(),
            name_id: "ben-4711".to_owned(),
            format: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned(),
            attributes: vec![
                ("email".to_owned(), vec!["ben@northwind.example".to_owned()]),
                ("displayName".to_owned(), vec!["Ben Northwind".to_owned()]),
                ("groups".to_owned(), vec!["sales".to_owned(), "owner".to_owned()]),
            ],
            issued: "2026-01-01T12:00:00Z".to_owned(),
            not_before: "2026-01-01T11:59:00Z".to_owned(),
            not_on_or_after: "2026-01-01T12:05:00Z".to_owned(),
            authenticated: None,
            session: "_s1".to_owned(),
        }
    }
}

impl SamlProvider {
    /// A provider with a key of its own.
    #[must_use]
    pub fn new(entity_id: &str) -> SamlProvider {
        let key = PrivateKey::generate().expect("a key");
        let now = "2026-01-01T00:00:00Z".parse().expect("a time");
        let certificate = key.certify("provider", [7; 16], now).expect("a certificate");
        let key = KeyPair::from_pkcs8(key.to_pkcs8()).expect("the same key");
        SamlProvider { entity_id: entity_id.to_owned(), certificate, key }
    }

    /// Its metadata.
    #[must_use]
    pub fn metadata(&self, sign_in_url: &str) -> String {
        let certificate = BASE64_STANDARD.encode(&self.certificate);
        format!(
            "<!-- exported -->\n\
             <EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"{}\">\
             <IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\">\
             <X509Data><X509Certificate>{certificate}</X509Certificate></X509Data></KeyInfo>\
             </KeyDescriptor>\
             <SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"{sign_in_url}/logout\"/>\
             <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
             Location=\"{sign_in_url}/post\"/>\
             <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
             Location=\"{sign_in_url}\"/></IDPSSODescriptor></EntityDescriptor>",
            self.entity_id
        )
    }

    /// A response with its signatures.
    #[must_use]
    pub fn response(&self, says: &Says, signed: Signed) -> String {
        let assertion = self.assertion(says);
        let assertion = match signed {
            Signed::Assertion | Signed::Both => self.sign(&assertion),
            Signed::Response | Signed::Nothing => assertion,
        };
        self.wrap(says, &assertion, signed)
    }

    /// A response around these elements.
    #[must_use]
    pub fn wrap(&self, says: &Says, inside: &str, signed: Signed) -> String {
        let answer = answer(says);
        let response = format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             Destination=\"{}\" ID=\"_r1\"{answer} IssueInstant=\"{}\" Version=\"2.0\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:Issuer>\
             <samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"></samlp:StatusCode></samlp:Status>\
             {inside}</samlp:Response>",
            says.recipient, says.issued, self.entity_id
        );
        match signed {
            Signed::Response | Signed::Both => self.sign(&response),
            Signed::Assertion | Signed::Nothing => response,
        }
    }

    /// An assertion in canonical form, without signature.
    #[must_use]
    pub fn assertion(&self, says: &Says) -> String {
        let answer = answer(says);
        let attributes: Vec<String> = says
            .attributes
            .iter()
            .map(|(name, values)| {
                let values: Vec<String> = values
                    .iter()
                    .map(|value| format!("<saml:AttributeValue>{value}</saml:AttributeValue>"))
                    .collect();
                let values = values.concat();
                format!("<saml:Attribute Name=\"{name}\">{values}</saml:Attribute>")
            })
            .collect();
        let attributes = attributes.concat();
        format!(
            "<saml:Assertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{id}\" \
             IssueInstant=\"{issued}\" Version=\"2.0\"><saml:Issuer>{issuer}</saml:Issuer>\
             <saml:Subject><saml:NameID Format=\"{format}\">{name_id}</saml:NameID>\
             <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData{answer} NotOnOrAfter=\"{end}\" Recipient=\"{recipient}\">\
             </saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{start}\" NotOnOrAfter=\"{end}\">\
             <saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience>\
             </saml:AudienceRestriction></saml:Conditions>\
             <saml:AuthnStatement AuthnInstant=\"{authenticated}\" SessionIndex=\"{session}\">\
             <saml:AuthnContext><saml:AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
             <saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>",
            id = says.assertion_id,
            issued = says.issued,
            authenticated = says.authenticated.as_ref().unwrap_or(&says.issued),
            issuer = self.entity_id,
            format = says.format,
            name_id = says.name_id,
            end = says.not_on_or_after,
            start = says.not_before,
            recipient = says.recipient,
            audience = says.audience,
            session = says.session,
        )
    }

    /// A request to end sessions, for the POST binding.
    #[must_use]
    pub fn logout_request(&self, says: &Says) -> String {
        self.sign(&self.unsigned_logout_request(says))
    }

    /// A request to end sessions, in canonical form.
    #[must_use]
    pub fn unsigned_logout_request(&self, says: &Says) -> String {
        format!(
            "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             Destination=\"{}\" ID=\"_l1\" IssueInstant=\"{}\" Version=\"2.0\">\
             <saml:Issuer xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</saml:Issuer>\
             <saml:NameID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" Format=\"{}\">{}\
             </saml:NameID><samlp:SessionIndex>{}</samlp:SessionIndex></samlp:LogoutRequest>",
            says.recipient,
            says.issued,
            self.entity_id,
            says.format,
            says.name_id,
            says.session
        )
    }

    /// Signs an element in canonical form: the signature follows its issuer.
    #[must_use]
    pub fn sign(&self, element: &str) -> String {
        let info = signed_info(element);
        let value = self.sign_text(&info);
        insert_signature(element, &signature(&info, &value))
    }

    /// The signature of a text, in base64.
    #[must_use]
    pub fn sign_text(&self, text: &str) -> String {
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .expect("a signature");
        BASE64_STANDARD.encode(signature)
    }
}

/// `SignedInfo` of an element in canonical form, by SHA-256.
#[must_use]
pub fn signed_info(element: &str) -> String {
    let (_, rest) = element.split_once(" ID=\"").expect("an id");
    let (id, _) = rest.split_once('"').expect("an id");
    let digest = BASE64_STANDARD.encode(digest::digest(&SHA256, element.as_bytes()));
    format!(
        "<ds:SignedInfo xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">\
         <ds:CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">\
         </ds:CanonicalizationMethod><ds:SignatureMethod \
         Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms><ds:Transform \
         Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"></ds:Transform>\
         <ds:Transform Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:Transform>\
         </ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\">\
         </ds:DigestMethod><ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
}

/// A signature element. It declares the prefix for its parts, which alone would declare it themselves.
#[must_use]
pub fn signature(info: &str, value: &str) -> String {
    let info = info.replacen(" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"", "", 1);
    format!(
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\">{info}\
         <ds:SignatureValue>{value}</ds:SignatureValue></ds:Signature>"
    )
}

/// Puts a signature after the issuer of an element.
#[must_use]
pub fn insert_signature(element: &str, signature: &str) -> String {
    element.replacen("</saml:Issuer>", &format!("</saml:Issuer>{signature}"), 1)
}

fn answer(says: &Says) -> String {
    let id = says.in_response_to.as_ref();
    id.map(|id| format!(" InResponseTo=\"{id}\"")).unwrap_or_default()
}
