//! A subset of XML in which a message has exactly one meaning.
//!
//! **Invariant:** a document of [`parse`] consists of elements, attributes and text alone. There is no
//! DTD, hence no entity; no comment, hence no text in two pieces; no processing instruction and no
//! CDATA. No two elements have the same `ID`. It is small enough for recursion.

mod canonical;
mod node;

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};

pub(crate) use canonical::canonicalize;
pub(crate) use node::{
    attribute, elements, expect, is, only_child, optional_attribute, optional_child, text,
};

use crate::Refusal;

/// Largest message, in bytes. Real ones have 5 to 20 kB.
const LARGEST: usize = 256 * 1024;
/// Largest metadata of one identity provider.
const LARGEST_METADATA: usize = 1024 * 1024;
const MOST_NODES: u32 = 20_000;
/// Parsing takes time in the square of the attributes of an element. Real messages have 200.
const MOST_ATTRIBUTES: usize = 2_000;
const MOST_ATTRIBUTES_OF_METADATA: usize = 10_000;
const DEEPEST: usize = 48;

/// Parses a message.
///
/// Which markup there is, is decided before parsing: `<` begins markup in every well-formed document,
/// because text and attributes cannot contain it.
pub(crate) fn parse(text: &str) -> Result<Document<'_>, Refusal> {
    check_size(text, LARGEST, MOST_ATTRIBUTES)?;
    refuse_declarations(text)?;
    if text.contains("<!--") {
        return Err(Refusal::Markup("a comment"));
    }
    if text.contains("<!") {
        return Err(Refusal::Markup("a CDATA section"));
    }
    if without_declaration(text).contains("<?") {
        return Err(Refusal::Markup("a processing instruction"));
    }
    let document = build(text)?;
    check_namespaces(&document)?;
    check_ids(&document)?;
    Ok(document)
}

/// Parses metadata, which administrators paste: comments and processing instructions are ignored.
pub(crate) fn parse_metadata(text: &str) -> Result<Document<'_>, Refusal> {
    check_size(text, LARGEST_METADATA, MOST_ATTRIBUTES_OF_METADATA)?;
    refuse_declarations(text)?;
    build(text)
}

/// Each attribute and each namespace has a `=`.
fn check_size(text: &str, largest: usize, most_attributes: usize) -> Result<(), Refusal> {
    if text.len() > largest || text.matches('=').count() > most_attributes {
        return Err(Refusal::TooLarge);
    }
    Ok(())
}

fn refuse_declarations(text: &str) -> Result<(), Refusal> {
    let declares = |word: &str| {
        text.match_indices("<!").any(|(at, _)| {
            let rest = text.as_bytes().get(at + 2..at + 2 + word.len());
            rest.is_some_and(|rest| rest.eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    if declares("DOCTYPE") || declares("ENTITY") {
        return Err(Refusal::Markup("a document type"));
    }
    Ok(())
}

fn without_declaration(text: &str) -> &str {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.strip_prefix("<?xml ") {
        Some(rest) => rest.split_once("?>").map_or(text, |(_, rest)| rest),
        None => text,
    }
}

fn build(text: &str) -> Result<Document<'_>, Refusal> {
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(Refusal::malformed)?;
    let is_deep = |node: Node<'_, '_>| node.ancestors().nth(DEEPEST).is_some();
    if document.descendants().any(is_deep) {
        return Err(Refusal::TooLarge);
    }
    Ok(document)
}

/// Canonicalisation of a relative namespace is undefined: implementations have signed nothing instead.
fn check_namespaces(document: &Document<'_>) -> Result<(), Refusal> {
    for node in document.descendants().filter(Node::is_element) {
        for namespace in node.namespaces() {
            let uri = namespace.uri();
            let is_none = uri.is_empty() && namespace.name().is_none();
            let (scheme, _) = uri.split_once(':').unwrap_or_default();
            let is_absolute = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
            if !(is_none || is_absolute && uri.is_ascii()) {
                return Err(Refusal::Markup("a relative namespace"));
            }
        }
    }
    Ok(())
}

fn check_ids(document: &Document<'_>) -> Result<(), Refusal> {
    let mut seen = HashSet::new();
    for node in document.descendants().filter(Node::is_element) {
        for attribute in node.attributes() {
            let is_id = attribute.name().eq_ignore_ascii_case("id");
            if is_id && !seen.insert(attribute.value()) {
                return Err(Refusal::structure("two elements have the same ID"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
