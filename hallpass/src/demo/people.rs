//! The people of the demo, and the role that each is invited with.

use hallpass_engine::{Blueprint, Holders, Role};

/// The password of every account.
pub(super) const PASSWORD: &str = "look around freely";

/// A person of the demo.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// The local part of the address.
    mailbox: &'static str,
}

impl Person {
    const fn new(first: &'static str, last: &'static str, mailbox: &'static str) -> Person {
        Person { first, last, mailbox }
    }

    pub(super) fn name(self) -> String {
        format!("{} {}", self.first, self.last)
    }

    pub(super) fn email(self) -> String {
        format!("{}@example.com", self.mailbox)
    }
}

/// The members of every workspace; the first is its founder.
pub(super) const PEOPLE: [Person; 12] = [
    Person::new("Anna", "Keller", "anna"),
    Person::new("Ben", "Okafor", "ben"),
    Person::new("Cleo", "Martin", "cleo"),
    Person::new("David", "Rossi", "david"),
    Person::new("Elif", "Demir", "elif"),
    Person::new("Farah", "Haddad", "farah"),
    Person::new("Gustav", "Lindqvist", "gustav"),
    Person::new("Hana", "Sato", "hana"),
    Person::new("Ivo", "Novák", "ivo"),
    Person::new("Jelena", "Petrović", "jelena"),
    Person::new("Kofi", "Mensah", "kofi"),
    Person::new("Lea", "Baumann", "lea"),
];

/// Invited, and has not accepted yet.
pub(super) const PENDING_INVITATION: Person = Person::new("Nora", "Quist", "nora");

/// A guest who leaves every workspace again.
pub(super) const ROSA: Person = Person::new("Rosa", "Lind", "rosa");

/// A guest who deletes their account.
pub(super) const MAX: Person = Person::new("Max", "Gruber", "max");

/// Invited, and did not accept in time.
pub(super) const EXPIRED_INVITATION: Person = Person::new("Oskar", "Weber", "oskar");

/// The index in `PEOPLE` of the member with the custom role.
pub(super) const ANALYST: usize = 9;

/// The index of the member with their own levels.
pub(super) const CUSTOM_LEVELS: usize = 8;

/// The index of the member who was never seen after they joined.
pub(super) const UNSEEN: usize = CUSTOM_LEVELS;

/// The index of the deactivated member.
pub(super) const INACTIVE: usize = 10;

/// The index of the removed member.
pub(super) const REMOVED: usize = 11;

/// The role that a person is invited with: the first people get the higher roles, the others the
/// lowest.
pub(super) fn role(blueprint: &Blueprint, person: usize) -> Option<&Role> {
    let given: Vec<&Role> =
        blueprint.roles.iter().filter(|role| role.holders == Holders::Many).collect();
    given.get(person.wrapping_sub(1)).or(given.last()).copied()
}
