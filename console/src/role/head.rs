//! The head and the list that the three projections of the matrix share.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{CreateRoles, ReadMembers};
use hallpass_app::role::RoleDetails;

use crate::frame::Frame;

/// The head that the three projections share.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) title: String,
    pub(crate) intro: String,
    pub(crate) tab: &'static str,
    pub(crate) may_create: bool,
    pub(crate) reads_members: bool,
    /// The id of the role that is shown; empty without one.
    pub(crate) role: String,
}

/// A group of the list of roles.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) roles: Vec<Link>,
}

/// A role in the list.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) members: String,
    pub(crate) is_current: bool,
    pub(crate) is_drifted: bool,
}

impl Head {
    pub(crate) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        tab: &'static str,
        roles: &[RoleDetails],
    ) -> Head {
        let members: Option<usize> = roles.iter().map(|role| role.holders).sum();
        let n = roles.len();
        let intro = match members {
            Some(members) => text!(frame.text, "role-intro", n = n, members = members),
            None => text!(frame.text, "role-intro-only", n = n),
        };
        let has_custom = ctx.model().blueprint().custom_roles.is_some();
        Head {
            title: frame.word("roles_page"),
            intro,
            tab,
            may_create: has_custom && ctx.opens(&CreateRoles),
            reads_members: ctx.opens(&ReadMembers),
            role: String::new(),
        }
    }

    #[cfg(test)]
    pub(crate) fn sample(tab: &'static str) -> Head {
        Head {
            title: "Roles & permissions".to_owned(),
            intro: "9 roles for 70 members.".to_owned(),
            tab,
            may_create: true,
            reads_members: true,
            role: "rol_1".to_owned(),
        }
    }
}
