//! The configuration in force as TOML, with its secrets hidden and the source of each value.

use std::fmt::Write as _;

use super::entry::Entry;
use super::plan::Plan;
use super::setting::{Format, Setting};
use super::table::{Config, SETTINGS};

impl Config {
    /// Every setting, a line each.
    pub(crate) fn show(&self) -> Vec<String> {
        let mut lines = Vec::new();
        // Tables come last in TOML.
        for setting in SETTINGS.iter().filter(|setting| setting.format != Format::Plans) {
            lines.push(match self.entries.get(setting.key) {
                Some(entry) => line(setting, entry),
                None => format!("# {} is not set", setting.key),
            });
        }
        let plans = SETTINGS.iter().find(|setting| setting.format == Format::Plans);
        let origin = plans.and_then(|plans| Some(plans.origin(self.entries.get(plans.key)?)));
        for plan in &self.plans {
            lines.push(String::new());
            lines.push(format!("[[plans]] # {}", origin.as_deref().unwrap_or_default()));
            lines.extend(plan_lines(plan));
        }
        lines
    }
}

fn line(setting: &Setting, entry: &Entry) -> String {
    let text = || setting.masked(entry.text().unwrap_or_default());
    let value = match setting.format {
        Format::Boolean => text(),
        Format::Text => quoted(&text()),
        Format::List | Format::Plans => list(entry.raw.items().iter().map(String::as_str)),
    };
    format!("{} = {value} # {}", setting.key, setting.origin(entry))
}

fn plan_lines(plan: &Plan) -> [String; 3] {
    let entitlements = list(plan.entitlements.iter().map(String::as_str));
    [
        format!("key = {}", quoted(&plan.key)),
        format!("name = {}", quoted(&plan.name)),
        format!("entitlements = {entitlements}"),
    ]
}

fn list<'i>(items: impl Iterator<Item = &'i str>) -> String {
    format!("[{}]", items.map(quoted).collect::<Vec<_>>().join(", "))
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
