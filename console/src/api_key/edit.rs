//! The edit of an API key: its name, scopes, networks and expiry.

use hallpass_app::api_key::ApiKeyChange;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::CreateApiKeys;
use hallpass_domain::api_key::ApiKey;
use hallpass_domain::id::ApiKeyId;
use hallpass_domain::time::Timestamp;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::drawer::Edit;
use super::list::{self, ApiKeysPage};
use super::revocation::parse;
use super::scope;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::Form;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

/// The fields of the API, with faults of their own.
const FIELDS: [&str; 4] = ["name", "expires_at", "scopes", "networks"];

/// The choices of an expiry beside the present one, with the keys of their names.
const EXPIRIES: [(&str, &str); 4] =
    [("30", "days-30"), ("90", "days-90"), ("365", "days-365"), ("never", "never")];

/// The choice that leaves something as it is.
const KEEP: &str = "keep";

impl Edit {
    /// The drawer of a key that can be edited, as it is saved.
    fn of(ctx: &WorkspaceContext, frame: &Frame, key: &ApiKey) -> Result<Edit, Failure> {
        if !ctx.opens(&CreateApiKeys) || !key.is_alive(frame.now) {
            return Err(Failure::missing("page"));
        }
        let back = list::path(frame);
        let networks = list::listed(&key.networks);
        let ticked = scope::ticked(ctx, key);
        let ticks = ticked.iter().map(|(name, value)| (*name, value.as_str()));
        let fields = [("name", key.name.as_str()), ("networks", &networks)];
        let made_from: Vec<_> =
            fields.into_iter().chain([("scope", ""), ("own", "")]).chain(ticks).collect();
        let made_from_text = Form::made_from(&made_from);
        let groups =
            scope::groups(ctx, frame, &Form::parse(Form::query_of(&made_from).as_bytes()));
        let present = match key.expires_at {
            Some(at) => text!(frame.text, "api-key-keep-expiry", at = frame.moment(at).text),
            None => frame.t("api-key-keep-never"),
        };
        let others = EXPIRIES.map(|(value, name)| (value.to_owned(), frame.t(name), false));
        let mut expiries = vec![(KEEP.to_owned(), present, true)];
        expiries.extend(others);
        Ok(Edit {
            title: text!(frame.text, "api-key-edit-title", name = &key.name),
            action: format!("{back}/{}", key.id),
            back,
            name: key.name.clone(),
            expiries,
            scopes: scope::describe(ctx, frame, key),
            access: KEEP.to_owned(),
            groups,
            ticked,
            version: key.version.to_string(),
            made_from: made_from_text,
            networks,
            faults: Faults::default(),
        })
    }

    /// What another person saved in between: the fields that they changed, and what is saved beside what the sender
    /// changed too.
    fn stale(&self, frame: &Frame, form: &Form) -> Faults {
        let fields = [
            ("name", self.name.as_str(), "api-key-name"),
            ("networks", &self.networks, "api-key-networks"),
        ];
        let ticks = self.ticks();
        let is_left = has_left_ticks(form);
        let left =
            ticks.iter().filter(|_| is_left).map(|(of, tick)| (*of, *tick, "api-key-may"));
        let saved: Vec<Saved> =
            fields.into_iter().chain(left).map(|field| Saved::new(frame, field)).collect();
        let mut faults = Faults::stale(frame, form, &saved);
        if !is_left && !form.changed_since(&ticks).is_empty() {
            let scopes = self.scopes.join(", ");
            let now = if scopes.is_empty() { frame.t("api-key-everything") } else { scopes };
            faults.whole.push(text!(frame.text, "api-key-stale-scopes", now = now));
        }
        faults
    }

    /// The boxes that are ticked by what is saved, as fields of the form.
    fn ticks(&self) -> Vec<(&'static str, &str)> {
        let ticked = self.ticked.iter().map(|(name, value)| (*name, value.as_str()));
        [("scope", ""), ("own", "")].into_iter().chain(ticked).collect()
    }

    /// The drawer with what was typed and refused.
    fn refused(
        mut self,
        (ctx, frame): (&WorkspaceContext, &Frame),
        form: &Form,
        problem: &Problem,
    ) -> Result<Edit, Failure> {
        if problem.status == 412 {
            self.faults = self.stale(frame, form);
        } else {
            self.faults = Faults::of_form(frame, problem, &FIELDS)?;
            form.keep_base(&mut self.version, &mut self.made_from);
        }
        self.name = form.text_or("name", &self.name);
        self.networks = form.text_or("networks", &self.networks);
        for (value, _, is_chosen) in &mut self.expiries {
            *is_chosen = value == form.find("days").unwrap_or(KEEP);
        }
        form.find("access").unwrap_or(KEEP).clone_into(&mut self.access);
        if !has_left_ticks(form) {
            let saved = Form::parse(Form::query_of(&self.ticks()).as_bytes());
            self.groups = scope::groups(ctx, frame, &form.over(saved));
            // What is ticked counts, and is shown.
            if self.access == KEEP {
                "chosen".clone_into(&mut self.access);
            }
        }
        Ok(self)
    }
}

pub(super) async fn ask(Path((_, key)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let key = ctx.api_keys().load(parse(&key)?).await?;
    let edit = Edit::of(&ctx, &frame, &key)?;
    reply::page(&over(&mut ctx, frame, edit).await?)
}

pub(super) async fn save(
    Authenticated(principal): Authenticated,
    Path((_, key)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&key)?;
    let saved = match read(&submission.form, submission.frame.now) {
        Ok(change) => {
            let mut ctx = submission.write().await?;
            ctx.api_keys().update(&principal, id, &change).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    match saved {
        Ok(_) => {
            let frame = &submission.frame;
            reply::done(&list::path(frame), &frame.t("api-key-saved"))
        }
        Err(problem) => refuse(submission, id, &problem).await,
    }
}

async fn refuse(mut submission: Submission, id: ApiKeyId, problem: &Problem) -> Shown {
    let mut ctx = submission.read().await?;
    let key = ctx.api_keys().load(id).await?;
    let (frame, form) = (submission.frame, &submission.form);
    // An expired key, or one that the member may not edit, has no drawer to say so in.
    let Ok(edit) = Edit::of(&ctx, &frame, &key) else { return Err(problem.clone().into()) };
    let edit = edit.refused((&ctx, &frame), form, problem)?;
    reply::refused(problem.status, &over(&mut ctx, frame, edit).await?)
}

/// The list with the drawer over it.
async fn over(
    ctx: &mut WorkspaceContext,
    frame: Frame,
    edit: Edit,
) -> Result<ApiKeysPage, Failure> {
    let (form, faults) = (Form::default(), Faults::default());
    let mut page = ApiKeysPage::load(ctx, frame.covered(), &form, faults).await?;
    page.edit = Some(edit);
    Ok(page)
}

/// Whether the sender left all boxes as they were.
fn has_left_ticks(form: &Form) -> bool {
    form.is_untouched("scope") && form.is_untouched("own")
}

fn read(form: &Form, now: Timestamp) -> Result<ApiKeyChange, Problem> {
    let expires_at = match form.text("days") {
        "" | KEEP => None,
        "never" => Some(None),
        days => Some(Some(list::expiry(days, now)?)),
    };
    let is_left = has_left_ticks(form);
    let scopes = match form.text("access") {
        "all" => Some(None),
        // Who ticks permissions means them.
        KEEP | "" if is_left => None,
        KEEP | "" => scope::read(&form.whole().put("access", "chosen".to_owned())).map(Some),
        _ => scope::read(&form.whole()).map(Some),
    };
    Ok(ApiKeyChange {
        name: form.find("name").map(str::to_owned),
        expires_at,
        scopes,
        networks: form.find("networks").map(list::networks),
    })
}
