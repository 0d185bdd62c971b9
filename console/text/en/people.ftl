team-intro = { $team }: { $members ->
    [one] one member
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
team-alias = With an alias
team-as = as { $alias }
team-unseen = Not seen for long
team-unseen-fact = { $count ->
    [one] One active member has not been here for { $days } days.
   *[other] { $count } active members have not been here for { $days } days.
}
team-unseen-advice = Remove access from people who have left.
team-unseen-show = Show them
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
access-preset = Preset
access-preset-blocked = This preset only reads, and the role does more.
access-visibility = Visibility
access-visibility-hint = Whose records they see, as far as the role leaves it open.
access-no-department = No department
access-manager = Manager
access-no-manager = No manager
access-landing = Lands on
access-landing-first = The first page that they may open
access-alias = Alias
access-alias-hint = Another name under which the member works here, such as Support. They are found by it; access does not depend on it.
access-teams = Teams
access-contact-hint = Receives invoices and can open billing. The current billing contact gives it up.
access-contact-own = You are the billing contact. Without it, you no longer receive invoices or open billing, unless your role does.
access-gives-up = You give up the billing contact yourself: you no longer receive invoices or open billing, unless your role does. Save again to confirm.
access-nothing = Nothing is changed yet.
access-same = This changes nothing that they can do.
access-gains = Gains
access-loses = Loses
access-in = in { $resource }
access-records = { $count ->
    [one] one record
   *[other] { $count } records
}
access-sidebar = The sidebar shows { $count } of { $total }: { $names }.
access-sidebar-empty = The sidebar shows nothing.
access-others = { $count ->
    [one] One other person gains or loses something, too.
   *[other] { $count } other people gain or lose something, too.
}
access-stops-keys = { $count ->
    [one] One API key stops working.
   *[other] { $count } API keys stop working.
}
access-stops-invitations = { $count ->
    [one] One open invitation can no longer be accepted.
   *[other] { $count } open invitations can no longer be accepted.
}
access-mistakes = Some fields need another look.
access-stale-by = { $people } saved this member after you opened the form.
access-stale-other = Another person saved this member after you opened the form.
access-stale-kept = What you chose is kept, and the rest shows what is stored. Save again to replace only what you chose, or close the form to leave it.
access-stale-part = { $part }: { $was } is stored, you chose { $is }
access-stale-same = What is stored is what you chose.
access-yes = yes
access-no = no
access-save = Save access
access-preview = Preview
access-saved = The access of { $name } is saved.
required = (required)
invite-intro = They get a link by email. It expires after { $days } days.
invite-emails = Email addresses
invite-emails-hint = One or many, separated by commas or lines, with names as Name <address>.
invite-file = CSV file
invite-file-hint = Instead of typing: a column of addresses, and one of names if you like.
invite-file-large = { $name } is larger than 256 KB. Split it, or paste the addresses.
invite-file-kind = { $name } is not a CSV or text file. In a spreadsheet, save the sheet as CSV.
invite-file-encoding = { $name } is in an encoding that cannot be recognised. Save it as CSV UTF-8.
invite-file-empty = { $name } is empty.
invite-name = Name
invite-name-hint = For one address. Names of several can be beside their addresses.
invite-lines = Addresses
invite-contact = Make this person the billing contact
invite-send = { $word } ({ $count })
invite-send-rest = Leave those out and send { $count }
invite-wrong = { $count ->
    [one] One address cannot be invited. Nothing is sent yet.
   *[other] { $count } addresses cannot be invited. Nothing is sent yet.
}
invite-no-address = An address is required.
invite-too-many = At most 100 addresses at once.
invite-sent = { $count ->
    [one] The invitation is on its way to { $email }.
   *[other] { $count } invitations are on their way.
}
bulk-role-title = { $count ->
    [one] Change the role of one member
   *[other] Change the role of { $count } members
}
bulk-department-title = { $count ->
    [one] Change the department of one member
   *[other] Change the department of { $count } members
}
bulk-team-title = { $count ->
    [one] Change the teams of one member
   *[other] Change the teams of { $count } members
}
bulk-team = Team
bulk-what = Join or leave
bulk-join = Join
bulk-leave = Leave
bulk-people = Members
bulk-verb = { $count ->
    [one] Change one member
   *[other] Change { $count } members
}
bulk-done = { $count ->
    [one] One member is changed.
   *[other] { $count } members are changed.
}
reassign-title = Reassign records of { $name }
reassign-intro = Hands records over from one person to another. Records that you leave out keep their owner.
reassign-from = Current owner
reassign-to = New owner
reassign-other = Choose another
reassign-which = Which records
reassign-type = Type
reassign-moves = Move
reassign-left-out = Left out
reassign-together = Chosen
reassign-nothing = There is no record to move that you can reassign.
reassign-no-owner = No owner
reassign-leave = Leave without an owner
reassign-stays = { $count ->
    [one] One record stays: it is beyond what you may reassign.
   *[other] { $count } records stay: they are beyond what you may reassign.
}
reassign-verb = { $count ->
    [one] Reassign one record
   *[other] Reassign { $count } records
}
reassign-no-type = Choose at least one type.
reassign-done = { $from } to { $to }: { $list } reassigned.
member-removed = Removed
member-role-by = { $role }, since { $since }, given by { $by }
member-role-since = { $role }, since { $since }
member-joined = Joined
member-seen = Last seen
member-never = Never
member-explain = Explain access
member-reach = What they can do
member-resource = Part
member-may = Reach and actions
member-unowned = Without an owner
pick-find-team = Find a team
pick-find-department = Find a department
pick-find-member = Find a member
pick-nothing = No name contains that
pick-incomplete = There may be more: type the beginning of the name
