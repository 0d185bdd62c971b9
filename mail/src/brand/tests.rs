//! The colours of mails can be read, and are colours.

use super::*;

fn brand(colour: &str) -> Brand {
    let style = MailStyle { colour: Some(colour.to_owned()), ..MailStyle::default() };
    Brand::of(&style, Some("élan".to_owned()))
}

#[test]
fn the_text_of_a_button_can_be_read_on_every_colour() {
    for (colour, ink) in [
        ("#0d6b50", WHITE),
        ("#000000", WHITE),
        ("#B3261E", WHITE),
        ("#ffffff", BLACK),
        ("#ffd400", BLACK),
        ("#3fc79a", BLACK),
    ] {
        let found = brand(colour);
        assert_eq!((found.accent, found.ink), (colour.to_ascii_lowercase(), ink));
    }
    assert_eq!(brand("#0d6b50").initial, "É");
}

#[test]
fn what_is_no_colour_does_not_reach_a_style() {
    for wrong in ["red", "#fff", "#0d6b5", "#+1+2+3", "#0d6b50;x:url(y)", "#éaab", ""] {
        assert_eq!(brand(wrong).accent, ACCENT, "{wrong}");
    }
    assert_eq!(Brand::of(&MailStyle::default(), None).name, "Hallpass");
}
