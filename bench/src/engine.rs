//! The figures of the engine, through its public API.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use hallpass_engine::{Cell, Change, MemberIndex, Owner, Policy, Target, Workspace};
use hallpass_workload::{FILES, Folder, WHO_FILE};

use crate::clock::{median_each, median_run};
use crate::machine::resident_bytes;
use crate::table::{self, Gauge};

/// Questions per reading of the clock.
const BATCH: u32 = 500;

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
    Folder::parse(&texts).map_err(|error| error.to_string())
}

/// Every figure as text, and the time of a decision on a random question in nanoseconds.
pub(crate) fn measure(folder: &Folder) -> Result<(String, f64), String> {
    let memory = memory(folder)?;
    let start = Instant::now();
    let policy = folder.compile().map_err(|mistakes| mistakes.to_string())?;
    let first = start.elapsed().as_secs_f64() * 1e3;
    check(folder, &policy)?;
    let questions = resolve(folder, &policy)?;
    let warm = questions.get(..BATCH as usize).unwrap_or_default().repeat(100);
    let (edit, join) = (edit(folder, &policy)?, join(folder, &policy)?);
    let (mut explained, mut listed, mut who) =
        (questions.iter().cycle(), questions.iter().cycle(), questions.iter().cycle());
    let mut joined = join.iter().cycle();
    let mut gauges = [
        Gauge::time("decide, random over all members", (45.0, "ns"), || {
            decide(&policy, &questions)
        }),
        Gauge::time("decide, warm", (25.0, "ns"), || decide(&policy, &warm)),
        Gauge::time("decide by ids as text", (150.0, "ns"), || by_text(folder, &policy)),
        Gauge::time("explain", (5.0, "us"), || {
            median_run(2_000, || explained.next().map(|(m, c, t)| policy.explain(*m, *c, *t)))
        }),
        Gauge::time("what: the owners that a member reaches", (3.0, "us"), || {
            median_run(2_000, || listed.next().map(|(m, c, _)| policy.filter(*m, *c)))
        }),
        Gauge::time("who: all members for a record", (150.0, "us"), || {
            median_run(100, || who.next().map(|(_, c, t)| policy.who(*c, *t).count()))
        }),
        Gauge::known("compile, first", (15.0, "ms"), first),
        Gauge::time("compile, again", (5.0, "ms"), || median_run(5, || folder.compile())),
        Gauge::time("one role or profile edited", (500.0, "us"), || {
            median_run(200, || policy.apply(&edit))
        }),
        Gauge::time("one membership changed", (2.0, "us"), || {
            median_run(1_000, || joined.next().map(|change| policy.apply(change)))
        }),
        Gauge::known("memory of a member", (300.0, "bytes"), memory),
    ];
    table::measure(&mut gauges);
    let random = gauges.first().map_or(f64::NAN, Gauge::figure);
    Ok((table::render(&gauges), random))
}

fn check(folder: &Folder, policy: &Policy) -> Result<(), String> {
    let quizzes = [folder.ask_checks(policy), folder.ask_what(policy), folder.ask_who(policy)];
    let wrong: usize = quizzes.iter().map(|quiz| quiz.wrong.len()).sum();
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} answers of the engine are wrong")) }
}

type Question = (MemberIndex, Cell, Target);

fn resolve(folder: &Folder, policy: &Policy) -> Result<Vec<Question>, String> {
    let resolved = folder.checks.iter().map(|check| {
        let member = policy.member(&check.member)?;
        let cell = policy.cell(&check.entity, &check.action)?;
        Some((member, cell, policy.target(check.owner())))
    });
    resolved.collect::<Option<_>>().ok_or_else(|| "unknown id in a question".to_owned())
}

fn decide(policy: &Policy, questions: &[Question]) -> f64 {
    median_each(questions, BATCH, |(member, cell, target)| {
        black_box(policy.decide(black_box(*member), black_box(*cell), black_box(*target)));
    })
}

fn by_text(folder: &Folder, policy: &Policy) -> f64 {
    median_each(&folder.checks, BATCH, |check| {
        let owner = check.owner.as_deref().map_or(Owner::Unowned, Owner::Member);
        black_box(policy.check(&check.member, &check.entity, &check.action, owner));
    })
}

/// Writes the first profile, or the first custom role, again.
fn edit(folder: &Folder, policy: &Policy) -> Result<[Change; 1], String> {
    let profile = folder.workspace.profiles.first().cloned().map(Change::PutProfile);
    let role = folder.workspace.roles.first().cloned().map(Change::PutRole);
    let change =
        [profile.or(role).ok_or("the folder has neither a profile nor a role to edit")?];
    policy.apply(&change).map_err(|mistakes| mistakes.to_string())?;
    Ok(change)
}

/// Members across the workspace join another team, or move to another department.
fn join(folder: &Folder, policy: &Policy) -> Result<Vec<[Change; 1]>, String> {
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
    Ok(changes)
}

/// Bytes per member: the resident memory of many policies, less that of as many without members.
fn memory(folder: &Folder) -> Result<f64, String> {
    const POLICIES: u32 = 100;
    let without_members = Workspace { members: Vec::new(), ..folder.workspace.clone() };
    let held = |workspace: &Workspace| -> Result<f64, String> {
        let before = resident_bytes();
        let compile = |_| Policy::compile(&folder.blueprint, workspace);
        let policies: Result<Vec<Policy>, _> = (0..POLICIES).map(compile).collect();
        let policies = policies.map_err(|mistakes| mistakes.to_string())?;
        let grown = resident_bytes().saturating_sub(before);
        black_box(&policies);
        Ok(f64::from(u32::try_from(grown / 1_024).unwrap_or(u32::MAX)) * 1_024.0)
    };
    let (empty, full) = (held(&without_members)?, held(&folder.workspace)?);
    let members = u32::try_from(folder.workspace.members.len().max(1)).unwrap_or(u32::MAX);
    Ok((full - empty) / f64::from(POLICIES) / f64::from(members))
}
