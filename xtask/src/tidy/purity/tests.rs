//! Tests of what the pure layers must not use.

use super::check;
use crate::source::split;
use crate::tidy::tests::{file, lines};

fn found(path: &str, text: &str) -> Vec<usize> {
    lines(&check(&file(path, text), &split(text)))
}

#[test]
fn a_pure_layer_has_no_side_effects() {
    let check = |code: &str, is_pure: bool| {
        assert_eq!(found("engine/src/reach.rs", code).is_empty(), is_pure, "engine: {code}");
        assert_eq!(found("domain/src/member.rs", code).is_empty(), is_pure, "domain: {code}");
        assert!(found("store/src/member.rs", code).is_empty(), "store: {code}");
    };

    check("use std::collections::BTreeMap;", true);
    check("use std::{collections::BTreeMap, fmt};", true);
    check("let now = std::time::SystemTime::now();", false);
    check("let now = Instant::now();", false);
    check("use std::fs;", false);
    check("use std::net::IpAddr;", false);
    check("std::env::args()", false);
    check("rand::random()", false);
    check("operand::value()", true);
    check("pub async fn decide() {}", false);
    check("/// Not `async`, never `std::fs`.", true);
    check("let text = \"std::fs\";", true);
}

#[test]
fn grouped_imports_are_checked() {
    let check = |code: &str, expected: &[usize]| {
        assert_eq!(found("engine/src/reach.rs", code), expected, "{code}");
    };

    check("use std::{collections::BTreeMap, fs};", &[1]);
    check("use std::{env, fmt};", &[1]);
    check("use std::{\n    fmt,\n    net::{IpAddr, TcpStream},\n};", &[3]);
    check(
        "use std::{\n    collections::{BTreeMap, btree_map::Entry},\n    fs::File,\n};",
        &[3],
    );
    check("use std::{fmt::{self, fs}, io};", &[]);
    check("use std::{\n    fmt,\n};\nlet fs = 1;", &[]);
}

#[test]
fn tests_of_a_pure_layer_may_read_golden_files() {
    assert_eq!(found("engine/src/reach/tests.rs", "use std::fs;"), [0_usize; 0]);
    assert_eq!(found("engine/tests/it/matrices.rs", "use std::fs;"), [0_usize; 0]);
}
