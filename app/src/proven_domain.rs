//! Domains that a workspace proves to be its own: list, add, verify, remove.

use hallpass_domain::proven_domain::{MOST, ProvenBy, ProvenDomain, parse};
use hallpass_domain::refusal::Refusal;
use serde_json::{Value, json};

use crate::app::App;
use crate::boxed;
use crate::connection::check_person;
use crate::context::{Actor, WorkspaceContext};
use crate::error::Error;
use crate::gate::permission::{ReadAuthentication, UpdateAuthentication};
use crate::principal::Principal;
use crate::secret::Token;

/// Records that were just looked up. Only a lookup makes them.
pub struct FoundRecords(Vec<String>);

/// Lookups in the DNS, which happen before a context is opened.
pub struct DomainRecords<'a>(pub(crate) &'a App);

impl DomainRecords<'_> {
    /// Looks up the records of a domain. `Fields` when the DNS does not answer.
    #[boxed]
    pub async fn look_up(&self, domain: &str) -> Result<FoundRecords, Error> {
        let domain = known(domain)?;
        let found = self.0.text_records().lookup(&domain).await;
        let unavailable = |why| Refusal::field("/domain", "no_answer", why);
        Ok(FoundRecords(found.map_err(unavailable)?))
    }
}

/// The domains of a workspace.
pub struct ProvenDomains<'c>(pub(crate) &'c mut WorkspaceContext);

impl ProvenDomains<'_> {
    /// Lists the domains by name, with those that are not proven yet.
    #[boxed]
    pub async fn list(&mut self) -> Result<Vec<ProvenDomain>, Error> {
        let pass = self.0.check(ReadAuthentication).await?;
        Ok(self.0.read(&pass)?.proven_domains().list().await?)
    }

    /// Adds a domain, which a record of the DNS then proves.
    ///
    /// # Errors
    ///
    /// `PlanNeeded`; `Fields`; `NameTaken` when the workspace has it already.
    #[boxed]
    pub async fn add(
        &mut self,
        principal: &Principal,
        domain: &str,
    ) -> Result<ProvenDomain, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        check_person(ctx, principal).await?;
        let domain = parse(domain)?;
        let known = ctx.read(&pass)?.proven_domains().list().await?;
        if known.iter().any(|known| known.domain == domain) {
            return Err(Refusal::NameTaken { noun: "domain", name: domain }.into());
        }
        if known.len() >= MOST {
            let detail = format!("the workspace has {MOST} domains; remove one first");
            return Err(Refusal::field("", "too_many", detail).into());
        }
        let secret = Token::new(ctx.app.random()).expose().to_owned();
        let domain = ProvenDomain { domain, secret, proven: None, created_at: ctx.now };
        ctx.tx(&pass)?.proven_domains().insert(&domain).await?;
        ctx.record_audit(&pass, "domain.add", &domain.domain, &(), &audit_view(&domain))
            .await?;
        ctx.commit(&pass).await?;
        Ok(domain)
    }

    /// Checks that the caller may prove domains, before the DNS is asked.
    #[boxed]
    pub async fn check_verify(&mut self) -> Result<(), Error> {
        self.0.check(UpdateAuthentication).await.map(drop)
    }

    /// Proves a domain. The operator needs no record.
    ///
    /// # Errors
    ///
    /// `Missing`; `Fields` with what the DNS has.
    #[boxed]
    pub async fn verify(
        &mut self,
        domain: &str,
        records: &FoundRecords,
    ) -> Result<ProvenDomain, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        let before = ctx.read(&pass)?.proven_domains().find(&known(domain)?).await?;
        let before = before.ok_or(Error::Missing { noun: "domain" })?;
        let by = if matches!(ctx.actor, Actor::Operator) {
            ProvenBy::Operator
        } else if before.is_proven_by(&records.0) {
            ProvenBy::Dns
        } else {
            let detail = format!("`{}` has no TXT record `{}`", before.domain, before.record());
            return Err(Refusal::field("/domain", "not_proven", detail).into());
        };
        let after = ProvenDomain { proven: Some((ctx.now, by)), ..before.clone() };
        ctx.tx(&pass)?.proven_domains().update(&after).await?;
        let (was, is) = (audit_view(&before), audit_view(&after));
        ctx.record_audit(&pass, "domain.prove", &after.domain, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(after)
    }

    /// Removes a domain: the providers of the workspace speak for its addresses no longer.
    #[boxed]
    pub async fn remove(&mut self, domain: &str) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateAuthentication).await?;
        let before = ctx.read(&pass)?.proven_domains().find(&known(domain)?).await?;
        let before = before.ok_or(Error::Missing { noun: "domain" })?;
        ctx.tx(&pass)?.proven_domains().delete(&before.domain).await?;
        let was = audit_view(&before);
        ctx.record_audit(&pass, "domain.remove", &before.domain, &was, &()).await?;
        ctx.commit(&pass).await.map(drop)
    }
}

/// The spelling of a domain that the workspace may have.
fn known(domain: &str) -> Result<String, Error> {
    parse(domain).map_err(|_| Error::Missing { noun: "domain" })
}

/// A domain in the audit log.
fn audit_view(domain: &ProvenDomain) -> Value {
    json!({
        "domain": domain.domain,
        "proven_by": domain.proven.map(|(_, by)| by.word()),
    })
}
