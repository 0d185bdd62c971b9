//! The owners that a table names: members by their whole name or their id, or no member.

use std::collections::HashMap;

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::naming::OwnerRef;
use hallpass_domain::text::fold;

use super::kind::Kind;
use crate::failure::Failure;
use crate::frame::Frame;

/// The members that a name is compared with at most.
const COMPARED: usize = 50;

/// The owners by the names of a table, or why a name is of none.
#[derive(Debug, Default)]
pub(super) struct OwnerNames(HashMap<String, Result<OwnerRef, String>>);

impl OwnerNames {
    /// Looks the names up, as far as the reader may know the members.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        kind: &Kind,
        names: Vec<String>,
    ) -> Result<OwnerNames, Failure> {
        let reassigns = kind.reassigning().unwrap_or_default();
        let may_choose = ctx.opens(&RecordPermission::new(&kind.key, reassigns));
        let mut found = HashMap::new();
        for name in names {
            let owner = match plain(frame, &name) {
                Some(owner) => Ok(owner),
                None if may_choose => by_name(ctx, frame, kind, &name).await?,
                None => Err(text!(frame.text, "import-owner-unknown", name = &name)),
            };
            found.insert(name, owner);
        }
        Ok(OwnerNames(found))
    }

    /// The owner of a name.
    pub(super) fn find(&self, name: &str) -> Option<&Result<OwnerRef, String>> {
        self.0.get(name)
    }
}

/// The owner that needs no member to be looked up: an id, the reader, no member.
fn plain(frame: &Frame, name: &str) -> Option<OwnerRef> {
    let wanted = fold(name);
    if wanted == fold(&frame.t("records-unassigned")) {
        return Some(OwnerRef::Unowned);
    }
    let is_reader = wanted == fold(&frame.me.name) && !frame.me.id.is_empty();
    name.parse().ok().or_else(|| is_reader.then_some(OwnerRef::Me))
}

async fn by_name(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    kind: &Kind,
    name: &str,
) -> Result<Result<OwnerRef, String>, Failure> {
    let wanted = fold(name);
    let page =
        ctx.records().list_owners(&kind.key, Some(name.to_owned()), None, COMPARED).await?;
    let mut fits = page.members.iter().filter(|member| fold(&member.name()) == wanted);
    Ok(match (fits.next(), fits.next()) {
        (Some(member), None) => Ok(OwnerRef::Member(member.id)),
        (Some(_), Some(_)) => Err(text!(frame.text, "import-owner-twice", name = name)),
        (None, _) => Err(text!(frame.text, "import-owner-unknown", name = name)),
    })
}
