//! What the reader may do with a record, each on a page that asks first.

use super::doable::doable;
use super::subject::Subject;
use crate::frame::Frame;

/// Something to do with a record.
pub(crate) struct Offer {
    pub(crate) label: String,
    pub(crate) icon: &'static str,
    pub(crate) href: String,
}

/// What the reader may do with a record, in the order of its page.
pub(crate) fn offers(frame: &Frame, subject: &Subject) -> Vec<Offer> {
    let (kind, path) = (&subject.kind, subject.path());
    let asking = doable(kind, &subject.details).into_iter().filter(|action| action.asks);
    let mut offers: Vec<Offer> = asking
        .map(|action| Offer {
            label: action.name,
            icon: "zap",
            href: format!("{path}/actions/{}", action.key),
        })
        .collect();
    let more = [
        (subject.may_reassign(), frame.t("records-reassign"), "user-check", "reassign"),
        (subject.may_update(), frame.t("record-edit"), "pencil", "edit"),
        (
            subject.may(kind.resource.key_of(kind.resource.delete)),
            frame.with("record-delete-verb", "one", &kind.one),
            "trash-2",
            "delete",
        ),
    ];
    let more = more.into_iter().filter(|(may, ..)| *may);
    offers.extend(more.map(|(_, label, icon, page)| Offer {
        label,
        icon,
        href: format!("{path}/{page}"),
    }));
    offers
}
