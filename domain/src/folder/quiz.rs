//! Asks a policy every question of a folder and compares the answers.

use std::fmt::Write as _;

use hallpass_engine::{Owner, Policy};
use sha2::{Digest, Sha256};

use super::{Check, Folder, WhatCheck, WhoCheck};

/// How the questions of one kind were answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quiz {
    /// How many were answered right.
    pub right: usize,
    /// Those answered wrong, in their order.
    pub wrong: Vec<Wrong>,
}

/// A question that was answered wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Its position among the questions of its kind, from 0.
    pub index: usize,
    /// What was expected and what came.
    pub message: String,
}

impl Quiz {
    /// How many questions there were.
    #[must_use]
    pub fn total(&self) -> usize {
        self.right + self.wrong.len()
    }

    fn count(&mut self, index: usize, answer: Result<(), String>) {
        match answer {
            Ok(()) => self.right += 1,
            Err(message) => self.wrong.push(Wrong { index, message }),
        }
    }

    fn of<Q>(questions: &[Q], answer: impl Fn(&Q) -> Result<(), String>) -> Quiz {
        let mut quiz = Quiz::default();
        questions
            .iter()
            .enumerate()
            .for_each(|(index, asked)| quiz.count(index, answer(asked)));
        quiz
    }
}

impl Check {
    /// The owner that the question is about.
    #[must_use]
    pub fn owner(&self) -> Owner<'_> {
        match (&self.record, &self.owner) {
            (None, None) => Owner::Any,
            (Some(_), None) => Owner::Nobody,
            (None | Some(_), Some(owner)) => Owner::Member(owner),
        }
    }
}

impl Folder {
    /// Asks every question that is answered by yes or no.
    #[must_use]
    pub fn ask_checks(&self, policy: &Policy) -> Quiz {
        Quiz::of(&self.checks, |check: &Check| {
            match policy.check(&check.member, &check.entity, &check.action, check.owner()) {
                Some(answer) if answer == check.expect => Ok(()),
                Some(answer) => Err(format!("expected {}, got {answer}", check.expect)),
                None => Err("the member, resource or action is unknown".to_owned()),
            }
        })
    }

    /// Asks for the records that members may act on, record by record through the filter.
    #[must_use]
    pub fn ask_what(&self, policy: &Policy) -> Quiz {
        Quiz::of(&self.what, |asked: &WhatCheck| {
            let member = policy.member(&asked.member).ok_or("the member is unknown")?;
            let cell =
                policy.cell(&asked.entity, &asked.action).ok_or("the action is unknown")?;
            let filter = policy.filter(member, cell);
            let records = self.records.iter().filter(|record| record.entity == asked.entity);
            let admitted = records.filter(|record| {
                let owner = record.owner.as_deref().map_or(Owner::Nobody, Owner::Member);
                filter.admits(policy.target(owner))
            });
            compare(admitted.map(|record| record.id.as_str()), asked.count, &asked.sha256)
        })
    }

    /// Asks for the members who may act on records.
    #[must_use]
    pub fn ask_who(&self, policy: &Policy) -> Quiz {
        Quiz::of(&self.who, |asked: &WhoCheck| {
            let cell =
                policy.cell(&asked.entity, &asked.action).ok_or("the action is unknown")?;
            let owner = asked.owner.as_deref().map_or(Owner::Nobody, Owner::Member);
            let who = policy.who(cell, policy.target(owner));
            compare(who.map(|member| policy.id(member)), asked.count, &asked.sha256)
        })
    }
}

fn compare<'a>(
    ids: impl Iterator<Item = &'a str>,
    count: usize,
    sha256: &str,
) -> Result<(), String> {
    let mut ids: Vec<&str> = ids.collect();
    ids.sort_unstable();
    let digest = Sha256::digest(ids.join("\n"));
    let digest = digest.iter().fold(String::new(), |mut text, byte| {
        // Writing to a text cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    if ids.len() != count {
        return Err(format!("expected {count}, got {}", ids.len()));
    }
    if digest == sha256 { Ok(()) } else { Err(format!("the same number, {count}, but others")) }
}
