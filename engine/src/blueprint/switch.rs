//! Switches: options of the access model that a workspace turns on or off.

use super::action::title;
use super::grants::{Context, read_grants};
use super::log::Located;
use super::resource::Resource;
use super::role::Role;
use super::section::Section;
use crate::grant::{Grant, ResourceKind};

/// An option of the access model that a workspace turns on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switch {
    /// The key in the API.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// A sentence about it, or empty.
    pub description: String,
    /// Whether it is on in a new workspace.
    pub starts_on: bool,
    /// What it grants every member while it is on.
    pub adds: Vec<Grant>,
    /// The grants of roles, by key, while it is on, in place of their own. Of several switches that
    /// replace the grants of a role, the last in the blueprint applies.
    pub replaces: Vec<(String, Vec<Grant>)>,
    /// Whether `assigned` also covers indirectly assigned members while it is on.
    pub counts_indirect_reports: bool,
}

pub(crate) fn read_switches(
    root: &Section<'_>,
    context: &Context<'_>,
    roles: &[Role],
) -> Vec<Switch> {
    let read = |(key, section): (Located<String>, Section<'_>)| {
        check_key(&section, &key, context);
        let switch = Switch {
            name: section.text_or("name", &title(&key.value)),
            description: section.text_or("description", ""),
            starts_on: section.flag("starts_on").unwrap_or(false),
            adds: read_grants(&section, "adds", context),
            replaces: read_replaces(&section, context, roles),
            counts_indirect_reports: section.flag("counts_indirect_reports").unwrap_or(false),
            key: key.value,
        };
        if switch.counts_indirect_reports && !context.layers.managers {
            let message = "`counts_indirect_reports` needs `[managers]`".to_owned();
            section.log.add(section.at, message, Some("declare `[managers]`".to_owned()));
        }
        section.finish();
        switch
    };
    root.sections("switches").into_iter().map(read).collect()
}

/// A record type has no key of a switch.
fn check_key(section: &Section<'_>, key: &Located<String>, context: &Context<'_>) {
    let is_record_type =
        |known: &&Resource| known.key == key.value && known.kind == ResourceKind::Records;
    if context.resources.iter().any(|known| is_record_type(&known)) {
        let message = format!("the switch key `{}` is that of a record type", key.value);
        section.log.add(key.at, message, Some("choose another key".to_owned()));
    }
}

fn read_replaces(
    section: &Section<'_>,
    context: &Context<'_>,
    roles: &[Role],
) -> Vec<(String, Vec<Grant>)> {
    let rows = section.rows("replaces").into_iter().map(|row| {
        let role = row.required("role");
        if !roles.iter().any(|known| known.key == role.value) {
            let keys: Vec<&str> = roles.iter().map(|role| role.key.as_str()).collect();
            row.unknown(&role, "role", &keys);
        }
        let grants = read_grants(&row, "grants", context);
        row.finish();
        (role.value, grants)
    });
    rows.collect()
}
