//! Whose mail it is: the name at its top, with the colour of the workspace.

use hallpass_domain::mail_template::MailStyle;

/// The colour of mails without one of a workspace.
const ACCENT: &str = "#0d6b50";

const WHITE: &str = "#ffffff";

const BLACK: &str = "#10231c";

/// The contrast that text needs (WCAG 2.2, 1.4.3).
const ENOUGH: f64 = 4.5;

/// The name at the top of a mail, and its colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Brand {
    pub(crate) name: String,
    pub(crate) initial: String,
    /// The ground of the button.
    pub(crate) accent: String,
    /// The text on it.
    pub(crate) ink: &'static str,
}

impl Brand {
    /// The brand of a style. A colour goes into a style attribute, so it is checked here.
    pub(crate) fn of(style: &MailStyle, name: Option<String>) -> Brand {
        let name =
            name.filter(|name| !name.is_empty()).unwrap_or_else(|| "Hallpass".to_owned());
        let accent = style.colour.as_deref().filter(|colour| parts(colour).is_some());
        let accent = accent.unwrap_or(ACCENT).to_ascii_lowercase();
        let ink = ink(&accent);
        let initial = name.chars().next().into_iter().flat_map(char::to_uppercase).collect();
        Brand { name, initial, accent, ink }
    }
}

/// The text that can be read on a colour.
fn ink(colour: &str) -> &'static str {
    let contrast = 1.05 / (luminance(parts(colour).unwrap_or_default()) + 0.05);
    if contrast >= ENOUGH { WHITE } else { BLACK }
}

/// Red, green and blue of `#rrggbb`.
fn parts(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |from: usize| {
        let text = digits.get(from..from + 2)?;
        let is_hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u8::from_str_radix(text, 16).ok().filter(|_| is_hex)
    };
    Some([part(0)?, part(2)?, part(4)?])
}

/// The relative luminance (WCAG 2.2).
fn luminance(parts: [u8; 3]) -> f64 {
    let linear = parts.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    });
    let weights = [0.2126, 0.7152, 0.0722];
    linear.iter().zip(weights).map(|(part, weight)| part * weight).sum()
}

#[cfg(test)]
mod tests;
