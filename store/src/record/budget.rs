//! How much a list with a filter may read.

use std::time::{Duration, Instant};

/// How much a list with a filter reads before it returns what it has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListBounds {
    /// How long, with something found.
    pub found: Duration,
    /// How long, with nothing found.
    pub nothing: Duration,
    /// Up to so many matches are counted. Of about so many candidates each is read before the first is
    /// returned.
    pub counted: usize,
}

impl Default for ListBounds {
    fn default() -> ListBounds {
        let (found, nothing) = (Duration::from_millis(50), Duration::from_secs(1));
        ListBounds { found, nothing, counted: 1_000 }
    }
}

impl ListBounds {
    /// Of so few candidates of the index each is compared: a few more than are counted, since not each matches.
    pub(super) const fn candidates(self) -> usize {
        self.counted + self.counted / 4
    }

    /// The most candidates that one statement counts the matches of.
    pub(super) const fn counted_at_once(self) -> usize {
        self.counted.saturating_mul(40)
    }

    /// The same, where candidates are not in the order of the list.
    pub(super) const fn candidates_to_sort(self) -> usize {
        5 * self.counted
    }

    /// Of so many records is compared whether they have the words that PostgreSQL would look up.
    pub(super) const fn sample(self) -> usize {
        2 * self.first_batch()
    }

    /// Records that are read first; then four times as many each time.
    pub(super) const fn first_batch(self) -> usize {
        self.counted / 5 + 1
    }

    /// Of many types together so many records are compared.
    pub(super) const fn newest(self) -> usize {
        6 * self.counted
    }

    /// The most records that are read at a time.
    pub(super) const fn batch(self) -> usize {
        self.counted.saturating_mul(5) / 2
    }
}

/// The time of one list.
#[derive(Clone)]
pub(super) struct Budget {
    began: Instant,
    bounds: ListBounds,
}

impl Budget {
    #[expect(
        clippy::disallowed_methods,
        reason = "it bounds work, and no result depends on it alone"
    )]
    pub(super) fn begin(bounds: ListBounds) -> Budget {
        Budget { began: Instant::now(), bounds }
    }

    /// Whether it is spent, by whether something was found.
    pub(super) fn is_spent(&self, has_found: bool) -> bool {
        let most = if has_found { self.bounds.found } else { self.bounds.nothing };
        self.began.elapsed() >= most
    }
}
