//! The texts of pages, in the language of the reader: Fluent messages by key.
//!
//! **Invariant:** every key that a page uses exists in every language; a test reads templates and sources.

use std::sync::LazyLock;

use axum::http::{HeaderMap, header};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The texts of a language, by file.
type Files = &'static [&'static str];

macro_rules! files {
    ($language:literal: $($name:literal)*) => {
        &[$(include_str!(concat!("../text/", $language, "/", $name, ".ftl"))),*]
    };
}

const ENGLISH: Files = files!("en": "access" "account" "audit" "connection" "explanation" "factor" "frame" "operator" "people" "records" "refusal" "settings" "sign_in" "workspace");
const GERMAN: Files = files!("de": "access" "account" "audit" "connection" "explanation" "factor" "frame" "operator" "people" "records" "refusal" "settings" "sign_in" "workspace");

/// A language of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl Language {
    /// Every language.
    pub(crate) const EVERY: [Language; 2] = [Language::English, Language::German];

    /// Its tag (BCP 47), without a region.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language of a tag such as `de-CH`.
    pub(crate) fn of_tag(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_', ';']).next().unwrap_or_default().trim();
        Language::EVERY.into_iter().find(|known| known.tag().eq_ignore_ascii_case(primary))
    }

    /// The first language that a browser accepts and pages have.
    pub(crate) fn accepted(headers: &HeaderMap) -> Language {
        let accepted =
            headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        accepted.unwrap_or_default().split(',').find_map(Language::of_tag).unwrap_or_default()
    }
}

struct Bundles([FluentBundle<FluentResource>; 2]);

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| {
    Bundles(Language::EVERY.map(|language| {
        let files = match language {
            Language::English => ENGLISH,
            Language::German => GERMAN,
        };
        let id = language.tag().parse::<LanguageIdentifier>().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // The values are names in the direction of the page.
        bundle.set_use_isolating(false);
        for file in files {
            let resource = match FluentResource::try_new((*file).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            bundle.add_resource_overriding(resource);
        }
        bundle
    }))
});

/// The texts of a page, in one language.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Text {
    /// The language.
    pub(crate) language: Language,
}

impl Text {
    /// The text of a key.
    pub(crate) fn get(self, key: &str) -> String {
        self.with(key, &FluentArgs::new())
    }

    /// The text of a key, with values; `text!` calls it.
    pub(crate) fn with(self, key: &str, values: &FluentArgs<'_>) -> String {
        let [english, german] = &BUNDLES.0;
        let bundle = match self.language {
            Language::English => english,
            Language::German => german,
        };
        let pattern = bundle.get_message(key).and_then(|message| message.value());
        let Some(pattern) = pattern else { return key.to_owned() };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, Some(values), &mut errors).into_owned()
    }
}

/// A value of a text: a number selects a plural form.
pub(crate) trait IntoValue<'v> {
    /// The value for Fluent.
    fn into_value(self) -> FluentValue<'v>;
}

impl<'v> IntoValue<'v> for &'v str {
    fn into_value(self) -> FluentValue<'v> {
        FluentValue::from(self)
    }
}

impl<'v> IntoValue<'v> for &'v String {
    fn into_value(self) -> FluentValue<'v> {
        FluentValue::from(self.as_str())
    }
}

impl<'v> IntoValue<'v> for String {
    fn into_value(self) -> FluentValue<'v> {
        FluentValue::from(self)
    }
}

impl<'v> IntoValue<'v> for i64 {
    fn into_value(self) -> FluentValue<'v> {
        FluentValue::from(self)
    }
}

impl<'v> IntoValue<'v> for usize {
    fn into_value(self) -> FluentValue<'v> {
        FluentValue::from(self)
    }
}

/// The text of a key with values: `text!(text, "team-intro", members = 3)`.
macro_rules! text {
    ($text:expr, $key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $text.with(
            $key,
            &[$((stringify!($name), $crate::text::IntoValue::into_value($value))),*]
                .into_iter()
                .collect(),
        )
    };
}

#[cfg(test)]
mod tests;
