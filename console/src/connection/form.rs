//! The form of a connection: what to enter here, and what to enter at the provider.

use askama::Template;
use hallpass_app::Principal;
use hallpass_app::connection::creation::NewConnection;
use hallpass_app::connection::{ConnectionChange, ConnectionOverview, ProviderInput};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::UpdateAuthentication;
use hallpass_domain::connection::Provider;
use hallpass_domain::id::ConnectionId;
use hallpass_web::error::Problem;
use hallpass_web::extract::Path;

use super::card::ConnectionCard;
use crate::failure::Failure;
use crate::faults::{Faults, Saved};
use crate::form::Form;
use crate::frame::Frame;
use crate::refusal::of_permission;
use crate::reply::{self, Shown};
use crate::submission::Submission;
use crate::viewer::{Authenticated, Viewer};

const FIELDS: [&str; 7] =
    ["name", "client_id", "client_secret", "hosted_domains", "tenant", "issuer", "metadata"];

/// The kinds of providers, each with the key of its name.
const KINDS: [(&str, &str); 4] = [
    ("google", "connection-google"),
    ("microsoft", "connection-microsoft"),
    ("oidc", "connection-oidc"),
    ("saml", "connection-saml"),
];

/// The page of a connection, or of a new one.
#[derive(Template)]
#[template(path = "connection/page.html")]
pub(crate) struct ConnectionPage {
    frame: Frame,
    /// The kinds to choose from, for a new one.
    kinds: Vec<(String, String)>,
    kind: String,
    title: String,
    may_update: bool,
    /// Why the reader may not change it.
    blocked: Option<String>,
    name: String,
    client_id: String,
    hosted_domains: String,
    tenant: String,
    issuer: String,
    metadata: String,
    /// The version that the form was opened with, and what it was made from.
    version: String,
    made_from: String,
    /// What is entered at the provider: a name, and the text to copy.
    entries: Vec<(String, String)>,
    /// Where our metadata are, with SAML.
    download: Option<String>,
    steps: Vec<String>,
    card: Option<ConnectionCard>,
    faults: Faults,
}

impl ConnectionPage {
    fn of_form(ctx: &WorkspaceContext, frame: Frame, form: &Form, faults: Faults) -> Self {
        let kind = KINDS.iter().map(|(kind, _)| *kind).find(|kind| *kind == form.text("kind"));
        let kind = kind.unwrap_or("oidc").to_owned();
        let kinds =
            KINDS.iter().map(|(kind, key)| ((*kind).to_owned(), frame.t(key))).collect();
        let steps = steps(&frame, &kind);
        ConnectionPage {
            kinds,
            title: frame.t("connection-new"),
            may_update: ctx.opens(&UpdateAuthentication),
            blocked: of_permission(ctx, frame.text, &UpdateAuthentication),
            name: form.text("name").to_owned(),
            client_id: form.text("client_id").to_owned(),
            hosted_domains: form.lines("hosted_domains"),
            tenant: form.text("tenant").to_owned(),
            issuer: form.text("issuer").to_owned(),
            metadata: form.lines("metadata"),
            version: String::new(),
            made_from: String::new(),
            entries: Vec::new(),
            download: None,
            steps,
            card: None,
            faults,
            kind,
            frame,
        }
    }

    async fn load(
        ctx: &mut WorkspaceContext,
        frame: Frame,
        id: ConnectionId,
        faults: Faults,
    ) -> Result<ConnectionPage, Failure> {
        let overview = ctx.connections().load(id).await?;
        let (connection, urls) = (overview.connection.clone(), overview.urls.clone());
        let version = connection.version.to_string();
        let entry = |key: &str, url: &str| (frame.t(key), url.to_owned());
        let mut page = ConnectionPage::of_form(ctx, frame.clone(), &Form::default(), faults);
        page.kinds = Vec::new();
        connection.provider.word().clone_into(&mut page.kind);
        page.steps = Vec::new();
        page.title.clone_from(&connection.name);
        page.name = connection.name;
        let is_saml = !connection.provider.has_client_secret();
        page.entries = if is_saml {
            vec![
                entry("connection-url-metadata", &urls.metadata),
                entry("connection-url-consumer", &urls.consumer),
                entry("connection-url-logout", &urls.logout),
            ]
        } else {
            vec![
                entry("connection-url-callback", &urls.callback),
                entry("connection-url-back-channel", &urls.back_channel_logout),
                entry("connection-url-front-channel", &urls.front_channel_logout),
            ]
        };
        page.download = is_saml.then(|| urls.metadata.clone());
        for (name, value) in saved_values(&connection.provider) {
            match name {
                "client_id" => page.client_id = value,
                "hosted_domains" => page.hosted_domains = value,
                "tenant" => page.tenant = value,
                _ => page.issuer = value,
            }
        }
        page.entries.push(entry("connection-url-start", &urls.start));
        page.version = version;
        let saved = page.saved();
        let pairs: Vec<(&str, &str)> =
            saved.iter().map(|one| (one.name.as_str(), one.value.as_str())).collect();
        page.made_from = Form::made_from(&pairs);
        page.card = Some(ConnectionCard::of(ctx, &frame, overview));
        Ok(page)
    }

    /// The fields of the form, as they are saved.
    fn saved(&self) -> Vec<Saved> {
        let fields = [
            ("name", &self.name, "connection-name"),
            ("client_id", &self.client_id, "connection-client-id"),
            ("hosted_domains", &self.hosted_domains, "connection-hosted-domains"),
            ("tenant", &self.tenant, "connection-tenant"),
            ("issuer", &self.issuer, "connection-issuer"),
        ];
        fields.map(|(name, value, label)| Saved::new(&self.frame, (name, value, label))).into()
    }

    /// Shows what was typed in a form that was refused, over what is saved.
    fn retype(&mut self, form: &Form) {
        let fields = [
            ("name", &mut self.name),
            ("client_id", &mut self.client_id),
            ("hosted_domains", &mut self.hosted_domains),
            ("tenant", &mut self.tenant),
            ("metadata", &mut self.metadata),
        ];
        for (name, value) in fields {
            *value = form.text_or(name, value);
        }
        // The issuer of SAML comes from its metadata.
        if self.kind != "saml" {
            self.issuer = form.text_or("issuer", &self.issuer);
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ConnectionPage {
        ConnectionPage {
            frame: Frame::sample(),
            kinds: Vec::new(),
            kind: "oidc".into(),
            title: "<script>".into(),
            may_update: true,
            blocked: Some("<script>".to_owned()),
            name: "<script>".into(),
            client_id: "id".into(),
            hosted_domains: String::new(),
            tenant: String::new(),
            issuer: "idp.example".into(),
            metadata: String::new(),
            version: "1".into(),
            made_from: String::new(),
            entries: vec![("Redirect URI".into(), "hallpass.example/<script>".into())],
            download: Some("/sso/a/b/metadata".into()),
            steps: vec!["One".into()],
            card: Some(ConnectionCard::sample()),
            faults: Faults::default(),
        }
    }
}

/// What to do at a provider before the form can be filled in, by kind.
const STEPS: [(&str, [&str; 3]); 4] = [
    (
        "google",
        ["connection-google-step-1", "connection-google-step-2", "connection-google-step-3"],
    ),
    (
        "microsoft",
        [
            "connection-microsoft-step-1",
            "connection-microsoft-step-2",
            "connection-microsoft-step-3",
        ],
    ),
    ("oidc", ["connection-oidc-step-1", "connection-oidc-step-2", "connection-oidc-step-3"]),
    ("saml", ["connection-saml-step-1", "connection-saml-step-2", "connection-saml-step-3"]),
];

fn steps(frame: &Frame, kind: &str) -> Vec<String> {
    let found = STEPS.iter().find(|(known, _)| *known == kind);
    found.map(|(_, keys)| keys.iter().map(|key| frame.t(key)).collect()).unwrap_or_default()
}

/// The provider of a form.
fn read(kind: &str, form: &Form, saved: Option<&Provider>) -> ProviderInput {
    let saved = saved.map(saved_values).unwrap_or_default();
    let text = |name: &str| {
        let saved = saved.iter().find(|(known, _)| *known == name);
        form.text_or(name, saved.map_or("", |(_, value)| value))
    };
    let domains = text("hosted_domains");
    let domains = domains.split(['\n', ',', ' ']).map(str::trim);
    ProviderInput::Settings(match kind {
        "google" => Provider::Google {
            client_id: text("client_id"),
            hosted_domains: domains
                .filter(|domain| !domain.is_empty())
                .map(ToOwned::to_owned)
                .collect(),
        },
        "microsoft" => {
            Provider::Microsoft { client_id: text("client_id"), tenant: text("tenant") }
        }
        "saml" => return ProviderInput::Metadata(metadata(form)),
        _ => Provider::Oidc { client_id: text("client_id"), issuer: text("issuer") },
    })
}

/// The values of a provider, as the form has them.
fn saved_values(provider: &Provider) -> Vec<(&'static str, String)> {
    match provider {
        Provider::Saml { entity_id, .. } => vec![("issuer", entity_id.clone())],
        Provider::Google { client_id, hosted_domains } => vec![
            ("client_id", client_id.clone()),
            ("hosted_domains", hosted_domains.join("\n")),
        ],
        Provider::Microsoft { client_id, tenant } => {
            vec![("client_id", client_id.clone()), ("tenant", tenant.clone())]
        }
        Provider::Oidc { client_id, issuer } => {
            vec![("client_id", client_id.clone()), ("issuer", issuer.clone())]
        }
    }
}

/// The metadata of a form: the file, or the text where there is no file.
fn metadata(form: &Form) -> String {
    let file = form.file("file").filter(|file| !file.content.is_empty());
    file.map_or_else(
        || form.exact("metadata").to_owned(),
        |file| String::from_utf8_lossy(&file.content).into_owned(),
    )
}

pub(super) fn parse(id: &str) -> Result<ConnectionId, Failure> {
    id.parse().map_err(|_| Failure::missing("connection"))
}

pub(super) async fn new(viewer: Viewer) -> Shown {
    let Viewer { ctx, mut frame, query } = viewer;
    frame.expect(&query, "kind", |word| KINDS.iter().any(|(kind, _)| *kind == word));
    if !ctx.opens(&UpdateAuthentication) {
        return Err(Failure::refused(&frame.t("connection-denied")));
    }
    reply::page(&ConnectionPage::of_form(&ctx, frame, &query, Faults::default()))
}

async fn insert(
    submission: &mut Submission,
    principal: &Principal,
    new: &NewConnection,
) -> Result<ConnectionOverview, Problem> {
    // Making a key keeps no one from writing.
    let prepared = submission.read().await?.connections().prepare(principal, new).await?;
    let mut ctx = submission.write().await?;
    Ok(ctx.connections().create(principal, prepared).await?)
}

pub(super) async fn create(
    Authenticated(principal): Authenticated,
    mut submission: Submission,
) -> Shown {
    let form = submission.form.clone();
    let new = NewConnection {
        name: form.text("name").to_owned(),
        provider: read(form.text("kind"), &form, None),
        client_secret: form.filled("client_secret").map(ToOwned::to_owned),
    };
    match insert(&mut submission, &principal, &new).await {
        Ok(made) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication/{}", frame.base, made.connection.id);
            reply::done(&path, &frame.t("connection-created"))
        }
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &FIELDS)?;
            let ctx = submission.read().await?;
            let page = ConnectionPage::of_form(&ctx, submission.frame, &form, faults);
            reply::refused(problem.status, &page)
        }
    }
}

pub(super) async fn show(Path((_, id)): Path<(String, String)>, viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    let page = ConnectionPage::load(&mut ctx, frame, parse(&id)?, Faults::default()).await?;
    reply::page(&page)
}

pub(super) async fn save(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let (id, form) = (parse(&id)?, submission.form.clone());
    let kind = form.text("kind");
    // Metadata that is left empty stays, like a secret that is left empty.
    let provider = match kind {
        "saml" => (!metadata(&form).trim().is_empty()).then(|| read(kind, &form, None)),
        _ => {
            let saved = submission.read().await?.connections().load(id).await?.connection;
            Some(read(kind, &form, Some(&saved.provider)))
        }
    };
    let change = ConnectionChange {
        name: form.find("name").map(str::to_owned),
        provider,
        client_secret: form.filled("client_secret").map(ToOwned::to_owned),
        is_on: None,
    };
    let mut ctx = submission.write().await?;
    let saved = ctx.connections().update(&principal, id, &change).await.map_err(Problem::from);
    drop(ctx);
    answer(submission, id, saved.map(drop), "connection-saved").await
}

/// Turns a connection on or off.
pub(super) async fn switch(
    Authenticated(principal): Authenticated,
    Path((_, id)): Path<(String, String)>,
    mut submission: Submission,
) -> Shown {
    let id = parse(&id)?;
    let is_on = submission.form.text("on") == "true";
    let change = ConnectionChange { is_on: Some(is_on), ..ConnectionChange::default() };
    let mut ctx = submission.write().await?;
    let saved = ctx.connections().update(&principal, id, &change).await.map_err(Problem::from);
    drop(ctx);
    let done = if is_on { "connection-turned-on" } else { "connection-turned-off" };
    answer(submission, id, saved.map(drop), done).await
}

async fn answer(
    submission: Submission,
    id: ConnectionId,
    saved: Result<(), Problem>,
    done: &str,
) -> Shown {
    let mut submission = submission;
    match saved {
        Ok(()) => {
            let frame = &submission.frame;
            let path = format!("{}/settings/authentication/{id}", frame.base);
            reply::done(&path, &frame.t(done))
        }
        Err(problem) => {
            let faults = Faults::of_form(&submission.frame, &problem, &FIELDS)?;
            let mut ctx = submission.read().await?;
            let form = &submission.form;
            let mut page = ConnectionPage::load(&mut ctx, submission.frame, id, faults).await?;
            if problem.status == 412 {
                page.faults = Faults::stale(&page.frame, form, &page.saved());
            } else {
                form.keep_base(&mut page.version, &mut page.made_from);
            }
            page.retype(form);
            reply::refused(problem.status, &page)
        }
    }
}
