//! A record type that is searched: what is known of it, and whether that is enough.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use hallpass_domain::id::RecordId;

use crate::dialect::search::SearchedPart;
use crate::record::document::Scope;
use crate::record::query::Reach;
use crate::record::walk::MOST_OWNERS;

/// Candidates of each type whose records are all visible, beyond those that are wanted, where some may not match.
pub(super) const SPARE: usize = 20;

/// A type that is searched.
pub(super) struct Searched<'q> {
    pub(super) entity: &'q str,
    pub(super) reach: &'q Reach,
    pub(super) scope: Scope,
    /// Candidates that are compared beyond those that are wanted.
    pub(super) spare: usize,
    /// The candidates that are visible: by the title, and by the text.
    pub(super) candidates: [Vec<RecordId>; 2],
    /// Whether the candidates are all that the index has, by the same parts.
    pub(super) are_all: [bool; 2],
    /// Whether they are the newest otherwise: on SQLite.
    pub(super) are_newest: bool,
    /// What was found, and whether all words are in the title.
    pub(super) found: BTreeMap<RecordId, bool>,
    /// Whether as many of the newest records as are wanted have the words.
    pub(super) has_newest: bool,
    /// Whether the first of what is wanted were found, or every record of the reach with the words.
    pub(super) is_settled: bool,
}

/// The types of which more has to be read.
pub(super) fn open_types<'s, 'q>(
    types: &'s mut [Searched<'q>],
    wanted: usize,
) -> Vec<&'s mut Searched<'q>> {
    types.iter_mut().filter(|one| !one.is_done(wanted)).collect()
}

impl Searched<'_> {
    /// Whether reading its newest records costs little.
    pub(super) fn has_few_owners(&self) -> bool {
        match self.reach {
            Reach::All | Reach::Nothing => true,
            Reach::Owners(owners) => owners.len() <= MOST_OWNERS,
        }
    }

    /// What is looked up of it: where the newest records are known, those come first that have the words in the title.
    pub(super) const fn parts(&self) -> &'static [SearchedPart] {
        if self.has_newest {
            &[SearchedPart::Title]
        } else {
            &[SearchedPart::Title, SearchedPart::Text]
        }
    }

    /// The candidates that are compared: all of a few, else those that may be among the first.
    pub(super) fn compared(&mut self, wanted: usize) -> Vec<RecordId> {
        let [titles, texts] = &self.candidates;
        let most = wanted + self.spare;
        let mut seen = HashSet::new();
        let mut compared = Vec::new();
        for (ids, is_all) in [titles, texts].into_iter().zip(&mut self.are_all) {
            *is_all &= ids.len() <= most;
            compared.extend(ids.iter().take(most).copied().filter(|id| seen.insert(*id)));
        }
        compared
    }

    /// Whether no more has to be read: enough of it is known, or all.
    pub(super) fn is_done(&self, wanted: usize) -> bool {
        let [titles_are_all, texts_are_all] = self.are_all;
        if self.is_settled || (texts_are_all && self.scope.is_indexed) {
            return true;
        }
        // Those by the title come first.
        let titles = self.found.values().filter(|in_title| **in_title).count();
        let has_titles = titles >= wanted && (titles_are_all || self.are_newest);
        let has_newest = self.are_newest || self.has_newest;
        let has_others = self.found.len() >= wanted && titles_are_all && has_newest;
        self.scope.is_indexed && (has_titles || has_others)
    }

    /// The first of what was found.
    pub(super) fn first(&self, limit: usize) -> Vec<RecordId> {
        let mut found: Vec<(RecordId, bool)> =
            self.found.iter().map(|(id, in_title)| (*id, *in_title)).collect();
        found.sort_unstable_by_key(|(id, in_title)| Reverse((*in_title, *id)));
        found.truncate(limit);
        found.into_iter().map(|(id, _)| id).collect()
    }
}
