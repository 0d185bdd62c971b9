//! The picture has the marks by which scanners find it.

use super::*;

#[test]
fn a_code_has_its_three_finder_patterns_inside_the_margin() {
    let (width, path) = draw("otpauth://totp/Hallpass:anna").unwrap();
    let is_dark = |x: usize, y: usize| path.contains(&format!("M{x} {y}h1v1h-1z"));
    let last = width - MARGIN - 1;

    for (left, top) in [(MARGIN, MARGIN), (last - 6, MARGIN), (MARGIN, last - 6)] {
        let row: Vec<bool> = (0..7).map(|x| is_dark(left + x, top + 3)).collect();
        assert_eq!(row, [true, false, true, true, true, false, true], "{left} {top}");
    }
    assert!((0..width).all(|place| !is_dark(place, MARGIN - 1) && !is_dark(last + 1, place)));
}

#[test]
fn a_text_that_is_too_long_has_no_code() {
    assert_eq!(draw(&"x".repeat(5_000)), None);
}
