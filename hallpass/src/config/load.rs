//! Loads the configuration: defaults, then the file, the environment and the flags, each in place of
//! the one before.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use hallpass_engine::text::nearest;
use hallpass_web::serve::TlsFiles;

use super::entry::{Entries, Raw, Source};
use super::flags::Flags;
use super::problem::Problems;
use super::setting::{PREFIX, Setting};
use super::table::{Config, SETTINGS};
use super::{derived, file};

/// The file that is read if it exists and no other is named.
const FILE: &str = "hallpass.toml";

/// A variable of the tests that is not a misspelt setting.
const LONG_TESTS: &str = "HALLPASS_LONG";

impl Config {
    /// Loads the configuration from the flags, the environment of the process and the file. Problems
    /// are reported together, a line each.
    pub(crate) fn load<A>(flags: &Flags<A>) -> Result<Config, String> {
        Config::load_with(flags, &[])
    }

    /// Loads the configuration with other defaults for some settings.
    pub(crate) fn load_with<A>(
        flags: &Flags<A>,
        defaults: &[(&'static str, &str)],
    ) -> Result<Config, String> {
        let mut problems = Problems::default();
        let mut entries = Entries::default();
        for (key, text) in defaults {
            entries.set(key, Raw::Text((*text).to_owned()), Source::Default);
        }
        let environment = environment();
        let named = environment.get("HALLPASS_CONFIG").map(PathBuf::from);
        if let Some(path) = flags.file.clone().or(named) {
            file::read(&path, SETTINGS, &mut entries, &mut problems);
        } else if Path::new(FILE).exists() {
            file::read(Path::new(FILE), SETTINGS, &mut entries, &mut problems);
        }
        add_environment(&environment, &mut entries, &mut problems);
        for (key, text) in &flags.values {
            entries.set(key, Raw::Text(text.clone()), Source::Flag);
        }
        let config = Config::read(entries, &mut problems);
        if let Some(config) = &config {
            config.check_tls(&mut problems);
        }
        problems.or(config)
    }

    /// Checks the settings of TLS against each other.
    fn check_tls(&self, problems: &mut Problems) {
        match (&self.tls_certificate, &self.tls_key) {
            (Some(_), None) => problems.add("`tls_certificate` needs `tls_key` beside it"),
            (None, Some(_)) => problems.add("`tls_key` needs `tls_certificate` beside it"),
            (Some(_), Some(_)) if self.base_url.to_string().starts_with("http://") => problems.add(
                "`base_url` begins with `http://`, and the server has a certificate; begin it with \
                 `https://`",
            ),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }

    /// The files of the certificate; none where the server has no TLS of its own.
    pub(crate) fn tls_files(&self) -> Option<TlsFiles> {
        let (certificate, key) = (self.tls_certificate.clone()?, self.tls_key.clone()?);
        Some(TlsFiles { certificate, key })
    }

    /// Sets the address that the server listens on, which has another port than configured if that
    /// was 0.
    pub(crate) fn listens_on(&mut self, address: SocketAddr) {
        self.listen = address;
        let scheme = if self.tls_certificate.is_some() { "https" } else { "http" };
        let base_url = self.entries.get("base_url");
        if base_url.is_none_or(|entry| entry.source == Source::Default)
            && let Ok(base_url) = derived::url_of(scheme, address).parse()
        {
            self.base_url = base_url;
        }
    }
}

/// The variables of the project. An empty one counts as unset, as in most tools.
fn environment() -> BTreeMap<String, String> {
    let ours = std::env::vars_os().filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.to_string_lossy().into_owned());
        (name.starts_with(PREFIX) && !value.is_empty()).then_some((name, value))
    });
    ours.collect()
}

fn add_environment(
    environment: &BTreeMap<String, String>,
    entries: &mut Entries,
    problems: &mut Problems,
) {
    let variables: Vec<String> = SETTINGS.iter().map(Setting::variable).collect();
    for (name, value) in environment {
        if let Some(setting) = SETTINGS.iter().find(|setting| setting.variable() == *name) {
            entries.set(setting.key, Raw::Text(value.clone()), Source::Variable);
            continue;
        }
        // Other programs set variables with this prefix too, so only a near miss is a problem.
        let word = name.trim_start_matches(PREFIX);
        let words = variables.iter().map(|variable| variable.trim_start_matches(PREFIX));
        if name != LONG_TESTS
            && let Some(near) = nearest(word, words)
        {
            problems.add(format_args!(
                "unknown environment variable `{name}`; did you mean `{PREFIX}{near}`?"
            ));
        }
    }
}
