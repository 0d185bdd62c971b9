//! Faults by line, their corrections, and what an access model does.

use crate::blueprint::checked::{Checked, correct};
use crate::text::Text;

const JOBS: &str = "[blueprint]
id = \"field-service\"
name = \"Field service\"

[records.jobs]

[roles.dispatcher]
rank = 2
top = true
grants = [\"jobs:*:all\"]

[roles.technician]
rank = 1
grants = [\"jobs:read,update:own\", \"job:delete:own\"]
given_by = [\"dispatchers\"]
";

fn check(text: &str) -> Checked {
    Checked::of(Text::default(), text.to_owned())
}

#[test]
fn a_fault_has_its_line_and_a_word_that_corrects_it() {
    let checked = check(JOBS);

    let corrections: Vec<_> = checked
        .faults
        .iter()
        .map(|one| (one.fault.line, one.correction.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(corrections, [(Some(14), "jobs"), (Some(15), "dispatcher")], "{checked:?}");
    let lines: Vec<usize> =
        (1..).zip(&checked.lines).filter(|(_, is)| **is).map(|(line, _)| line).collect();
    assert_eq!(lines, [14, 15]);
    assert_eq!(checked.summary, None);
}

#[test]
fn corrections_one_after_another_leave_no_fault() {
    let first = correct(JOBS, 0).unwrap();
    let second = correct(&first, 0).unwrap();

    assert!(first.contains("\"jobs:read,update:own\", \"jobs:delete:own\""), "{first}");
    let checked = check(&second);
    assert!(checked.faults.is_empty(), "{checked:?}");
    assert!(checked.summary.unwrap().contains("2 roles"));
    let rows: Vec<String> = checked.tables[0]
        .rows
        .iter()
        .map(|row| {
            let words: Vec<&str> = row.cells.iter().map(|cell| cell.word.as_str()).collect();
            format!("{} {}", row.name, words.join(" "))
        })
        .collect();
    assert_eq!(checked.tables[0].columns, ["Create", "Read", "Update", "Delete"]);
    assert_eq!(rows, ["Dispatcher All All All All", "Technician None Own Own Own"]);
}

#[test]
fn nothing_is_corrected_that_has_no_suggestion() {
    for (text, number) in [("", 0), ("[", 0), (JOBS, 2), (JOBS, usize::MAX)] {
        assert_eq!(correct(text, number), None, "{text} {number}");
    }
}

#[test]
fn an_empty_text_is_no_fault() {
    let checked = check(" \n");

    assert!(checked.faults.is_empty() && checked.summary.is_none() && checked.lines.is_empty());
}

#[test]
fn the_id_of_a_model_that_ships_is_a_fault() {
    let (id, text) = ("halo", hallpass_domain::blueprint::find("halo").unwrap());

    assert!(check(text).faults.is_empty());
    let other = text.replacen(&format!("id = \"{id}\""), "id = \"standard\"", 1);
    let checked = check(&other);
    assert_eq!(checked.faults.len(), 1, "{checked:?}");
}

#[test]
fn every_model_that_ships_shows_what_its_roles_presets_and_profiles_do() {
    for text in hallpass_domain::blueprint::SHIPPED {
        let checked = check(text);

        assert!(checked.summary.is_some() && !checked.tables.is_empty(), "{checked:?}");
        for table in &checked.tables {
            assert!(table.rows.iter().all(|row| row.cells.len() == table.columns.len()));
        }
        let gives = |table: &super::Table| {
            table.rows.iter().any(|row| row.cells.iter().any(|cell| cell.level != "none"))
        };
        assert!(checked.tables.iter().all(gives), "{:?}", checked.tables);
    }
}

#[test]
fn a_text_without_end_is_checked_within_bounds() {
    let roles = (0..20_000)
        .map(|n| format!("[roles.r{n}]\nrank = 1\ngrants = [\"job:read:own\"]\n"))
        .collect::<Vec<_>>()
        .concat();
    let faulty = format!("{JOBS}{roles}");

    let checked = check(&faulty);

    assert!(checked.count > 20 && checked.faults.len() == 20, "{}", checked.count);
    assert!(checked.faults.iter().all(|one| one.correction.is_none()));
    assert_eq!(checked.lines.len(), 5_000);
    let right = correct(&correct(JOBS, 0).unwrap(), 0).unwrap();
    let many =
        (0..200).map(|n| format!("[roles.r{n}]\nrank = 1\n")).collect::<Vec<_>>().concat();
    let checked = check(&format!("{right}{many}"));
    assert!(checked.faults.is_empty(), "{:?}", checked.faults);
    assert!(checked.notes.len() <= 20 && checked.tables.iter().all(|one| one.rows.len() <= 60));
}
