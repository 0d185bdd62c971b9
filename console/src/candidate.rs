//! Candidates: the active members that the reader may choose from, by name.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_domain::id::MemberId;

use crate::failure::Failure;

/// The members of a choice at most.
const MOST: usize = 500;

/// A member to choose.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The id.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
}

/// Lists the candidates but one; none for a reader who may not know the members.
pub(crate) async fn list(
    ctx: &mut WorkspaceContext,
    except: Option<MemberId>,
) -> Result<Vec<Candidate>, Failure> {
    // A refused request would be in the audit log.
    if !ctx.opens(&ReadMembers) && !ctx.members().may_only_choose() {
        return Ok(Vec::new());
    }
    let page = ctx.members().list_choices(None, None, MOST).await?;
    let others = page.members.iter().filter(|member| Some(member.id) != except);
    Ok(others.map(|one| Candidate { id: one.id.to_string(), name: one.name() }).collect())
}
