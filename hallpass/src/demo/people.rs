//! The people of the demo.

/// The password of everybody.
pub(super) const PASSWORD: &str = "look around freely";

/// Somebody of the demo.
#[derive(Clone, Copy)]
pub(super) struct Person {
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    /// What their address begins with.
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

/// Those who are members; the first founds every workspace.
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

/// Whoever is invited and has not come.
pub(super) const INVITED: Person = Person::new("Nora", "Quist", "nora");

/// A guest who leaves, and one who deletes their account.
pub(super) const ROSA: Person = Person::new("Rosa", "Lind", "rosa");
pub(super) const MAX: Person = Person::new("Max", "Gruber", "max");

/// Whoever was invited and did not come in time.
pub(super) const LATE: Person = Person::new("Oskar", "Weber", "oskar");
