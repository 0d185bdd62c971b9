//! Exclusive canonicalisation: <https://www.w3.org/TR/xml-exc-c14n/>, without comments.
//!
//! The tree does not store prefixes. They are read from the source at the position that the parser has
//! recorded for the element or attribute, so that there is still one parser.

use std::collections::BTreeMap;

use roxmltree::{Attribute, Node, NodeId};

use crate::Refusal;

/// The namespaces that an ancestor in the output has declared, by prefix; `""` is the default.
type Declared<'a> = BTreeMap<&'a str, &'a str>;

struct Writer<'a> {
    /// Prefixes that are treated as inclusive canonicalisation does.
    inclusive: &'a [&'a str],
    /// The element that is left out: the signature in the element that it signs.
    without: Option<NodeId>,
    out: String,
}

/// Writes the canonical form of an element without one of its children.
pub(crate) fn canonicalize(
    node: Node<'_, '_>,
    inclusive: &[&str],
    without: Option<NodeId>,
) -> Result<Vec<u8>, Refusal> {
    let mut writer = Writer { inclusive, without, out: String::with_capacity(4096) };
    writer.element(node, &Declared::new())?;
    Ok(writer.out.into_bytes())
}

impl Writer<'_> {
    fn element<'n>(&mut self, node: Node<'n, '_>, above: &Declared<'n>) -> Result<(), Refusal> {
        let prefix = element_prefix(node)?;
        let mut attributes = Vec::new();
        for attribute in node.attributes() {
            attributes.push((attribute_prefix(node, &attribute)?, attribute));
        }
        attributes.sort_by_key(|(_, attribute)| {
            (attribute.namespace().unwrap_or_default(), attribute.name())
        });
        let mut used = vec![prefix];
        used.extend(attributes.iter().map(|(prefix, _)| *prefix).filter(|p| !p.is_empty()));
        let mut declared = above.clone();
        let new = self.new_namespaces(node, &used, &mut declared);

        let name = node.tag_name().name();
        self.out.push('<');
        self.push_name(prefix, name);
        for (prefix, uri) in new {
            self.out.push_str(" xmlns");
            if !prefix.is_empty() {
                self.out.push(':');
                self.out.push_str(prefix);
            }
            self.push_value(uri);
        }
        for (prefix, attribute) in attributes {
            self.out.push(' ');
            self.push_name(prefix, attribute.name());
            self.push_value(attribute.value());
        }
        self.out.push('>');
        for child in node.children() {
            if child.is_element() && self.without != Some(child.id()) {
                self.element(child, &declared)?;
            } else if child.is_text() {
                self.push_text(child.text().unwrap_or_default());
            }
        }
        self.out.push_str("</");
        self.push_name(prefix, name);
        self.out.push('>');
        Ok(())
    }

    /// The namespaces to declare here: of the prefixes in use, and of the inclusive ones in scope,
    /// where the output does not say so already.
    fn new_namespaces<'n>(
        &self,
        node: Node<'n, '_>,
        used: &[&str],
        declared: &mut Declared<'n>,
    ) -> Vec<(&'n str, &'n str)> {
        let scope = scope(node);
        let is_inclusive = |prefix: &str| {
            self.inclusive.contains(if prefix.is_empty() { &"#default" } else { &prefix })
        };
        let mut new = Vec::new();
        for (prefix, uri) in scope {
            let is_wanted = used.contains(&prefix) || is_inclusive(prefix);
            let current = declared.get(prefix).copied().unwrap_or_default();
            if prefix != "xml" && is_wanted && current != uri {
                declared.insert(prefix, uri);
                new.push((prefix, uri));
            }
        }
        new
    }

    fn push_name(&mut self, prefix: &str, name: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(name);
    }

    fn push_value(&mut self, value: &str) {
        self.out.push_str("=\"");
        for letter in value.chars() {
            match letter {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '"' => self.out.push_str("&quot;"),
                '\t' => self.out.push_str("&#x9;"),
                '\n' => self.out.push_str("&#xA;"),
                '\r' => self.out.push_str("&#xD;"),
                other => self.out.push(other),
            }
        }
        self.out.push('"');
    }

    fn push_text(&mut self, text: &str) {
        for letter in text.chars() {
            match letter {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '\r' => self.out.push_str("&#xD;"),
                other => self.out.push(other),
            }
        }
    }
}

/// The namespaces in scope by prefix, the default one included.
fn scope<'n>(node: Node<'n, '_>) -> Declared<'n> {
    let mut scope = Declared::from([("", "")]);
    // The list is owned by the document, but its items are borrowed from the iterator.
    for namespace in node.namespaces() {
        let prefix = namespace.name().unwrap_or_default();
        let uri = match namespace.name() {
            Some(prefix) => node.lookup_namespace_uri(Some(prefix)),
            None => node.default_namespace(),
        };
        scope.insert(prefix, uri.unwrap_or_default());
    }
    scope
}

fn element_prefix<'n>(node: Node<'n, '_>) -> Result<&'n str, Refusal> {
    let source = node.document().input_text().get(node.range()).unwrap_or_default();
    let qualified = source
        .strip_prefix('<')
        .and_then(|rest| rest.split([' ', '\t', '\r', '\n', '/', '>']).next())
        .ok_or_else(|| Refusal::malformed("an element has no position"))?;
    prefix_of(qualified, node.tag_name().name())
}

fn attribute_prefix<'n>(
    node: Node<'n, '_>,
    attribute: &Attribute<'n, '_>,
) -> Result<&'n str, Refusal> {
    let source = node.document().input_text().get(attribute.range()).unwrap_or_default();
    let qualified = source.split(['=', ' ', '\t', '\r', '\n']).next().unwrap_or_default();
    prefix_of(qualified, attribute.name())
}

/// The prefix of a qualified name, whose local part the parser has found too.
fn prefix_of<'n>(qualified: &'n str, local: &str) -> Result<&'n str, Refusal> {
    let (prefix, rest) = qualified.split_once(':').unwrap_or(("", qualified));
    if rest != local {
        return Err(Refusal::malformed("a name is not where it was parsed"));
    }
    Ok(prefix)
}

#[cfg(test)]
mod tests;
