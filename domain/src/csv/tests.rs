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

/// Every sign behind everything that a spreadsheet skips.
#[test]
fn every_beginning_of_a_formula_is_escaped() {
    for sign in ["=", "+", "-", "@", "＝", "＋", "－", "＠"] {
        for before in
            ["", "\t", "\r", "\n", "\r\n", " ", "\u{A0}", "\u{FEFF}", "\u{200B}", "\0"]
        {
            let text = format!("{before}{sign}1+1");
            let line = line([text.as_str()]);
            assert!(line.trim_start_matches('"').starts_with('\''), "{text:?}: {line:?}");
        }
    }
    for text in ["\tx", "\rx", "\nx"] {
        assert!(line([text]).starts_with("\"'"), "{text:?}");
    }
    check(&["a=1", "Zoe -", "1-2"], "a=1,Zoe -,1-2");
}

#[test]
fn other_separators_are_quoted() {
    check(&["Müller; Söhne", "a\tb"], "\"Müller; Söhne\",\"a\tb\"");
}
