//! What opens over the list: dialogs and drawers, each at an address of its own.

use super::drawer::{AccessDrawer, InviteDrawer};
use crate::dialog::Dialog;
use crate::frame::Person;
use crate::picker;

/// What is over the list.
#[derive(Clone, Debug, Default)]
pub(crate) enum Over {
    /// Nothing.
    #[default]
    Nothing,
    /// A question.
    Dialog(Dialog),
    /// The end of a membership, or a pause of it.
    Leaving(Leaving),
    /// The choice of a member.
    Picker(Picker),
    /// A change of many members.
    Bulk(Bulk),
    /// The access of a member.
    Access(Box<AccessDrawer>),
    /// An invitation.
    Invite(Box<InviteDrawer>),
}

/// The removal or deactivation of a member.
#[derive(Clone, Debug, Default)]
pub(crate) struct Leaving {
    /// The verb and the name: "Remove Ben".
    pub(crate) title: String,
    /// The member.
    pub(crate) person: Person,
    /// Their address.
    pub(crate) email: String,
    /// What happens, one sentence each.
    pub(crate) effects: Vec<String>,
    /// The heading over their open records; empty when there are none.
    pub(crate) heading: String,
    /// Their open records by type: the name of the type, and how many.
    pub(crate) open: Vec<(String, String)>,
    /// What the viewer can do first, or instead.
    pub(crate) ways: Vec<Way>,
    /// Where the form goes.
    pub(crate) action: String,
    /// The version, which the change must still find.
    pub(crate) version: i64,
    /// The button that does it.
    pub(crate) verb: String,
    /// The button that leaves everything as it is.
    pub(crate) keep: String,
    /// The page behind the dialog.
    pub(crate) back: String,
}

/// Something to do first, or instead.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) label: String,
    pub(crate) href: String,
    pub(crate) icon: &'static str,
}

/// The choice of a member by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Picker {
    pub(crate) title: String,
    pub(crate) intro: String,
    /// Where the search goes.
    pub(crate) action: String,
    pub(crate) search: String,
    pub(crate) found: Vec<Found>,
    /// Whether more members match.
    pub(crate) has_more: bool,
    pub(crate) back: String,
}

/// A member whom a search found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) person: Person,
    pub(crate) second: String,
    pub(crate) href: String,
}

/// A change of many members at once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bulk {
    pub(crate) title: String,
    /// What changes, as the form sends it.
    pub(crate) part: &'static str,
    pub(crate) value: picker::Picker,
    /// Whether members join or leave a team.
    pub(crate) is_team: bool,
    pub(crate) leaves: bool,
    pub(crate) lines: Vec<BulkLine>,
    pub(crate) action: String,
    pub(crate) verb: String,
    pub(crate) back: String,
}

/// A member of a change of many.
#[derive(Clone, Debug)]
pub(crate) struct BulkLine {
    pub(crate) person: Person,
    pub(crate) second: String,
    /// Why they were not changed.
    pub(crate) problem: Option<String>,
    pub(crate) is_done: bool,
}

#[cfg(test)]
impl Bulk {
    pub(crate) fn sample() -> Bulk {
        let line = BulkLine {
            person: Person::new(&"mbr_1", "<script>"),
            second: "Member".to_owned(),
            problem: Some("Not allowed.".to_owned()),
            is_done: false,
        };
        Bulk {
            title: "Change teams".to_owned(),
            is_team: true,
            value: picker::Picker::sample(),
            lines: vec![line],
            ..Bulk::default()
        }
    }
}

#[cfg(test)]
impl Leaving {
    pub(crate) fn sample() -> Leaving {
        Leaving {
            title: "Remove <script>".to_owned(),
            person: Person::new(&"mbr_1", "Ben"),
            email: "ben@northwind.io".to_owned(),
            effects: vec!["Ben can no longer open the workspace.".to_owned()],
            heading: "131 open records stay assigned to them".to_owned(),
            open: vec![("Deals".to_owned(), "131".to_owned())],
            ways: vec![Way {
                label: "Reassign records".into(),
                href: "#".into(),
                icon: "move",
            }],
            ..Leaving::default()
        }
    }
}

#[cfg(test)]
impl Picker {
    pub(crate) fn sample() -> Picker {
        let found = Found {
            person: Person::new(&"mbr_1", "<script>"),
            second: "ben@northwind.io".to_owned(),
            href: "#".to_owned(),
        };
        let title = "Transfer billing".to_owned();
        Picker { title, found: vec![found], has_more: true, ..Picker::default() }
    }
}
