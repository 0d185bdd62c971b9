reach-all = All
reach-department = Department
reach-visible = By visibility
reach-team = Team
reach-assigned = Assigned
reach-own = Own
reach-unowned = Unowned
reach-none = None
reach-yes = Yes
reach-all-means = every record
reach-department-means = records of the same department
reach-visible-means = as far as the member’s visibility goes
reach-team-means = records of the same team
reach-assigned-means = records of the people assigned to them
reach-own-means = their own records
reach-unowned-means = records without an owner

matrix-records = Records
matrix-modules = Modules
matrix-settings = Settings
matrix-keys = Keys: arrows move, Enter opens a cell, A D T O N choose All, Department, Team, Own or None, Esc takes a choice back.
matrix-off = Off

effect-saving = Saving
effect-and = and
effect-gives = { $n ->
    [one] gives one person
   *[other] gives { $n } people
}
effect-takes = { $n ->
    [one] takes from one person
   *[other] takes from { $n } people
}
effect-action = { $action } on { $resource }
effect-action-records = { $action } on { $resource } ({ $n ->
    [one] one record
   *[other] { $n } records
})
effect-more = { $n ->
    [one] one more action
   *[other] { $n } more actions
}
effect-none = No member gains or loses anything.
effect-ask = Preview shows who gains and who loses what, before anything is saved.
effect-people = Show by person
effect-others = { $n ->
    [one] and one other person
   *[other] and { $n } other people
}
effect-other-member = Another member
effect-keys = { $n ->
    [one] One API key stops working
   *[other] { $n } API keys stop working
}: { $keys }.
effect-invitations = { $n ->
    [one] One invitation can no longer be accepted
   *[other] { $n } invitations can no longer be accepted
}: { $people }.

name = Name
description = Description
discard = Discard
preview = Preview
save-changes = { $n ->
    [one] Save 1 change
   *[other] Save { $n } changes
}
keep-it = Keep it
added = Added:
removed = Removed:
search-member = Search name or email
no-member-matches = No member matches.
more-members = { $n ->
    [one] One more member: search by name.
   *[other] { $n } more members: search by name.
}
count-members = { $n ->
    [one] 1 member
   *[other] { $n } members
}
stale-matrix = Someone else saved first. Cells with a ring are where your version differs from theirs: check them, and save again.
stale-changed = Another person saved first and changed { $what }. The page shows that; what you changed is kept, with a ring around cells. Check it, and save again.
fact-teams = Teams
fact-department = Department
fact-visibility = Visibility
fact-preset = Preset
fact-also = Also

role-intro = { $n } roles for { $members ->
    [one] one member
   *[other] { $members } members
}. A change holds from the next request of everyone who has the role.
role-intro-only = { $n } roles. A change holds from the next request of everyone who has the role.
role-role = Role
role-by-role = By role
role-by-resource = By resource
role-by-person = By person
role-built-in = Built in
role-own = Your own
role-new = New role
role-create = Create role
role-created = { $name } is created. No member has it yet.
role-saved = { $name } is saved.
role-copy = Copy
role-copy-name = Copy of { $name }
role-delete = Delete role
role-delete-title = Delete { $name }
role-delete-effect = The role ends now. This cannot be undone.
role-delete-holders = It can be deleted when no member has it. Now it has { $members }.
role-deleted = { $name } is deleted.
role-drifted = differs from how it was created
role-drift = { $n ->
    [one] Differs from how it was created in 1 place
   *[other] Differs from how it was created in { $n } places
}
role-as-created = Back to how it was created
role-members = { $n ->
    [one] 1 member
   *[other] { $n } members
}: { $names }
role-members-more = { $n } members: { $names } and { $rest } more
role-no-members = No member has this role.
role-assign = Assign members
role-assign-title = Assign { $name }
role-assign-note = They have the role from their next request on, in place of the one they have.
role-assigned = { $n ->
    [0] No member was chosen.
    [one] One member has the role now.
   *[other] { $n } members have the role now.
}
role-general = This role also grants on record types that will be added later. Saving another reach replaces that by the cells below.
role-new-effect = A new role changes access for no one until it is assigned.
role-person-note = Under each reach is what gives it. The widest one holds.
role-history = History
role-history-of = History of { $name }
role-history-none = Nothing was changed about this role.
role-history-more = The audit log has what was changed before.
role-history-created = { $who } created the role.
role-history-changed = { $who } changed the role.
role-history-deleted = { $who } deleted the role.
role-history-renamed = { $who } renamed { $was } to { $is }.
role-history-given = { $who } changed the access of { $name }.

profile-intro = What members get through their teams. A change holds from the next request of everyone in a team that has the profile.
profile-nothing = Profiles will appear here: a profile says how far each action reaches, and a team gives it to its members.
profile-new = New profile
profile-create = Create profile
profile-created = { $name } is created. Give it to a team to put it to use.
profile-delete = Delete profile
profile-delete-effect = The profile ends now. This cannot be undone.
profile-delete-teams = It can be deleted when no team has it. Now these have it: { $teams }.
profile-drifted = differs from its template
profile-drift = { $n ->
    [one] Differs from its template in 1 place
   *[other] Differs from its template in { $n } places
}
profile-as-template = Back to the template
profile-teams = { $n ->
    [one] Carried by one team:
   *[other] Carried by { $n } teams:
}
profile-new-effect = A new profile changes access for no one until a team has it.

schema-editor = Schema Editor
schema-intro = The record types of this workspace: their fields, their stages, and who may do what with them.
schema-new = New record type
schema-new-intro = Grants on all record types apply to it at once. Further fields and stages follow on its page.
schema-create = Create record type
schema-created = { $name } is created.
schema-entity = Record type
schema-added = Your own
schema-key = Key
schema-key-new = Key, in addresses and permissions; it cannot be changed
schema-name = Name, plural
schema-one = Name of one
schema-title = Title
schema-title-field = Name of the title field
schema-fields = Fields
schema-stages = Stages
schema-permissions = Permissions
schema-pipeline = Pipeline
schema-field = Field
schema-type = Type
schema-options = Options
schema-options-added = Options of a choice, one a line
schema-required = Required
schema-required-added = Every record has it
schema-remove = Delete
schema-add-field = Add a field
schema-name-of = Name of { $name }
schema-options-of = Options of { $name }, one a line
schema-required-of = { $name } is required
schema-remove-of = Delete { $name }
schema-save = Save fields
schema-save-note = A field or option that records have a value in cannot be deleted.
schema-delete = Delete record type
schema-delete-effect = The record type ends now, with its fields, stages and permissions. This cannot be undone.
schema-delete-when = It can be deleted when it has no records.
stale-form = Someone else saved first. What you typed is below: check it against the page, and save again.
stale-fields = Another person saved first and changed { $what }. The page shows that; what you typed is kept. Check it, and save again.
field-text = Text
field-long-text = Long text
field-number = Number
field-money = Money
field-date = Date
field-time = Date and time
field-email = Email
field-phone = Phone
field-link = Link
field-choice = Choice
field-check = Yes or no
pipeline-nothing = Stages will appear here: a record moves through them, and each says who may move it.
pipeline-stage = Stage
pipeline-place = Order
pipeline-by = Who moves records takes
pipeline-by-update = the right to update
pipeline-open = Needs work
pipeline-open-added = A record in it still needs work
pipeline-place-of = Order of { $name }
pipeline-by-of = Action that moves records of { $name }
pipeline-open-of = A record in { $name } still needs work
pipeline-add = Add a stage
pipeline-save = Save stages
pipeline-save-note = A stage that records are in cannot be deleted.
pipeline-saved = The stages are saved.
permissions-profile = Profile
permissions-intro = Every profile with a grant on these records. A change holds from the next request of everyone in its teams.
permissions-intro-roles = Every role with a grant on these records.
permissions-all = Show those without a grant
permissions-granted = Only those with a grant
permissions-nothing = Nothing grants anything on these records.
permissions-saved = { $n ->
    [one] 1 change is saved.
   *[other] { $n } changes are saved.
}

source-role = role
source-profile = { $name } through { $team }
source-level = level { $name }
source-unowned = without an owner

teams-intro = Members of a team reach each other’s records where a role says Team.
teams-intro-profiles = A team gives its members a profile, and says how much of it they share.
teams-nothing = Teams will appear here: a team groups members who share records.
teams-team = Team
teams-members = Members
teams-new = New team
teams-create = Create team
teams-created = { $name } is created. Add its members.
teams-no-profile = No profile
teams-given = What members get through the team
teams-add = Add member
teams-also = Also in
teams-empty = Members will appear here: they get what the team gives from their next request on.
teams-joined = { $name } is in the team now.
teams-left = { $name } is no longer in the team.
teams-remove = Remove
teams-remove-of = Remove { $name } from the team
teams-delete = Delete team
teams-delete-effect = The team ends now. This cannot be undone.
teams-delete-members = { $n ->
    [one] It can be deleted when it has no members. Now it has one.
   *[other] It can be deleted when it has no members. Now it has { $n }.
}
choose-member = Choose a member
sharing = Record sharing
sharing-own = Own: members reach their own records only, whatever the profile says
sharing-team = Team: members reach the records of the team, where the profile says Team or All
sharing-all = All: members reach as far as the profile says
sharing-capped = limited by sharing

department-intro = Who is where, and how far each person sees.
department-nothing = Departments will appear here: they form a tree, and a member who sees their department also sees those below it.
department-new = New department
department-create = Create department
department-created = { $name } is created.
department-in-all = { $n } in all
department-move-hint = Drag a department into another one, or beside the tree to the top. With the keyboard: Alt → moves it into the one above, Alt ← out of it. You see what changes before you save it.
department-parent = Below
department-top = At the top
department-manager = Manager
department-no-manager = No manager
department-led-by = manager { $name }
department-place = Name and place
department-add = Move here
department-joined = { $name } is in the department now.
department-left = { $name } is in no department now.
department-remove-of = Remove { $name } from the department
department-visibility-of = Visibility of { $name }
department-visibility-saved = { $name } sees: { $level }.
department-delete = Delete department
department-delete-effect = The department ends now. This cannot be undone.
department-delete-when = It can be deleted when it has no members, and no departments below it.
stale-removed = Another person removed { $what }.
once-done = This form was sent before, and was not done again. The page shows what holds now.
once-shown = This was done before, and was not done again. A secret is shown once: if you did not copy it, make another.
address-unknown = The address says “{ $name }={ $value }”, which this page does not know. It is left out.
form-unsaved = What you entered is not saved. Close anyway?
stale-choice = Someone else saved first. The page shows what holds now: choose again if you still want to.

explain-title = Explain access
explain-intro = Ask what anyone can do, and see every rule that decides it.
explain-intro-own = Ask what you can do, and see every rule that decides it.
explain-who = Who
explain-what = Can they
explain-choose = Choose an action
explain-owner = Whose records
explain-any = any at all
explain-record = Record
explain-find = Find a record
explain-any-record = any record
explain-basis = What this rests on
explain-check = Check
explain-allowed = Allowed
explain-denied = Not allowed
explain-rule = Decided by
explain-through = through
explain-records = Which records
explain-steps = Step by step
explain-acts = What would allow it
explain-needs = What it needs
explain-who-else = Who can: { $action }
explain-no-one = No member can do this.
explain-lists = What { $name } sees
rule-role = Role
rule-profile = Profile
rule-level = Level
rule-visibility = Visibility
rule-switch = Switch
rule-billing-contact = Billing contact
rule-unowned = Records without an owner
rule-status = Status
rule-team = Teams
rule-module = Module
rule-claim = Claiming
rule-scopes = Scopes
review-intro = What every member has, as far as it reaches, and who gave it. Role and reach hold now; the CSV file has the same rows.
review-csv = Export CSV
review-reach = Reach
review-extras = Extras
review-seen = Last seen
review-never = never
review-given-by = Given by
review-given = Given on
review-operator = The operator
review-records = { $reach } on every record type
review-reach-more = { $reach }: { $names } and { $n } more
review-settings = { $n ->
    [one] changes one setting
   *[other] changes { $n } settings
}
review-levels = Own levels
review-teams = { $n ->
    [one] 1 team
   *[other] { $n } teams
}

compare-people = People
compare-roles = Roles
compare-given = Person and role
compare-created = Role and template
compare-profiles = Profiles
compare-moments = Then and now
compare-people-intro = Two people, what differs first. Each reach leads to the rule that gives it.
compare-roles-intro = Two roles as a new holder has them, what differs first.
compare-given-intro = What a person has beyond their role, and below it: by levels, teams, visibility and the billing contact.
compare-created-intro = One of your own roles, with how it was created.
compare-profiles-intro = Two profiles, or a profile with its template.
compare-moments-intro = The workspace after an entry of the audit log, with how it is now: who can do more, and who less.
compare-first = First
compare-second = Second
compare-choose-role = Choose a role
compare-choose-profile = Choose a profile
compare-choose-entry = Choose an entry of the audit log
compare-template = Template of { $name }
compare-template-second = As the access model defines it
compare-now = Now
compare-then = As created
compare-entry = { $who }, { $at }
compare-swap = Swap
compare-copy = Copy link
compare-nothing = The differences will appear here, with how many records each one means. Choose both sides.
compare-no-creation = The audit log no longer has how this role was created.
compare-right = Right
compare-records = Records
compare-same = Same
compare-and-more = { $n ->
    [one] and one more
   *[other] and { $n } more
}
compare-differ = { $n ->
    [0] Nothing differs. { $of ->
        [one] One right is the same.
       *[other] { $of } rights are the same.
    }
    [one] One of { $of } rights differs.
   *[other] { $n } of { $of } rights differ.
}
compare-people-differ = { $n ->
    [0] No member can do more or less than then.
    [one] One member can do more or less than then.
   *[other] { $n } members can do more or less than then.
}
compare-like = Make { $name } like { $other }? { $gives ->
    [0] It gives nothing
    [one] It gives one right
   *[other] It gives { $gives } rights
} and takes { $takes ->
    [0] nothing
    [one] one
   *[other] { $takes }
}.
compare-back = Restore { $name } to how it was created?
compare-preview = Preview the change
compare-no-match = Nothing matches.
compare-more-match = There are more: search by name.
role-compare = Compare
department-comes-to = What it comes to
department-reaches-all = Every record
department-reaches-none = No record
department-managed-by = Managed by { $name }
department-reaches-others = { $list }, { $n ->
    [one] one other type
   *[other] { $n } other types
}
