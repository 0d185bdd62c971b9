//! Contrast of colours, and shades that can be read.

use super::{Colour, DARK, ENOUGH, LIGHT, WHITE};

#[test]
fn a_colour_is_read_and_written_as_it_is_stored() {
    let colour = Colour::parse("#0D6b50").unwrap();

    assert_eq!(colour.text(), "#0d6b50");
    for wrong in ["", "0d6b50", "#0d6b5", "#0d6b500", "#0d6bxx", "#0d6b5é"] {
        assert_eq!(Colour::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn contrast_is_that_of_the_guidelines() {
    let black = Colour::parse("#000000").unwrap();
    let grey = Colour::parse("#767676").unwrap();

    assert!((black.contrast(WHITE) - 21.0).abs() < 0.01);
    assert!((WHITE.contrast(grey) - 4.54).abs() < 0.01);
}

#[test]
fn every_colour_has_shades_that_can_be_read_on_both_themes() {
    for red in (0..=255).step_by(17) {
        for green in (0..=255).step_by(17) {
            for blue in (0..=255).step_by(17) {
                let colour = Colour([red, green, blue]);
                let shades = colour.shades();
                assert!(shades.light.lowest(&LIGHT) >= ENOUGH, "{colour:?}");
                assert!(shades.dark.lowest(&DARK) >= ENOUGH, "{colour:?}");
                for shade in [shades.light, shades.dark] {
                    assert!(shade.contrast(shade.ink()) >= ENOUGH, "{shade:?}");
                }
            }
        }
    }
}

#[test]
fn a_colour_that_can_be_read_stays_as_it_is() {
    let colour = Colour::parse("#0d6b50").unwrap();

    assert!(colour.is_readable());
    assert_eq!(colour.shades().light, colour);
    assert_eq!(colour.ink(), WHITE);
    assert_ne!(colour.shades().dark.ink(), WHITE);
}
