//! Settings: what members set about their workspace, each area with permissions of its own.

use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::session::policy::SignInPolicy;
use hallpass_domain::setting::{Area, told};
use hallpass_domain::slug::Slug;
use hallpass_domain::time::Span;
use hallpass_engine::Change;
use hallpass_engine::text::suggestion;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadGeneral, ReadSecurity, UpdateGeneral, UpdateSecurity};
use crate::gate::{Pass, Permission, WritePermission};

pub mod area;

/// A change of a workspace's name and slug; what is left out stays.
#[derive(Clone, Debug, Default)]
pub struct GeneralChange {
    /// The name.
    pub name: Option<String>,
    /// The slug.
    pub slug: Option<String>,
}

/// A switch of the access model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SwitchState {
    /// The key.
    pub key: String,
    /// The name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// Whether it is on.
    pub is_on: bool,
}

/// For how long a slug leads on after the workspace has got another.
const SLUG_LEADS_ON: Span = Span::days(90);

/// The settings of a workspace.
pub struct Settings<'c>(pub(crate) &'c mut WorkspaceContext);

impl Settings<'_> {
    /// Changes the name and the slug of the workspace. The slug before leads on to it for 90 days, and
    /// no other workspace gets it until then.
    ///
    /// # Errors
    ///
    /// `SlugTaken` when another workspace has the slug.
    #[boxed]
    pub async fn update_general(&mut self, change: &GeneralChange) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateGeneral).await?;
        ctx.check_version(ctx.revision())?;
        let before = ctx.snapshot().workspace.clone();
        let (name, slug) = read_general(&before.name, &before.slug, change)?;
        let taken = || Refusal::SlugTaken { slug: slug.to_string() };
        let mut workspaces = ctx.read(&pass)?.global().workspaces();
        let holder = workspaces.find_id_by_slug(slug.as_str()).await?;
        if holder.is_some_and(|id| id != before.id) {
            return Err(taken().into());
        }
        let renamed = ctx.tx(&pass)?.rename(&name, &slug).await;
        renamed.map_err(|error| Error::on_conflict(error, taken()))?;
        if slug != before.slug {
            let until = ctx.now + SLUG_LEADS_ON;
            ctx.tx(&pass)?.keep_slug(&before.slug, until).await?;
        }
        let was = json!({"name": before.name.as_str(), "slug": before.slug.as_str()});
        let is = json!({"name": name.as_str(), "slug": slug.as_str()});
        ctx.set_general(name, slug);
        ctx.record_audit(&pass, "workspace.update", before.id, &was, &is).await?;
        ctx.commit(&pass).await.map(drop)
    }

    /// Lists the switches of the access model.
    #[boxed]
    pub async fn list_switches(&mut self) -> Result<Vec<SwitchState>, Error> {
        let ctx = &mut *self.0;
        let permission =
            if has_security(ctx) { ReadSecurity.as_any_of() } else { ReadGeneral.as_any_of() };
        ctx.check(permission).await?;
        Ok(switches(ctx))
    }

    /// Turns some switches of the access model on or off, and lists all.
    #[boxed]
    pub async fn update_switches(
        &mut self,
        switches: &Map<String, Value>,
    ) -> Result<Vec<SwitchState>, Error> {
        let ctx = &mut *self.0;
        let permission = if has_security(ctx) {
            UpdateSecurity.as_any_write_of()
        } else {
            UpdateGeneral.as_any_write_of()
        };
        let pass = ctx.check(permission).await?;
        let known = self::switches(ctx);
        ctx.check_tag(&switches_tag(&known))?;
        let changes = read_switches(ctx, switches)?;
        ctx.apply(ChangeKind::Edit, &changes)?;
        save(ctx, &pass, "switches", switches).await?;
        Ok(self::switches(ctx))
    }

    /// Saves values of an area, and commits.
    pub(super) async fn save(
        &mut self,
        pass: &Pass<impl WritePermission>,
        area: Area,
        values: &Map<String, Value>,
    ) -> Result<(), Error> {
        save(self.0, pass, area.word(), values).await
    }
}

/// The version of the values of an area, which have no number of their own: a hash of them.
#[must_use]
pub fn tag(values: &Map<String, Value>) -> String {
    let text = serde_json::to_string(values).unwrap_or_default();
    let hash = Sha256::digest(text.as_bytes());
    let number =
        hash.iter().take(8).fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    format!("{number:016x}")
}

/// The version of the switches of a workspace.
#[must_use]
pub fn switches_tag(switches: &[SwitchState]) -> String {
    tag(&switches.iter().map(|one| (one.key.clone(), Value::Bool(one.is_on))).collect())
}

fn read_general(
    name: &Name,
    slug: &Slug,
    change: &GeneralChange,
) -> Result<(Name, Slug), Refusal> {
    let name = change.name.as_deref().map_or(Ok(name.clone()), Name::parse);
    let name = name.map_err(|error| FieldError::new("/name", "bad_name", error.to_string()));
    let slug = change.slug.as_deref().map_or(Ok(slug.clone()), Slug::parse);
    let slug = slug.map_err(|error| FieldError::new("/slug", "bad_slug", error.to_string()));
    match (name, slug) {
        (Ok(name), Ok(slug)) => Ok((name, slug)),
        (name, slug) => {
            Err(Refusal::Fields(name.err().into_iter().chain(slug.err()).collect()))
        }
    }
}

/// The permissions on security cover the switches, where the access model has them.
fn has_security(ctx: &WorkspaceContext) -> bool {
    ctx.model().blueprint().area("security", "update").is_some()
}

fn switches(ctx: &WorkspaceContext) -> Vec<SwitchState> {
    let model = ctx.model();
    let state = |switch: &hallpass_engine::Switch| SwitchState {
        key: switch.key.clone(),
        name: switch.name.clone(),
        description: switch.description.clone(),
        is_on: model.is_on(&switch.key),
    };
    model.blueprint().switches.iter().map(state).collect()
}

fn read_switches(
    ctx: &WorkspaceContext,
    switches: &Map<String, Value>,
) -> Result<Vec<Change>, Refusal> {
    let known = ctx.model().blueprint().switches.iter().map(|switch| switch.key.as_str());
    let (mut changes, mut errors) = (Vec::new(), Vec::new());
    for (key, value) in switches {
        let detail = match value.as_bool() {
            Some(is_on) if known.clone().any(|known| known == key) => {
                changes.push(Change::SetSwitch(key.clone(), is_on));
                continue;
            }
            None if known.clone().any(|known| known == key) => {
                "expected true or false".to_owned()
            }
            Some(_) | None => {
                let suggestion = suggestion(key, known.clone());
                let suggestion = suggestion
                    .unwrap_or_else(|| "this workspace's access model has none".to_owned());
                format!("no switch `{key}`; {suggestion}")
            }
        };
        errors.push(FieldError::new(format!("/switches/{key}"), "unknown_switch", detail));
    }
    if errors.is_empty() { Ok(changes) } else { Err(Refusal::Fields(errors)) }
}

/// Merges values into the settings under a key, and commits; null removes a value.
async fn save(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    key: &str,
    values: &Map<String, Value>,
) -> Result<(), Error> {
    let mut settings = ctx.snapshot().workspace.settings.clone();
    let before = settings.get(key).and_then(Value::as_object).cloned().unwrap_or_default();
    let mut after = before.clone();
    for (name, value) in values {
        if value.is_null() {
            after.remove(name);
        } else {
            after.insert(name.clone(), value.clone());
        }
    }
    settings.insert(key.to_owned(), Value::Object(after.clone()));
    let policy = SignInPolicy::of(&settings);
    if policy != ctx.snapshot().sign_in {
        ctx.check_stays(&policy)?;
    }
    ctx.set_settings(&settings);
    ctx.tx(pass)?.update_settings(&settings).await?;
    let (was, is) = match Area::parse(key) {
        Some(_) => (told(&before), told(&after)),
        None => (before, after),
    };
    let workspace = ctx.workspace_id();
    ctx.record_audit(pass, &format!("settings.{key}"), workspace, &was, &is).await?;
    ctx.commit(pass).await.map(drop)
}
