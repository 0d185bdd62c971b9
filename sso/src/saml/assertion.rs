//! Assertions: whether one is for us and now, and whom it names.

use std::collections::BTreeMap;

use jiff::Timestamp;
use roxmltree::Node;

use super::expected::{Expected, check_answer};
use super::signature::Verified;
use super::{namespace, time};
use crate::identity::Once;
use crate::xml;
use crate::{Identity, Refusal};

const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";
const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// The names under which providers send the same thing.
const EMAIL_ATTRIBUTES: &[&str] = &[
    "email",
    "mail",
    "emailaddress",
    "urn:oid:0.9.2342.19200300.100.1.3",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
];
const NAME_ATTRIBUTES: &[&str] = &[
    "displayname",
    "name",
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
];
const GIVEN_NAME_ATTRIBUTES: &[&str] = &[
    "firstname",
    "givenname",
    "urn:oid:2.5.4.42",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
];
const SURNAME_ATTRIBUTES: &[&str] = &[
    "lastname",
    "surname",
    "sn",
    "urn:oid:2.5.4.4",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
];
const GROUP_ATTRIBUTES: &[&str] = &[
    "groups",
    "group",
    "memberof",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
];
/// Where Microsoft says that it has left groups out, and where to ask for them.
const MORE_GROUPS: &str = "http://schemas.microsoft.com/claims/groups.link";
/// Authentication contexts that mean a second factor.
const SECOND_FACTOR: &[&str] = &[
    "https://refeds.org/profile/mfa",
    "http://schemas.microsoft.com/claims/multipleauthn",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract",
    "urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken",
];

type Attributes = BTreeMap<String, Vec<String>>;

/// Checks a signed assertion, and reads whom it names.
pub(crate) fn read(
    verified: Verified<'_, '_>,
    expected: &Expected<'_>,
) -> Result<Identity, Refusal> {
    let assertion = verified.node();
    xml::expect(assertion, namespace::ASSERTION, "Assertion")?;
    expect_version(assertion)?;
    let id = xml::attribute(assertion, "ID")?;
    let issued = time::parse(xml::attribute(assertion, "IssueInstant")?)?;
    time::check_begun(issued, expected.now)?;
    let child = |name| xml::only_child(assertion, namespace::ASSERTION, name);
    check_issuer(child("Issuer")?, expected.issuer)?;
    let subject = child("Subject")?;
    let until = check_confirmation(subject, expected)?;
    let until =
        check_conditions(child("Conditions")?, expected)?.map_or(until, |end| until.max(end));
    let statement = child("AuthnStatement")?;
    let sign_in = read_statement(statement, expected.now)?;
    let attributes =
        match xml::optional_child(assertion, namespace::ASSERTION, "AttributeStatement")? {
            Some(statement) => read_attributes(statement)?,
            None => Attributes::new(),
        };
    check_children(assertion)?;

    let name_id = xml::only_child(subject, namespace::ASSERTION, "NameID")?;
    let (format, value) = read_name_id(name_id, expected.issuer, expected.audience)?;
    let given = first(&attributes, GIVEN_NAME_ATTRIBUTES);
    let surname = first(&attributes, SURNAME_ATTRIBUTES);
    let both = given.zip(surname).map(|(given, surname)| format!("{given} {surname}"));
    let email = first(&attributes, EMAIL_ATTRIBUTES);
    let mut claims = attributes.clone();
    claims.insert("NameID".to_owned(), vec![value.to_owned()]);
    claims.insert("NameID Format".to_owned(), vec![format.to_owned()]);
    claims.extend(
        sign_in.context.clone().map(|context| ("AuthnContext".to_owned(), vec![context])),
    );
    let has_second_factor =
        sign_in.context.is_some_and(|context| SECOND_FACTOR.contains(&context.as_str()));
    Ok(Identity {
        issuer: expected.issuer.to_owned(),
        subject: subject_of(format, value),
        email: email.or_else(|| (format == EMAIL).then(|| value.to_owned())),
        // The provider administers the addresses that it asserts. Whether it may speak for a domain,
        // the proven domains of the workspace decide.
        email_verified: true,
        name: first(&attributes, NAME_ATTRIBUTES).or(both),
        hosted_domain: None,
        groups: all(&attributes, GROUP_ATTRIBUTES),
        has_more_groups: attributes.keys().any(|name| name.eq_ignore_ascii_case(MORE_GROUPS)),
        has_second_factor,
        authenticated_at: Some(sign_in.at),
        session: sign_in.session,
        once: Some(Once {
            id: id.to_owned(),
            until: until.saturating_add(time::SKEW).unwrap_or(until),
        }),
        claims,
    })
}

/// The subject of a name id. Equal values of two formats may be two people.
pub(crate) fn subject_of(format: &str, value: &str) -> String {
    let format = format.rsplit(':').next().unwrap_or(format);
    format!("{format}:{value}")
}

/// The format and the value of a name id that lasts.
pub(crate) fn read_name_id<'a>(
    node: Node<'a, '_>,
    issuer: &str,
    audience: &str,
) -> Result<(&'a str, &'a str), Refusal> {
    let format = xml::optional_attribute(node, "Format").unwrap_or(UNSPECIFIED);
    if format == TRANSIENT {
        return Err(Refusal::Subject("the name id is transient"));
    }
    // Qualified by another namespace, an equal value is another person.
    let is_of = |name: &str, expected: &str| {
        xml::optional_attribute(node, name).is_none_or(|found| found == expected)
    };
    if !is_of("NameQualifier", issuer) || !is_of("SPNameQualifier", audience) {
        return Err(Refusal::Subject("the name id is qualified by another name"));
    }
    let value = xml::text(node)?;
    if value.is_empty() || value.len() > 512 || value.chars().any(char::is_control) {
        return Err(Refusal::Subject("the name id is empty or too long"));
    }
    Ok((format, value))
}

pub(crate) fn expect_version(node: Node<'_, '_>) -> Result<(), Refusal> {
    if xml::attribute(node, "Version")? == "2.0" {
        return Ok(());
    }
    Err(Refusal::structure("another version than SAML 2.0"))
}

pub(crate) fn check_issuer(issuer: Node<'_, '_>, expected: &str) -> Result<(), Refusal> {
    let found = xml::text(issuer)?;
    let format = xml::optional_attribute(issuer, "Format").unwrap_or(ENTITY);
    if found == expected && format == ENTITY {
        return Ok(());
    }
    Err(Refusal::Issuer(Refusal::quote(found)))
}

/// Every child is one that is read, or the signature.
fn check_children(assertion: Node<'_, '_>) -> Result<(), Refusal> {
    const KNOWN: [&str; 5] =
        ["Issuer", "Subject", "Conditions", "AuthnStatement", "AttributeStatement"];
    for child in xml::elements(assertion)? {
        let name = child.tag_name().name();
        let is_known = KNOWN.iter().any(|known| xml::is(child, namespace::ASSERTION, known));
        if !is_known && !xml::is(child, namespace::SIGNATURE, "Signature") {
            let name = Refusal::quote(name);
            return Err(Refusal::Structure(format!("`Assertion` with `{name}`")));
        }
    }
    Ok(())
}

/// Checks that the bearer may deliver the assertion here and now; returns until when.
fn check_confirmation(
    subject: Node<'_, '_>,
    expected: &Expected<'_>,
) -> Result<Timestamp, Refusal> {
    let confirmation = xml::only_child(subject, namespace::ASSERTION, "SubjectConfirmation")?;
    if xml::elements(subject)?.len() != 2 {
        return Err(Refusal::structure("`Subject` has other parts than it may have"));
    }
    if xml::attribute(confirmation, "Method")? != BEARER {
        return Err(Refusal::structure("another confirmation than `bearer`"));
    }
    let data = xml::only_child(confirmation, namespace::ASSERTION, "SubjectConfirmationData")?;
    if xml::elements(confirmation)?.len() != 1 {
        return Err(Refusal::structure(
            "`SubjectConfirmation` has other parts than it may have",
        ));
    }
    if xml::attribute(data, "Recipient")? != expected.recipient {
        return Err(Refusal::Recipient);
    }
    check_answer(data, expected.answer)?;
    if xml::optional_attribute(data, "NotBefore").is_some() {
        return Err(Refusal::structure("`SubjectConfirmationData` with `NotBefore`"));
    }
    let end = time::parse(xml::attribute(data, "NotOnOrAfter")?)?;
    time::check_not_over(end, expected.now)?;
    Ok(end)
}

/// Checks the times and the audience; returns the end, if it says one.
fn check_conditions(
    conditions: Node<'_, '_>,
    expected: &Expected<'_>,
) -> Result<Option<Timestamp>, Refusal> {
    if let Some(start) = xml::optional_attribute(conditions, "NotBefore") {
        time::check_begun(time::parse(start)?, expected.now)?;
    }
    let end =
        xml::optional_attribute(conditions, "NotOnOrAfter").map(time::parse).transpose()?;
    if let Some(end) = end {
        time::check_not_over(end, expected.now)?;
    }
    let mut is_restricted = false;
    for condition in xml::elements(conditions)? {
        if xml::is(condition, namespace::ASSERTION, "AudienceRestriction") {
            is_restricted = true;
            check_audience(condition, expected.audience)?;
        } else if !xml::is(condition, namespace::ASSERTION, "OneTimeUse") {
            let name = Refusal::quote(condition.tag_name().name());
            return Err(Refusal::Structure(format!("unknown condition `{name}`")));
        }
    }
    if is_restricted { Ok(end) } else { Err(Refusal::Audience) }
}

fn check_audience(restriction: Node<'_, '_>, audience: &str) -> Result<(), Refusal> {
    let mut is_ours = false;
    for name in xml::elements(restriction)? {
        xml::expect(name, namespace::ASSERTION, "Audience")?;
        is_ours |= xml::text(name)? == audience;
    }
    if is_ours { Ok(()) } else { Err(Refusal::Audience) }
}

struct SignIn {
    at: Timestamp,
    session: Option<String>,
    context: Option<String>,
}

fn read_statement(statement: Node<'_, '_>, now: Timestamp) -> Result<SignIn, Refusal> {
    let at = time::parse(xml::attribute(statement, "AuthnInstant")?)?;
    time::check_begun(at, now)?;
    if let Some(end) = xml::optional_attribute(statement, "SessionNotOnOrAfter") {
        time::check_not_over(time::parse(end)?, now)?;
    }
    let context = xml::only_child(statement, namespace::ASSERTION, "AuthnContext")?;
    let class = xml::optional_child(context, namespace::ASSERTION, "AuthnContextClassRef")?;
    let class = class.map(xml::text).transpose()?;
    Ok(SignIn {
        at,
        session: xml::optional_attribute(statement, "SessionIndex").map(ToOwned::to_owned),
        context: class.map(ToOwned::to_owned),
    })
}

fn read_attributes(statement: Node<'_, '_>) -> Result<Attributes, Refusal> {
    let mut found = Attributes::new();
    for attribute in xml::elements(statement)? {
        xml::expect(attribute, namespace::ASSERTION, "Attribute")?;
        let name = xml::attribute(attribute, "Name")?;
        if found.contains_key(name) {
            return Err(Refusal::structure("two attributes of the same name"));
        }
        let mut values = Vec::new();
        for value in xml::elements(attribute)? {
            xml::expect(value, namespace::ASSERTION, "AttributeValue")?;
            values.push(xml::text(value)?.to_owned());
        }
        found.insert(name.to_owned(), values);
    }
    Ok(found)
}

/// The values of the first name that there is. Names are compared without regard to case.
fn all(attributes: &Attributes, names: &[&str]) -> Vec<String> {
    let of = |name: &&str| attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    names.iter().find_map(of).map(|(_, values)| values.clone()).unwrap_or_default()
}

fn first(attributes: &Attributes, names: &[&str]) -> Option<String> {
    let of = |name: &&str| attributes.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
    names.iter().filter_map(of).find_map(|(_, values)| match values.as_slice() {
        [only] if !only.is_empty() => Some(only.clone()),
        _ => None,
    })
}
