//! The preview of mails: every sort of mail, as text and as HTML, in every language.

use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse as _};
use hallpass_mail::sample::{Sample, samples};
use hallpass_mail::{BaseUrl, Language, MailContent};
use hallpass_web::Web;
use hallpass_web::extract::Path;

use super::gate::OperatorViewer;
use super::mail::kind_name;
use crate::failure::Failure;
use crate::frame::Frame;
use crate::reply::{self, Shown};

/// What the HTML part of a mail may load: nothing. Its styles are in it, as mail programs need them.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox";

/// The preview of mails.
#[derive(Template)]
#[template(path = "operator/mail_templates.html")]
pub(crate) struct MailTemplatesPage {
    frame: Frame,
    /// The languages: name, path, whether it is shown.
    languages: Vec<(&'static str, String, bool)>,
    mails: Vec<Preview>,
}

/// A mail in the preview.
#[derive(Clone, Debug)]
pub(crate) struct Preview {
    /// The name of the sample.
    name: String,
    kind: String,
    subject: String,
    text: String,
    html: String,
}

impl MailTemplatesPage {
    #[cfg(test)]
    pub(crate) fn sample() -> MailTemplatesPage {
        let preview = Preview {
            name: "invitation".into(),
            kind: "Invitation".into(),
            subject: "<script>".into(),
            text: "<script>".into(),
            html: "#".into(),
        };
        MailTemplatesPage {
            frame: Frame::sample(),
            languages: vec![("English", "#".into(), true)],
            mails: vec![preview],
        }
    }
}

const LANGUAGES: [(Language, &str); 2] =
    [(Language::English, "English"), (Language::German, "Deutsch")];

fn base(web: &Web) -> Result<BaseUrl, Failure> {
    web.http.base_url.parse().map_err(|_| Failure::missing("page"))
}

fn write(web: &Web, sample: &Sample, language: Language) -> Result<MailContent, Failure> {
    Ok(MailContent::of(&sample.template, &sample.style_in(language), &base(web)?))
}

pub(super) async fn show(State(web): State<Web>, viewer: OperatorViewer) -> Shown {
    let OperatorViewer { mut frame, query, .. } = viewer;
    let is_language = |tag: &str| LANGUAGES.iter().any(|(known, _)| known.tag() == tag);
    frame.expect(&query, "language", is_language);
    let language = Language::of_tag(query.filled("language").unwrap_or(frame.language()));
    let mut mails = Vec::new();
    for sample in samples() {
        let content = write(&web, &sample, language)?;
        mails.push(Preview {
            kind: kind_name(&frame, sample.template.kind()),
            text: content.text().map_err(|_| Failure::missing("mail"))?,
            html: format!("/operator/mails/templates/{}/{}", sample.name, language.tag()),
            subject: content.subject,
            name: sample.name,
        });
    }
    let languages = LANGUAGES.map(|(known, name)| {
        let path = format!("/operator/mails/templates?language={}", known.tag());
        (name, path, known == language)
    });
    reply::page(&MailTemplatesPage { languages: languages.into(), mails, frame })
}

/// The HTML part of a mail, as a page of its own.
pub(super) async fn html(
    State(web): State<Web>,
    Path((name, language)): Path<(String, String)>,
    _: OperatorViewer,
) -> Shown {
    let language = Language::EVERY.into_iter().find(|known| known.tag() == language);
    let language = language.ok_or_else(|| Failure::missing("page"))?;
    let sample = samples().into_iter().find(|sample| sample.name == name);
    let sample = sample.ok_or_else(|| Failure::missing("page"))?;
    let html = write(&web, &sample, language)?.html();
    let html = html.map_err(|_| Failure::missing("page"))?;
    let policy = HeaderValue::from_static(POLICY);
    Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(html)).into_response())
}
