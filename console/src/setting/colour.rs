//! Colours: the contrast of the workspace's accent, and the shades of it that both themes can use.

/// The contrast that text needs (WCAG 2.2, 1.4.3).
const ENOUGH: f64 = 4.5;

/// The darkest grounds of links on the light theme: a sunk part, and the banners.
const LIGHT: [Colour; 3] =
    [Colour([0xf3, 0xf1, 0xed]), Colour([0xdf, 0xea, 0xfc]), Colour([0xfb, 0xe9, 0xe7])];

/// The lightest grounds of links on the dark theme: a panel, and the banners.
const DARK: [Colour; 4] = [
    Colour([0x1a, 0x1c, 0x20]),
    Colour([0x17, 0x2a, 0x4b]),
    Colour([0x3a, 0x2b, 0x0e]),
    Colour([0x11, 0x35, 0x2a]),
];

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

    /// The shades of it that can be read on every ground of both themes.
    pub(super) fn shades(self) -> Shades {
        let black = Colour([0; 3]);
        Shades { light: self.toward(black, &LIGHT), dark: self.lighter() }
    }

    /// Whether it can be read on the light theme as it is.
    pub(super) fn is_readable(self) -> bool {
        self.on_light() >= ENOUGH
    }

    /// The lowest contrast to the grounds of the light theme.
    pub(super) fn on_light(self) -> f64 {
        self.lowest(&LIGHT)
    }

    /// The lowest contrast to some grounds.
    fn lowest(self, grounds: &[Colour]) -> f64 {
        grounds.iter().map(|ground| self.contrast(*ground)).fold(f64::INFINITY, f64::min)
    }

    /// The colour of text on it.
    pub(super) fn ink(self) -> Colour {
        let readable = [WHITE, BLACK].into_iter().find(|ink| self.contrast(*ink) >= ENOUGH);
        readable.unwrap_or(Colour([0; 3]))
    }

    /// The first step toward another colour that can be read on every one of some grounds.
    fn toward(self, goal: Colour, grounds: &[Colour]) -> Colour {
        let steps = (0..=50_u16).map(|step| self.mix(goal, step * 2));
        let mut readable = steps.filter(|step| step.lowest(grounds) >= ENOUGH);
        readable.next().unwrap_or(goal)
    }

    /// The first step that can be read on every ground of the dark theme: brighter as long as there is light
    /// left in it, which keeps its hue, then whiter.
    fn lighter(self) -> Colour {
        let Colour(parts) = self;
        let most = u16::from(parts.into_iter().max().unwrap_or(0).max(1));
        let scaled =
            parts.map(|part| u8::try_from(u16::from(part) * 255 / most).unwrap_or(u8::MAX));
        let brightest = Colour(scaled);
        let mut steps = (0..=50_u16).map(|step| self.mix(brightest, step * 2));
        let readable = steps.find(|step| step.lowest(&DARK) >= ENOUGH);
        readable.unwrap_or_else(|| brightest.toward(WHITE, &DARK))
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
