//! The blueprints that ship with Hallpass.

/// The texts of the shipped blueprints, the default first.
pub const SHIPPED: [&str; 6] = [
    include_str!("../../blueprints/standard.toml"),
    include_str!("../../blueprints/harmonia.toml"),
    include_str!("../../blueprints/harmony.toml"),
    include_str!("../../blueprints/hari.toml"),
    include_str!("../../blueprints/team-management.toml"),
    include_str!("../../blueprints/halo.toml"),
];

/// The text of the shipped blueprint with this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static str> {
    let line = format!("\nid = \"{id}\"\n");
    SHIPPED.into_iter().find(|text| text.contains(&line))
}
