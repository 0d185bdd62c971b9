//! Tests of which module a path leads to.

use super::{Found, Modules, module_of};
use crate::source::split;
use crate::tidy::cycles::paths::read;

fn modules() -> Modules {
    let files = [
        ("lib.rs", "mod team;\nmod member;\npub use team::Team;\n"),
        ("team.rs", "mod list;\nuse crate::member::Member;\npub use list::Page as TeamPage;\n"),
        ("team/list.rs", "pub struct Page;\n"),
        ("member.rs", "use std::fmt;\npub struct Member;\n"),
    ];
    let read = |(file, text): (&str, &str)| (module_of(file), read(&split(text)));
    Modules(files.map(read).into_iter().collect())
}

fn check(from: &str, path: &str, expected: Option<&str>) {
    let segments: Vec<String> = path.split("::").map(str::to_owned).collect();
    let found = modules().resolve(from, &segments);
    assert_eq!(
        found,
        expected.map(|module| Found::ItemOf(module.to_owned())),
        "{from}: {path}"
    );
}

#[test]
fn a_path_leads_to_the_module_that_defines_the_item() {
    check("member", "crate::team::list::Page", Some("team::list"));
    check("team::list", "super::Team", Some("team"));
    check("team::list", "super::super::member::Member", Some("member"));
    check("team", "list::Page", Some("team::list"));
    check("team", "self::list::Page", Some("team::list"));
    check("member", "crate::team::Nothing::Variant", Some("team"));
}

#[test]
fn reexports_and_imports_are_followed() {
    check("member", "crate::Team", Some("team"));
    check("member", "crate::team::TeamPage", Some("team::list"));
    check("team::list", "super::Member", Some("member"));
    check("team", "Member::new", Some("member"));
}

#[test]
fn other_crates_lead_nowhere() {
    check("member", "std::fmt::Display", None);
    check("member", "fmt::Display", None);
    check("", "super::Team", None);
}

#[test]
fn a_module_itself_is_no_item() {
    let found = modules().resolve("member", &["crate".to_owned(), "team".to_owned()]);

    assert_eq!(found, Some(Found::Module("team".to_owned())));
}
