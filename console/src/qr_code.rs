//! QR codes as the path of an SVG picture.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

/// The width of the margin that scanners need, in modules.
const MARGIN: usize = 4;

/// Draws a text: the width with its margin, in modules, and a path of the dark ones. None for a text
/// that is too long.
pub(crate) fn draw(text: &str) -> Option<(usize, String)> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (place, module) in code.to_colors().into_iter().enumerate() {
        if module == Color::Dark {
            let (x, y) = (place % width + MARGIN, place / width + MARGIN);
            write!(path, "M{x} {y}h1v1h-1z").ok()?;
        }
    }
    Some((width + 2 * MARGIN, path))
}

#[cfg(test)]
mod tests;
