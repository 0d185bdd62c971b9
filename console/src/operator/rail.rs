//! The rail of the operator's pages.

use crate::rail::{Group, Link, Rail};
use crate::text::Text;

/// The path of the operator's pages.
pub(super) const BASE: &str = "/operator";

/// The rail of the page of a path.
pub(super) fn of(text: Text, path: &str) -> Rail {
    let links = [
        ("operator-overview", "", "activity"),
        ("operator-workspaces", "/workspaces", "building-2"),
        ("operator-accounts", "/accounts", "users"),
        ("operator-mails", "/mails", "mail"),
        ("operator-blueprints", "/blueprints", "file-text"),
        ("operator-operations", "/operations", "scroll-text"),
    ];
    let mut links = links.map(|(key, below, icon)| Link {
        label: text.get(key),
        href: format!("{BASE}{below}"),
        icon,
        is_current: false,
    });
    let is_at = |link: &Link| {
        let rest = path.strip_prefix(link.href.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let current = links.iter_mut().filter(|link| is_at(link));
    if let Some(link) = current.max_by_key(|link| link.href.len()) {
        link.is_current = true;
    }
    let group = Group { title: String::new(), links: links.into() };
    Rail { is_settings: false, groups: vec![group], settings: None }
}
