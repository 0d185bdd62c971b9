//! Finding a member by name or address, in workspaces of any size.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::member::list::{MemberFilter, MemberOrder};
use hallpass_domain::id::MemberId;
use hallpass_domain::member::{Member, Status};

use super::over::Found;
use crate::failure::Failure;
use crate::frame::{Frame, Person};

/// The members that a search shows at most.
pub(super) const FOUND: usize = 8;

/// Finds active members, except some, and whether there are more.
pub(super) async fn find(
    (ctx, frame): (&mut WorkspaceContext, &Frame),
    search: &str,
    except: impl Fn(&Member) -> bool,
    href: impl Fn(MemberId) -> String,
) -> Result<(Vec<Found>, bool), Failure> {
    let filter = MemberFilter {
        text: (!search.is_empty()).then(|| search.to_owned()),
        status: Some(Status::Active),
        ..MemberFilter::default()
    };
    let page = ctx.members().list(&filter, MemberOrder::Name, None, FOUND + 1).await?;
    let has_more = page.next.is_some() || page.members.len() > FOUND;
    let members = page.members.iter().map(|(member, _)| member);
    let found = members.filter(|member| !except(member)).take(FOUND).map(|member| Found {
        person: Person::new(&member.id, &member.name()),
        second: format!(
            "{} · {}",
            ctx.snapshot().role_name(&member.access.role),
            frame.contact(member)
        ),
        href: href(member.id),
    });
    Ok((found.collect(), has_more))
}
