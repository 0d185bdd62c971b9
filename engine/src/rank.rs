//! Rank rules: which roles a member may assign, and which members they may change.

use crate::blueprint::{Blueprint, CUSTOM, Holders};
use crate::member_table::MemberIndex;
use crate::policy::Policy;

impl Blueprint {
    /// Whether holders of a role may assign another role. Unknown ids count as custom roles. The
    /// permission to change members and the grant ceiling are separate checks.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert!(blueprint.may_give("owner", "owner"));
    /// assert!(!blueprint.may_give("manager", "owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_give(&self, grantor: &str, role: &str) -> bool {
        self.rank_rules(role).is_some_and(|(given_by, _)| self.allows(given_by, grantor))
    }

    /// Whether holders of a role may change, deactivate or remove a holder of another role.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert!(!blueprint.may_touch("manager", "owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_touch(&self, actor: &str, role: &str) -> bool {
        self.rank_rules(role).is_some_and(|(_, touched_by)| self.allows(touched_by, actor))
    }

    /// Lists the roles that holders of a role may assign, in the order of the blueprint; [`CUSTOM`]
    /// means custom roles.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert_eq!(blueprint.may_be_given_by("manager"), ["manager", "member"]);
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_be_given_by(&self, grantor: &str) -> Vec<&str> {
        let built_in = self.roles.iter().map(|role| role.key.as_str());
        let all = built_in.chain(self.custom_roles.iter().map(|_| CUSTOM));
        all.filter(|role| self.may_give(grantor, role)).collect()
    }

    /// Whether a role has exactly one holder, so that it moves only by a transfer.
    ///
    /// ```
    /// # let blueprint = hallpass_engine::doc::blueprint()?;
    /// assert!(!blueprint.is_transferred_only("owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
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

    fn allows(&self, rule: &[String], role: &str) -> bool {
        let key = if self.role(role).is_some() { role } else { CUSTOM };
        rule.iter().any(|named| named == key)
    }
}

impl Policy {
    /// The role of a member: the key of a built-in role or the id of a custom one.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// assert_eq!(policy.role(ben), Some("member"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn role(&self, member: MemberIndex) -> Option<&str> {
        let key = self.class_key(member)?;
        self.compiled.roles.get(key.role as usize).map(|role| role.id.as_str())
    }

    /// Whether the rank rules let a member assign a role. The permission to change members and the
    /// grant ceiling are separate checks.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let anna = policy.member("anna").unwrap();
    /// let ben = policy.member("ben").unwrap();
    /// assert!(policy.may_give(anna, "owner") && !policy.may_give(ben, "owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_give(&self, grantor: MemberIndex, role: &str) -> bool {
        self.role(grantor).is_some_and(|mine| self.compiled.blueprint.may_give(mine, role))
    }

    /// Whether the rank rules let a member change, deactivate or remove a holder of a role.
    ///
    /// ```
    /// # let policy = hallpass_engine::doc::policy()?;
    /// let ben = policy.member("ben").unwrap();
    /// assert!(!policy.may_touch(ben, "owner"));
    /// # Ok::<(), hallpass_engine::Mistakes>(())
    /// ```
    #[must_use]
    pub fn may_touch(&self, actor: MemberIndex, role: &str) -> bool {
        self.role(actor).is_some_and(|mine| self.compiled.blueprint.may_touch(mine, role))
    }
}
