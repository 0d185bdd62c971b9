why-allowed = { $you ->
    [yes] You can { $act } because { $reason }.
   *[no] { $name } can { $act } because { $reason }.
}
why-denied = { $you ->
    [yes] You cannot { $act }: { $reason }.
   *[no] { $name } cannot { $act }: { $reason }.
}
why-switched-off = { $resource } is switched off in this workspace.
why-switched-off-need = { $resource } has to be switched on.
why-only-unowned = The record has an owner, and only records without an owner can be claimed.
why-act = { $action } { $things }
why-act-in = { $action } in { $things }
why-act-name = { $phrase }
why-act-name-for = { $phrase }, for { $things }
why-later-types = records of types that are added later
why-record-things = records
why-all = all { $things }
why-own = own { $things }
why-of = { $things } of { $owner }
why-assigned = { $things } of assigned members
why-team = { $things } of the team
why-named-team = { $things } of members of the team { $team }
why-department = { $things } of the department and those below it
why-assigned-department = { $things } of assigned members in the department
why-team-department = { $things } of the team in the department
why-named-team-department = { $things } of members of the team { $team } in the department
why-visible = { $things } that the visibility covers
why-unowned = { $things } without an owner
why-former = { $things } of a former member
why-none = no { $things }
why-and = { $most } and { $last }
why-or = { $most } or { $last }
why-it = it
why-them = them
why-active = { $you ->
    [yes] you are an active member
   *[no] { $name } is an active member
}
why-path-and = { $path }, and { $reason }
why-by-role = the role { $role } covers { $what }
why-by-profile = the profile { $profile } of the team { $team } covers { $what }
why-by-model = the access model covers { $what }
why-by-level = { $you ->
    [yes] your level for { $resource } is { $level }
   *[no] the level of { $name } for { $resource } is { $level }
}
why-by-contact = { $you ->
    [yes] you are the billing contact
   *[no] { $name } is the billing contact
}
why-by-switch = the switch “{ $switch }” is on
why-shown-unowned = the access model shows { $things } without an owner to everyone who sees { $things }
why-inactive = { $you ->
    [yes] your membership is deactivated
   *[no] the membership of { $name } is deactivated
}
why-no-level = { $you ->
    [yes] you have no level for { $resource }, and this takes { $enough }
   *[no] { $name } has no level for { $resource }, and this takes { $enough }
}
why-low-level = { $you ->
    [yes] your level for { $resource } is { $level }, and this takes { $enough }
   *[no] the level of { $name } for { $resource } is { $level }, and this takes { $enough }
}
why-visibility = { $you ->
    [yes] your visibility covers only { $what }
   *[no] the visibility of { $name } covers only { $what }
}
why-no-team = { $you ->
    [yes] you are in no team whose profile includes it
   *[no] { $name } is in no team whose profile includes it
}
why-boundary = the scopes of this API key do not include it
why-boundary-own = the scopes of this API key include it for own records only
why-role-lacks = the role { $role } does not include it
why-role-covers = the role { $role } covers only { $what }
why-profile-lacks = the profile { $profile } of the team { $team } does not include it
why-profile-covers = the profile { $profile } of the team { $team } covers only { $what }
why-lacks = { $you ->
    [yes] nothing that you have includes it
   *[no] nothing that { $name } has includes it
}
why-covers = { $you ->
    [yes] what you have covers only { $what }
   *[no] what { $name } has covers only { $what }
}
why-also = this also takes permission to { $act }, and { $reason }
why-path-self = { $you ->
    [yes] you are the owner
   *[no] { $name } is the owner
}
why-path-assigned = { $you ->
    [yes] { $owner } is assigned to you
   *[no] { $owner } is assigned to { $name }
}
why-path-managed = { $you ->
    [yes] { $owner } is assigned to you through other managers
   *[no] { $owner } is assigned to { $name } through other managers
}
why-path-team = { $you ->
    [yes] { $owner } is in a team of yours
   *[no] { $owner } is in a team of { $name }
}
why-path-named-team = { $owner } is in the team { $team }
why-path-department = { $you ->
    [yes] { $owner } is in your department or in one below it
   *[no] { $owner } is in the department of { $name } or in one below it
}
why-path-both = { $path } and { $other }
why-path-unowned = there is no owner
why-step-active = { $you ->
    [yes] You are an active member.
   *[no] { $name } is an active member.
}
why-step-inactive = { $you ->
    [yes] Your membership is deactivated, so nothing is allowed.
   *[no] The membership of { $name } is deactivated, so nothing is allowed.
}
why-step-requested = The question: permission to { $act }.
why-step-read = Changing a record also takes permission to { $act }.
why-step-role = The role { $role } gives it for { $what }.
why-step-profile = The profile { $profile } of the team { $team } gives it for { $what }.
why-step-level = The level { $level } gives it for { $what }.
why-step-contact = The billing contact has it for { $what }.
why-step-model = The access model gives it for { $what }.
why-step-switch = The switch “{ $switch }” gives it for { $what }.
why-step-shared = { $step } The team shares at most { $what }.
why-step-visible = { $step } Visibility limits that to { $what }.
why-step-nothing = { $you ->
    [yes] Nothing gives you permission to { $act }.
   *[no] Nothing gives { $name } permission to { $act }.
}
why-step-any = Covered: { $records }.
why-step-yes = { $records }: yes, { $target }.
why-step-no = { $records }: no, { $target }.
why-step-boundary = The scopes of this API key do not include permission to { $act }.
why-step-boundary-own = The scopes of this API key include permission to { $act } for own records only.
why-target-you = you are the owner
why-target-owner = the owner is { $owner }
why-target-unowned = there is no owner
why-target-former = the owner is no longer a member
why-need = It takes { $list }.
why-need-grant = permission to { $act }
why-need-grant-visibility = permission to { $act } with the visibility { $visibility }
why-need-role = a role with permission to { $act }
why-need-visibility = the visibility { $visibility }
why-need-profile = permission to { $act } in the profile of the team { $team }
why-need-new-profile = a profile with permission to { $act } for the team { $team }
why-need-sharing = { $need } and the record sharing { $sharing }
why-need-team = a team whose profile gives permission to { $act }
why-holder = Someone with the role { $roles } can { $what }.
why-operator = The operator of this server can { $what }.
why-edit-level = { $you ->
    [yes] set your level for { $resource } to { $level }
   *[no] set the level of { $name } for { $resource } to { $level }
}
why-edit-visibility = { $you ->
    [yes] set your visibility to { $visibility }
   *[no] set the visibility of { $name } to { $visibility }
}
why-edit-reactivate = { $you ->
    [yes] reactivate your membership
   *[no] reactivate { $name }
}
why-edit-join = { $you ->
    [yes] add you to the team { $team }
   *[no] add { $name } to the team { $team }
}
why-edit-role = { $you ->
    [yes] give you the role { $role }
   *[no] give { $name } the role { $role }
}
why-edit-assign = { $you ->
    [yes] assign you to { $other }
   *[no] assign { $name } to { $other }
}
why-edit-department = { $you ->
    [yes] move you to the department of { $other }
   *[no] move { $name } to the department of { $other }
}
why-edit-sharing = set the record sharing of the team { $team } to { $sharing }
why-edit-profile = let the profile { $profile } { $acts }
why-edit-grants = let the role { $role } { $acts }
why-edit-module = switch { $resource } on
why-edit-switch-on = turn the switch “{ $switch }” on
why-edit-switch-off = turn the switch “{ $switch }” off
why-rule-deactivated = Deactivated
why-rule-no-team = No team with a profile
why-rule-none = None
why-rule-scopes = Scopes of the API key
why-rule-unowned = Records without an owner are visible
why-rule-claim = Only records without an owner can be claimed
why-list-sees = { $you ->
    [yes] You see
   *[no] { $name } sees
}
why-list-can = { $you ->
    [yes] You can { $action }
   *[no] { $name } can { $action }
}
why-list-none = { $lead } no { $things }.
why-list-only = { $lead } the only { $thing }.
why-list-all = { $lead } all { $things }.
why-list-all-counted = { $lead } all { $count } { $things }.
why-list = { $lead } { $things }: { $list }.
why-list-counted = { $lead } { $count } { $things }: { $list }.
why-part = { $n } { $part }
why-part-own = own
why-part-unowned = without an owner
why-part-assigned = { $you ->
    [yes] of { $people } assigned to you
   *[no] of { $people } assigned to { $name }
}
why-part-team = { $you ->
    [yes] of { $people } in a team of yours
   *[no] of { $people } in a team of { $name }
}
why-part-department = { $you ->
    [yes] of { $people } in your department or below it
   *[no] of { $people } in the department of { $name } or below it
}
why-part-assigned-department = { $you ->
    [yes] of { $people } assigned to you in your department
   *[no] of { $people } assigned to { $name } in the same department
}
why-part-team-department = { $you ->
    [yes] of { $people } in a team and the department of yours
   *[no] of { $people } in a team and the department of { $name }
}
why-part-workspace = of { $people } of this workspace
