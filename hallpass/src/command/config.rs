//! `hallpass config`: the configuration that is in force, and where each value comes from.

use super::Said;
use crate::config::{Config, Flags};

/// Shows the configuration, without its secrets.
pub(crate) fn run(flags: &Flags) -> Result<Said, String> {
    let mut said = Said::nothing();
    for line in Config::load(flags)?.show() {
        said.line(line);
    }
    Ok(said)
}
