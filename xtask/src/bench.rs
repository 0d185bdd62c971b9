//! `cargo xtask bench`: measures Hallpass beside its peers on the same work.

/// Runs the bench.
pub(crate) fn run(_args: &[String]) -> Result<(), String> {
    Err("not built yet".to_owned())
}
