//! Reading elements strictly: everything that is there is expected, and what is expected is there once.

use roxmltree::Node;

use crate::Refusal;

/// Whether this element has this name in this namespace.
pub(crate) fn is(node: Node<'_, '_>, namespace: &str, name: &str) -> bool {
    node.is_element()
        && node.tag_name().namespace() == Some(namespace)
        && node.tag_name().name() == name
}

/// Fails unless this element has this name in this namespace.
pub(crate) fn expect(node: Node<'_, '_>, namespace: &str, name: &str) -> Result<(), Refusal> {
    if is(node, namespace, name) {
        return Ok(());
    }
    let found = Refusal::quote(node.tag_name().name());
    Err(Refusal::Structure(format!("`{found}` where `{name}` is expected")))
}

/// The child elements of an element without text of its own.
pub(crate) fn elements<'a, 'i>(parent: Node<'a, 'i>) -> Result<Vec<Node<'a, 'i>>, Refusal> {
    let mut found = Vec::new();
    for child in parent.children() {
        let is_blank = child.is_text()
            && child.text().is_some_and(|text| text.chars().all(|c| " \t\r\n".contains(c)));
        if child.is_element() {
            found.push(child);
        } else if !is_blank {
            let name = Refusal::quote(parent.tag_name().name());
            return Err(Refusal::Structure(format!("`{name}` contains text")));
        }
    }
    Ok(found)
}

/// The one child of this name; the others are not looked at.
pub(crate) fn only_child<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: &str,
    name: &str,
) -> Result<Node<'a, 'i>, Refusal> {
    optional_child(parent, namespace, name)?.ok_or_else(|| {
        let parent = Refusal::quote(parent.tag_name().name());
        Refusal::Structure(format!("`{parent}` without `{name}`"))
    })
}

/// The child of this name, of which there is one at most.
pub(crate) fn optional_child<'a, 'i>(
    parent: Node<'a, 'i>,
    namespace: &str,
    name: &str,
) -> Result<Option<Node<'a, 'i>>, Refusal> {
    let mut found = elements(parent)?.into_iter().filter(|child| is(*child, namespace, name));
    let first = found.next();
    if found.next().is_some() {
        return Err(Refusal::Structure(format!("more than one `{name}`")));
    }
    Ok(first)
}

/// The text of an element that contains nothing else, without blanks around it.
pub(crate) fn text<'a>(node: Node<'a, '_>) -> Result<&'a str, Refusal> {
    let mut children = node.children();
    let (first, second) = (children.next(), children.next());
    let text = match (first, second) {
        (None, None) => Some(""),
        (Some(only), None) if only.is_text() => only.text(),
        _ => None,
    };
    text.map(|text| text.trim_matches([' ', '\t', '\r', '\n'])).ok_or_else(|| {
        let name = Refusal::quote(node.tag_name().name());
        Refusal::Structure(format!("`{name}` contains more than text"))
    })
}

/// The value of an attribute in no namespace.
pub(crate) fn optional_attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|a| a.namespace().is_none() && a.name() == name).map(|a| a.value())
}

/// The value of an attribute in no namespace, which must be there and not be empty.
pub(crate) fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, Refusal> {
    optional_attribute(node, name).filter(|value| !value.is_empty()).ok_or_else(|| {
        let element = Refusal::quote(node.tag_name().name());
        Refusal::Structure(format!("`{element}` without `{name}`"))
    })
}
