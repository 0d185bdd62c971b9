//! The parts of a list: everything that the reader sees, their own records, those of no owner.

use super::filter::Filter;
use super::kind::Kind;
use super::reach::Reach;
use crate::frame::Frame;

/// A part of the list: everything, the reader's own, those of no owner.
#[derive(Clone, Debug)]
pub(crate) struct Tab {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) count: Option<String>,
    pub(crate) is_current: bool,
}

/// The parts of the list that the reader can see.
pub(crate) fn tabs(frame: &Frame, kind: &Kind, reach: &Reach, filter: &Filter) -> Vec<Tab> {
    let tab = |label: &str, owner: &str, count: Option<i64>| Tab {
        label: label.to_owned(),
        href: format!("{}{}", kind.path, filter.with_owner(owner).as_query()),
        count: count.map(|count| frame.number(count)),
        is_current: filter.owner == owner,
    };
    if !reach.is_all && !reach.has_others {
        return Vec::new();
    }
    let mut tabs = vec![
        tab(&frame.t("records-tab-all"), "", reach.total),
        tab(&frame.t("records-tab-mine"), "me", reach.own),
    ];
    if reach.is_all || reach.unowned.is_some() {
        tabs.push(tab(&frame.t("records-tab-unassigned"), "unowned", reach.unowned));
    }
    tabs
}
