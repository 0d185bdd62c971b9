//! The choice of a member: a search, and the first members that match, so that a page never loads all.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Status;

use crate::failure::Failure;

/// The members that a choice lists.
const LISTED: usize = 100;

/// The members to choose from.
#[derive(Clone, Debug, Default)]
pub(crate) struct People {
    /// The members by id and name, by name.
    pub(crate) people: Vec<(String, String)>,
    /// How many more match.
    pub(crate) others: usize,
}

impl People {
    /// Loads the active members that match a text, and those who are chosen already; none for a reader
    /// who may not read members.
    pub(crate) async fn load(
        ctx: &mut WorkspaceContext,
        text: Option<&str>,
        chosen: impl IntoIterator<Item = MemberId>,
    ) -> Result<People, Failure> {
        if !ctx.opens(&ReadMembers) {
            return Ok(People::default());
        }
        let filter = MemberFilter {
            text: text.map(str::to_owned),
            status: Some(Status::Active),
            ..MemberFilter::default()
        };
        let found = ctx.members().list(&filter, MemberOrder::Name, None, LISTED).await?;
        let mut people: Vec<(String, String)> = found
            .members
            .iter()
            .map(|(member, _)| (member.id.to_string(), member.name()))
            .collect();
        for id in chosen {
            if people.iter().all(|(known, _)| *known != id.to_string()) {
                let member = ctx.members().load(id).await?.member;
                people.push((id.to_string(), member.name()));
            }
        }
        let total = usize::try_from(found.total).unwrap_or(0);
        Ok(People { people, others: total.saturating_sub(found.members.len()) })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> People {
        People { people: vec![("mbr_1".to_owned(), "Ben <script>".to_owned())], others: 3 }
    }
}
