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
workspace-created = { $name } is ready. Invite your team next.
slug-taken = Another workspace has this slug. Choose another.
bring-your-own = Bring your own
bring-your-own-text = Paste a blueprint. It is checked line by line, with what each fault needs; nothing is saved before you create the workspace.
bring-your-own-paste = Paste and check
bring-your-own-check = Check the text
bring-your-own-hint = The format is described in the documentation: /docs.
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
step-workspace = Workspace and access model
step-invite = Invite
begin-with = Start with
begin-sample = Sample data
begin-sample-hint = twelve records of each type, which you can delete
begin-empty = Empty
workspace-created-first = { $name } is ready. Invite the first people, or close this and look around.
