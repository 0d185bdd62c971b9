//! What of a workspace does not fit another access model.

use hallpass_domain::misfit::Misfit;

use crate::context::visible::user;
use crate::entity::Lost;
use crate::invitation::InvitationMisfit;

/// What does not fit.
#[derive(Clone, Debug)]
pub enum BlueprintMisfit {
    /// A role, a member, or another part of who has access.
    Model(Misfit),
    /// Records, or what counts them.
    Lost(Lost),
    /// The scopes of an API key would mean something else.
    ApiKey {
        /// Its name, for a caller who may read API keys.
        name: Option<String>,
    },
    /// An open invitation could not be accepted.
    Invitation(InvitationMisfit),
}

impl BlueprintMisfit {
    /// What does not fit, in sentences for programs.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let sentence = match self {
            BlueprintMisfit::Model(misfit) => return misfit.sentences(),
            BlueprintMisfit::Lost(lost) => lost.sentence(),
            BlueprintMisfit::ApiKey { name } => {
                let key = user(name.is_some(), "API key", name.as_deref().unwrap_or_default());
                format!(
                    "the scopes of {key} do not mean the same in the access model; revoke it first"
                )
            }
            BlueprintMisfit::Invitation(misfit) => misfit.sentence(),
        };
        vec![sentence]
    }
}
