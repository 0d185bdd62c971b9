//! The format of log lines.

use std::sync::{Arc, Mutex};

use tracing::{debug, info, trace, warn};

use super::*;

/// What is logged of two events, one at `info` and one at `debug`.
fn logged(levels: &str, format: LogFormat) -> String {
    logged_of(levels, format, || {
        info!(member.id = "mbr_1", "removed member mbr_1");
        debug!("checked the cache");
    })
}

fn logged_of(levels: &str, format: LogFormat, events: impl FnOnce()) -> String {
    let written = Arc::new(Mutex::new(Vec::new()));
    let log = log(levels, format, Arc::new(Buffer(Arc::clone(&written)))).unwrap();
    dispatcher::with_default(&log, events);
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

#[test]
fn details_of_libraries_are_not_logged_whatever_the_levels() {
    for levels in ["trace", "tower_http=trace,trace", "info,tower_http::csrf=trace"] {
        let text = logged_of(levels, LogFormat::Text, || {
            trace!(target: "tower_http::csrf", uri = "/confirmations/t0ken", "passed");
            warn!(target: "rustls", "a certificate expires");
        });

        assert!(!text.contains("t0ken"), "{levels}: {text}");
        assert!(text.contains("a certificate expires"), "{levels}: {text}");
    }
}
