//! What is shown over the page of a role: its history, and the choice of members.

use crate::faults::Faults;
use crate::format::Moment;
use crate::frame::Person;

/// The history of a role.
#[derive(Clone, Debug, Default)]
pub(crate) struct History {
    pub(crate) events: Vec<Event>,
    pub(crate) has_more: bool,
}

/// Something that was done to the role.
#[derive(Clone, Debug)]
pub(crate) struct Event {
    pub(crate) at: Moment,
    pub(crate) sentence: String,
    /// The grants that were added, as permission strings.
    pub(crate) added: Vec<String>,
    /// The grants that were removed.
    pub(crate) removed: Vec<String>,
}

impl History {
    #[cfg(test)]
    pub(crate) fn sample() -> History {
        let event = Event {
            at: Moment::default(),
            sentence: "Anna <script> created the role.".to_owned(),
            added: vec!["contacts:read:own".to_owned()],
            removed: vec!["contacts:read:all".to_owned()],
        };
        History { events: vec![event], has_more: true }
    }
}

/// The choice of members.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assignment {
    pub(crate) search: String,
    pub(crate) people: Vec<Candidate>,
    pub(crate) others: usize,
    pub(crate) refused: Faults,
}

/// A member who may be given the role.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    pub(crate) person: Person,
    pub(crate) role: String,
    pub(crate) is_chosen: bool,
}

impl Assignment {
    #[cfg(test)]
    pub(crate) fn sample() -> Assignment {
        let person = Person::new(&1, "Ben <script>");
        Assignment {
            search: "<script>".to_owned(),
            people: vec![Candidate { person, role: "Member".to_owned(), is_chosen: true }],
            others: 40,
            refused: Faults::whole("<script>".to_owned()),
        }
    }
}
