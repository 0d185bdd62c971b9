//! The access models that workspaces have, as the operator sees them: those that ship, and their own.

use hallpass_domain::blueprint::{SHIPPED, find};
use hallpass_engine::Blueprint;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::boxed;
use crate::error::Error;
use crate::operation::Operator;

/// Where an access model comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlueprintOrigin {
    /// It ships with this version.
    Shipped,
    /// It has the id of one that ships, and another text: that of another version.
    OtherVersion,
    /// A workspace has brought it.
    Own,
}

/// An access model, with how many workspaces have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlueprintUsage {
    /// The SHA-256 of its text.
    pub hash: Vec<u8>,
    /// Its id.
    pub id: String,
    /// Where it comes from.
    pub origin: BlueprintOrigin,
    /// How many workspaces have it, with deleted ones.
    pub workspaces: i64,
}

/// The text of an access model, with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlueprintDetails {
    /// The access model, with how many workspaces have it.
    pub usage: BlueprintUsage,
    /// Its name.
    pub name: String,
    /// A sentence about it.
    pub summary: String,
    /// Its text.
    pub text: String,
    /// What in it makes no sense, or why this version cannot read it.
    pub notes: Vec<String>,
}

/// The access models that workspaces have.
pub struct Blueprints<'a>(pub(crate) &'a App);

impl Blueprints<'_> {
    /// Lists the access models that ship.
    #[boxed]
    pub async fn list_shipped_as(&self, _: &Operator) -> Result<Vec<BlueprintUsage>, Error> {
        let mut tx = self.0.db().read().await?;
        let mut found = Vec::new();
        for text in SHIPPED {
            let Ok(blueprint) = Blueprint::parse(text) else { continue };
            let hash = hash(text);
            let workspaces = tx.workspaces().count_with_blueprint(&hash).await?;
            let (id, origin) = (blueprint.id, BlueprintOrigin::Shipped);
            found.push(BlueprintUsage { hash, id, origin, workspaces });
        }
        Ok(found)
    }

    /// Lists a page of the other access models that workspaces have, with whether there are more; with
    /// `after`, those whose hash sorts after it.
    #[boxed]
    pub async fn list_own_as(
        &self,
        _: &Operator,
        after: Option<&[u8]>,
        limit: usize,
    ) -> Result<(Vec<BlueprintUsage>, bool), Error> {
        let most = i64::try_from(limit).unwrap_or(i64::MAX - 1);
        let shipped: Vec<Vec<u8>> = SHIPPED.iter().map(|text| hash(text)).collect();
        let mut tx = self.0.db().read().await?;
        let found = tx.workspaces().list_blueprints(&shipped, after, most + 1).await?;
        let has_more = found.len() > limit;
        let usage = found.into_iter().take(limit).map(|one| BlueprintUsage {
            origin: origin(&one.id, false),
            hash: one.hash,
            id: one.id,
            workspaces: one.workspaces,
        });
        Ok((usage.collect(), has_more))
    }

    /// Loads an access model by the hash of its text: one that ships, or one that a workspace has.
    #[boxed]
    pub async fn load_as(&self, _: &Operator, of: &[u8]) -> Result<BlueprintDetails, Error> {
        let mut tx = self.0.db().read().await?;
        let workspaces = tx.workspaces().count_with_blueprint(of).await?;
        let shipped = SHIPPED.into_iter().find(|text| hash(text) == of);
        let text = match shipped {
            Some(text) => Some(text.to_owned()),
            None => tx.workspaces().find_blueprint(of).await?,
        };
        let text = text.ok_or(Error::Missing { noun: "blueprint" })?;
        let (id, name, summary, notes) = match Blueprint::parse(&text) {
            Ok(read) => {
                let notes = read.notes();
                (read.id, read.name, read.summary, notes)
            }
            Err(mistakes) => {
                let mistakes = mistakes.0.iter().map(ToString::to_string).collect();
                (String::new(), String::new(), String::new(), mistakes)
            }
        };
        let origin = origin(&id, shipped.is_some());
        let usage = BlueprintUsage { hash: of.to_vec(), id, origin, workspaces };
        Ok(BlueprintDetails { usage, name, summary, text, notes })
    }
}

fn hash(text: &str) -> Vec<u8> {
    Sha256::digest(text.as_bytes()).to_vec()
}

/// The ids of those that ship are reserved for them.
fn origin(id: &str, is_shipped: bool) -> BlueprintOrigin {
    match (is_shipped, find(id)) {
        (true, _) => BlueprintOrigin::Shipped,
        (false, Some(_)) => BlueprintOrigin::OtherVersion,
        (false, None) => BlueprintOrigin::Own,
    }
}
