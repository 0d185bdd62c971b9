//! The free text search of the audit log: entries of which each word is found in the name of the actor, the action,
//! the name of what it is about, or the values, as far as the caller may read them.
//!
//! **Invariant:** an entry is compared as it is shown to the caller, so that a search finds nothing that its values
//! would tell.

use hallpass_domain::audit::Entry;
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::search::Words;
use hallpass_domain::text::search_key;
use hallpass_store::audit::AuditQuery;
use serde_json::Value;

use super::page::AuditPage;
use super::visible;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::{Pass, Permission};

/// The longest text, in characters.
pub(super) const LONGEST_TEXT: usize = 200;

/// The entries that are read first, since most searches find a page in them. Each part after it has twice as many.
const FIRST: usize = 250;

/// The entries that are read at a time at most.
const LARGEST: usize = 2_000;

/// How many entries a page looks at.
const MOST: usize = 10_000;

/// In how many parts they are read at most: a part is smaller where entries are large.
const PARTS: usize = 40;

/// A search for entries.
pub(super) struct Search<'q> {
    pub(super) query: &'q AuditQuery,
    pub(super) words: &'q Words,
    /// The entries of a page.
    pub(super) limit: usize,
    /// How many entries are read first, and how many a page looks at.
    pub(super) reads: (usize, usize),
}

impl<'q> Search<'q> {
    pub(super) const fn new(
        query: &'q AuditQuery,
        words: &'q Words,
        limit: usize,
    ) -> Search<'q> {
        Search { query, words, limit, reads: (FIRST, MOST) }
    }

    /// Lists a page of what is found, the latest first. It ends where the next page begins, or where it has looked at
    /// so many entries that it says that it is incomplete.
    pub(super) async fn page(
        &self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl Permission>,
        below: Option<AuditId>,
    ) -> Result<AuditPage, Error> {
        let (mut size, mut left) = self.reads;
        let (mut found, mut at): (Vec<Entry>, _) = (Vec::new(), below);
        let mut reached = None;
        for _ in 0..PARTS {
            let part = ctx.read(pass)?.audit().list(self.query, at, size.min(left)).await?;
            left -= part.items.len();
            size = (2 * size).min(LARGEST);
            if let Some(last) = part.items.last() {
                (at, reached) = (Some(last.id), Some(last.at));
            }
            for entry in self.matches(ctx, pass, part.items).await? {
                if found.len() == self.limit {
                    let next = found.last().map(|last| last.id);
                    return Ok(AuditPage { entries: found, next, reached: None });
                }
                found.push(entry);
            }
            if !part.has_more {
                return Ok(AuditPage { entries: found, next: None, reached: None });
            }
            if left == 0 {
                break;
            }
        }
        Ok(AuditPage { entries: found, next: at, reached })
    }

    /// Those of some entries that match, as the caller sees them.
    async fn matches(
        &self,
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl Permission>,
        entries: Vec<Entry>,
    ) -> Result<Vec<Entry>, Error> {
        let named: Vec<MemberId> = entries.iter().flat_map(visible::members_of).collect();
        ctx.look_up_names(pass, named).await?;
        // What an entry shows is a part of what it holds: most are left out without asking what they show.
        let mut found = entries;
        found.retain(|entry| self.words.are_in(&text(ctx, entry)));
        let mut found = visible::shown(ctx, pass, found).await?;
        found.retain(|entry| self.words.are_in(&text(ctx, entry)));
        Ok(found)
    }
}

/// The text of an entry that is searched, folded, a line for each part.
fn text(ctx: &WorkspaceContext, entry: &Entry) -> String {
    let mut lines = vec![entry.actor_name.clone(), entry.action.clone(), entry.subject.clone()];
    lines.extend([entry.outcome.word().to_owned(), entry.request.clone()]);
    let member = entry.subject.parse::<MemberId>().ok();
    lines.extend(member.and_then(|id| ctx.known_name(id)).map(str::to_owned));
    for value in [&entry.before, &entry.after] {
        add(ctx, value, &mut lines);
    }
    search_key(&lines.join("\n"))
}

/// Adds the texts and numbers of a value, and the names of what they identify; not the names of fields, by which
/// a value is replaced that is hidden.
fn add(ctx: &WorkspaceContext, value: &Value, lines: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            lines.extend(name_of(ctx, text));
            lines.push(text.clone());
        }
        Value::Number(number) => lines.push(number.to_string()),
        Value::Array(list) => list.iter().for_each(|one| add(ctx, one, lines)),
        Value::Object(map) => {
            map.iter().filter(|(key, _)| *key != visible::HIDDEN).for_each(|(_, one)| {
                add(ctx, one, lines);
            });
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The name of a member, as far as the caller may know it, or of a team, a profile or a role.
fn name_of(ctx: &WorkspaceContext, id: &str) -> Option<String> {
    match id.parse::<MemberId>() {
        Ok(member) => ctx.known_name(member).map(str::to_owned),
        Err(_) => ctx.snapshot().names.get(id).cloned(),
    }
}

#[cfg(test)]
mod tests;
