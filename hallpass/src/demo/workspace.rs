//! A workspace of the demo: what its founder does in it, through the use cases.

use hallpass_app::invitation::NewInvitation;
use hallpass_app::member::access::AccessChange;
use hallpass_app::naming::RoleRef;
use hallpass_app::{App, Error, Principal, WorkspaceContext};
use hallpass_domain::id::MemberId;
use hallpass_engine::{Blueprint, Resource, ResourceKind};

use super::people::{PEOPLE, Person, role};
use super::presence::present;

/// A workspace that is being built.
pub(super) struct DemoWorkspace<'b> {
    pub(super) app: &'b App,
    /// The account that founded it.
    pub(super) anna: &'b Principal,
    pub(super) blueprint: Blueprint,
    /// The members, in the order of `PEOPLE`.
    pub(super) members: Vec<MemberId>,
}

impl DemoWorkspace<'_> {
    /// The context in which the founder acts.
    pub(super) async fn ctx(&self) -> Result<WorkspaceContext, Error> {
        self.app.enter_to_write(self.anna, &self.blueprint.id).await
    }

    /// The context in which the founder acts after they have proved who they are.
    pub(super) async fn recent_ctx(&self) -> Result<WorkspaceContext, Error> {
        let anna = present(self.app, self.anna).await?;
        self.app.enter_to_write(&anna, &self.blueprint.id).await
    }

    /// Whether the access model lets any role use a verb on an area.
    pub(super) fn has_area_verb(&self, area: &str, verb: &str) -> bool {
        self.blueprint.area(area, verb).is_some()
    }

    /// Whether the access model has a verb for memberships.
    pub(super) fn has_membership_verb(&self, verb: &str) -> bool {
        self.blueprint.membership.verbs.iter().any(|known| known == verb)
    }

    /// The resources that hold records.
    pub(super) fn record_types(&self) -> impl Iterator<Item = &Resource> {
        self.blueprint.resources.iter().filter(|one| one.kind == ResourceKind::Records)
    }

    /// Invites people, each with the role of their place in `PEOPLE`.
    pub(super) async fn invite(&self, people: &[Person]) -> Result<(), Error> {
        let role_of = |person: &Person| {
            let index = PEOPLE.iter().position(|one| one.email() == person.email());
            role(&self.blueprint, index.unwrap_or(PEOPLE.len())).map(|role| role.key.clone())
        };
        let invitation = |person: &Person| NewInvitation {
            email: person.email(),
            access: AccessChange {
                role: role_of(person).map(RoleRef::from),
                ..AccessChange::default()
            },
            given: vec!["email", "role"],
            ..NewInvitation::default()
        };
        let invitations: Vec<NewInvitation> = people.iter().map(invitation).collect();
        self.ctx().await?.invitations().send(&invitations).await.map(drop)
    }
}
