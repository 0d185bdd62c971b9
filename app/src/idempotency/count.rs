//! How many keys an account has stored, as far as this process knows, so that not every request counts them.
//!
//! **Invariant:** what is known here is never less than what was counted and what came since.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use hallpass_domain::id::AccountId;
use hallpass_domain::time::{Span, Timestamp};

/// How long a count is relied on: other processes store keys too.
const FOR: Span = Span::minutes(10);

/// The most accounts that are known; then all are counted again.
const MOST: usize = 10_000;

/// The counts of accounts.
#[derive(Default)]
pub(crate) struct KeyCounts(Mutex<HashMap<AccountId, Counted>>);

struct Counted {
    keys: i64,
    at: Timestamp,
}

impl KeyCounts {
    /// Whether an account is known to have fewer keys than `most`, with one more that this request may store.
    pub(super) fn has_room(&self, account: AccountId, most: i64, now: Timestamp) -> bool {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counted) = all.get_mut(&account) else { return false };
        counted.keys += 1;
        counted.keys <= most && (now - counted.at).0.abs() < FOR.0
    }

    /// Notes how many keys were counted.
    pub(super) fn note(&self, account: AccountId, keys: i64, now: Timestamp) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        // The request that counts may store one.
        all.insert(account, Counted { keys: keys + 1, at: now });
    }
}
