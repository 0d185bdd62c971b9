//! Areas of settings: each a map of values, read and changed through doors of its own.

use hallpass_domain::refusal::Refusal;
use hallpass_domain::setting::{Area, check, shown};
use serde_json::{Map, Value};

use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{
    AnyOf, ReadAuthentication, ReadBranding, ReadGeneral, ReadIntegrations, ReadIntelligence,
    ReadModules, ReadSecurity, UpdateAuthentication, UpdateBranding, UpdateGeneral,
    UpdateIntegrations, UpdateIntelligence, UpdateModules, UpdateSecurity,
};
use crate::gate::{Pass, Permission};

impl WorkspaceContext {
    /// What is set in an area, secrets hidden; of modules whether each is on.
    ///
    /// # Errors
    ///
    /// `Denied`.
    pub async fn settings(&mut self, area: Area) -> Result<Map<String, Value>, Error> {
        self.check_reading(area).await?;
        Ok(self.shown_area(area))
    }

    /// Changes what is set in an area; null clears. Gives what is then set, secrets hidden.
    ///
    /// # Errors
    ///
    /// `Denied`, `Fields`; `NotSelfServe` for the texts of mails where the access model keeps them
    /// for the operator (HARMONY-65).
    pub async fn change_settings(
        &mut self,
        area: Area,
        given: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Error> {
        let pass = self.check_changing(area).await?;
        if area == Area::Branding
            && given.contains_key("mail_footer")
            && !self.self_serve().mail_templates
        {
            let contact = self.operator_contact().to_owned();
            return Err(
                Refusal::NotSelfServe { what: "change the texts of mails", contact }.into()
            );
        }
        let kept = self.kept(area);
        let checked = check(area, self.policy().resources(), given, &kept)?;
        self.keep_setting(&pass, area.word(), &checked).await?;
        Ok(self.shown_area(area))
    }

    fn kept(&self, area: Area) -> Map<String, Value> {
        let kept = self.snapshot().workspace.settings.get(area.word());
        kept.and_then(Value::as_object).cloned().unwrap_or_default()
    }

    fn shown_area(&self, area: Area) -> Map<String, Value> {
        if area != Area::Modules {
            return shown(&self.kept(area));
        }
        let modules = self.policy().resources().iter().filter(|known| known.can_switch_off);
        modules
            .map(|known| (known.key.clone(), Value::Bool(self.snapshot().is_on(&known.key))))
            .collect()
    }

    async fn check_reading(&mut self, area: Area) -> Result<Pass<AnyOf>, Error> {
        let permission = match area {
            Area::General => ReadGeneral.as_any_of(),
            Area::Branding => ReadBranding.as_any_of(),
            Area::Modules => ReadModules.as_any_of(),
            Area::Integrations => ReadIntegrations.as_any_of(),
            Area::Intelligence => ReadIntelligence.as_any_of(),
            Area::Authentication => ReadAuthentication.as_any_of(),
            Area::Security => ReadSecurity.as_any_of(),
        };
        self.check(permission).await
    }

    async fn check_changing(&mut self, area: Area) -> Result<Pass<AnyOf>, Error> {
        let permission = match area {
            Area::General => UpdateGeneral.as_any_of(),
            Area::Branding => UpdateBranding.as_any_of(),
            Area::Modules => UpdateModules.as_any_of(),
            Area::Integrations => UpdateIntegrations.as_any_of(),
            Area::Intelligence => UpdateIntelligence.as_any_of(),
            Area::Authentication => UpdateAuthentication.as_any_of(),
            Area::Security => UpdateSecurity.as_any_of(),
        };
        self.check(permission).await
    }
}
