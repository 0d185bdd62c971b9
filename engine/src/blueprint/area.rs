//! The areas of the product that settings open: what the rest of the house asks about by name.

/// One area, with the verbs that the product asks it for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The name that code uses.
    pub name: &'static str,
    /// The verbs that code uses on it.
    pub verbs: &'static [&'static str],
}

const LOOK: &[&str] = &["read", "update"];
const KEEP: &[&str] = &["read", "create", "update", "delete"];

/// Every area. A blueprint says which of its resources covers each; an area that nothing covers is
/// closed to everybody.
pub const AREAS: &[Area] = &[
    Area { name: "general", verbs: LOOK },
    Area { name: "branding", verbs: LOOK },
    Area { name: "members", verbs: KEEP },
    Area { name: "roles", verbs: KEEP },
    Area { name: "profiles", verbs: KEEP },
    Area { name: "teams", verbs: KEEP },
    Area { name: "departments", verbs: KEEP },
    Area { name: "schema", verbs: LOOK },
    Area { name: "pipelines", verbs: LOOK },
    Area { name: "modules", verbs: LOOK },
    Area { name: "integrations", verbs: LOOK },
    Area { name: "intelligence", verbs: LOOK },
    Area { name: "authentication", verbs: LOOK },
    Area { name: "security", verbs: LOOK },
    Area { name: "api_keys", verbs: &["read", "create", "delete"] },
    Area { name: "webhooks", verbs: KEEP },
    Area { name: "audit", verbs: &["read", "export"] },
    Area { name: "billing", verbs: &["read", "update", "plan", "transfer"] },
    Area { name: "ownership", verbs: &["transfer"] },
    Area { name: "workspace", verbs: &["delete", "export", "import"] },
    Area { name: "dashboard", verbs: &["read"] },
    Area { name: "reports", verbs: KEEP },
];

/// The area of a name.
pub(crate) fn find(name: &str) -> Option<&'static Area> {
    AREAS.iter().find(|area| area.name == name)
}
