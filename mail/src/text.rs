//! The texts of mails, in the language of the recipient: Fluent messages by key.
//!
//! **Invariant:** every key that a mail uses exists in every language; a test reads them.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// A language of mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// Every language.
    pub const EVERY: [Language; 2] = [Language::English, Language::German];

    /// Its tag (BCP 47), without a region.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language of a tag such as `de-CH`; English where mails do not have it.
    #[must_use]
    pub fn of_tag(tag: &str) -> Language {
        let primary = tag.split(['-', '_']).next().unwrap_or_default();
        let mut every = Language::EVERY.into_iter();
        every.find(|known| known.tag().eq_ignore_ascii_case(primary)).unwrap_or_default()
    }

    pub(crate) const fn source(self) -> &'static str {
        match self {
            Language::English => include_str!("../text/en.ftl"),
            Language::German => include_str!("../text/de.ftl"),
        }
    }

    /// The text of a key, with values by name. A key that does not exist is its own text.
    pub(crate) fn text(self, key: &str, values: &[(&str, &str)]) -> String {
        let [english, german] = &BUNDLES.0;
        let bundle = match self {
            Language::English => english,
            Language::German => german,
        };
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else { return key.to_owned() };
        let values = values.iter().map(|(name, value)| (*name, FluentValue::from(*value)));
        let values: FluentArgs<'_> = values.collect();
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(&values), &mut errors).into_owned()
    }
}

struct Bundles([FluentBundle<FluentResource>; 2]);

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| {
    Bundles(Language::EVERY.map(|language| {
        let id = language.tag().parse::<LanguageIdentifier>().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The values are names in the direction of the mail.
        bundle.set_use_isolating(false);
        let resource = match FluentResource::try_new(language.source().to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(resource);
        bundle
    }))
});
