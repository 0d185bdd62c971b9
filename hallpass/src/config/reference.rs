//! The table of all settings for the documentation.

use super::setting::DefaultValue;
use super::table::SETTINGS;

/// Every setting as a row of a Markdown table.
pub(crate) fn reference() -> Vec<String> {
    let mut lines = vec![
        "| key | flag | environment variable | meaning | default |".to_owned(),
        "|---|---|---|---|---|".to_owned(),
    ];
    lines.extend(SETTINGS.iter().map(|setting| {
        let (key, variable, help) = (setting.key, setting.variable(), setting.help.trim());
        let flag = setting.flag();
        let flag = flag.map_or_else(
            || "none".to_owned(),
            |flag| format!("`--{flag} {}`", setting.value_name),
        );
        let default = match setting.default {
            DefaultValue::Unset | DefaultValue::Fixed("") => "none".to_owned(),
            DefaultValue::Fixed(text) => format!("`{text}`"),
            DefaultValue::Derived { description, .. } => description.to_owned(),
        };
        format!("| `{key}` | {flag} | `{variable}` | {help} | {default} |")
    }));
    lines
}
