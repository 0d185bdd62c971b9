//! Settings: what people set about their workspace, each area behind its own door.

use hallpass_domain::model::ChangeKind;
use hallpass_domain::name::Name;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_domain::setting::{Area, told};
use hallpass_domain::slug::Slug;
use hallpass_engine::Change;
use serde_json::{Map, Value, json};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadGeneral, ReadSecurity, UpdateGeneral, UpdateSecurity};
use crate::gate::{Pass, Permission};

pub mod area;

/// The general settings.
#[derive(Clone, Debug, Default)]
pub struct GeneralChange {
    /// Another name.
    pub name: Option<String>,
    /// Another slug.
    pub slug: Option<String>,
}

impl WorkspaceContext {
    /// Changes name and slug.
    ///
    /// # Errors
    ///
    /// `Denied`, `Fields`, `SlugTaken`.
    pub async fn change_general(&mut self, ask: &GeneralChange) -> Result<(), Error> {
        let pass = self.check(UpdateGeneral).await?;
        let before = self.snapshot().workspace.clone();
        let mut errors = Vec::new();
        let name = ask.name.as_deref().map_or(Ok(before.name.clone()), Name::parse);
        if let Err(why) = &name {
            errors.push(FieldError::new("/name", "bad_name", why.to_string()));
        }
        let slug = ask.slug.as_deref().map_or(Ok(before.slug.clone()), Slug::parse);
        if let Err(why) = &slug {
            errors.push(FieldError::new("/slug", "bad_slug", why.to_string()));
        }
        let (Ok(name), Ok(slug)) = (name, slug) else {
            return Err(Refusal::Fields(errors).into());
        };
        let holder =
            self.tx(&pass)?.global().workspaces().find_id_by_slug(slug.as_str()).await?;
        if holder.is_some_and(|id| id != before.id) {
            return Err(Refusal::SlugTaken { slug: slug.to_string() }.into());
        }
        let renamed = self.tx(&pass)?.rename(&name, &slug).await;
        let taken = || Refusal::SlugTaken { slug: slug.to_string() };
        renamed.map_err(|error| Error::on_conflict(error, taken()))?;
        let next = &mut self.snapshot_mut().workspace;
        next.name = name.clone();
        next.slug = slug.clone();
        let was = json!({"name": before.name.as_str(), "slug": before.slug.as_str()});
        let is = json!({"name": name.as_str(), "slug": slug.as_str()});
        self.record_audit(&pass, "workspace.update", before.id, &was, &is).await?;
        self.commit(&pass).await.map(drop)
    }

    /// The switches of the access model, with whether each is on.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn switches(&mut self) -> Result<Vec<(String, bool)>, Error> {
        let is_covered = self.covers_security();
        let permission =
            if is_covered { ReadSecurity.as_any_of() } else { ReadGeneral.as_any_of() };
        self.check(permission).await?;
        let model = self.model();
        let known = &model.blueprint().switches;
        Ok(known.iter().map(|switch| (switch.key.clone(), model.is_on(&switch.key))).collect())
    }

    /// Turns switches of the access model.
    ///
    /// # Errors
    ///
    /// `Denied`, `Fields` for a switch that there is not.
    pub async fn turn_switches(&mut self, turns: &Map<String, Value>) -> Result<(), Error> {
        let is_covered = self.covers_security();
        let permission =
            if is_covered { UpdateSecurity.as_any_of() } else { UpdateGeneral.as_any_of() };
        let pass = self.check(permission).await?;
        let mut changes = Vec::new();
        let mut errors = Vec::new();
        for (key, on) in turns {
            let is_known = self.model().blueprint().switches.iter().any(|one| one.key == *key);
            match on.as_bool().filter(|_| is_known) {
                Some(on) => changes.push(Change::SetSwitch(key.clone(), on)),
                None => {
                    let known = self.model().blueprint().switches.iter();
                    let known: Vec<String> =
                        known.map(|one| format!("`{}`", one.key)).collect();
                    let detail = if known.is_empty() {
                        "this workspace's access model has no switches".to_owned()
                    } else {
                        format!("true or false for one of {}", known.join(", "))
                    };
                    let pointer = format!("/switches/{key}");
                    errors.push(FieldError::new(pointer, "unknown_switch", detail));
                }
            }
        }
        if !errors.is_empty() {
            return Err(Refusal::Fields(errors).into());
        }
        self.apply(ChangeKind::Edit, &changes)?;
        self.keep_setting(&pass, "switches", turns).await
    }

    /// Merges values into an area of the settings, with audit entry and commit.
    pub(crate) async fn keep_setting(
        &mut self,
        pass: &Pass<impl Permission>,
        area: &str,
        values: &Map<String, Value>,
    ) -> Result<(), Error> {
        let mut settings = self.snapshot().workspace.settings.clone();
        let before = settings.get(area).cloned().unwrap_or_else(|| json!({}));
        let mut after = before.as_object().cloned().unwrap_or_default();
        for (key, value) in values {
            if value.is_null() {
                after.remove(key);
            } else {
                after.insert(key.clone(), value.clone());
            }
        }
        settings.insert(area.to_owned(), Value::Object(after.clone()));
        self.tx(pass)?.update_settings(&settings).await?;
        self.snapshot_mut().workspace.settings = settings;
        let subject = self.workspace_id();
        let (was, is) = match before.as_object().zip(Area::parse(area)) {
            Some((before, _)) => (told(before), told(&after)),
            None => (before.as_object().cloned().unwrap_or_default(), after),
        };
        self.record_audit(pass, &format!("settings.{area}"), subject, &was, &is).await?;
        self.commit(pass).await.map(drop)
    }

    fn covers_security(&self) -> bool {
        self.model().blueprint().area("security", "update").is_some()
    }
}
