//! The format of log lines.

use std::sync::{Arc, Mutex};

use tracing::{debug, info};

use super::*;

/// What is logged of two events, one at `info` and one at `debug`.
fn logged(levels: &str, format: LogFormat) -> String {
    let written = Arc::new(Mutex::new(Vec::new()));
    let log = log(levels, format, Arc::new(Buffer(Arc::clone(&written)))).unwrap();
    dispatcher::with_default(&log, || {
        info!(member.id = "mbr_1", "removed member mbr_1");
        debug!("checked the cache");
    });
    let bytes = written.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

struct Buffer(Arc<Mutex<Vec<u8>>>);

impl io::Write for &Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn text_line_has_the_level_and_the_message() {
    let text = logged("info", LogFormat::Text);

    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("INFO") && text.contains("removed member mbr_1"), "{text}");
}

#[test]
fn json_line_is_an_object_with_the_fields() {
    let text = logged("info", LogFormat::Json);

    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.starts_with('{') && text.contains("\"member.id\":\"mbr_1\""), "{text}");
    assert!(text.contains("\"message\":\"removed member mbr_1\""), "{text}");
}

#[test]
fn level_determines_what_is_logged() {
    assert_eq!(logged("debug", LogFormat::Text).lines().count(), 2);
    assert_eq!(logged("off", LogFormat::Text), "");
}
