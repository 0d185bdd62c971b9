//! Misfits: what of a workspace another access model has no place for.

/// What does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Members have a role that the access model does not have.
    MissingRole {
        /// The key of the role.
        key: String,
        /// Its name.
        name: String,
        /// How many members have it.
        members: usize,
    },
    /// A key means something of another kind in the access model, and something grants it.
    ChangedMeaning {
        /// The key.
        resource: String,
        /// What grants it.
        by: GrantedBy,
    },
    /// Parts of the workspace that the access model does not compile.
    Unfit {
        /// The parts that are known; empty where only the sentences say what is wrong.
        parts: Vec<UnfitPart>,
        /// The mistakes, in sentences.
        mistakes: Vec<String>,
    },
    /// No active member has the highest role.
    NoTopHolder {
        /// The name of the role.
        role: String,
    },
    /// Several members have a role that has one holder.
    OneHolder {
        /// The name of the role.
        role: String,
        /// How many have it.
        members: usize,
    },
    /// Members have levels, and their role has none.
    LevelsOfRole {
        /// How many.
        members: usize,
    },
    /// Service accounts have a role that only a person can have.
    PersonOnly {
        /// How many.
        services: usize,
    },
    /// Members are assigned to one whose role does not manage.
    NotManaging,
    /// Several members are the billing contact.
    ManyContacts,
    /// Members are assigned to a service account.
    ServiceManager {
        /// Its id.
        id: String,
    },
}

/// What grants a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantedBy {
    /// A custom role.
    Role,
    /// A profile.
    Profile,
    /// The levels of a member.
    Levels,
}

/// A part of a workspace that an access model does not compile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnfitPart {
    /// A record type that the workspace added.
    RecordType {
        /// Its key.
        key: String,
    },
    /// A custom role.
    Role {
        /// Its id.
        id: String,
    },
    /// A profile.
    Profile {
        /// Its id.
        id: String,
    },
    /// There are teams, and the access model has none.
    Teams,
    /// There are departments, and the access model has none.
    Departments,
    /// Members are assigned to others, and the access model has no managers.
    Managers {
        /// How many members.
        members: usize,
    },
    /// Members see more than their own, and the access model has no visibility.
    Visibility {
        /// How many members.
        members: usize,
    },
    /// A member is the billing contact, and the access model has none.
    BillingContact,
    /// Members have a level that the access model does not have.
    Level {
        /// The key of the resource.
        resource: String,
        /// How many members.
        members: usize,
    },
}

impl Misfit {
    /// What does not fit, in sentences for programs and logs.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let sentence = match self {
            Misfit::Unfit { mistakes, .. } => return mistakes.clone(),
            Misfit::MissingRole { key, name, members } => format!(
                "the access model has no role `{key}`, and members have the role {name} ({members}); \
                 give them another role first"
            ),
            Misfit::ChangedMeaning { resource, by } => {
                let by = match by {
                    GrantedBy::Role => "a custom role",
                    GrantedBy::Profile => "a profile",
                    GrantedBy::Levels => "the levels of a member",
                };
                format!(
                    "`{resource}` is something of another kind in the access model, and {by} grants it: the \
                     grant would hold for that then; choose another key"
                )
            }
            Misfit::NoTopHolder { role } => format!("no active member has the role {role}"),
            Misfit::OneHolder { role, members } => {
                format!("the role {role} has exactly one holder, and {members} members have it")
            }
            Misfit::LevelsOfRole { members } => {
                format!("members have levels, and their role has none ({members})")
            }
            Misfit::PersonOnly { services } => {
                format!("service accounts have a role that only a person can have ({services})")
            }
            Misfit::NotManaging => {
                "members are assigned to one whose role does not manage".to_owned()
            }
            Misfit::ManyContacts => "more than one member is the billing contact".to_owned(),
            Misfit::ServiceManager { id } => {
                format!("members are assigned to the service account `{id}`")
            }
        };
        vec![sentence]
    }
}
