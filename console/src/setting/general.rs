//! The general settings: name and slug, logo, handbook, language, time zone and currency (HARMONY-64).

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateGeneral;
use hallpass_app::setting::GeneralChange;
use hallpass_domain::setting::Area;
use hallpass_web::error::Problem;

use super::switch::{self, Switches};
use super::values::{self, Field, Sent, Values};
use crate::deletion::sample;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::{Form, MADE_FROM};
use crate::frame::Frame;
use crate::picture::Picture;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

const FIELDS: [Field; 6] = [
    ("logo", "general-logo"),
    ("handbook", "general-handbook"),
    ("locale", "language"),
    ("time_zone", "general-zone"),
    ("currency", "general-currency"),
    ("landing", "general-landing"),
];

/// A form of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Name and slug.
    Name,
    /// The other values.
    Values,
}

/// The page of the general settings.
#[derive(Template)]
#[template(path = "setting/general.html")]
pub(crate) struct GeneralPage {
    frame: Frame,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    name: String,
    slug: String,
    /// The revision that name and slug are of, and what their form is made from.
    revision: String,
    names: String,
    /// The version of the other values, and what their form is made from.
    version: String,
    made_from: String,
    logo: Picture,
    handbook: String,
    locale: String,
    time_zone: String,
    currency: String,
    /// The pages to start on: key, name, whether it is chosen.
    landings: Vec<(String, String, bool)>,
    /// The switches, where the access model has no page on security.
    switches: Option<Switches>,
    /// The sample data that the reader may remove.
    samples: Option<String>,
    faults: Faults,
}

impl GeneralPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        sent: Option<(Part, Sent<'_>)>,
    ) -> Result<GeneralPage, Failure> {
        let of_part = |part| sent.filter(|(known, _)| *known == part).map(|(_, one)| one);
        let (renaming, other) = (of_part(Part::Name), of_part(Part::Values));
        let values = Values::load(ctx, Area::General, other).await?;
        let renaming_problem = renaming.and_then(|sent| sent.refusal);
        let stored = &ctx.snapshot().workspace;
        let stored = [("name", stored.name.to_string()), ("slug", stored.slug.to_string())];
        let faults = match (renaming, renaming_problem) {
            (Some(sent), Some(problem)) if problem.status == 412 => {
                let [name, slug] = &stored;
                let name = Saved::new(&frame, (name.0, &name.1, "general-name"));
                let slug = Saved::new(&frame, (slug.0, &slug.1, "general-slug"));
                Faults::stale(&frame, sent.form, &[name, slug])
            }
            (_, Some(problem)) => Faults::of_form(&frame, problem, &["name", "slug"])?,
            (_, None) => values.faults(&frame, other, &FIELDS)?,
        };
        let switches = switch::load(ctx, "general").await?;
        let samples = sample::removable(ctx).await?;
        let samples = (!samples.is_empty()).then(|| sample::untouched(&frame, &samples));
        let workspace = &ctx.snapshot().workspace;
        let of = |key: &str, stored: &str| {
            let typed = renaming.and_then(|one| one.form.find(key));
            typed.map_or_else(|| stored.to_owned(), str::to_owned)
        };
        // A form that was refused for another reason keeps what it was made from.
        let kept = renaming.map(|sent| sent.form);
        let kept = kept.filter(|_| renaming_problem.is_some_and(|one| one.status != 412));
        let chosen = values.text("landing");
        let resources = ctx.policy().resources().iter();
        let landings = resources
            .filter(|known| known.read.is_some())
            .map(|known| (known.key.clone(), known.name.clone(), known.key == chosen));
        Ok(GeneralPage {
            may_update: ctx.opens(&UpdateGeneral),
            blocked: of_permission(ctx, frame.text, &UpdateGeneral),
            name: of("name", workspace.name.as_str()),
            slug: of("slug", workspace.slug.as_str()),
            revision: kept.map_or_else(
                || ctx.revision().to_string(),
                |form| form.text("version").to_owned(),
            ),
            names: kept.map_or_else(
                || Form::made_from(&stored.each_ref().map(|(key, text)| (*key, text.as_str()))),
                |form| form.exact(MADE_FROM).to_owned(),
            ),
            version: values.version(),
            made_from: values.made_from(&FIELDS),
            logo: Picture::new("logo", values.stored_text("logo"), faults.at("logo")),
            handbook: values.text("handbook"),
            locale: values.text("locale"),
            time_zone: values.text("time_zone"),
            currency: values.text("currency"),
            landings: landings.collect(),
            switches,
            samples,
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> GeneralPage {
        GeneralPage {
            frame: Frame::sample(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            name: "<script>".to_owned(),
            slug: "northwind".to_owned(),
            revision: "3".to_owned(),
            names: "name=&slug=".to_owned(),
            version: "a".to_owned(),
            made_from: "handbook=".to_owned(),
            logo: Picture::sample(),
            handbook: "<script>".to_owned(),
            locale: "de".to_owned(),
            time_zone: "Europe/Zurich".to_owned(),
            currency: "CHF".to_owned(),
            landings: vec![("deals".into(), "Deals".into(), true)],
            switches: Some(Switches::sample()),
            samples: Some("12 <script>".to_owned()),
            faults: Faults::field("slug", "Taken.".to_owned()),
        }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&GeneralPage::load(&mut ctx, frame, None).await?)
}

/// Saves name and slug, and goes on under the new slug.
pub(super) async fn rename(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let text = |key: &str| form.find(key).map(str::to_owned);
    let change = GeneralChange { name: text("name"), slug: text("slug") };
    match saved_name(&mut submission, &change).await {
        Ok(slug) => {
            let message = submission.frame.t("general-saved");
            reply::done(&format!("/workspace/{slug}/settings/general"), &message)
        }
        Err(problem) => refused(submission, Part::Name, &problem).await,
    }
}

async fn saved_name(
    submission: &mut Submission,
    change: &GeneralChange,
) -> Result<String, Problem> {
    let mut ctx = submission.write().await?;
    ctx.settings().update_general(change).await?;
    Ok(ctx.snapshot().workspace.slug.to_string())
}

pub(super) async fn save(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let keys = ["handbook", "locale", "time_zone", "currency", "landing"];
    let mut given = values::texts(&form, &keys);
    given.extend(values::picture(&form, "logo"));
    match values::save(&mut submission, Area::General, &given).await {
        Ok(()) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/general", frame.base);
            reply::done(&path, &frame.t("general-saved"))
        }
        Err(problem) => refused(submission, Part::Values, &problem).await,
    }
}

async fn refused(mut submission: Submission, part: Part, problem: &Problem) -> Shown {
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let sent = Some((part, Sent { form: &form, refusal: Some(problem) }));
    let page = GeneralPage::load(&mut ctx, frame, sent).await?;
    reply::refused(problem.status, &page)
}
