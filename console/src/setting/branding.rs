//! Branding: the colour, with its contrast, the logo, and the footer of mails.

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateBranding;
use hallpass_domain::setting::Area;
use serde_json::Value;

use super::colour::Colour;
use super::values::{self, Field, Sent, Values};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::frame::Frame;
use crate::picture::Picture;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

/// The colour of a workspace that has set none.
const DEFAULT: &str = "#0d6b50";

const FIELDS: [Field; 3] = [
    ("colour", "branding-colour"),
    ("logo", "branding-logo"),
    ("mail_footer", "branding-footer"),
];

/// The page of the branding.
#[derive(Template)]
#[template(path = "setting/branding.html")]
pub(crate) struct BrandingPage {
    frame: Frame,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    version: String,
    made_from: String,
    colour: String,
    has_colour: bool,
    /// The colour on light and on dark pages, with the colour of text on it.
    shades: Vec<Shade>,
    /// What the contrast means.
    verdict: String,
    is_readable: bool,
    logo: Picture,
    footer: String,
    /// Why the footer cannot be changed.
    footer_reason: Option<String>,
    faults: Faults,
}

/// A shade, as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct Shade {
    ground: &'static str,
    fill: String,
    ink: String,
}

impl BrandingPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        sent: Option<Sent<'_>>,
    ) -> Result<BrandingPage, Failure> {
        let values = Values::load(ctx, Area::Branding, sent).await?;
        let faults = values.faults(&frame, sent, &FIELDS)?;
        let text = values.text("colour");
        let colour = Colour::parse(&text).or_else(|| Colour::parse(DEFAULT));
        let mut page = BrandingPage {
            may_update: ctx.opens(&UpdateBranding),
            blocked: of_permission(ctx, frame.text, &UpdateBranding),
            version: values.version(),
            made_from: values.made_from(&FIELDS),
            has_colour: !text.is_empty(),
            colour: if text.is_empty() { DEFAULT.to_owned() } else { text },
            shades: Vec::new(),
            verdict: String::new(),
            is_readable: true,
            logo: Picture::new("logo", values.stored_text("logo"), faults.at("logo")),
            footer: values.text("mail_footer"),
            footer_reason: (!ctx.self_serve().mail_templates).then(|| {
                text!(frame.text, "branding-footer-reason", contact = ctx.operator_contact())
            }),
            faults,
            frame,
        };
        if let Some(colour) = colour {
            page.judge(colour);
        }
        Ok(page)
    }

    /// Says how well a colour can be read.
    fn judge(&mut self, colour: Colour) {
        let shades = colour.shades();
        let shade = |ground: &'static str, colour: Colour| Shade {
            ground,
            fill: colour.text(),
            ink: colour.ink().text(),
        };
        self.is_readable = colour.is_readable();
        let ratio = format!("{:.1}", colour.on_light());
        self.verdict = if self.is_readable {
            text!(self.frame.text, "branding-readable", ratio = ratio)
        } else {
            let shade = shades.light.text();
            text!(self.frame.text, "branding-darkened", ratio = ratio, shade = shade)
        };
        self.shades = vec![shade("#faf9f7", shades.light), shade("#121316", shades.dark)];
    }

    #[cfg(test)]
    pub(crate) fn sample() -> BrandingPage {
        BrandingPage {
            frame: Frame::sample(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            version: "a".to_owned(),
            made_from: String::new(),
            colour: "#ffcc00".to_owned(),
            has_colour: true,
            shades: vec![Shade {
                ground: "#faf9f7",
                fill: "#8a6d00".into(),
                ink: "#ffffff".into(),
            }],
            verdict: "Hard to read.".to_owned(),
            is_readable: false,
            logo: Picture::sample(),
            footer: "<script>".to_owned(),
            footer_reason: None,
            faults: Faults::default(),
        }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    reply::page(&BrandingPage::load(&mut ctx, frame, None).await?)
}

pub(super) async fn save(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let mut given = values::texts(&form, &["colour", "mail_footer"]);
    if form.is_checked("colour_remove") {
        given.insert("colour".to_owned(), Value::Null);
    }
    given.extend(values::picture(&form, "logo"));
    let base = submission.frame.base.clone();
    match values::save(&mut submission, Area::Branding, &given).await {
        Ok(()) => {
            let message = submission.frame.t("branding-saved");
            reply::done(&format!("{base}/settings/branding"), &message)
        }
        Err(problem) => {
            let mut ctx = submission.read().await?;
            let (frame, form) = (submission.frame, submission.form);
            let sent = Some(Sent { form: &form, refusal: Some(&problem) });
            let page = BrandingPage::load(&mut ctx, frame, sent).await?;
            reply::refused(problem.status, &page)
        }
    }
}
