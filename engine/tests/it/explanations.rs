//! Explanations agree with decisions, and their steps and needs are correct.

use hallpass_engine::Describe;
use hallpass_engine::Ids;
use hallpass_engine::Member;
use hallpass_engine::Policy;
use hallpass_engine::Relations;
use hallpass_engine::Step;
use hallpass_engine::Target;
use hallpass_engine::Visibility;
use hallpass_engine::Workspace;

use crate::differential::random;
use crate::questions::cells;
use crate::questions::handles;
use crate::questions::targets;
use crate::reference::Reference;
use crate::render::blueprint;
use crate::render::blueprint_text;
use crate::render::compile;
use crate::rng::Rng;
use crate::shipped::SHIPPED;
use crate::shipped::read;
use crate::test_size::Counts;
use crate::test_size::Totals;
use crate::test_size::cases;
use crate::test_size::first_seed;
use crate::worlds::world;

#[test]
fn an_explanation_equals_the_decision_and_its_steps() {
    let mut seed = first_seed(23);
    let mut totals = Totals::new("explain", seed);
    while totals.questions < cases(500_000, 5_000_000) {
        let turn = usize::try_from(seed % 12).unwrap();
        let (text, model, world) = if let Some((_, text)) = SHIPPED.get(turn) {
            let (model, templates) = read(text);
            let world = world(&mut Rng::new(seed), &model, &templates, 6);
            ((*text).to_owned(), model, world)
        } else {
            let (model, world) = random(seed);
            (blueprint_text(&model), model, world)
        };
        let policy = compile(&blueprint(&text), &world);
        totals.add(check(&policy, &Reference::new(&model, &world)));
        totals.worlds += 1;
        seed += 1;
    }
    totals.print();
}

fn check(policy: &Policy, reference: &Reference<'_>) -> Counts {
    let mut asked = Counts::default();
    let handles = handles(policy, reference);
    let describe = Describe::new(policy, &Ids);
    for me in &handles {
        for cell in cells(policy, reference) {
            let about = targets(&handles).into_iter().map(|(_, target)| target);
            for target in about.chain([Target::Any]) {
                let why = policy.explain(*me, cell.cell, target);

                let context = || format!("{}: {why:#?}", describe.summary(&why));
                asked.count(why.allowed);
                assert_eq!(why.allowed, policy.decide(*me, cell.cell, target), "{}", context());
                assert_eq!(why.allowed, steps_allow(&why.steps), "{}", context());
                let is_denied_and_active = !why.allowed && policy.is_active(*me);
                assert_eq!(is_denied_and_active, !why.would_need.is_empty(), "{}", context());
                for step in &why.steps {
                    assert!(!describe.step(&why, step).is_empty(), "{}", context());
                }
            }
            check_access(policy, *me, cell.cell);
        }
    }
    asked
}

/// Whether the steps allow the action: the member is active, and for each cell a relation holds.
fn steps_allow(steps: &[Step<'_>]) -> bool {
    let mut answer = true;
    let mut reached = true;
    for step in steps {
        match step {
            Step::Status { is_active } => answer &= is_active,
            Step::Requested(_) | Step::ReadRequired(_) => {
                answer &= reached;
                reached = false;
            }
            Step::Tried { admits, .. } => reached |= admits,
            Step::OutOfBounds(_) => answer = false,
            Step::Granted(_) | Step::NotGranted(_) => {}
        }
    }
    answer && reached
}

/// Checks that the reach and the sources of a permission agree with the decision.
fn check_access(
    policy: &Policy,
    me: hallpass_engine::MemberIndex,
    cell: hallpass_engine::Cell,
) {
    let any = policy.decide(me, cell, Target::Any);
    let reach = policy.reach(me, cell);

    assert_eq!(reach.is_empty(), !any, "{reach}");
    assert_eq!(
        reach.is_all(),
        any && policy.decide(me, cell, Target::OwnedByNonMember),
        "{reach}"
    );
    let listed = policy.access(me).into_iter().find(|right| right.cell == cell);
    assert_eq!(listed.is_some(), any);
    if let Some(right) = listed {
        assert_eq!(right.reach, reach);
        assert!(!right.sources.is_empty(), "a permission without a source");
    }
    for grant_source in policy.sources(me, cell) {
        assert!(
            !Relations::of(grant_source.scopes, Visibility::Own).is_empty(),
            "a grant without a scope"
        );
    }
}

/// The first word in a sentence that is directly repeated.
fn repeated_word(sentence: &str) -> Option<String> {
    let words = sentence.split_whitespace();
    let words =
        words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let words: Vec<String> = words.collect();
    words.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone())
}

/// A member of each built-in role and an inactive one, compiled with a shipped blueprint.
fn members_of_each_role(text: &str) -> Policy {
    let blueprint = blueprint(text);
    let roles = blueprint.roles.iter().map(|role| role.key.as_str());
    let mut members: Vec<Member> =
        roles.clone().map(|role| Member::new(&format!("holder-of-{role}"), role)).collect();
    let inactive = roles.take(1).map(|role| Member::new("zoe", role));
    members.extend(inactive.map(|member| Member { is_active: false, ..member }));
    let workspace = Workspace { members, ..Workspace::default() };
    Policy::compile(&blueprint, &workspace).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

#[test]
fn no_sentence_about_a_shipped_blueprint_repeats_a_word() {
    assert_eq!(repeated_word("may not delete Delete organization").as_deref(), Some("delete"));
    let mut count = 0;
    for (id, text) in SHIPPED {
        let policy = members_of_each_role(text);
        let describe = Describe::new(&policy, &Ids);
        for (member, cell) in
            policy.members().flat_map(|member| policy.cells().map(move |cell| (member, cell)))
        {
            let owners = policy.members().map(Target::OwnedBy);
            for target in owners.chain([Target::Any, Target::Unowned, Target::OwnedByNonMember])
            {
                let why = policy.explain(member, cell, target);

                let steps = why.steps.iter().map(|step| describe.step(&why, step));
                let sentences = std::iter::once(describe.summary(&why)).chain(steps);
                for sentence in sentences.chain(describe.needs(&why)) {
                    count += 1;
                    assert_eq!(repeated_word(&sentence), None, "{id}: {sentence}");
                }
            }
        }
    }
    assert!(count > 10_000, "{count}");
}

#[test]
fn sentences_use_the_names_of_the_blueprint() {
    for (id, resource, action, phrase) in [
        ("harmonia", "workspace", "delete", "delete organization"),
        ("harmonia", "workspace", "export", "export in delete organization"),
        ("standard", "ownership", "transfer", "transfer ownership"),
        ("standard", "contacts", "read", "read contacts"),
        ("standard", "automations", "send", "send broadcasts in automations"),
        ("standard", "api_keys", "create", "create API keys"),
        ("halo", "billing", "transfer", "transfer billing"),
        ("halo", "inbox", "read", "view inbox"),
    ] {
        let policy =
            members_of_each_role(SHIPPED.iter().find(|(known, _)| *known == id).unwrap().1);
        let cell = policy.cell(resource, action).unwrap();
        let inactive = policy.member("zoe").unwrap();
        let why = policy.explain(inactive, cell, Target::Any);

        let summary = Describe::new(&policy, &Ids).summary(&why);

        assert_eq!(summary, format!("zoe cannot {phrase}: zoe is deactivated"));
    }
}
