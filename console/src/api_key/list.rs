//! The list of API keys, with the form for a new one.

use std::collections::HashMap;

use askama::Template;
use hallpass_app::api_key::NewApiKey;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{CreateApiKeys, ReadMembers, RevokeApiKeys};
use hallpass_domain::api_key::ApiKey;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_web::error::Problem;

use super::drawer::Edit;
use super::scope::{self, Group};
use super::service_account::{self, ServiceAccount};
use crate::dialog::Dialog;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::form::Form;
use crate::format::Moment;
use crate::frame::Frame;
use crate::picker::{Blank, Noun, Picker, Place};
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

/// The page of the API keys.
#[derive(Template)]
#[template(path = "api_key/page.html")]
pub(crate) struct ApiKeysPage {
    pub(crate) frame: Frame,
    rows: Vec<Row>,
    services: Vec<ServiceAccount>,
    may_create_service: bool,
    may_create: bool,
    /// The choice of the member for whom the new key acts.
    member: Picker,
    name: String,
    days: String,
    /// What the new key may do: `read`, `chosen`, or whatever its member may do.
    access: String,
    groups: Vec<Group>,
    networks: String,
    /// The secret that was just made.
    pub(super) secret: Option<String>,
    faults: Faults,
    pub(crate) dialog: Option<Dialog>,
    pub(super) rotation: Option<Rotation>,
    pub(super) edit: Option<Edit>,
}

/// The dialog in which a key gets another secret.
#[derive(Clone, Debug)]
pub(crate) struct Rotation {
    pub(super) title: String,
    pub(super) action: String,
    pub(super) back: String,
    /// For how many hours the former secret works, in words, and whether it is chosen.
    pub(super) overlaps: Vec<(i64, String, bool)>,
}

/// A key in the list.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    id: String,
    name: String,
    /// The member for whom it acts.
    member: String,
    creator: String,
    created: Moment,
    /// What it may do, in words; empty for whatever its member may do.
    scopes: Vec<String>,
    networks: String,
    seen: Option<Moment>,
    address: String,
    expires: Option<Moment>,
    is_expired: bool,
    expires_soon: bool,
    /// Until when its former secret works, and when that was last used.
    former: Option<(Moment, Option<Moment>)>,
    may_change: bool,
    may_revoke: bool,
}

impl ApiKeysPage {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        typed: &Form,
        faults: Faults,
    ) -> Result<ApiKeysPage, Failure> {
        let keys = ctx.api_keys().list().await?;
        let may_create = ctx.opens(&CreateApiKeys);
        let services = service_account::list(ctx, &frame, &keys).await?;
        let member = if may_create {
            let error = faults.at("member");
            Picker { error, ..member(ctx, &frame, &services, typed).await? }
        } else {
            Picker::default()
        };
        let mut names = HashMap::new();
        for id in keys.iter().flat_map(|key| [key.member, key.made_by]) {
            if let std::collections::hash_map::Entry::Vacant(name) = names.entry(id) {
                name.insert(name_of(ctx, &frame, id).await?);
            }
        }
        let may_revoke = ctx.opens(&RevokeApiKeys);
        let row = |key: &ApiKey| Row {
            id: key.id.to_string(),
            name: key.name.clone(),
            member: names.get(&key.member).cloned().unwrap_or_default(),
            creator: names.get(&key.made_by).cloned().unwrap_or_default(),
            created: frame.moment(key.created_at),
            scopes: scope::describe(ctx, &frame, key),
            networks: listed(&key.networks),
            seen: key.seen_at.map(|at| frame.moment(at)),
            address: key.address.clone(),
            expires: key.expires_at.map(|at| frame.moment(at)),
            is_expired: !key.is_alive(frame.now),
            expires_soon: key.expires_soon(frame.now),
            former: key.working_former(frame.now).map(|former| {
                (frame.moment(former.until), former.seen_at.map(|at| frame.moment(at)))
            }),
            may_change: may_create && key.is_alive(frame.now),
            may_revoke,
        };
        Ok(ApiKeysPage {
            rows: keys.iter().map(row).collect(),
            services,
            may_create_service: service_account::may_create(ctx),
            may_create,
            member,
            name: typed.text("name").to_owned(),
            days: typed.find("days").unwrap_or("90").to_owned(),
            access: typed.text("access").to_owned(),
            groups: if may_create { scope::groups(ctx, &frame, typed) } else { Vec::new() },
            networks: typed.text("networks").to_owned(),
            secret: None,
            faults,
            dialog: None,
            rotation: None,
            edit: None,
            frame,
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ApiKeysPage {
        let row = Row {
            id: "key_1".into(),
            name: "<script>".into(),
            member: "Dana".into(),
            creator: "Dana".into(),
            created: Moment::default(),
            scopes: vec!["<script>: read".into()],
            networks: "192.0.2.0/24".into(),
            seen: Some(Moment::default()),
            address: "<script>".into(),
            expires: Some(Moment::default()),
            is_expired: true,
            expires_soon: true,
            former: Some((Moment::default(), Some(Moment::default()))),
            may_change: true,
            may_revoke: true,
        };
        let choice = super::scope::Choice {
            key: "contacts".into(),
            name: "<script>".into(),
            actions: vec![("contacts:read".into(), "<script>".into(), true)],
            has_owners: true,
            is_own: true,
        };
        let groups = vec![Group { title: "Records".into(), resources: vec![choice] }];
        ApiKeysPage {
            frame: Frame::sample(),
            rows: vec![row],
            services: vec![ServiceAccount {
                id: "mbr_3".into(),
                name: "<script>".into(),
                role: "<script>".into(),
                status: "Active".into(),
                is_active: true,
                keys: 2,
            }],
            may_create_service: true,
            may_create: true,
            member: Picker::sample(),
            name: String::new(),
            days: "90".into(),
            access: "chosen".into(),
            groups: groups.clone(),
            networks: "<script>".into(),
            secret: Some("hp_secret".into()),
            faults: Faults::default(),
            dialog: Some(Dialog::sample()),
            rotation: Some(Rotation {
                title: "<script>".into(),
                action: "#".into(),
                back: "#".into(),
                overlaps: vec![(24, "for a day".into(), true)],
            }),
            edit: Some(Edit::sample(groups)),
        }
    }
}

/// The choice of the member for whom a new key acts: the reader, the service accounts, and the other members.
async fn member(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    services: &[ServiceAccount],
    typed: &Form,
) -> Result<Picker, Failure> {
    let (input, label) = (("f-member", "member"), frame.t("api-key-acts-for"));
    let place =
        Place::one(Noun::Members, Blank::Own, input, label).shown_again(path(frame), "get");
    let own = ctx.member_id().map(|id| id.to_string());
    let is_other = |id: &str| own.as_deref() != Some(id);
    let chosen = (typed.text("member"), is_other);
    let mut picker = Picker::of_members(ctx, frame, place, chosen, typed).await?;
    let is_service = |id: &str| services.iter().any(|one| one.id == id);
    picker.options.sort_by_key(|one| (!one.value.is_empty(), !is_service(&one.value)));
    Ok(picker)
}

/// The path of the list.
pub(super) fn path(frame: &Frame) -> String {
    format!("{}/settings/api-keys", frame.base)
}

/// Networks in one line.
pub(super) fn listed(networks: &[hallpass_domain::network::Network]) -> String {
    networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// The name of a member, as far as the reader may know it.
async fn name_of(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    id: hallpass_domain::id::MemberId,
) -> Result<String, Failure> {
    if ctx.member_id() == Some(id) {
        return Ok(frame.me.name.clone());
    }
    if ctx.opens(&ReadMembers) {
        return Ok(ctx.members().load(id).await?.member.name());
    }
    let known = ctx.members().find_known(id).await?;
    Ok(known.map_or_else(|| frame.t("another-member"), |known| known.name))
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, query } = viewer;
    let faults = Faults::default();
    reply::page(&ApiKeysPage::load(&mut ctx, frame, &query, faults).await?)
}

/// Creates a key. The page has the secret, and is not kept anywhere.
pub(super) async fn create(
    Authenticated(principal): Authenticated,
    mut submission: Submission,
) -> Shown {
    let form = submission.form.clone();
    let created = match read(&form, submission.frame.now) {
        Ok(new) => {
            let mut ctx = submission.write().await?;
            ctx.api_keys().create(&principal, &new).await.map_err(Problem::from)
        }
        Err(problem) => Err(problem),
    };
    let known = ["name", "member", "expires_at", "scopes", "networks"];
    let (status, secret, faults) = match created {
        Ok((_, secret)) => (201, Some(secret), Faults::default()),
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &known)?;
            (problem.status, None, faults)
        }
    };
    let typed = if secret.is_some() { Form::default() } else { form };
    let mut ctx = submission.read().await?;
    let page = ApiKeysPage::load(&mut ctx, submission.frame, &typed, faults).await?;
    answer(status, &ApiKeysPage { secret, ..page })
}

/// The page with a secret, which is shown once, or with what was refused.
pub(super) fn answer(status: u16, page: &ApiKeysPage) -> Shown {
    if page.secret.is_none() {
        return reply::refused(status, page);
    }
    reply::shown_once(status, page, &path(&page.frame))
}

fn read(form: &Form, now: Timestamp) -> Result<NewApiKey, Problem> {
    let member = form.filled("member").map(str::parse).transpose();
    let member =
        member.map_err(|_| Problem::field("/member", "bad_value", "no such member"))?;
    let days = form.filled("days").map(|days| expiry(days, now)).transpose()?;
    Ok(NewApiKey {
        name: form.text("name").to_owned(),
        member,
        expires_at: days,
        scopes: scope::read(form),
        networks: networks(form.text("networks")),
    })
}

/// The end of so many days.
pub(super) fn expiry(days: &str, now: Timestamp) -> Result<Timestamp, Problem> {
    match days.parse::<i64>() {
        Ok(days) if (1..=3_650).contains(&days) => Ok(now + Span::days(days)),
        Ok(_) | Err(_) => {
            Err(Problem::field("/expires_at", "bad_value", "from 1 to 3650 days"))
        }
    }
}

/// The networks of one line or of several.
pub(super) fn networks(text: &str) -> Vec<String> {
    let networks = text.split([',', ' ', '\n', '\r']).map(str::trim);
    networks.filter(|network| !network.is_empty()).map(str::to_owned).collect()
}
