//! The notes of requests about when sessions, API keys and members were last seen, until they are stored.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hallpass_domain::api_key::{ApiKey, Secret};
use hallpass_domain::id::{AccountId, ApiKeyId, MemberId, SessionId, WorkspaceId};
use hallpass_domain::session::Session;
use hallpass_domain::time::Timestamp;
use tokio::sync::Notify;

/// The most notes that wait; further ones are dropped.
const MOST: usize = 10_000;

/// The notes that wait to be stored.
#[derive(Default)]
pub(crate) struct PresenceLog {
    notes: Mutex<Notes>,
    noted: Notify,
}

/// Notes by what they are about: of several the last one counts.
#[derive(Clone, Default)]
pub(super) struct Notes {
    pub(super) sessions: BTreeMap<SessionId, Session>,
    pub(super) keys: BTreeMap<(WorkspaceId, ApiKeyId, bool), (ApiKey, Secret)>,
    pub(super) members: BTreeMap<(WorkspaceId, MemberId), (AccountId, Timestamp)>,
}

impl Notes {
    pub(super) fn count(&self) -> usize {
        self.sessions.len() + self.keys.len() + self.members.len()
    }
}

impl PresenceLog {
    /// Notes the use of a session.
    pub(crate) fn note_session(&self, session: &Session) {
        self.note(|notes| {
            notes.sessions.insert(session.id, session.clone());
        });
    }

    /// Notes the use of an API key by one of its secrets.
    pub(crate) fn note_key(&self, workspace: WorkspaceId, key: &ApiKey, secret: Secret) {
        let id = (workspace, key.id, secret == Secret::Former);
        self.note(|notes| {
            notes.keys.insert(id, (key.clone(), secret));
        });
    }

    /// Notes that a member uses a workspace.
    pub(crate) fn note_member(
        &self,
        (workspace, member): (WorkspaceId, MemberId),
        account: AccountId,
        now: Timestamp,
    ) {
        self.note(|notes| {
            notes.members.insert((workspace, member), (account, now));
        });
    }

    /// A session as it is with the note that waits.
    pub(crate) fn with_note(&self, session: Session) -> Session {
        let notes = self.lock();
        match notes.sessions.get(&session.id) {
            Some(note) if note.seen_at > session.seen_at => Session {
                seen_at: note.seen_at,
                longest_pause: note.longest_pause,
                address: note.address.clone(),
                ..session
            },
            Some(_) | None => session,
        }
    }

    /// The notes that wait.
    pub(super) fn list(&self) -> Notes {
        self.lock().clone()
    }

    /// Waits until something has been noted.
    pub(super) async fn wait(&self) {
        self.noted.notified().await;
    }

    /// Ends the next wait at once: notes are left.
    pub(super) fn wake(&self) {
        self.noted.notify_one();
    }

    fn note(&self, insert: impl FnOnce(&mut Notes)) {
        let mut notes = self.lock();
        if notes.count() < MOST {
            insert(&mut notes);
            self.noted.notify_one();
        }
    }

    /// Removes what was stored, unless it has been noted again since.
    pub(super) fn remove(&self, stored: &Notes) {
        let mut notes = self.lock();
        let same = |note: &Session| stored.sessions.get(&note.id).map(|one| one.seen_at);
        notes.sessions.retain(|_, note| same(note) != Some(note.seen_at));
        notes.keys.retain(|id, (key, _)| {
            stored.keys.get(id).is_none_or(|(one, _)| one.seen_at != key.seen_at)
        });
        notes.members.retain(|id, note| stored.members.get(id) != Some(note));
    }

    fn lock(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
