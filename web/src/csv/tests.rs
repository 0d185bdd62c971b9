//! Quoting of cells, and escaping of formulas.

use super::line;

#[track_caller]
fn check(cells: &[&str], expected: &str) {
    assert_eq!(line(cells.iter().copied()), format!("{expected}\r\n"));
}

#[test]
fn commas_quotes_and_line_breaks_are_quoted() {
    check(&["Zoe", "", "Müller"], "Zoe,,Müller");
    check(&["a,b", "say \"no\"", "two\nlines"], "\"a,b\",\"say \"\"no\"\"\",\"two\nlines\"");
}

#[test]
fn a_formula_is_escaped() {
    check(&["=1+1", "@SUM(A1)", "+41 44"], "'=1+1,'@SUM(A1),'+41 44");
    check(&["=HYPERLINK(\"x\",\"y\")"], "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"");
    check(&["-12.5", "+3", "-"], "-12.5,+3,'-");
}
