//! Parts end where there is no room, and hold one row at least.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Collected, PART_BYTES, Room, Sink as _, cut, one_more};
use crate::row::{Header, Row};
use crate::value::Value;

fn row(header: &Arc<Header>, bytes: usize) -> Row {
    Row::new(header, vec![Value::Text("x".repeat(bytes))])
}

/// Takes rows of some sizes, and returns how many there is room for, and whether there are more.
fn taken(room: Room, sizes: &[usize]) -> (usize, bool) {
    let header = Arc::new(Header::new("records", ["fields"].into_iter()));
    let mut sink = Collected::within(room);
    for size in sizes {
        if sink.take(row(&header, *size)).unwrap() == ControlFlow::Break(()) {
            break;
        }
    }
    let (rows, is_cut) = sink.into_rows(header);
    (rows.len(), is_cut)
}

#[test]
fn a_part_has_the_rows_that_fit_and_one_at_least() {
    assert_eq!(taken(Room::of(1_000), &[]), (0, false));
    assert_eq!(taken(Room::of(1_000), &[400, 400]), (2, false));
    assert_eq!(taken(Room::of(1_000), &[400, 400, 400]), (2, true));
    assert_eq!(taken(Room::of(1_000), &[5_000]), (1, false));
    assert_eq!(taken(Room::of(1_000), &[5_000, 1]), (1, true));
    assert_eq!(taken(Room::of(1_000), &[1, 5_000, 1]), (1, true));
    assert_eq!(taken(Room::default(), &[PART_BYTES / 2; 3]), (1, true));
}

#[test]
fn small_rows_count_too() {
    assert_eq!(taken(Room::of(1_000), &[0; 1_000]).0, 1_000 / row_bytes());
}

/// What a row without text takes.
fn row_bytes() -> usize {
    let header = Arc::new(Header::new("records", ["fields"].into_iter()));
    row(&header, 0).size()
}

#[test]
fn a_part_ends_by_number_or_by_bytes_and_says_that_there_is_more() {
    let check = |sizes: &[usize], limit: usize, expected: (usize, bool)| {
        let header = Arc::new(Header::new("records", ["fields"].into_iter()));
        let mut sink = Collected::within(Room::of(1_000));
        for size in sizes.iter().take(limit + 1) {
            if sink.take(row(&header, *size)).unwrap() == ControlFlow::Break(()) {
                break;
            }
        }
        let text = |row: &Row| row.text("fields").map(str::len);
        let part = cut(sink.into_rows(header), limit, text).unwrap();
        assert_eq!((part.items.len(), part.has_more), expected, "{sizes:?} {limit}");
        assert_eq!(part.items, sizes[..expected.0]);
    };
    check(&[10, 20, 30], 3, (3, false));
    check(&[10, 20, 30], 2, (2, true));
    check(&[700, 700, 700], 3, (1, true));
    check(&[700, 100, 700], 2, (2, true));
    check(&[2_000], 1, (1, false));
}

#[test]
fn one_more_row_than_the_part_has_is_read() {
    assert_eq!(one_more(200), Value::Int(201));
    assert_eq!(one_more(usize::MAX), Value::Int(i64::MAX));
}
