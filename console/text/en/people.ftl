team-intro = { $members ->
    [one] One member
   *[other] { $members } members
}{ $open ->
    [0] .
    [one] , one open invitation.
   *[other] , { $open } open invitations.
} A change of role holds from the next request.
team-search = Search name or email
team-everyone = Everyone
team-every-role = Every role
team-every-department = Every department
team-member = Member
team-role = Role
team-status = Status
team-open = Open assignments
team-open-short = open
team-department = Department
team-actions = Actions for { $name }
team-choose = Choose { $name }
team-chosen = chosen
team-clear = Clear
team-bulk-role = Change role
team-bulk-department = Change department
team-bulk-team = Change teams
team-role-of = Role of { $name }
team-role-saved = { $name } is now { $role }.
team-set-role = Save the role
team-nothing = No member matches.
team-more-match = More members match. Type more of the name.
team-show-everyone = Show everyone
team-pages = Pages of members
team-range = { $from }–{ $to } of { $total }
team-first-page = First page
team-only-one = { $name } is the only { $role }.
team-choose-one = Choose one
team-choose-top = Choose another { $role }
team-expired = Expired
team-dead = Cannot be accepted
team-invited = Invited { $sent }
team-invited-left = Invited { $sent }, { $days ->
    [one] one day left
   *[other] { $days } days left
}
team-dead-grantor = The member who sent it may no longer give what it contains.
team-dead-contents = Something that it names no longer exists.
team-dead-address = The workspace admits only addresses of other domains.
team-undelivered = The mail is not delivered yet: { $error }
team-resend = Resend
team-resent = A new link is on its way to { $email }. The old one no longer works.
team-revoke = Revoke
team-revoke-title = Revoke the invitation of { $email }
team-revoke-link = The link in the mail stops working at once.
team-revoke-later = You can invite the address again at any time.
team-revoked = The invitation is revoked.
team-keep-invitation = Keep it
team-remove-title = Remove { $name }
team-remove-effect = { $name } can no longer open the workspace, from the next request on.
team-remove-account = Their account and their other workspaces stay as they are.
team-removed = { $name } is no longer a member.
team-keep = Keep them
team-leaving-open = { $count ->
    [one] One open record stays assigned to them:
   *[other] { $count } open records stay assigned to them:
}
team-leaving-nothing = No open record that you can see is assigned to them.
team-deactivate-instead = Deactivate instead
team-deactivate-title = Deactivate { $name }
team-deactivate-sign-in = Their sessions end, and they cannot sign in unless another workspace has them as an active member.
team-deactivate-elsewhere = Their other workspaces stay open to them.
team-deactivate-keeps = Role, teams and records stay as they are. You can reactivate them at any time.
team-deactivated = { $name } is inactive.
team-reactivated = { $name } is active again.
team-keep-active = Keep active
team-billing-now = { $name } is the billing contact. Choose who is from now on.
team-billing-vacant = There is no billing contact. Choose one.
team-billing-title = Make { $name } the billing contact
team-billing-gains = { $name } receives the invoices and can open billing.
team-billing-loses = { $name } is no longer the billing contact.
team-billing-done = { $name } is the billing contact now.
team-keep-contact = Change nothing
billing-contact = Billing contact
