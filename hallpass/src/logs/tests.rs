//! What a log line looks like.

use std::sync::{Arc, Mutex};

use tracing::{debug, info};

use super::*;

/// What is logged while two things happen, one of them below the level.
fn logged(levels: &str, format: LogFormat) -> String {
    let kept = Arc::new(Mutex::new(Vec::new()));
    let log = log(levels, format, Arc::new(Kept(Arc::clone(&kept)))).unwrap();
    dispatcher::with_default(&log, || {
        info!(member.id = "mbr_1", "removed member mbr_1");
        debug!("nobody asked");
    });
    let bytes = kept.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for &Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_line_for_people_says_what_happened() {
    let text = logged("info", LogFormat::Text);

    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains("INFO") && text.contains("removed member mbr_1"), "{text}");
}

#[test]
fn a_line_for_machines_is_an_object_with_its_fields() {
    let text = logged("info", LogFormat::Json);

    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.starts_with('{') && text.contains("\"member.id\":\"mbr_1\""), "{text}");
    assert!(text.contains("\"message\":\"removed member mbr_1\""), "{text}");
}

#[test]
fn the_level_says_how_much() {
    assert_eq!(logged("debug", LogFormat::Text).lines().count(), 2);
    assert_eq!(logged("off", LogFormat::Text), "");
}
