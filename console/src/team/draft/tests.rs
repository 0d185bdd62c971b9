//! Tests of drafts: presets, levels, and what a form does not have.

use super::*;

fn blueprint() -> Blueprint {
    let text = hallpass_domain::blueprint::find("halo").expect("shipped");
    Blueprint::parse(text).expect("valid")
}

fn draft(query: &str, old: &[(&str, &str)]) -> Draft {
    let owned = |(key, level): &(&str, &str)| ((*key).to_owned(), (*level).to_owned());
    let old = Draft { levels: old.iter().map(owned).collect(), ..Draft::default() };
    old.with(&Form::parse(query.as_bytes()), &blueprint())
}

#[test]
fn a_chosen_preset_fills_in_every_level() {
    let preset = blueprint().presets.first().expect("some").clone();
    let form = format!("preset={}&shown=custom&level.inbox=none&was.inbox=none", preset.key);

    let chosen = draft(&form, &[("contacts", "view")]);

    let mut expected = preset.levels;
    expected.sort_unstable();
    assert_eq!(chosen.levels, expected);
}

#[test]
fn a_level_that_was_clicked_after_the_preset_counts() {
    let preset = blueprint().presets.first().expect("some").clone();
    let (key, level) = preset.levels.first().expect("some").clone();
    let form = format!("preset={}&shown=custom&level.{key}=none&was.{key}={level}", preset.key);

    assert_eq!(draft(&form, &[]).level(&key), "none");
}

#[test]
fn a_level_counts_when_the_preset_is_the_one_shown() {
    let preset = blueprint().presets.first().expect("some").clone();
    let form = format!("preset={0}&shown={0}&level.inbox=view&was.inbox=none", preset.key);

    assert_eq!(draft(&form, &[]).level("inbox"), "view");
}

#[test]
fn what_the_form_does_not_have_stays() {
    let old = Draft {
        teams: BTreeSet::from(["team_1".to_owned()]),
        contact: true,
        ..Draft::default()
    };
    let form = Form::parse(b"role=admin");
    let new = old.clone().with(&form, &blueprint());
    assert_eq!((new.teams, new.contact), (old.teams.clone(), true));

    let form = Form::parse(b"has=teams&has=contact");
    let new = old.with(&form, &blueprint());
    assert_eq!((new.teams.len(), new.contact), (0, false));
}
