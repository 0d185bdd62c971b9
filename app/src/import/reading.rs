//! How ids, names and words of a file are read.

use hallpass_domain::id::{MemberId, RoleId, TeamId};
use hallpass_domain::import::IdMap;
use hallpass_domain::name::Name;
use hallpass_domain::record::Owner;
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

/// The longest key or word that is kept as it is, in bytes.
const LONGEST_WORD: usize = 200;

/// What is wrong with a line.
pub(super) type Wrong = Vec<String>;

/// How ids of a file are read.
#[derive(Clone, Copy)]
pub(super) struct Ids {
    pub(super) map: IdMap,
    pub(super) now: Timestamp,
}

impl Ids {
    /// What an id in the file becomes.
    pub(super) fn of<T: From<Uuid>>(self, id: Uuid) -> T {
        self.map.id(id).into()
    }

    /// What a reference to a member becomes.
    pub(super) fn member(self, id: Option<MemberId>) -> Option<MemberId> {
        id.map(|id| self.of(id.0))
    }

    pub(super) fn owner(self, owner: Owner) -> Owner {
        match owner {
            Owner::Unowned => Owner::Unowned,
            Owner::Member(id) => Owner::Member(self.of(id.0)),
        }
    }

    /// What a role becomes: the key of a built-in one, or an id.
    pub(super) fn role(self, role: &str) -> String {
        role.parse::<RoleId>()
            .map_or_else(|_| role.to_owned(), |id| self.of::<RoleId>(id.0).to_string())
    }
}

pub(super) fn name(given: &str) -> Result<Name, Wrong> {
    text(Name::parse(given))
}

pub(super) fn text<T, E: std::fmt::Display>(read: Result<T, E>) -> Result<T, Wrong> {
    read.map_err(|why| vec![why.to_string()])
}

/// A word that is kept as it is.
pub(super) fn word(text: &str) -> Result<String, Wrong> {
    if text.len() > LONGEST_WORD || text.contains(char::is_control) {
        let detail = format!("expected a line of at most {LONGEST_WORD} bytes");
        return Err(vec![detail]);
    }
    Ok(text.to_owned())
}

/// The value of a word.
pub(super) fn known<T>(found: Option<T>, key: &str, word: &str) -> Result<T, Wrong> {
    let word = hallpass_domain::text::printable(word);
    found.ok_or_else(|| vec![format!("`{key}` has no value `{word}`")])
}

/// Teams in the order in which members have them.
pub(super) fn teams(teams: &[TeamId], ids: Ids) -> Result<Vec<TeamId>, Wrong> {
    let mut moved: Vec<TeamId> = teams.iter().map(|team| ids.of(team.0)).collect();
    moved.sort_unstable();
    if moved.windows(2).any(|two| matches!(two, [one, other] if one == other)) {
        return Err(vec!["a team is there twice".to_owned()]);
    }
    Ok(moved)
}
