//! The style sheet of a workspace: its accent, in shades that can be read on both themes.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

use super::colour::Colour;
use crate::reply::Shown;
use crate::viewer::Viewer;

/// How long a browser keeps the style sheet: its path has the colour in it.
const KEPT: HeaderValue = HeaderValue::from_static("private, max-age=86400");

pub(super) async fn show(viewer: Viewer) -> Shown {
    let colour = viewer.frame.accent.as_deref().and_then(Colour::parse);
    let text = colour.map(style).unwrap_or_default();
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, KEPT)], text).into_response())
}

fn style(colour: Colour) -> String {
    let shades = colour.shades();
    let (light, dark) = (shades.light, shades.dark);
    format!(
        ":root {{\n  --accent: light-dark({}, {});\n  --on-accent: light-dark({}, {});\n  \
         --accent-soft: color-mix(in oklab, var(--accent), var(--page) 88%);\n  \
         --series: var(--accent);\n}}\n",
        light.text(),
        dark.text(),
        light.ink().text(),
        dark.ink().text()
    )
}
