//! Candidates: the active members that the reader may choose from, by name.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_domain::id::MemberId;

use crate::failure::Failure;

/// The members of a choice with a search at most.
const LISTED: usize = 100;

/// The members to choose from, of whom a search finds others.
#[derive(Clone, Debug, Default)]
pub(crate) struct Choice {
    /// The first ones by name that match, and the one that is chosen.
    pub(crate) candidates: Vec<Candidate>,
    /// Whether more match.
    pub(crate) has_more: bool,
}

impl Choice {
    /// Loads the candidates with a text in their name, and the one that is chosen; none for a reader who may not know
    /// the members.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        text: Option<&str>,
        chosen: Option<MemberId>,
    ) -> Result<Choice, Failure> {
        // A refused request would be in the audit log.
        if !ctx.opens(&ReadMembers) && !ctx.members().may_only_choose() {
            return Ok(Choice::default());
        }
        let page = ctx.members().list_choices(text.map(str::to_owned), None, LISTED).await?;
        let listed = page.members.iter();
        let candidates: Vec<Candidate> =
            listed.map(|one| Candidate { id: one.id.to_string(), name: one.name() }).collect();
        let mut choice = Choice { candidates, has_more: page.next.is_some() };
        if let Some(id) = chosen {
            choice.include(ctx, id).await?;
        }
        Ok(choice)
    }

    /// Adds a member who is chosen and not among the candidates, if the reader may know them.
    pub(crate) async fn include(
        &mut self,
        ctx: &mut WorkspaceContext,
        id: MemberId,
    ) -> Result<(), Failure> {
        let (key, may_know) =
            (id.to_string(), ctx.opens(&ReadMembers) || ctx.members().may_only_choose());
        if !may_know || self.candidates.iter().any(|one| one.id == key) {
            return Ok(());
        }
        let name = if ctx.opens(&ReadMembers) {
            ctx.members().load(id).await.ok().map(|found| found.member.name())
        } else {
            ctx.members().find_known(id).await?.map(|known| known.name)
        };
        self.candidates.extend(name.map(|name| Candidate { id: key, name }));
        Ok(())
    }
}

/// A member to choose.
#[derive(Clone, Debug)]
pub(crate) struct Candidate {
    /// The id.
    pub(crate) id: String,
    /// The name.
    pub(crate) name: String,
}
