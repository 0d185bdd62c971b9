//! Explanations in words: every kind of step, reason, need and act has a sentence in every language, with names and without keys.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use hallpass_app::access::list::{ListPart, ListReasons};
use hallpass_domain::advice::Edit;
use hallpass_engine::{
    Blueprint, Boundary, CustomRole, Deciding, Department, Explanation, GrantSource, Member,
    Names, Need, Policy, Profile, Relations, Restriction, Scope, Sharing, Step, Target, Team,
    Visibility, Workspace,
};

use super::Words;
use crate::frame::Frame;
use crate::text::{Language, Text};

/// The access models that ship.
const SHIPPED: [&str; 6] = [
    include_str!("../../../../blueprints/halo.toml"),
    include_str!("../../../../blueprints/hari.toml"),
    include_str!("../../../../blueprints/harmonia.toml"),
    include_str!("../../../../blueprints/harmony.toml"),
    include_str!("../../../../blueprints/standard.toml"),
    include_str!("../../../../blueprints/team-management.toml"),
];

/// Names without the marks of keys and ids.
struct Named;

impl Names for Named {
    fn member(&self, id: &str) -> String {
        format!("Member {}", id.split_once('_').map_or("", |(_, rest)| rest)).replace('_', " ")
    }
    fn team(&self, id: &str) -> String {
        id.replace('_', " ")
    }
    fn profile(&self, id: &str) -> String {
        id.replace('_', " ")
    }
    fn role(&self, id: &str) -> String {
        id.replace('_', " ")
    }
}

/// A custom role that grants nothing, and one that grants to read records as far as such roles can.
fn custom_roles(blueprint: &Arc<Blueprint>) -> Vec<CustomRole> {
    let Some(rules) = &blueprint.custom_roles else { return Vec::new() };
    let role = |id: &str, grants| CustomRole { id: id.to_owned(), grants };
    let compiles = |role: &CustomRole| {
        let workspace = Workspace { roles: vec![role.clone()], ..Workspace::default() };
        Policy::compile(blueprint, &workspace).is_ok()
    };
    let mut granted = rules.scopes.iter().flat_map(|scope| {
        let records = blueprint.resources.iter().filter(|one| one.scoped);
        records.filter_map(move |one| {
            let grant = format!("{}:{}:{scope}", one.key, one.key_of(one.read)?);
            Some(role("role_given", vec![grant.parse().ok()?]))
        })
    });
    let widest = granted.rfind(compiles);
    [role("role_custom", Vec::new())].into_iter().chain(widest).collect()
}

/// A workspace with a member for each role, with each visibility, in every layer that the access model has.
fn workspace(blueprint: &Arc<Blueprint>) -> Workspace {
    let with_departments = blueprint.departments.is_some();
    let department = |id: &str, parent: Option<&str>| Department {
        id: id.to_owned(),
        parent: parent.map(str::to_owned),
    };
    let departments = vec![department("dep_top", None), department("dep_low", Some("dep_top"))];
    let templates = blueprint.profiles.iter().flat_map(|profiles| &profiles.templates);
    let profiles: Vec<Profile> = templates
        .map(|one| Profile { id: format!("profile_{}", one.key), cells: one.cells.clone() })
        .collect();
    let team = |id: &str, profile: Option<String>, sharing: Sharing| Team {
        id: id.to_owned(),
        profile,
        sharing,
    };
    let first = profiles.first().map(|profile| profile.id.clone());
    let last = profiles.last().map(|profile| profile.id.clone());
    let teams = if blueprint.teams.is_some() {
        vec![
            team("team_all", last, Sharing::All),
            team("team_own", first, Sharing::Own),
            team("team_bare", None, Sharing::Own),
        ]
    } else {
        Vec::new()
    };
    let custom = custom_roles(blueprint);
    let built_in = blueprint.roles.iter().map(|role| role.key.as_str());
    let roles: Vec<&str> = built_in.chain(custom.iter().map(|role| role.id.as_str())).collect();
    let mut members: Vec<Member> = Vec::new();
    for (place, role) in roles.iter().enumerate() {
        for (number, visibility) in [Visibility::Own, Visibility::All].into_iter().enumerate() {
            let given = teams.get((place + number) % 4).map(|team| team.id.clone());
            let ladders = blueprint.resources.iter().filter(|one| !one.ladder.is_empty());
            let levels = ladders.filter_map(|one| {
                let level = one.ladder.get((place + number) % 3)?;
                Some((one.key.clone(), level.key.clone()))
            });
            let has_levels = blueprint.role(role).is_some_and(|role| role.has_levels);
            let is_below = number == 1;
            members.push(Member {
                teams: given.into_iter().collect(),
                department: with_departments
                    .then(|| if is_below { "dep_low" } else { "dep_top" }.to_owned()),
                visibility: if blueprint.visibility.is_some() {
                    visibility
                } else {
                    Visibility::Own
                },
                levels: if has_levels { levels.collect() } else { Vec::new() },
                is_billing_contact: blueprint.billing_contact.is_some()
                    && place == roles.len() - 1
                    && is_below,
                is_active: place != 1 || is_below,
                ..Member::new(&format!("member_{place}_{number}"), role)
            });
        }
    }
    let managers: Vec<Option<String>> = (0..members.len())
        .map(|place| {
            place.checked_sub(1).and_then(|above| Some(members.get(above)?.id.clone()))
        })
        .collect();
    if blueprint.has_managers {
        for (member, manager) in members.iter_mut().zip(managers) {
            member.manager = manager;
        }
    }
    Workspace {
        departments: if with_departments { departments } else { Vec::new() },
        profiles,
        teams,
        roles: custom,
        members,
        ..Workspace::default()
    }
}

/// The kinds of what an explanation has, by name.
fn kinds(why: &Explanation<'_>, seen: &mut BTreeSet<&'static str>) {
    for step in &why.steps {
        seen.insert(match step {
            Step::Status { is_active: true } => "step: active",
            Step::Status { is_active: false } => "step: inactive",
            Step::Requested(_) => "step: requested",
            Step::ReadRequired(_) => "step: read required",
            Step::Granted(_) => "step: granted",
            Step::NotGranted(_) => "step: not granted",
            Step::Tried { admits: true, .. } => "step: holds",
            Step::Tried { admits: false, .. } => "step: does not hold",
            Step::OutOfBounds(_) => "step: out of bounds",
        });
        let Step::Granted(grant) = step else { continue };
        seen.insert(source(&grant.source));
        seen.insert(match grant.restriction {
            None => "not restricted",
            Some(Restriction::Sharing(_)) => "restricted by sharing",
            Some(Restriction::Visibility(_)) => "restricted by visibility",
        });
    }
    seen.insert(match why.rule.deciding {
        Deciding::Status => "decides: status",
        Deciding::Grant(_) if why.allowed => "decides: grant",
        Deciding::Grant(_) => "decides: grant that does not cover it",
        Deciding::Level { level: None, .. } => "decides: no level",
        Deciding::Level { .. } => "decides: level",
        Deciding::Visibility(_) => "decides: visibility",
        Deciding::NoTeam => "decides: no team",
        Deciding::Boundary => "decides: boundary",
    });
    for need in &why.would_need {
        seen.insert(match need {
            Need::Grant { visibility: None, .. } => "need: grant",
            Need::Grant { .. } => "need: grant with visibility",
            Need::Role { .. } => "need: role",
            Need::Visibility { .. } => "need: visibility",
            Need::Profile { sharing: None, .. } => "need: profile",
            Need::Profile { .. } => "need: profile with sharing",
            Need::Team { .. } => "need: team",
        });
    }
}

fn source(source: &GrantSource<'_>) -> &'static str {
    match source {
        GrantSource::Role(_) => "source: role",
        GrantSource::Profile { .. } => "source: profile",
        GrantSource::Level(_) => "source: level",
        GrantSource::BillingContact => "source: billing contact",
        GrantSource::Unowned => "source: unowned",
        GrantSource::Switch(_) => "source: switch",
    }
}

/// Every kind that an explanation can have.
const KINDS: [&str; 33] = [
    "decides: boundary",
    "decides: grant",
    "decides: grant that does not cover it",
    "decides: level",
    "decides: no level",
    "decides: no team",
    "decides: status",
    "decides: visibility",
    "need: grant",
    "need: grant with visibility",
    "need: profile",
    "need: profile with sharing",
    "need: role",
    "need: team",
    "need: visibility",
    "not restricted",
    "restricted by sharing",
    "restricted by visibility",
    "source: billing contact",
    "source: level",
    "source: profile",
    "source: role",
    "source: switch",
    "source: unowned",
    "step: active",
    "step: does not hold",
    "step: granted",
    "step: holds",
    "step: inactive",
    "step: not granted",
    "step: out of bounds",
    "step: read required",
    "step: requested",
];

/// Whether a sentence has a mark of a key, an id, a message or a value that is missing, or is no sentence.
fn is_wrong(sentence: &str) -> bool {
    let first = sentence.trim_start_matches('„').chars().next();
    sentence.contains(['`', '_', '{', '}', '/', '$'])
        || sentence.contains("why-")
        || sentence.contains("  ")
        || !sentence.ends_with('.')
        || sentence.ends_with("..")
        || !first.is_some_and(char::is_uppercase)
}

#[track_caller]
fn check(sentence: &str) {
    assert!(!is_wrong(sentence), "{sentence}");
}

fn words<'w>(frame: &'w Frame, policy: &'w Policy, member: &str, is_you: bool) -> Words<'w> {
    let subject = member.to_owned();
    Words { frame, policy, names: &Named, titles: HashMap::new(), subject, is_you }
}

fn frame(language: Language) -> Frame {
    let mut frame = Frame::sample();
    frame.text = Text { language };
    frame
}

/// Everything that explanations of a policy say, in a language.
fn sentences(policy: &Policy, frame: &Frame, seen: &mut BTreeSet<&'static str>) -> Vec<String> {
    let members: Vec<_> = policy.members().collect();
    let owners = members.iter().copied().take(3).map(Target::OwnedBy);
    let others = [Target::Any, Target::Unowned, Target::OwnedByNonMember];
    let targets: Vec<Target> = owners.chain(others).collect();
    let mut said = Vec::new();
    for (place, member) in members.into_iter().enumerate() {
        let words = words(frame, policy, policy.id(member), place % 2 == 0);
        for cell in policy.cells() {
            for target in &targets {
                let why = policy.explain(member, cell, *target);
                kinds(&why, seen);
                said.push(words.summary(&why));
                said.extend(words.owner_path(&why));
                said.extend(words.steps(&why));
                said.extend(words.needs(&why));
            }
        }
    }
    said
}

#[test]
fn every_kind_of_step_has_a_sentence_in_every_language_without_keys() {
    let (mut seen, mut wrong) = (BTreeSet::new(), BTreeSet::new());
    for text in SHIPPED.into_iter().chain([hallpass_engine::doc::SMALL]) {
        let blueprint = Arc::new(Blueprint::parse(text).expect("a blueprint"));
        let mut workspace = workspace(&blueprint);
        let policy = Policy::compile(&blueprint, &workspace).expect("a policy");
        workspace.switches = blueprint
            .switches
            .iter()
            .map(|switch| (switch.key.clone(), !switch.starts_on))
            .collect();
        let switched = Policy::compile(&blueprint, &workspace).expect("a policy");
        let first = policy.members().next().expect("a member");
        let bounded = ["*:read", "*:read:own"].map(|entry| {
            policy.bounded(first, &Arc::new(Boundary::parse([entry]).expect("a boundary")))
        });
        for policy in [policy, switched].into_iter().chain(bounded) {
            let [english, german] =
                Language::EVERY.map(|language| sentences(&policy, &frame(language), &mut seen));
            assert_eq!(english.len(), german.len());
            for (english, german) in english.into_iter().zip(german) {
                let is_same = english == german;
                wrong.extend(
                    [english, german].into_iter().filter(|one| is_same || is_wrong(one)),
                );
            }
        }
    }

    let some: Vec<_> = wrong.iter().take(20).collect();
    assert!(wrong.is_empty(), "{}: {some:#?}", wrong.len());
    let missing: Vec<_> = KINDS.into_iter().filter(|kind| !seen.contains(kind)).collect();
    assert!(missing.is_empty() && seen.len() == KINDS.len(), "{missing:?} {seen:?}");
}

#[test]
fn every_act_has_a_phrase_in_every_language() {
    let text = SHIPPED[0];
    let blueprint = Arc::new(Blueprint::parse(text).expect("a blueprint"));
    let policy = Policy::compile(&blueprint, &workspace(&blueprint)).expect("a policy");
    let resource =
        policy.resources().iter().find(|one| !one.ladder.is_empty()).expect("a ladder");
    let id = |prefix: &str| format!("{prefix}_019800000000700080000000000000a1");
    let (member, other) = (id("mbr"), "mbr_019800000000700080000000000000a2".to_owned());
    let (member_id, other_id) = (member.parse().expect("an id"), other.parse().expect("an id"));
    let cells = vec![(resource.key.clone(), resource.actions[0].key.clone())];
    let mut edits = vec![
        Edit::Level {
            member: member_id,
            resource: resource.key.clone(),
            level: resource.ladder[0].key.clone(),
        },
        Edit::Visibility { member: member_id, visibility: Visibility::All },
        Edit::Reactivate { member: member_id },
        Edit::Join { member: member_id, team: id("tea").parse().expect("an id") },
        Edit::Role { member: member_id, role: blueprint.roles[0].key.clone() },
        Edit::Assign { member: member_id, manager: other_id },
        Edit::Department { member: member_id, other: other_id },
        Edit::Sharing { team: id("tea").parse().expect("an id"), sharing: Sharing::All },
        Edit::Profile {
            profile: id("prf").parse().expect("an id"),
            cells: cells.clone(),
            scope: Scope::Own,
        },
        Edit::Grants { role: id("rol").parse().expect("an id"), cells, scope: Scope::All },
        Edit::Module { key: resource.key.clone() },
    ];
    let switches = blueprint.switches.iter();
    edits.extend(
        switches.flat_map(|known| {
            [true, false].map(|on| Edit::Switch { key: known.key.clone(), on })
        }),
    );
    for edit in &edits {
        let [english, german] = Language::EVERY.map(|language| {
            let frame = frame(language);
            let [to_you, of_another] = [true, false].map(|is_you| {
                Words::begin(&words(&frame, &policy, &member, is_you).edit(edit))
            });
            check(&to_you);
            check(&of_another);
            (to_you, of_another)
        });
        assert_ne!(english, german);
    }
}

#[test]
fn every_part_of_a_list_has_words_in_every_language() {
    let blueprint =
        Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL).expect("a blueprint"));
    let policy = Policy::compile(&blueprint, &workspace(&blueprint)).expect("a policy");
    let resource = &policy.resources()[0];
    let part = |relation, records, owners| ListPart { relation, records, owners };
    let each = Relations::EVERY.iter().map(|one| vec![part(one, Some(4), Some(2))]);
    let uncounted = Relations::EVERY.iter().map(|one| vec![part(one, None, None)]);
    let many = Relations::EVERY.iter().filter(|one| *one != Relations::ALL);
    let many: Vec<ListPart> = many.map(|one| part(one, Some(1), Some(1))).collect();
    for parts in each.chain(uncounted).chain([Vec::new(), many]) {
        let total = parts.iter().map(|part| part.records).sum::<Option<i64>>();
        for total in [total, total.map(|_| 1)] {
            let reasons = ListReasons {
                because: String::new(),
                total,
                is_unlimited: false,
                parts: parts.clone(),
            };
            for action in [None, Some("Delete")] {
                let [english, german] = Language::EVERY.map(|language| {
                    [true, false].map(|is_you| {
                        let frame = frame(language);
                        let words = words(&frame, &policy, "member_0_0", is_you);
                        let said = words.covered(resource, action, &reasons);
                        check(&said);
                        said
                    })
                });
                assert_ne!(english, german);
                assert_ne!(english[0], english[1]);
                assert_ne!(german[0], german[1]);
            }
        }
    }
}
