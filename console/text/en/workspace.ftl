no-access-title = No access yet
no-access-intro = You are a member of { $workspace }, and your role does not open any part of it yet.
no-access-advice = These people can give you access: { $people }.
no-access-administrator = An administrator of the workspace can give you access.
new-workspace = New workspace
new-workspace-intro = You can change every role and right later. Changing the access model itself shows first who would gain or lose what.
new-workspace-advice = One workspace for one legal entity: teams keep its departments apart.
new-workspace-name = Name
new-workspace-slug = Slug, or empty
new-workspace-model = How should access work?
new-workspace-create = Create workspace
new-workspace-next = Choose how access works
workspace-created = { $name } is ready. Invite your team next.
slug-taken = Another workspace has this slug. Choose another.
bring-your-own = Bring your own
bring-your-own-text = Paste a blueprint, or start from a model that ships. It is checked while you write; nothing is saved before you create the workspace.
bring-your-own-paste = Write and check
bring-your-own-check = Check the text
bring-your-own-from = Start from a model
bring-your-own-intro = It is checked while you write, and nothing is saved before you create the workspace.
bring-your-own-blueprint = Text of the access model
blueprint-found = { $faults ->
    [0] No error
    [one] One error
   *[other] { $faults } errors
}{ $notes ->
    [0] {""}
    [one] , one note
   *[other] , { $notes } notes
}
blueprint-messages = The messages are those of the compiler, as in the API and on the command line.
blueprint-correct = Change to { $word }
blueprint-does = What it does
blueprint-empty = What the access model does is shown here as soon as there is a text.
blueprint-outline = It fits: { $roles ->
    [one] one role
   *[other] { $roles } roles
}, { $records ->
    [one] one record type
   *[other] { $records } record types
}. You would be { $top }.
line = Line { $line }
model-reserved = Models that cannot be chosen are reserved for the operator once you have a workspace. Ask { $contact }.
mark-own-roles = Own roles
mark-scopes = Scopes
mark-managers = Managers
mark-teams = Teams
mark-presets = Presets
restorable = Deleted workspaces
restorable-until = can be restored until { $until }
restore = Restore
restored = { $workspace } is restored.
steps = Steps
step-account = Account
step-workspace = Workspace
step-model = Access model
step-invite = Invite
begin-with = Start with
begin-sample = Sample data
begin-sample-hint = twelve records of each type, which you can delete
begin-empty = Empty
workspace-created-first = { $name } is ready. Invite the first people, or close this and look around.
