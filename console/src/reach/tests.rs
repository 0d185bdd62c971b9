//! Tests of badges: the word names every part, the widest part decides the hue.

use std::collections::BTreeSet;

use hallpass_engine::Scope;

use super::Reach;
use crate::text::Text;

#[test]
fn a_badge_names_every_part_and_has_the_hue_of_the_widest() {
    for (words, word, level) in [
        ("none", "None", "none"),
        ("", "None", "none"),
        ("own", "Own", "own"),
        ("own + assigned", "Own + Assigned", "assigned"),
        ("own + team tea_1 + team tea_2", "Own + Team", "team"),
        ("own + team in department, limited to readable records", "Own + Team", "team"),
        ("visible", "By visibility", "department"),
        ("own + all", "All", "all"),
    ] {
        let reach = Reach::of(Text::default(), words);
        assert_eq!((reach.word.as_str(), reach.level), (word, level), "{words}");
    }
}

#[test]
fn every_scope_has_a_badge_and_an_explanation_of_its_own() {
    let legend = Reach::legend(Text::default(), &Scope::EVERY);
    let words: BTreeSet<_> = legend.iter().map(|(reach, _)| &reach.word).collect();
    let means: BTreeSet<_> = legend.iter().map(|(_, means)| means).collect();

    assert_eq!((words.len(), means.len()), (Scope::EVERY.len(), Scope::EVERY.len()));
}
