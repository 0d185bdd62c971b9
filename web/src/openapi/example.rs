//! Examples of requests and responses, which a test records from the real router.

use rust_embed::RustEmbed;
use serde_json::Value;

/// One file for each operation; `cargo xtask golden examples` rewrites them.
#[derive(RustEmbed)]
#[folder = "src/openapi/examples"]
struct Files;

/// What was recorded for an operation; empty until the test has run.
pub(super) struct Example(Value);

impl Example {
    pub(super) fn load(operation: &str) -> Example {
        let file = Files::get(&format!("{operation}.json"));
        let recorded = file.and_then(|file| serde_json::from_slice(&file.data).ok());
        Example(recorded.unwrap_or_default())
    }

    /// The part of the recorded path at a place.
    pub(super) fn path_part(&self, place: usize) -> Option<&str> {
        let path = self.0.pointer("/request/path")?.as_str()?;
        path.split('?').next()?.split('/').nth(place)
    }

    pub(super) fn request_body(&self) -> Option<&Value> {
        self.0.pointer("/request/body")
    }

    /// The recorded success, if it has this status.
    pub(super) fn response(&self, status: &str) -> Option<&Value> {
        self.0.get("response").filter(|one| has_status(one, status))
    }

    /// The body of a recorded problem with this status.
    pub(super) fn problem(&self, status: &str) -> Option<&Value> {
        let problems = self.0.get("problems").and_then(Value::as_array)?;
        problems.iter().find(|one| has_status(one, status))
    }

    /// The names of the headers of the recorded success.
    pub(super) fn header_names(&self) -> impl Iterator<Item = &str> {
        let headers = self.0.pointer("/response/headers").and_then(Value::as_object);
        headers.into_iter().flatten().map(|(name, _)| name.as_str())
    }
}

fn has_status(recorded: &Value, status: &str) -> bool {
    recorded.get("status").and_then(Value::as_u64) == status.parse().ok()
}
