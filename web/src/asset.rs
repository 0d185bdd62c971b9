//! Assets: style sheet, font and logo, which ship inside the program.
//!
//! Their path contains a hash of all of them, so that browsers may cache them forever and never show
//! an old one.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};

use crate::error::Problem;
use crate::routes::Routes;

#[derive(RustEmbed)]
#[folder = "assets"]
struct Files;

/// The path of the assets of this build: `/assets/0a1b2c3d`.
static FOLDER: LazyLock<String> = LazyLock::new(|| {
    let mut all = Sha256::new();
    for name in Files::iter() {
        all.update(name.as_bytes());
        all.update(
            Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default(),
        );
    }
    let hash = all.finalize();
    let hash = hash.iter().take(4).map(|byte| format!("{byte:02x}"));
    format!("/assets/{}", hash.collect::<String>())
});

/// Returns the path of the assets, for links in pages.
#[must_use]
pub fn folder() -> &'static str {
    &FOLDER
}

pub(crate) fn routes() -> Routes {
    Routes::default().get("/assets/{hash}/{*name}", load)
}

async fn load(Path((_, name)): Path<(String, String)>) -> Response {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some(_) | None => "text/plain; charset=utf-8",
    };
    match Files::get(&name) {
        Some(EmbeddedFile { data, .. }) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (
                    header::CACHE_CONTROL,
                    HeaderValue::from_static("public, max-age=31536000, immutable"),
                ),
            ];
            (headers, data).into_response()
        }
        None => Problem::missing("asset").into_response(),
    }
}
