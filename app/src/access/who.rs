//! Pages of the members who may do something, with their names.

use hallpass_domain::id::MemberId;
use hallpass_engine::{Cell, Target};

use super::{Access, Question, cell, no_record, target};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::ReadMembers;
use crate::gate::{Pass, Permission};

/// A page of the members who may do something, by id.
#[derive(Clone, Debug, Default)]
pub struct AllowedPage {
    /// The members, each with the name.
    pub members: Vec<(MemberId, String)>,
    /// Whether there are more.
    pub has_more: bool,
}

impl Access<'_> {
    /// Lists the active members who may do something, by id: those after a member.
    #[boxed]
    pub async fn who_page(
        &mut self,
        question: &Question,
        after: Option<MemberId>,
        limit: usize,
    ) -> Result<AllowedPage, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadMembers).await?;
        let cell = cell(ctx.policy(), question)?;
        if !ctx.snapshot().is_on(&question.resource) {
            return Ok(AllowedPage::default());
        }
        let target = target(ctx, question.about).ok_or_else(no_record)?;
        let mut page = AllowedPage::of(ctx, (cell, target), after, limit);
        AllowedPage::name_all(&mut [&mut page], ctx, &pass).await?;
        Ok(page)
    }
}

impl AllowedPage {
    /// The members after one, or from the first on, without their names.
    pub(crate) fn of(
        ctx: &WorkspaceContext,
        (cell, target): (Cell, Target),
        after: Option<MemberId>,
        limit: usize,
    ) -> AllowedPage {
        let (policy, after) = (ctx.policy(), after.map(|id| id.to_string()));
        // Ids sort like their texts, and a member who has left still has a place among them.
        let members = policy.members().map(|member| (policy.id(member), member));
        let mut rest: Vec<_> = members
            .filter(|(id, _)| after.as_deref().is_none_or(|after| *id > after))
            .collect();
        if !rest.is_sorted_by_key(|(id, _)| *id) {
            rest.sort_unstable_by_key(|(id, _)| *id);
        }
        let may = rest.into_iter().filter(|(_, member)| ctx.decides(*member, cell, target));
        let found = may.filter_map(|(id, _)| Some((id.parse().ok()?, String::new())));
        let mut members: Vec<(MemberId, String)> = found.take(limit + 1).collect();
        let has_more = members.len() > limit;
        members.truncate(limit);
        AllowedPage { members, has_more }
    }

    /// Puts the names into pages, by one look-up.
    pub(crate) async fn name_all(
        pages: &mut [&mut AllowedPage],
        ctx: &mut WorkspaceContext,
        pass: &Pass<impl Permission>,
    ) -> Result<(), Error> {
        let ids = pages.iter().flat_map(|page| &page.members).map(|(id, _)| *id);
        ctx.look_up_names(pass, ids.collect::<Vec<_>>()).await?;
        for (id, name) in pages.iter_mut().flat_map(|page| &mut page.members) {
            ctx.known_name(*id).unwrap_or_default().clone_into(name);
        }
        Ok(())
    }

    /// The member after whom the next page begins, if there is one.
    #[must_use]
    pub fn next(&self) -> Option<MemberId> {
        self.members.last().filter(|_| self.has_more).map(|(id, _)| *id)
    }
}
