//! Paths of this server, to which a page may lead on.
//!
//! **Invariant:** no browser leaves the server by one. Browsers take `\\` for `/`, and drop tabs and line ends
//! from addresses, so that `/<tab>/elsewhere` would lead to another host.

/// A path of this server to go on to; the start page for anything else.
pub(crate) fn local(path: &str) -> String {
    let is_plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let is_local = path.starts_with('/') && !path.starts_with("//") && is_plain;
    if is_local { path.to_owned() } else { "/".to_owned() }
}
