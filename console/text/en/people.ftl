team-intro = { $members ->
    [one] One member
   *[other] { $members } members
}. A change of role holds from the next request.
team-search = Search name or email
team-everyone = Everyone
team-member = Member
team-role = Role
team-status = Status
team-open = Open assignments
team-department = Department
team-actions = Actions for { $name }
team-role-of = Role of { $name }
team-role-saved = { $name } is now { $role }.
team-set-role = Save the role
team-edit = Edit access
team-removed = { $name } is no longer a member.
team-remove-title = Remove { $name }
team-remove-effect = { $name } can no longer open the workspace, from the next request on.
team-remove-open = { $count ->
    [one] One open record stays assigned to them
   *[other] { $count } open records stay assigned to them
}: { $list }.
team-remove-account = Their account and their other workspaces stay as they are.
team-keep = Keep them
team-nothing = No member matches.
billing-contact = Billing contact
