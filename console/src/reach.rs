//! Reach: how far an action goes, as a badge with a word, four bars and a hue.

use hallpass_engine::Scope;

use crate::text::Text;

/// A badge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    /// The words: "Own + Assigned".
    pub(crate) word: String,
    /// The class of the widest part, which decides bars and hue.
    pub(crate) level: &'static str,
}

/// The classes of the style sheet, from narrow to wide, each with the words that it is for.
const LEVELS: [(&str, &[&str]); 6] = [
    ("none", &["", "none"]),
    ("own", &["own", "unowned"]),
    ("assigned", &["assigned"]),
    ("team", &["team"]),
    ("department", &["department", "visible"]),
    ("all", &["all"]),
];

impl Reach {
    /// The badge of scopes or relations, as the engine writes them: `own + assigned`.
    pub(crate) fn of(text: Text, words: &str) -> Reach {
        let bare = words.split(", ").next().unwrap_or_default();
        let mut names: Vec<String> = Vec::new();
        let mut widest = 0;
        for part in bare.split(" + ") {
            // `team tea_…` is one team, `team in department` a part of one.
            let kind = part.split(' ').next().unwrap_or_default();
            let place = LEVELS.iter().position(|(_, known)| known.contains(&kind));
            widest = widest.max(place.unwrap_or(1));
            let name = name(text, kind);
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let level = LEVELS.get(widest).map_or("none", |(level, _)| level);
        if level == "all" {
            names = vec![name(text, "all")];
        }
        Reach { word: names.join(" + "), level }
    }

    /// The badge of an action on something without owners: granted, or not.
    pub(crate) fn granted(text: Text, is_granted: bool) -> Reach {
        if is_granted {
            Reach { word: text.get("reach-yes"), level: "all" }
        } else {
            Reach { word: text.get("reach-none"), level: "none" }
        }
    }

    /// The badge of a cell: that of its scopes, or whether it is granted where there are no owners.
    pub(crate) fn of_cell(text: Text, is_scoped: bool, words: &str) -> Reach {
        let is_none = words.is_empty() || words == "none";
        if is_scoped { Reach::of(text, words) } else { Reach::granted(text, !is_none) }
    }

    /// The badges of scopes with what each reaches, for the legend under a matrix.
    pub(crate) fn legend(text: Text, scopes: &[Scope]) -> Vec<(Reach, String)> {
        let explained = |scope: &Scope| {
            let key = match scope {
                Scope::Own => "reach-own-means",
                Scope::Assigned => "reach-assigned-means",
                Scope::Team => "reach-team-means",
                Scope::Department => "reach-department-means",
                Scope::Visible => "reach-visible-means",
                Scope::Unowned => "reach-unowned-means",
                Scope::All => "reach-all-means",
            };
            (Reach::of(text, scope.word()), text.get(key))
        };
        scopes.iter().rev().map(explained).collect()
    }
}

fn name(text: Text, word: &str) -> String {
    text.get(match word {
        "all" => "reach-all",
        "department" => "reach-department",
        "visible" => "reach-visible",
        "team" => "reach-team",
        "assigned" => "reach-assigned",
        "own" => "reach-own",
        "unowned" => "reach-unowned",
        _ => "reach-none",
    })
}

#[cfg(test)]
mod tests;
