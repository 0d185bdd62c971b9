//! Signing in: whether a refusal tells who has an account, what others notice of a storm of sign-ins, what a
//! policy adds to a request, and what single sign-on costs.

mod policy;
mod provider;
mod refused;
mod storm;

use std::path::Path;

use crate::table;

/// Measures and prints all of it.
pub(crate) fn measure() -> Result<(), String> {
    refused::measure()?;
    let folder = std::env::temp_dir().join(format!("hallpass-sign-in-{}", std::process::id()));
    let measured = measure_in(&folder);
    std::fs::remove_dir_all(&folder).map_err(|error| error.to_string())?;
    println!("{}", measured?);
    Ok(())
}

fn measure_in(folder: &Path) -> Result<String, String> {
    let mut rows = Vec::new();
    for (name, part) in [
        ("policy", policy::measure as fn(&Path) -> _),
        ("provider", provider::measure),
        ("storm", storm::measure),
    ] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        rows.extend(part(&folder)?);
    }
    Ok(table::render(&rows))
}
