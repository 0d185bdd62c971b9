//! Ranks of roles, and the rank rules: whose holders may assign a role or change its holders.

use super::log::Located;
use super::section::Section;

/// How rank rules name the roles that a workspace creates.
pub const CUSTOM: &str = "custom";

/// Reads the required key `rank`.
pub(crate) fn read_rank(section: &Section<'_>) -> u32 {
    let rank = section.number("rank", 0..1_001);
    if !section.has("rank") {
        section.missing("rank");
    }
    rank.unwrap_or(0)
}

/// The two rank rules of a role as the blueprint writes them; `None` where it leaves one out.
pub(crate) struct RankRules {
    given_by: Option<Vec<Located<String>>>,
    touched_by: Option<Vec<Located<String>>>,
}

impl RankRules {
    pub(crate) fn read(section: &Section<'_>) -> RankRules {
        RankRules {
            given_by: section.texts("given_by"),
            touched_by: section.texts("touched_by"),
        }
    }

    /// Checks the rules against all roles and their ranks; returns `given_by` and `touched_by`.
    /// A rule that is left out names every role that ranks at least as high.
    pub(crate) fn resolve(
        self,
        root: &Section<'_>,
        ranks: &[(String, u32)],
        rank: u32,
    ) -> (Vec<String>, Vec<String>) {
        let resolve = |rule: Option<Vec<Located<String>>>| match rule {
            Some(rule) => check(root, rule, ranks),
            None => {
                let at_least = ranks.iter().filter(|(_, other)| *other >= rank);
                at_least.map(|(key, _)| key.clone()).collect()
            }
        };
        (resolve(self.given_by), resolve(self.touched_by))
    }
}

fn check(
    root: &Section<'_>,
    rule: Vec<Located<String>>,
    ranks: &[(String, u32)],
) -> Vec<String> {
    for role in &rule {
        if !ranks.iter().any(|(key, _)| *key == role.value) {
            let message = format!("unknown role `{}`", role.value.escape_debug());
            let known = ranks.iter().map(|(key, _)| key.as_str());
            root.log.add_misspelt(role.at, message, &role.value, known);
        }
    }
    rule.into_iter().map(|role| role.value).collect()
}
