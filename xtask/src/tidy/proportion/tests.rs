//! Lines of tests in proportion to lines of code.

use crate::tidy::repository::Repository;
use crate::tree::File;

fn check(code: usize, comments: usize, tests: usize) -> Vec<String> {
    let file = |path: &str, text: String| File { path: path.to_owned(), text };
    let line = "let number = 1;\n";
    let files = vec![
        file("domain/src/role.rs", line.repeat(code) + &"// why\n\n".repeat(comments)),
        file("domain/src/role/tests.rs", line.repeat(tests / 2) + &"// why\n".repeat(comments)),
        file("domain/tests/it/role.rs", line.repeat(tests - tests / 2)),
        file("app/src/role.rs", line.repeat(1_000)),
    ];
    let all = Repository::new(files, &|_| true);
    super::check(&all).iter().map(ToString::to_string).collect()
}

#[test]
fn eight_lines_of_tests_for_ten_of_code_suffice() {
    assert_eq!(check(20, 0, 16), Vec::<String>::new());
    let found = check(20, 0, 15);
    let expected = "domain/src/role.rs:1: 15 lines of tests for 20 lines of code in `domain`; \
                    expected 8 for ten";
    assert_eq!(found, [expected]);
}

#[test]
fn comments_and_empty_lines_do_not_count() {
    assert_eq!(check(10, 100, 8), Vec::<String>::new());
    assert_eq!(check(10, 100, 7).len(), 1);
}
