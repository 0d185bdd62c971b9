//! Blueprints: the text of an access model.

use std::sync::Arc;

use hallpass_engine::{Blueprint, Matrix, Member, MemberIndex, Policy, Target, Workspace};

/// Words of the format.
pub const WORDS: &[&str] = &[
    "\n[blueprint]\n",
    "\nid = \"x\"\n",
    "\nname = \"X\"\n",
    "\n[records.deals]\n",
    "\n[modules.reports]\n",
    "\n[settings.members]\n",
    "\n[roles.owner]\n",
    "\nrank = 1\n",
    "\ntop = true\n",
    "\ngrants = [\"*:*:all\"]\n",
    "\"@records:*:own\", ",
    "\n[teams]\n",
    "\n[managers]\n",
    "\n[profiles]\n",
    "\n[departments]\n",
    "\n[visibility]\n",
    "\n[switches.beta]\n",
    "\nactions = [\"read\"]\n",
    "\nlevels = [\"view\"]\n",
    "[[",
    "]]",
    "= {",
    " = [",
    "\"\"\"",
    "'''",
    "1e999",
    "-9223372036854775808",
    "\\u0000",
    "1979-05-27T07:32:00Z",
];

/// The most members, and the most of them that own a record in a question.
const MOST_MEMBERS: usize = 8;

/// Parses a blueprint. One that is accepted compiles, and explanations agree with decisions; one
/// that is refused has mistakes with a message.
///
/// # Panics
///
/// If one of these does not hold.
pub fn run(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Blueprint::parse(&text) {
        Ok(blueprint) => check(blueprint, &text),
        Err(mistakes) => {
            assert!(!mistakes.0.is_empty(), "refused without a mistake: {text:?}");
            for mistake in &mistakes.0 {
                assert!(!mistake.message.trim().is_empty(), "no message: {text:?}");
                let lines = text.split('\n').count();
                assert!(mistake.line <= lines, "a mistake behind the text: {mistake}");
            }
        }
    }
}

fn check(blueprint: Blueprint, text: &str) {
    let matrix = Matrix::of(&blueprint).to_string();
    assert!(!matrix.is_empty(), "an empty matrix of {text:?}");
    let roles = blueprint.roles.iter().take(MOST_MEMBERS);
    let members = roles.map(|role| Member::new(&format!("member of {}", role.key), &role.key));
    let workspace = Workspace { members: members.collect(), ..Workspace::default() };
    let policy = match Policy::compile(&Arc::new(blueprint), &workspace) {
        Ok(policy) => policy,
        Err(mistakes) => {
            assert!(!mistakes.0.is_empty(), "not compiled without a mistake: {text:?}");
            return;
        }
    };
    let members: Vec<MemberIndex> = policy.members().collect();
    let targets = members.iter().map(|owner| Target::OwnedBy(*owner));
    let targets: Vec<Target> = targets.chain([Target::Unowned, Target::Any]).collect();
    for cell in policy.cells() {
        for member in &members {
            for target in &targets {
                let decided = policy.decide(*member, cell, *target);
                let explained = policy.explain(*member, cell, *target).allowed;
                assert_eq!(decided, explained, "{:?} in {text:?}", policy.keys(cell));
            }
        }
    }
}
