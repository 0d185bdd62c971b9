//! Asks a policy every question of a folder and compares the answers.

use data_encoding::HEXLOWER;
use hallpass_engine::{Owner, Policy};
use sha2::{Digest, Sha256};

use crate::folder::Folder;
use crate::line::{Check, WhatCheck, WhoCheck};

/// The answers to the questions of one kind, compared with those expected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quiz {
    /// The number of right answers.
    pub right: usize,
    /// The wrong answers, in the order of the questions.
    pub wrong: Vec<Wrong>,
}

/// A wrong answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The position of the question among those of its kind, from 0.
    pub index: usize,
    /// What was expected and what was answered.
    pub message: String,
}

impl Quiz {
    /// The number of questions.
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
            (Some(_), None) => Owner::Unowned,
            (None | Some(_), Some(owner)) => Owner::Member(owner),
        }
    }
}

impl Folder {
    /// Asks every question whether a member may do an action.
    #[must_use]
    pub fn ask_checks(&self, policy: &Policy) -> Quiz {
        Quiz::of(&self.checks, |check: &Check| {
            match policy.check(&check.member, &check.entity, &check.action, check.owner()) {
                Some(answer) if answer == check.expect => Ok(()),
                Some(answer) => Err(format!("expected {}, got {answer}", check.expect)),
                None => Err("unknown member, resource or action".to_owned()),
            }
        })
    }

    /// Asks every question which records a member may act on, record by record through the filter.
    #[must_use]
    pub fn ask_what(&self, policy: &Policy) -> Quiz {
        Quiz::of(&self.what, |asked: &WhatCheck| {
            let member = policy.member(&asked.member).ok_or("unknown member")?;
            let cell = policy.cell(&asked.entity, &asked.action).ok_or("unknown action")?;
            let filter = policy.filter(member, cell);
            let records = self.records.iter().filter(|record| record.entity == asked.entity);
            let admitted = records.filter(|record| {
                let owner = record.owner.as_deref().map_or(Owner::Unowned, Owner::Member);
                filter.admits(policy.target(owner))
            });
            compare(admitted.map(|record| record.id.as_str()), asked.count, &asked.sha256)
        })
    }

    /// Asks every question which members may act on a record.
    #[must_use]
    pub fn ask_who(&self, policy: &Policy) -> Quiz {
        Quiz::of(&self.who, |asked: &WhoCheck| {
            let cell = policy.cell(&asked.entity, &asked.action).ok_or("unknown action")?;
            let owner = asked.owner.as_deref().map_or(Owner::Unowned, Owner::Member);
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
    let digest = HEXLOWER.encode(&Sha256::digest(ids.join("\n")));
    if ids.len() != count {
        return Err(format!("expected {count}, got {}", ids.len()));
    }
    if digest == sha256 {
        Ok(())
    } else {
        Err(format!("expected other ids; their number, {count}, is right"))
    }
}
