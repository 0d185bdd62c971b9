//! Assets: style sheet, font and logo, which ship inside the program.
//!
//! Their path contains a hash of all of them, so that browsers may cache them forever and never show
//! an old one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use brotli::enc::BrotliEncoderParams;
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

/// The texts among the assets as brotli has them (RFC 7932), each once it was asked for: browsers load them before they
/// show anything.
static COMPRESSED: LazyLock<BTreeMap<Cow<'static, str>, OnceLock<Bytes>>> =
    LazyLock::new(|| {
        let texts = Files::iter().filter(|name| !name.ends_with(".woff2"));
        texts.map(|name| (name, OnceLock::new())).collect()
    });

/// How much time is taken for it, of 0 to 11. At most a second where it is optimised.
const QUALITY: i32 = if cfg!(debug_assertions) { 2 } else { 11 };

/// Returns an asset as brotli has it; none for what is compressed already.
async fn compressed(name: &str) -> Option<Bytes> {
    let (name, cell) = COMPRESSED.get_key_value(name)?;
    let compress = || {
        let mut written = Vec::new();
        let text = Files::get(name).map(|file| file.data).unwrap_or_default();
        let parameters = BrotliEncoderParams { quality: QUALITY, ..Default::default() };
        // What is written to memory and read from it does not fail.
        let _ = brotli::BrotliCompress(&mut text.as_ref(), &mut written, &parameters);
        Bytes::from(written)
    };
    let made = tokio::task::spawn_blocking(move || cell.get_or_init(compress).clone()).await;
    made.ok().filter(|bytes| !bytes.is_empty())
}

/// Whether a client takes brotli: `br`, not with a weight of 0 (RFC 9110, 12.5.3).
fn takes_brotli(headers: &HeaderMap) -> bool {
    let lists = headers.get_all(header::ACCEPT_ENCODING).iter();
    let codings = lists.filter_map(|list| list.to_str().ok()).flat_map(|list| list.split(','));
    codings.map(|coding| coding.split_once(';').unwrap_or((coding, ""))).any(
        |(name, weight)| {
            let weight = weight.trim().strip_prefix("q=").and_then(|text| text.parse().ok());
            name.trim().eq_ignore_ascii_case("br") && weight.unwrap_or(1.0_f32) > 0.0
        },
    )
}

async fn load(Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let kind = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some(_) | None => "text/plain; charset=utf-8",
    };
    let Some(EmbeddedFile { data, .. }) = Files::get(&name) else {
        return Problem::missing("asset").into_response();
    };
    let cache = "public, max-age=31536000, immutable";
    let described = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)];
    let small = if takes_brotli(&headers) { compressed(&name).await } else { None };
    match small {
        Some(small) => {
            let coded = [(header::CONTENT_ENCODING, "br"), (header::VARY, "accept-encoding")];
            (described, coded, small).into_response()
        }
        None => (described, data).into_response(),
    }
}
