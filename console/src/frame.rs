//! The frame of pages: workspace switcher, rail, the reader, and the message of the last change.

use std::borrow::Borrow;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use fluent_bundle::FluentValue;
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::account::Account;
use hallpass_domain::member::Member;
use hallpass_domain::time::Timestamp;
use hallpass_web::asset;

use crate::form::Form;
use crate::format::{self, Moment};
use crate::rail::{self, Rail};
use crate::request::PageRequest;
use crate::text::{Language, Text};

/// How much of a value that means nothing is repeated, in characters.
const LONGEST_VALUE: usize = 100;

/// What is around a page of a workspace.
#[derive(Clone, Debug, Default)]
pub(crate) struct Frame {
    /// The texts.
    pub(crate) text: Text,
    /// The path of the assets.
    pub(crate) assets: &'static str,
    /// The path of the workspace: `/workspace/acme`.
    pub(crate) base: String,
    /// The name of the workspace.
    pub(crate) workspace: String,
    /// Its slug.
    pub(crate) slug: String,
    /// The address of its logo.
    pub(crate) logo: Option<String>,
    /// Its colour, as `#rrggbb`.
    pub(crate) accent: Option<String>,
    /// The links of the rail.
    pub(crate) rail: Rail,
    /// The reader.
    pub(crate) me: Person,
    /// The name of the reader's role.
    pub(crate) role: String,
    /// The message that the page shows once.
    pub(crate) flash: Option<String>,
    /// Whether a dialog or drawer is open, so that the page behind it takes no focus.
    pub(crate) is_covered: bool,
    /// The view, if the reader looks through the eyes of another member.
    pub(crate) viewed: Option<Viewed>,
    /// The time of the request.
    pub(crate) now: Timestamp,
    /// For how many seconds the session lasts without being used; empty where the page does not know.
    pub(crate) lasts: String,
    /// The key of the forms of the page, by which none does something twice.
    pub(crate) once: String,
    /// The time zone of the workspace, by its IANA name.
    pub(crate) zone: String,
    /// The currency of the workspace: `CHF`; empty for none.
    pub(crate) currency: String,
    /// What the address says that the page does not know, in sentences.
    pub(crate) unknown: Vec<String>,
    words: Vec<(String, String)>,
}

/// A view of the workspace as another member, as the bar over every page shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Viewed {
    /// The member whose eyes they are.
    pub(crate) member: String,
    /// The reader.
    pub(crate) viewer: String,
    /// When it ends.
    pub(crate) until: String,
}

/// A person as pages show one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// The id of the member.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
    /// The initials.
    pub(crate) initials: String,
    /// The class of the colour.
    pub(crate) colour: String,
    /// The address of the picture, which is shown instead of the initials.
    pub(crate) picture: Option<String>,
}

impl Person {
    /// Makes a person of an id and a name.
    pub(crate) fn new(id: &impl ToString, name: &str) -> Person {
        let id = id.to_string();
        let (initials, colour) = (format::initials(name), format::colour(&id));
        Person { id, name: name.to_owned(), initials, colour, picture: None }
    }

    /// The person with the picture of a version, if there is one. `base` is the path of the workspace.
    pub(crate) fn with_picture(self, base: &str, version: Option<i64>) -> Person {
        let picture = version.map(|version| format!("{base}/pictures/{}?{version}", self.id));
        Person { picture, ..self }
    }
}

/// The logo of the workspace, as a `data:` URL.
pub(crate) fn workspace_logo(ctx: &WorkspaceContext) -> Option<&str> {
    let settings = &ctx.snapshot().workspace.settings;
    let mut areas = ["branding", "general"].into_iter();
    areas.find_map(|area| settings.get(area)?.get("logo")?.as_str())
}

/// What tells two logos apart in the caches of browsers.
fn version_of(logo: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    logo.hash(&mut hasher);
    hasher.finish()
}

impl Frame {
    /// Makes the frame of a page for the acting member.
    pub(crate) fn of(ctx: &WorkspaceContext, request: &PageRequest) -> Frame {
        let snapshot = ctx.snapshot();
        let setting = |area: &str, key: &str| {
            let value = snapshot.workspace.settings.get(area)?.get(key)?;
            value.as_str().map(str::to_owned)
        };
        let slug = snapshot.workspace.slug.to_string();
        let base = format!("/workspace/{slug}");
        let role = ctx.member_id().and_then(|id| ctx.model().member(id));
        let role = role.map(|member| snapshot.role_name(&member.role)).unwrap_or_default();
        // What the member has chosen decides, before what the browser asks for.
        let language = Language::of_tag(ctx.locale()).unwrap_or(request.language);
        let text = Text { language };
        let words = snapshot.blueprint().membership.words.clone();
        let zone = setting("general", "time_zone").unwrap_or_else(|| "UTC".to_owned());
        let viewed = ctx.viewed().map(|viewed| Viewed {
            member: viewed.member,
            viewer: viewed.viewer,
            until: format::clock(viewed.until, &zone),
        });
        Frame {
            text,
            viewed,
            assets: asset::folder(),
            rail: rail::of(ctx, text, &base, &request.path),
            workspace: snapshot.workspace.name.to_string(),
            slug,
            logo: workspace_logo(ctx).map(|logo| format!("{base}/logo?{}", version_of(logo))),
            accent: setting("branding", "colour"),
            me: Person::new(
                &ctx.member_id().map(|id| id.to_string()).unwrap_or_default(),
                ctx.actor_name(),
            )
            .with_picture(&base, ctx.picture()),
            base,
            role,
            flash: request.flash.clone(),
            is_covered: false,
            lasts: ctx
                .session_lasts()
                .map(|span| span.whole_seconds().to_string())
                .unwrap_or_default(),
            now: request.now,
            once: request.once.clone(),
            zone,
            currency: setting("general", "currency").unwrap_or_default(),
            unknown: Vec::new(),
            words,
        }
    }

    /// Makes the frame of an operator's page, which is in no workspace.
    pub(crate) fn of_operator(
        account: &Account,
        request: &PageRequest,
        rail: fn(Text, &str) -> Rail,
    ) -> Frame {
        let language = Language::of_tag(&account.locale).unwrap_or(request.language);
        let text = Text { language };
        Frame {
            text,
            assets: asset::folder(),
            base: "/operator".to_owned(),
            rail: rail(text, &request.path),
            me: Person::new(&account.id, &account.name()),
            role: account.email.as_str().to_owned(),
            flash: request.flash.clone(),
            now: request.now,
            once: request.once.clone(),
            zone: "UTC".to_owned(),
            ..Frame::default()
        }
    }

    /// Says on the page that a value of its address means nothing, and is left out.
    pub(crate) fn expect(&mut self, query: &Form, name: &str, is_known: impl Fn(&str) -> bool) {
        if let Some(value) = query.filled(name).filter(|value| !is_known(value)) {
            let value: String = value.chars().take(LONGEST_VALUE).collect();
            self.unknown.push(text!(self.text, "address-unknown", name = name, value = value));
        }
    }

    /// The frame with a dialog or drawer over the page.
    pub(crate) fn covered(self) -> Frame {
        Frame { is_covered: true, ..self }
    }

    /// The frame with the message of a key.
    pub(crate) fn with_flash(self, key: &str) -> Frame {
        Frame { flash: Some(self.t(key)), ..self }
    }

    /// The text of a key.
    pub(crate) fn t(&self, key: &str) -> String {
        self.text.get(key)
    }

    /// The word of the access model for a key of `WORDS`.
    pub(crate) fn word(&self, key: &str) -> String {
        let own = self.words.iter().find(|(known, _)| known == key);
        let default = || {
            let known = hallpass_engine::WORDS.iter().find(|(known, _)| *known == key);
            known.map_or(key, |(_, word)| *word).to_owned()
        };
        own.map_or_else(default, |(_, word)| word.clone())
    }

    /// What is shown under the name of a member: the address, or that it is a service account.
    pub(crate) fn contact(&self, member: &Member) -> String {
        if member.is_service() { self.t("service-account") } else { member.email.clone() }
    }

    /// The text of a key, with one value.
    pub(crate) fn with(&self, key: &str, name: &str, value: impl AsRef<str>) -> String {
        let values = [(name, FluentValue::from(value.as_ref()))];
        self.text.with(key, &values.into_iter().collect())
    }

    /// The text of a key for a number, `$n`, which selects a plural form.
    pub(crate) fn count(&self, key: &str, n: impl Borrow<usize>) -> String {
        let values = [("n", FluentValue::from(*n.borrow()))];
        self.text.with(key, &values.into_iter().collect())
    }

    /// A number with separators.
    pub(crate) fn number(&self, number: impl Borrow<i64>) -> String {
        format::number(self.text.language, *number.borrow())
    }

    /// A time.
    pub(crate) fn moment(&self, at: Timestamp) -> Moment {
        Moment::new(self.text, at, self.now, &self.zone)
    }

    /// A time with its day and its time of the day.
    pub(crate) fn stamp(&self, at: Timestamp) -> Moment {
        Moment::stamped(self.text, at, &self.zone)
    }

    /// The path of the style sheet with the workspace's colour, which is part of the path's name.
    pub(crate) fn theme(&self) -> Option<String> {
        let colour = self.accent.as_deref()?.trim_start_matches('#');
        Some(format!("{}/theme.css?{colour}", self.base))
    }

    /// The tag of the language.
    pub(crate) fn language(&self) -> &'static str {
        self.text.language.tag()
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Frame {
        Frame {
            assets: "/assets/0",
            base: "/workspace/northwind".to_owned(),
            workspace: "Northwind".to_owned(),
            slug: "northwind".to_owned(),
            rail: Rail::sample(),
            me: Person::new(&"mbr_1", "Dana Whitfield"),
            role: "Owner".to_owned(),
            flash: Some("Ben is now Admin.".to_owned()),
            viewed: Some(Viewed {
                member: "Tom Baker".to_owned(),
                viewer: "Dana Whitfield".to_owned(),
                until: "14:30 CET".to_owned(),
            }),
            zone: "UTC".to_owned(),
            ..Frame::default()
        }
    }
}

/// What is around a page outside a workspace: one column.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outside {
    /// The texts.
    pub(crate) text: Text,
    /// The path of the assets.
    pub(crate) assets: &'static str,
    /// The message that the page shows once.
    pub(crate) flash: Option<String>,
    /// The key of the forms of the page, by which none does something twice; empty where it has none.
    pub(crate) once: String,
}

impl Outside {
    /// Makes the frame of a request.
    pub(crate) fn of(request: &PageRequest) -> Outside {
        let once = request.once.clone();
        Outside { once, ..Outside::new(request.language, request.flash.clone()) }
    }

    /// The text of a key, with one value.
    pub(crate) fn with(&self, key: &str, name: &str, value: impl AsRef<str>) -> String {
        let values = [(name, FluentValue::from(value.as_ref()))];
        self.text.with(key, &values.into_iter().collect())
    }

    /// The text of a key, with two values.
    pub(crate) fn with2(
        &self,
        key: &str,
        first: &str,
        value: impl AsRef<str>,
        second: &str,
        other: impl AsRef<str>,
    ) -> String {
        let (value, other) =
            (FluentValue::from(value.as_ref()), FluentValue::from(other.as_ref()));
        self.text.with(key, &[(first, value), (second, other)].into_iter().collect())
    }

    /// Makes the frame of a language.
    pub(crate) fn new(language: Language, flash: Option<String>) -> Outside {
        let (text, assets) = (Text { language }, asset::folder());
        Outside { text, assets, flash, once: String::new() }
    }

    /// The text of a key.
    pub(crate) fn t(&self, key: &str) -> String {
        self.text.get(key)
    }

    /// The tag of the language.
    pub(crate) fn language(&self) -> &'static str {
        self.text.language.tag()
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Outside {
        Outside { assets: "/assets/0", ..Outside::default() }
    }
}
