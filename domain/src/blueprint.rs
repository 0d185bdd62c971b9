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
    SHIPPED.into_iter().find(|text| id_of(text) == Some(id))
}

/// The ids of the shipped blueprints, the default first.
pub fn ids() -> impl Iterator<Item = &'static str> + Clone {
    SHIPPED.into_iter().filter_map(id_of)
}

/// The name of the shipped blueprint with this id.
#[must_use]
pub fn name(id: &str) -> Option<&'static str> {
    let (_, rest) = find(id)?.split_once("\nname = \"")?;
    rest.split_once('"').map(|(name, _)| name)
}

/// The id in a blueprint's text.
fn id_of(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("\nid = \"")?;
    rest.split_once('"').map(|(id, _)| id)
}
