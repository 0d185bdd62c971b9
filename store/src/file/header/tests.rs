//! Marks of commits: they count, and keep whether a server has the file in use.

use super::{Mark, NUMBERS};

#[test]
fn a_mark_counts_commits_and_keeps_whether_it_is_in_use() {
    let first = Mark(0).next(41);
    assert_eq!((first.number(), first.is_in_use()), (41, false));
    let used = first.in_use(true).next(7);
    assert_eq!((used.number(), used.is_in_use()), (42, true));
    assert_eq!(used.since(first), 1);
    assert_eq!(first.since(used), NUMBERS - 1);
}

#[test]
fn after_the_last_number_comes_the_first() {
    let last = Mark((NUMBERS - 1) << 1 | 1);
    let next = last.next(0);
    assert_eq!((next.number(), next.is_in_use()), (1, true));
    assert!(!Mark(0).next(0).is_none());
    assert!(!Mark(0).next(NUMBERS).is_none());
}
