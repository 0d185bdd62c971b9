//! The example of an operation as a command for `curl`.

use serde_json::Value;

use super::json::{at, text};

/// The command that sends the example request, with the URL and the key in variables.
pub(super) fn command(path: &str, method: &str, operation: &Value) -> String {
    let parameters = at(operation, "/parameters").as_array().into_iter().flatten();
    let parameters: Vec<&Value> = parameters.collect();
    let mut address = path.to_owned();
    let mut query = Vec::new();
    for parameter in &parameters {
        let (name, example) = (text(at(parameter, "/name")), text(at(parameter, "/example")));
        match at(parameter, "/in").as_str() {
            Some("path") => address = address.replace(&format!("{{{name}}}"), &example),
            Some("query") if !example.is_empty() => query.push(format!("{name}={example}")),
            _ => {}
        }
    }
    let query = if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) };
    let verb =
        if method == "get" { String::new() } else { format!(" -X {}", method.to_uppercase()) };
    let mut lines = vec![format!("curl{verb} \"$HALLPASS_URL{address}{query}\"")];
    if operation.get("security").is_none() {
        lines.push("-H \"Authorization: Bearer $HALLPASS_KEY\"".to_owned());
    }
    if let Some(body) = operation.pointer("/requestBody/content/application~1json/example") {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        let body = serde_json::to_string_pretty(body).unwrap_or_default();
        lines.push(format!("-d '{}'", body.replace('\'', "'\\''")));
    }
    lines.join(" \\\n  ")
}
