//! A side of a comparison: what the address of the page names, and how the page shows it.

use std::collections::BTreeSet;

use hallpass_app::access::EffectiveRight;
use hallpass_app::comparison::ComparisonSide;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::naming::{ProfileRef, RoleRef};
use hallpass_app::profile::ProfileDetails;
use hallpass_domain::audit::Entry;
use hallpass_domain::id::{AuditId, MemberId};
use hallpass_domain::member::Member;

use super::kind::Kind;
use crate::audit::{in_words, subject};
use crate::draft::Cells;
use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::person_picture;

/// The prefix of a profile whose template is meant.
pub(super) const TEMPLATE: &str = "template:";

/// The word for the workspace at present.
pub(super) const NOW: &str = "now";

/// What a side is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    Member(MemberId),
    Role(String),
    Profile(String),
    Template(String),
    Entry(AuditId),
    Now,
}

impl Named {
    /// Reads a side of the address.
    pub(super) fn read(
        kind: Kind,
        is_first: bool,
        value: &str,
    ) -> Result<Option<Named>, Failure> {
        if value.is_empty() {
            return Ok((kind == Kind::Moments && !is_first).then_some(Named::Now));
        }
        let member =
            || value.parse().map(Named::Member).map_err(|_| Failure::missing("member"));
        let entry =
            || value.parse().map(Named::Entry).map_err(|_| Failure::missing("audit entry"));
        let named = match kind {
            Kind::People => member()?,
            Kind::Given if !is_first => member()?,
            Kind::Roles | Kind::Given | Kind::Created => Named::Role(value.to_owned()),
            Kind::Profiles => match value.strip_prefix(TEMPLATE) {
                Some(profile) => Named::Template(profile.to_owned()),
                None => Named::Profile(value.to_owned()),
            },
            Kind::Moments if value == NOW => Named::Now,
            Kind::Moments => entry()?,
        };
        Ok(Some(named))
    }

    /// What the use case compares.
    pub(super) fn side(&self) -> ComparisonSide {
        match self {
            Named::Member(id) => ComparisonSide::Member(*id),
            Named::Role(role) => ComparisonSide::Role(RoleRef::from(role.as_str())),
            Named::Profile(one) => ComparisonSide::Profile(ProfileRef::from(one.as_str())),
            Named::Template(one) => ComparisonSide::Template(ProfileRef::from(one.as_str())),
            Named::Entry(id) => ComparisonSide::Entry(*id),
            Named::Now => ComparisonSide::Now,
        }
    }

    /// The value in the address.
    pub(super) fn value(&self) -> String {
        match self {
            Named::Member(id) => id.to_string(),
            Named::Role(id) | Named::Profile(id) => id.clone(),
            Named::Template(id) => format!("{TEMPLATE}{id}"),
            Named::Entry(id) => id.to_string(),
            Named::Now => NOW.to_owned(),
        }
    }
}

/// A side as the page shows it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Side {
    /// "First" or "Second", for the label of its choice.
    pub(crate) label: String,
    /// The name, or what to choose.
    pub(crate) name: String,
    /// The second line.
    pub(crate) second: String,
    pub(crate) person: Option<Person>,
    pub(crate) is_chosen: bool,
    /// The link to the choice.
    pub(crate) href: String,
}

/// What is known of a side, for rows and for what would make the other one like it.
#[derive(Default)]
pub(super) struct Known {
    pub(super) side: Side,
    pub(super) member: Option<Member>,
    pub(super) rights: Vec<EffectiveRight>,
    /// What a role or profile grants.
    pub(super) cells: Option<Cells>,
    /// Whether the reader may edit it as cells: the page of its editor.
    pub(super) editor: Option<String>,
}

impl Known {
    /// Loads what the page shows of a side.
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        named: &Named,
    ) -> Result<Known, Failure> {
        match named {
            Named::Member(id) => {
                let member = ctx.members().load(*id).await?.member;
                let rights = ctx.access().rights(*id).await?;
                let mut person = Person::new(id, &member.name());
                person_picture::add(ctx, frame, [&mut person]).await?;
                let side = Side {
                    name: member.name(),
                    second: ctx.snapshot().role_name(&member.access.role),
                    person: Some(person),
                    is_chosen: true,
                    ..Side::default()
                };
                Ok(Known { side, member: Some(member), rights, ..Known::default() })
            }
            Named::Role(role) => {
                let role = ctx.roles().load(RoleRef::from(role.as_str())).await?;
                let is_own = !role.is_built_in;
                let second = frame.t(if is_own { "role-own" } else { "role-built-in" });
                let may_edit =
                    is_own && ctx.opens(&hallpass_app::gate::permission::UpdateRoles);
                let path = format!("{}/settings/roles/{}", frame.base, role.id);
                Ok(Known {
                    side: Side { name: role.name, second, is_chosen: true, ..Side::default() },
                    cells: Some(role.matrix),
                    editor: may_edit.then_some(path),
                    ..Known::default()
                })
            }
            Named::Profile(profile) => {
                let found = ctx.profiles().load(ProfileRef::from(profile.as_str())).await?;
                let second = frame.t("permissions-profile");
                let may_edit = ctx.opens(&hallpass_app::gate::permission::UpdateProfiles);
                let path = format!("{}/settings/profiles/{}", frame.base, found.profile.id);
                let name = found.profile.name.to_string();
                Ok(Known {
                    side: Side { name, second, is_chosen: true, ..Side::default() },
                    cells: Some(cells(&found)),
                    editor: may_edit.then_some(path),
                    ..Known::default()
                })
            }
            Named::Template(profile) => {
                let found = ctx.profiles().load(ProfileRef::from(profile.as_str())).await?;
                let name =
                    text!(frame.text, "compare-template", name = found.profile.name.as_str());
                let second = frame.t("compare-template-second");
                let side = Side { name, second, is_chosen: true, ..Side::default() };
                let mut cells = cells(&found);
                for cell in found.changes.iter().flatten() {
                    let row = cells.entry(cell.resource.clone()).or_default();
                    row.insert(cell.action.clone(), cell.template.to_owned());
                }
                Ok(Known { side, cells: Some(cells), ..Known::default() })
            }
            Named::Entry(id) => {
                let entry = ctx.audit().load(*id).await?;
                let (name, second) = entry_texts(ctx, frame, &entry);
                let side = Side { name, second, is_chosen: true, ..Side::default() };
                Ok(Known { side, ..Known::default() })
            }
            Named::Now => {
                let (name, second) = (frame.t("compare-now"), frame.workspace.clone());
                let side = Side { name, second, is_chosen: true, ..Side::default() };
                Ok(Known { side, ..Known::default() })
            }
        }
    }

    /// What the side may do, by the keys of resource and action; none where it is not known.
    pub(super) fn held(&self, ctx: &WorkspaceContext) -> Option<BTreeSet<(String, String)>> {
        let is_on = |resource: &str| ctx.snapshot().is_on(resource);
        let is_some = |words: &str| !words.is_empty() && words != "none";
        if self.member.is_some() {
            let held = self.rights.iter().filter(|right| is_some(&right.reach));
            let keys = held.map(|right| (right.resource.clone(), right.action.clone()));
            return Some(keys.collect());
        }
        let cells = self.cells.as_ref()?.iter().filter(|(resource, _)| is_on(resource));
        let held = cells.flat_map(|(resource, row)| {
            let held = row.iter().filter(|(_, scope)| is_some(scope));
            held.map(move |(action, _)| (resource.clone(), action.clone()))
        });
        Some(held.collect())
    }

    /// The right that a member has to an action.
    pub(super) fn right(&self, resource: &str, action: &str) -> Option<&EffectiveRight> {
        let mut rights = self.rights.iter();
        rights.find(|right| right.resource == resource && right.action == action)
    }
}

/// What a profile grants.
fn cells(profile: &ProfileDetails) -> Cells {
    let row =
        |(resource, row): (&String, &std::collections::BTreeMap<String, &'static str>)| {
            let row = row.iter().map(|(action, scope)| (action.clone(), (*scope).to_owned()));
            (resource.clone(), row.collect())
        };
    profile.matrix.iter().map(row).collect()
}

/// An entry of the audit log in two lines: what was done, and by whom and when.
pub(super) fn entry_texts(
    ctx: &WorkspaceContext,
    frame: &Frame,
    entry: &Entry,
) -> (String, String) {
    let what = in_words(ctx, frame.text, &entry.action);
    let about = subject(ctx, entry);
    let name = if about.is_empty() { what } else { format!("{what} ({about})") };
    let at = frame.moment(entry.at);
    (name, text!(frame.text, "compare-entry", who = &entry.actor_name, at = at.exact))
}
