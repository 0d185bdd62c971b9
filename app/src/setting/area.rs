//! Areas of the settings: each a map of values.

use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::{Area, check, effect, shown};
use serde_json::{Map, Value};

use super::{Settings, tag};
use crate::boxed;
use crate::connection::requirement::find_untried;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    AnyOf, AnyWriteOf, ConnectIntegrations, ConnectIntelligence, DisconnectIntegrations,
    DisconnectIntelligence, ReadAuthentication, ReadBranding, ReadGeneral, ReadIntegrations,
    ReadIntelligence, ReadModules, ReadSecurity, UpdateAuthentication, UpdateBranding,
    UpdateGeneral, UpdateIntegrations, UpdateIntelligence, UpdateModules, UpdateSecurity,
};
use crate::gate::{Pass, Permission, WritePermission};

impl Settings<'_> {
    /// Loads the values of an area without secrets; for modules, whether each is on.
    #[boxed]
    pub async fn load(&mut self, area: Area) -> Result<Map<String, Value>, Error> {
        let ctx = &mut *self.0;
        ctx.check(reading(area)).await?;
        Ok(visible(ctx, area))
    }

    /// Updates values of an area, and returns all of them without secrets. Null removes a value.
    ///
    /// # Errors
    ///
    /// `NotSelfServe` for the texts of mails, where the access model leaves them to the operator
    /// (HARMONY-65).
    #[boxed]
    pub async fn update(
        &mut self,
        area: Area,
        values: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Error> {
        let ctx = &mut *self.0;
        let pass = check_update(ctx, area, values).await?;
        ctx.check_tag(&tag(&visible(ctx, area)))?;
        let sets_mail_text = area == Area::Branding && values.contains_key("mail_footer");
        if sets_mail_text && !ctx.self_serve().mail_templates {
            let contact = ctx.operator_contact().to_owned();
            let what = "change the texts of mails";
            return Err(Refusal::NotSelfServe { what, contact }.into());
        }
        let checked = check(area, ctx.policy().resources(), values, &stored(ctx, area))?;
        check_requirement(ctx, &pass, &checked).await?;
        self.save(&pass, area, &checked).await?;
        Ok(visible(self.0, area))
    }
}

/// Asks the gate for a change of an area: for updating it, and for connecting and disconnecting what
/// the change connects and disconnects.
async fn check_update(
    ctx: &mut WorkspaceContext,
    area: Area,
    values: &Map<String, Value>,
) -> Result<Pass<AnyWriteOf>, Error> {
    let Some(effect) = effect(area, values, &stored(ctx, area)) else {
        return ctx.check(updating(area)).await;
    };
    let mut pass = None;
    if effect.connects {
        pass = Some(ctx.check(connecting(area)).await?);
    }
    if effect.disconnects {
        pass = Some(ctx.check(disconnecting(area)).await?);
    }
    match pass.filter(|_| !effect.configures) {
        Some(pass) => Ok(pass),
        None => ctx.check(updating(area)).await,
    }
}

/// Checks that single sign-on is required only by a member who has come in by a connection that is on,
/// so that what does not work does not close the workspace.
async fn check_requirement(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl WritePermission>,
    values: &Map<String, Value>,
) -> Result<(), Error> {
    if values.get("require_sso") != Some(&Value::Bool(true)) {
        return Ok(());
    }
    match find_untried(ctx, pass).await? {
        Some(_) => Err(Refusal::ConnectionUntested.into()),
        None => Ok(()),
    }
}

fn stored(ctx: &WorkspaceContext, area: Area) -> Map<String, Value> {
    let values = ctx.snapshot().workspace.settings.get(area.word());
    values.and_then(Value::as_object).cloned().unwrap_or_default()
}

fn visible(ctx: &WorkspaceContext, area: Area) -> Map<String, Value> {
    if area != Area::Modules {
        let mut values = stored(ctx, area);
        // What an earlier version stored and this one does not enforce is not shown as set.
        values.retain(|key, _| area.keys().any(|known| known == key));
        return shown(&values);
    }
    let modules = ctx.policy().resources().iter().filter(|known| known.can_switch_off);
    let is_on = |key: &str| Value::Bool(ctx.snapshot().is_on(key));
    modules.map(|known| (known.key.clone(), is_on(&known.key))).collect()
}

pub(crate) fn reading(area: Area) -> AnyOf {
    match area {
        Area::General => ReadGeneral.as_any_of(),
        Area::Branding => ReadBranding.as_any_of(),
        Area::Modules => ReadModules.as_any_of(),
        Area::Integrations => ReadIntegrations.as_any_of(),
        Area::Intelligence => ReadIntelligence.as_any_of(),
        Area::Authentication => ReadAuthentication.as_any_of(),
        Area::Security => ReadSecurity.as_any_of(),
    }
}

fn updating(area: Area) -> AnyWriteOf {
    match area {
        Area::General => UpdateGeneral.as_any_write_of(),
        Area::Branding => UpdateBranding.as_any_write_of(),
        Area::Modules => UpdateModules.as_any_write_of(),
        Area::Integrations => UpdateIntegrations.as_any_write_of(),
        Area::Intelligence => UpdateIntelligence.as_any_write_of(),
        Area::Authentication => UpdateAuthentication.as_any_write_of(),
        Area::Security => UpdateSecurity.as_any_write_of(),
    }
}

fn connecting(area: Area) -> AnyWriteOf {
    match area {
        Area::Integrations => ConnectIntegrations.as_any_write_of(),
        Area::Intelligence => ConnectIntelligence.as_any_write_of(),
        Area::General
        | Area::Branding
        | Area::Modules
        | Area::Authentication
        | Area::Security => updating(area),
    }
}

fn disconnecting(area: Area) -> AnyWriteOf {
    match area {
        Area::Integrations => DisconnectIntegrations.as_any_write_of(),
        Area::Intelligence => DisconnectIntelligence.as_any_write_of(),
        Area::General
        | Area::Branding
        | Area::Modules
        | Area::Authentication
        | Area::Security => updating(area),
    }
}
