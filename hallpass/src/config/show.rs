//! The configuration as TOML that can be read again, without its secrets.

use std::fmt::Write as _;

use super::mask::mask;
use super::plan::Plan;
use super::setting::{Raw, Setting, Source};
use super::{Config, NAMES};

impl Config {
    /// Every setting, with where it comes from.
    pub(crate) fn show(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for name in NAMES {
            match self.settings.0.get(name) {
                Some(_) if name == "plans" => {}
                Some(setting) => lines.push(line(name, setting)),
                None => lines.push(format!("# {name} is not set")),
            }
        }
        let origin = self.settings.0.get("plans").map(|setting| origin("plans", setting));
        for plan in &self.plans {
            lines.push(String::new());
            lines.push(format!("[[plans]] # {}", origin.as_deref().unwrap_or_default()));
            lines.extend(table(plan));
        }
        lines
    }
}

fn line(name: &str, setting: &Setting) -> String {
    let value = match &setting.raw {
        Raw::Text(text) if name == "self_serve" => text.clone(),
        Raw::Text(text) if name == "trusted_proxies" => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            list(items)
        }
        Raw::Text(text) => quoted(&mask(name, text)),
        Raw::List(items) => list(items.iter().map(String::as_str)),
        Raw::Plans(_) => String::new(),
    };
    format!("{name} = {value} # {}", origin(name, setting))
}

fn origin(name: &str, setting: &Setting) -> String {
    match &setting.source {
        Source::Flag => format!("--{}", name.replace('_', "-")),
        Source::Variable => format!("HALLPASS_{}", name.to_ascii_uppercase()),
        Source::File { name, line } => {
            format!("{}:{line}", name.replace(char::is_control, "?"))
        }
        Source::Default => "default".to_owned(),
    }
}

fn table(plan: &Plan) -> [String; 3] {
    let opens = list(plan.entitlements.iter().map(String::as_str));
    [
        format!("key = {}", quoted(&plan.key)),
        format!("name = {}", quoted(&plan.name)),
        format!("entitlements = {opens}"),
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
            // Writing to a text cannot fail.
            c if c.is_control() => {
                let _ = write!(quoted, "\\U{:08X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
