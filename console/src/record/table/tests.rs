//! Tests of tables as text.

use super::read;

fn cells(text: &str) -> Vec<Vec<String>> {
    read(text).into_iter().map(|(_, cells)| cells).collect()
}

#[test]
fn cells_are_separated_by_the_mark_that_the_first_line_has() {
    for text in ["a,b\n1,2\n", "a;b\r\n1;2", "a\tb\n1\t2\n\n"] {
        assert_eq!(cells(text), [["a", "b"], ["1", "2"]], "{text:?}");
    }
    assert_eq!(cells("\u{feff}name\nAcme"), [["name"], ["Acme"]]);
}

#[test]
fn a_quoted_cell_may_have_marks_quotes_and_line_breaks() {
    let text = "a,b\n\"x, \"\"y\"\"\nz\",2\n3,4";
    assert_eq!(cells(text), [["a", "b"], ["x, \"y\"\nz", "2"], ["3", "4"]]);
    let lines: Vec<usize> = read(text).into_iter().map(|(line, _)| line).collect();
    assert_eq!(lines, [1, 2, 4]);
}

#[test]
fn an_open_quote_ends_with_the_text() {
    assert_eq!(cells("a\n\"b,c"), [["a"], ["b,c"]]);
}
