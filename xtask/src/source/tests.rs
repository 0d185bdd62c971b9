//! Tests of how Rust source is split.

use super::{contains, line_of, split};

fn check(text: &str, code: &str, strings: &[&str], comment: &str) {
    let lines = split(text);
    let join = |parts: Vec<&str>| parts.join("\n");
    let found: Vec<&str> =
        lines.iter().flat_map(|line| &line.strings).map(String::as_str).collect();

    assert_eq!(
        join(lines.iter().map(|line| line.code.as_str()).collect()),
        code,
        "code of {text}"
    );
    assert_eq!(found, strings, "strings of {text}");
    assert_eq!(
        join(lines.iter().map(|line| line.comment.as_str()).collect()),
        comment,
        "comments of {text}"
    );
}

#[test]
fn code_strings_and_comments_are_separated() {
    check("let a = 1;", "let a = 1;", &[], "");
    check(r#"f("x // y"); // z "q""#, r#"f(""); "#, &["x // y"], r#"// z "q""#);
    check("a /* b /* c */ d */ e", "a  e", &[], "/* b /* c */ d */");
    check("a /* b\nc */ d", "a \n d", &[], "/* b\nc */");
    check("/*/ a */ b", " b", &[], "/*/ a */");
}

#[test]
fn escaped_and_raw_strings_end_as_in_rust() {
    check(r#"f("a\"b", "\\")"#, r#"f("", "")"#, &[r#"a\"b"#, r"\\"], "");
    check("f(r#\"a\"b\"#)", "f(r#\"\"#)", &["a\"b"], "");
    check(r#"f(r"\", 1)"#, r#"f(r"", 1)"#, &["\\"], "");
    check("f(br#\"a\"#, b\"c\", c\"d\")", "f(br#\"\"#, b\"\", c\"\")", &["a", "c", "d"], "");
    check("let r#type = bar", "let r#type = bar", &[], "");
}

#[test]
fn a_quotation_mark_in_a_character_literal_opens_no_string() {
    check(r#"a == '"' && b == '\'' // c"#, r#"a == '"' && b == '\'' "#, &[], "// c");
    check(r#"b'"' "x""#, r#"b'"' """#, &["x"], "");
    check(r"'\u{1F}' // c", r"'\u{1F}' ", &[], "// c");
    check(
        r#"fn f<'a>(x: &'a str) { g("y") }"#,
        r#"fn f<'a>(x: &'a str) { g("") }"#,
        &["y"],
        "",
    );
}

#[test]
fn a_string_over_two_lines_belongs_to_the_first() {
    let lines = split("f(\"a\nb\");\ng()");

    let strings: Vec<usize> = lines.iter().map(|line| line.strings.len()).collect();
    assert_eq!(strings, [1, 0, 0]);
    assert_eq!(lines.get(2).map(|line| line.code.as_str()), Some("g()"));
}

#[test]
fn a_phrase_is_matched_at_word_boundaries() {
    let check = |code: &str, phrase: &str, expected: bool| {
        assert_eq!(contains(code, phrase), expected, "{phrase} in {code}");
    };

    check("rand::random()", "rand::", true);
    check("operand::new()", "rand::", false);
    check("std::fs::read", "std::fs", true);
    check("std::fsync", "std::fs", false);
    check("thread::sleep(x)", "sleep(", true);
    check("oversleep(x)", "sleep(", false);
}

#[test]
fn a_place_is_on_a_line() {
    assert_eq!([0, 2, 3, 9].map(|place| line_of("ab\ncd", place)), [1, 1, 2, 1]);
}
