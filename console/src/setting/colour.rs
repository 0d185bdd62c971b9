//! Colours: the contrast of the workspace's accent, and the shades of it that both themes can use.

/// The contrast that text needs (WCAG 2.2, 1.4.3).
const ENOUGH: f64 = 4.5;

/// The pages behind text, light and dark.
const GROUNDS: [Colour; 2] = [Colour([0xfa, 0xf9, 0xf7]), Colour([0x12, 0x13, 0x16])];

const WHITE: Colour = Colour([255; 3]);
const BLACK: Colour = Colour([0x10, 0x23, 0x1c]);

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Colour([u8; 3]);

/// A colour as both themes use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shades {
    /// On light pages.
    pub(super) light: Colour,
    /// On dark pages.
    pub(super) dark: Colour,
}

impl Colour {
    /// The colour of a text such as `#0d6b50`.
    pub(super) fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
        let part = |from: usize| u8::from_str_radix(digits.get(from..from + 2)?, 16).ok();
        Some(Colour([part(0)?, part(2)?, part(4)?]))
    }

    /// The text of it.
    pub(super) fn text(self) -> String {
        let Colour([red, green, blue]) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The contrast between two colours, from 1 to 21.
    pub(super) fn contrast(self, other: Colour) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// The shades of it that can be read on the pages of both themes.
    pub(super) fn shades(self) -> Shades {
        let [light, dark] = GROUNDS;
        let black = Colour([0; 3]);
        Shades { light: self.toward(black, light), dark: self.toward(WHITE, dark) }
    }

    /// Whether it can be read on light pages as it is.
    pub(super) fn is_readable(self) -> bool {
        let [light, _] = GROUNDS;
        self.contrast(light) >= ENOUGH
    }

    /// The contrast to light pages.
    pub(super) fn on_light(self) -> f64 {
        let [light, _] = GROUNDS;
        self.contrast(light)
    }

    /// The colour of text on it.
    pub(super) fn ink(self) -> Colour {
        let readable = [WHITE, BLACK].into_iter().find(|ink| self.contrast(*ink) >= ENOUGH);
        readable.unwrap_or(Colour([0; 3]))
    }

    /// The first step toward another colour that can be read on a ground.
    fn toward(self, goal: Colour, ground: Colour) -> Colour {
        let steps = (0..=50_u16).map(|step| self.mix(goal, step * 2));
        let mut readable = steps.filter(|step| step.contrast(ground) >= ENOUGH);
        readable.next().unwrap_or(goal)
    }

    /// The mix with another colour, of which it gets some percent.
    fn mix(self, other: Colour, percent: u16) -> Colour {
        let (Colour(own), Colour(goal)) = (self, other);
        let mixed = own.iter().zip(goal).map(|(own, goal)| {
            let sum = u16::from(*own) * (100 - percent) + u16::from(goal) * percent;
            u8::try_from(sum / 100).unwrap_or(u8::MAX)
        });
        let mut parts = [0; 3];
        parts.iter_mut().zip(mixed).for_each(|(part, mixed)| *part = mixed);
        Colour(parts)
    }

    /// The relative luminance (WCAG 2.2).
    fn luminance(self) -> f64 {
        let Colour(parts) = self;
        let linear = parts.map(|part| {
            let part = f64::from(part) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        });
        let weights = [0.2126, 0.7152, 0.0722];
        linear.iter().zip(weights).map(|(part, weight)| part * weight).sum()
    }
}

#[cfg(test)]
mod tests;
