//! Security: how long sessions last, from where the workspace is used, who needs a second factor, the
//! switches of the access model, and the keys of programs (HALO-222).

use askama::Template;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    ReadApiKeys, ReadAuthentication, UpdateAuthentication, UpdateSecurity,
};
use hallpass_domain::session::policy::RECENT;
use hallpass_domain::session::{IDLE, LONGEST};
use hallpass_domain::setting::{ABSOLUTE_MINUTES, Area, IDLE_MINUTES, STEP_UP_MINUTES};
use hallpass_domain::time::Span;
use hallpass_web::error::Problem;
use hallpass_web::extract::Client;
use serde_json::{Map, Value};

use super::switch::{self, Switches};
use super::values::{self, Field, Sent, Values};
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::Viewer;

const SESSION: [Field; 4] = [
    ("idle_minutes", "security-idle"),
    ("absolute_minutes", "security-absolute"),
    ("step_up_minutes", "security-recent"),
    ("allowed_networks", "security-networks"),
];

const SECOND_FACTOR: [Field; 1] = [("require_second_factor", "security-two-factor-from")];

/// The page on security.
#[derive(Template)]
#[template(path = "setting/security.html")]
pub(crate) struct SecurityPage {
    frame: Frame,
    /// How long sessions last where the workspace does not say.
    timeout: String,
    session: FormState,
    minutes: Vec<MinutesField>,
    networks: String,
    /// The network address of the reader.
    address: String,
    second_factor: Option<SecondFactor>,
    switches: Option<Switches>,
    /// The API keys in a sentence, for those who may read them.
    api_keys: Option<String>,
    faults: Faults,
}

/// What a form of the page was made from, and whether the reader may send it.
#[derive(Clone, Debug, Default)]
struct FormState {
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    version: String,
    made_from: String,
}

/// A field with a number of minutes.
#[derive(Clone, Debug)]
struct MinutesField {
    name: &'static str,
    label: String,
    value: String,
    /// What it means, in the largest unit: “12 hours”.
    span: String,
    /// What holds where it is empty, in minutes.
    default: String,
    least: i64,
    most: i64,
}

/// From when on a second factor is required.
#[derive(Clone, Debug)]
struct SecondFactor {
    form: FormState,
    from: String,
}

impl SecurityPage {
    async fn load(
        ctx: &mut WorkspaceContext,
        (frame, address): (Frame, String),
        sent: Option<(Area, Sent<'_>)>,
    ) -> Result<SecurityPage, Failure> {
        let of_area = |area| sent.filter(|(of, _)| *of == area).map(|(_, sent)| sent);
        let in_security = of_area(Area::Security);
        let stored = Values::load(ctx, Area::Security, in_security).await?;
        let mut faults = stored.faults(&frame, in_security, &SESSION)?;
        let session = FormState {
            may_update: ctx.opens(&UpdateSecurity),
            blocked: of_permission(ctx, frame.text, &UpdateSecurity),
            version: stored.version(),
            made_from: stored.made_from(&SESSION),
        };
        let second_factor = if ctx.opens(&ReadAuthentication) {
            let sent = of_area(Area::Authentication);
            let stored = Values::load(ctx, Area::Authentication, sent).await?;
            if sent.is_some() {
                faults = stored.faults(&frame, sent, &SECOND_FACTOR)?;
            }
            let form = FormState {
                may_update: ctx.opens(&UpdateAuthentication),
                blocked: of_permission(ctx, frame.text, &UpdateAuthentication),
                version: stored.version(),
                made_from: stored.made_from(&SECOND_FACTOR),
            };
            Some(SecondFactor { form, from: stored.text("require_second_factor") })
        } else {
            None
        };
        let api_keys = if ctx.opens(&ReadApiKeys) {
            let keys = ctx.api_keys().list().await?.len();
            Some(text!(frame.text, "security-keys", n = keys))
        } else {
            None
        };
        let minutes = vec![
            minutes(&frame, &stored, SESSION.first(), IDLE_MINUTES, IDLE),
            minutes(&frame, &stored, SESSION.get(1), ABSOLUTE_MINUTES, LONGEST),
            minutes(&frame, &stored, SESSION.get(2), STEP_UP_MINUTES, RECENT),
        ];
        let days = |span: Span| span.0 / Span::days(1).0;
        let (idle, longest) = (days(IDLE), days(LONGEST));
        Ok(SecurityPage {
            timeout: text!(frame.text, "security-timeout", idle = idle, longest = longest),
            session,
            minutes: minutes.into_iter().flatten().collect(),
            networks: stored.lines("allowed_networks"),
            address,
            second_factor,
            switches: switch::load(ctx, "security").await?,
            api_keys,
            faults,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> SecurityPage {
        let form = FormState {
            may_update: true,
            blocked: Some("<script>".into()),
            version: "a".into(),
            made_from: String::new(),
        };
        SecurityPage {
            frame: Frame::sample(),
            timeout: "14 days".to_owned(),
            session: form.clone(),
            minutes: vec![MinutesField {
                name: "idle_minutes",
                label: "MinutesField without use".into(),
                value: "30".into(),
                span: "14 days".into(),
                default: "20160".into(),
                least: 5,
                most: 20_160,
            }],
            networks: "<script>".to_owned(),
            address: "192.0.2.1".to_owned(),
            second_factor: Some(SecondFactor { form, from: "2026-12-15".into() }),
            switches: Some(Switches::sample()),
            api_keys: Some("2 keys".to_owned()),
            faults: Faults::default(),
        }
    }
}

fn minutes(
    frame: &Frame,
    stored: &Values,
    field: Option<&Field>,
    (least, most): (i64, i64),
    default: Span,
) -> Option<MinutesField> {
    let (name, label) = field?;
    let default = default.0 / Span::minutes(1).0;
    let value = stored.number(name);
    let span = match value.parse() {
        Ok(minutes) => in_words(frame, minutes),
        Err(_) => {
            text!(frame.text, "security-is-default", span = in_words(frame, default))
        }
    };
    Some(MinutesField {
        name,
        label: frame.t(label),
        value,
        span,
        default: default.to_string(),
        least,
        most,
    })
}

/// A number of minutes in the largest unit that has no rest: “12 hours”, “30 days”.
fn in_words(frame: &Frame, minutes: i64) -> String {
    const HOUR: i64 = 60;
    const DAY: i64 = 24 * HOUR;
    let text = frame.text;
    match minutes {
        n if n > 0 && n % DAY == 0 => text!(text, "security-days", n = n / DAY),
        n if n > 0 && n % HOUR == 0 => text!(text, "security-hours", n = n / HOUR),
        n => text!(text, "security-minutes", n = n),
    }
}

pub(super) async fn show(Client(origin): Client, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let around = (frame, origin.address);
    reply::page(&SecurityPage::load(&mut ctx, around, None).await?)
}

/// Saves how long sessions last, and the networks.
pub(super) async fn save(Client(origin): Client, mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let mut given = Map::new();
    for (name, _) in SESSION.iter().take(3) {
        // What the sender left as it was stays.
        let Some(text) = form.find(name) else { continue };
        let number = text.parse::<i64>().map_or_else(|_| text.into(), Value::from);
        given.insert((*name).to_owned(), if text.is_empty() { Value::Null } else { number });
    }
    if form.find("allowed_networks").is_some() {
        given.insert("allowed_networks".to_owned(), list(&form, "allowed_networks"));
    }
    let saved = values::save(&mut submission, Area::Security, &given).await;
    answer(submission, origin.address, Area::Security, saved).await
}

/// Saves from when on a second factor is required.
pub(super) async fn require(Client(origin): Client, mut submission: Submission) -> Shown {
    let given = values::texts(&submission.form, &["require_second_factor"]);
    let saved = values::save(&mut submission, Area::Authentication, &given).await;
    answer(submission, origin.address, Area::Authentication, saved).await
}

async fn answer(
    submission: Submission,
    address: String,
    area: Area,
    saved: Result<(), Problem>,
) -> Shown {
    let mut submission = submission;
    let Err(problem) = saved else {
        let frame = &submission.frame;
        let path = format!("{}/settings/security", frame.base);
        return reply::done(&path, &frame.t("security-saved"));
    };
    if problem.status == 401 {
        return Err(problem.into());
    }
    let mut ctx = submission.read().await?;
    let (frame, form) = (submission.frame, submission.form);
    let sent = Sent { form: &form, refusal: Some(&problem) };
    let page = SecurityPage::load(&mut ctx, (frame, address), Some((area, sent))).await?;
    reply::refused(problem.status, &page)
}

/// The texts of a field, one a line or separated by commas; null where there are none.
fn list(form: &Form, name: &str) -> Value {
    let text = form.lines(name);
    let lines = text.split(['\n', ',', ' ']).map(str::trim).filter(|line| !line.is_empty());
    let lines: Vec<Value> = lines.map(Value::from).collect();
    if lines.is_empty() { Value::Null } else { Value::Array(lines) }
}
