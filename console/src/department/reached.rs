//! What the visibility of a member comes to: the records that they read, in words.

use hallpass_app::access::reach::ReachedRecords;

use crate::frame::Frame;
use crate::record::kind::in_sentence;

/// The types that are named; of more, those with the most records.
const NAMED: usize = 3;

/// `1,204 contacts, 87 deals`, or that it is everything or nothing.
pub(super) fn words(frame: &Frame, reached: &ReachedRecords) -> String {
    if reached.is_everything {
        return frame.t("department-reaches-all");
    }
    let mut types: Vec<_> = reached.types.iter().collect();
    if types.is_empty() {
        return frame.t("department-reaches-none");
    }
    types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let others = types.len().saturating_sub(NAMED);
    let named = types.into_iter().take(NAMED).map(|(resource, count)| {
        let name = if *count == 1 { &resource.one } else { &resource.name };
        format!("{} {}", frame.number(*count), in_sentence(frame.text, name))
    });
    let list = named.collect::<Vec<_>>().join(", ");
    if others == 0 {
        return list;
    }
    text!(frame.text, "department-reaches-others", list = list, n = others)
}
