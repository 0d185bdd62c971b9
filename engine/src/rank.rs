//! Rank rules: who may give which role, and who may touch whom.

use crate::blueprint::{Blueprint, CUSTOM, Holders};
use crate::member_table::MemberIndex;
use crate::policy::Policy;

impl Blueprint {
    /// Whether a holder of one role may give another; unknown ids stand for custom roles. The right
    /// to change members is asked beside, and the grant ceiling holds too.
    ///
    /// ```
    /// let blueprint = hallpass_engine::Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert!(blueprint.may_give("owner", "owner"));
    /// assert!(!blueprint.may_give("manager", "owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_give(&self, grantor: &str, role: &str) -> bool {
        self.rank_rules(role).is_some_and(|(given_by, _)| self.names(given_by, grantor))
    }

    /// Whether a holder of one role may change, deactivate or remove a holder of another.
    ///
    /// ```
    /// let blueprint = hallpass_engine::Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert!(!blueprint.may_touch("manager", "owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_touch(&self, actor: &str, role: &str) -> bool {
        self.rank_rules(role).is_some_and(|(_, touched_by)| self.names(touched_by, actor))
    }

    /// The roles that a holder of a role may give, highest first; [`CUSTOM`] stands for custom ones.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert_eq!(blueprint.may_be_given_by("manager"), ["manager", "member"]);
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_be_given_by(&self, grantor: &str) -> Vec<&str> {
        let built_in = self.roles.iter().map(|role| role.key.as_str());
        let all = built_in.chain(self.custom_roles.iter().map(|_| CUSTOM));
        all.filter(|role| self.may_give(grantor, role)).collect()
    }

    /// Whether a role changes hands by transfer only: one holder, given by nobody.
    ///
    /// ```
    /// # use hallpass_engine::*;
    /// # let blueprint = Blueprint::parse(hallpass_engine::doc::SMALL)?;
    /// assert!(!blueprint.is_transferred_only("owner"));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn is_transferred_only(&self, role: &str) -> bool {
        self.role(role).is_some_and(|role| role.holders == Holders::One)
    }

    fn rank_rules(&self, role: &str) -> Option<(&[String], &[String])> {
        let built_in = self.role(role).map(|role| (&*role.given_by, &*role.touched_by));
        let custom =
            || self.custom_roles.as_ref().map(|rules| (&*rules.given_by, &*rules.touched_by));
        built_in.or_else(custom)
    }

    fn names(&self, rule: &[String], role: &str) -> bool {
        let key = if self.role(role).is_some() { role } else { CUSTOM };
        rule.iter().any(|named| named == key)
    }
}

impl Policy {
    /// The role of an active member: the key of a built-in one or the id of a custom one.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert_eq!(policy.role(ben), Some("member"));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn role(&self, member: MemberIndex) -> Option<&str> {
        let key = self.class_key(member)?;
        self.compiled.roles.get(key.role as usize).map(|role| role.id.as_str())
    }

    /// Whether a member's role may give a role; an inactive member may give none.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(policy.may_give(anna, "owner") && !policy.may_give(ben, "owner"));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_give(&self, grantor: MemberIndex, role: &str) -> bool {
        self.role(grantor).is_some_and(|mine| self.compiled.blueprint.may_give(mine, role))
    }

    /// Whether a member's role may touch a holder of a role.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use hallpass_engine::*;
    /// # let blueprint = Arc::new(Blueprint::parse(hallpass_engine::doc::SMALL)?);
    /// # let members = vec![Member::new("anna", "owner"), Member::new("ben", "member")];
    /// # let policy = Policy::compile(&blueprint, &Workspace { members, ..Workspace::default() })?;
    /// # let (anna, ben) = (policy.member("anna").unwrap(), policy.member("ben").unwrap());
    /// # let read = policy.cell("contacts", "read").unwrap();
    /// assert!(!policy.may_touch(ben, "owner"));
    /// # Ok::<(), Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_touch(&self, actor: MemberIndex, role: &str) -> bool {
        self.role(actor).is_some_and(|mine| self.compiled.blueprint.may_touch(mine, role))
    }
}
