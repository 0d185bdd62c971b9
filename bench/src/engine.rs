//! The figures of our own engine, through its public API.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use hallpass_domain::folder::{FILES, Folder, WHO_FILE};
use hallpass_engine::{Cell, Change, MemberIndex, Owner, Policy, Target, Workspace};

use crate::clock::{median_run, nanoseconds_each};
use crate::machine::resident_bytes;
use crate::table::Row;

/// Questions asked between two looks at the clock.
const BATCH: usize = 500;

/// Reads a workload folder.
pub(crate) fn load(path: &Path) -> Result<Folder, String> {
    let mut texts = BTreeMap::new();
    for name in FILES.into_iter().chain([WHO_FILE]) {
        let file = path.join(name);
        if file.exists() {
            let text =
                std::fs::read_to_string(&file).map_err(|error| format!("{name}: {error}"))?;
            texts.insert(name.to_owned(), text);
        }
    }
    Folder::parse(&texts).map_err(|bad| bad.to_string())
}

/// Every figure, and the median of a decision in random order, for the ratios.
pub(crate) fn measure(folder: &Folder) -> Result<(Vec<Row>, f64), String> {
    let memory = memory(folder)?;
    let start = Instant::now();
    let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
    let first = start.elapsed();
    check(folder, &policy)?;
    let again = median_run(9, |_| folder.compile());
    let asked = resolve(folder, &policy)?;
    let again_and_again = asked.get(..BATCH).unwrap_or_default().repeat(100);
    let warm = decide(&policy, &again_and_again);
    let random = decide(&policy, &asked);
    let rows = vec![
        Row::nanoseconds("decide, warm", warm, 25.0),
        Row::nanoseconds("decide, random over all members", random, 45.0),
        Row::nanoseconds("decide by ids as text", by_text(folder, &policy), 150.0),
        Row::microseconds("explain", explain(&policy, &asked), 5.0),
        Row::microseconds("what: the owners that a member reaches", what(&policy, &asked), 3.0),
        Row::microseconds("who: all members for a record", who(&policy, &asked), 150.0),
        Row::milliseconds("compile, first", first, 15.0),
        Row::milliseconds("compile, again", again, 5.0),
        Row::microseconds("one role or profile edited", edit(folder, &policy)?, 500.0),
        Row::microseconds("one membership changed", join(folder, &policy)?, 2.0),
        memory,
    ];
    Ok((rows, random))
}

fn check(folder: &Folder, policy: &Policy) -> Result<(), String> {
    let quizzes = [folder.ask_checks(policy), folder.ask_what(policy), folder.ask_who(policy)];
    let wrong: usize = quizzes.iter().map(|quiz| quiz.wrong.len()).sum();
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} wrong answers")) }
}

type Asked = (MemberIndex, Cell, Target);

fn resolve(folder: &Folder, policy: &Policy) -> Result<Vec<Asked>, String> {
    let resolved = folder.checks.iter().map(|check| {
        let member = policy.member(&check.member)?;
        let cell = policy.cell(&check.entity, &check.action)?;
        Some((member, cell, policy.target(check.owner())))
    });
    resolved.collect::<Option<_>>().ok_or_else(|| "an unknown id".to_owned())
}

fn decide(policy: &Policy, asked: &[Asked]) -> f64 {
    nanoseconds_each(asked, BATCH, |(member, cell, target)| {
        black_box(policy.decide(black_box(*member), black_box(*cell), black_box(*target)));
    })
}

fn by_text(folder: &Folder, policy: &Policy) -> f64 {
    nanoseconds_each(&folder.checks, BATCH, |check| {
        let owner = check.owner.as_deref().map_or(Owner::Nobody, Owner::Member);
        black_box(policy.check(&check.member, &check.entity, &check.action, owner));
    })
}

fn explain(policy: &Policy, asked: &[Asked]) -> Duration {
    let mut questions = asked.iter().cycle();
    median_run(5_000, |_| questions.next().map(|(m, c, t)| policy.explain(*m, *c, *t)))
}

fn what(policy: &Policy, asked: &[Asked]) -> Duration {
    let mut questions = asked.iter().cycle();
    median_run(5_000, |_| questions.next().map(|(m, c, _)| policy.what(*m, *c)))
}

fn who(policy: &Policy, asked: &[Asked]) -> Duration {
    let mut questions = asked.iter().cycle();
    median_run(100, |_| questions.next().map(|(_, c, t)| policy.who(*c, *t).count()))
}

/// The profile or custom role of most members, put again.
fn edit(folder: &Folder, policy: &Policy) -> Result<Duration, String> {
    let profile = folder.workspace.profiles.first().cloned().map(Change::PutProfile);
    let role = folder.workspace.roles.first().cloned().map(Change::PutRole);
    let change = [profile.or(role).ok_or("no profile and no role to edit")?];
    policy.apply(&change).map_err(|mistakes| mistakes.to_string())?;
    Ok(median_run(500, |_| policy.apply(&change)))
}

/// Members of all positions join one more team, or where there are none move to another department.
fn join(folder: &Folder, policy: &Policy) -> Result<Duration, String> {
    let members = &folder.workspace.members;
    let pairs = members.iter().zip(members.iter().skip(1)).step_by(7);
    let changes: Vec<[Change; 1]> = pairs
        .map(|(member, next)| {
            let mut moved = member.clone();
            moved.teams.extend(next.teams.first().cloned());
            moved.department.clone_from(&next.department);
            [Change::PutMember(moved)]
        })
        .collect();
    for change in &changes {
        policy.apply(change).map_err(|mistakes| mistakes.to_string())?;
    }
    let mut next = changes.iter().cycle();
    Ok(median_run(1_000, |_| next.next().map(|change| policy.apply(change))))
}

/// Resident memory of many policies of the whole workspace, less that of as many without members.
fn memory(folder: &Folder) -> Result<Row, String> {
    const POLICIES: u32 = 100;
    let nobody = Workspace { members: Vec::new(), ..folder.workspace.clone() };
    let held = |workspace: &Workspace| -> Result<f64, String> {
        let before = resident_bytes();
        let compile = |_| Policy::compile(&folder.blueprint, workspace);
        let policies: Result<Vec<Policy>, _> = (0..POLICIES).map(compile).collect();
        let policies = policies.map_err(|mistakes| mistakes.to_string())?;
        let grown = resident_bytes().saturating_sub(before);
        black_box(&policies);
        Ok(f64::from(u32::try_from(grown / 1_024).unwrap_or(u32::MAX)) * 1_024.0)
    };
    let (empty, full) = (held(&nobody)?, held(&folder.workspace)?);
    let members = u32::try_from(folder.workspace.members.len().max(1)).unwrap_or(u32::MAX);
    let each = (full - empty) / f64::from(POLICIES) / f64::from(members);
    Ok(Row { what: "memory of a member", figure: each, at_most: Some(300.0), unit: "bytes" })
}
