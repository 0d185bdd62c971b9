//! The name of a program, from what it calls itself.

use crate::frame::Frame;

/// The browser and the system of a program, by the name that it gives itself.
pub(crate) fn program(frame: &Frame, client: &str) -> String {
    let browsers = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let find = |known: &[(&str, &'static str)]| {
        known.iter().find(|(word, _)| client.contains(word)).map(|(_, name)| *name)
    };
    match (find(&browsers), find(&systems)) {
        (Some(browser), Some(system)) => {
            text!(frame.text, "profile-program", browser = browser, system = system)
        }
        (Some(browser), None) => browser.to_owned(),
        (None, _) if client.is_empty() => frame.t("profile-unknown-program"),
        (None, _) => client.chars().take(60).collect(),
    }
}
