skip = Skip to the content
menu = Menu
open-menu = Open the menu
settings = Settings
switch-workspace = Switch workspace
profile = Profile
sign-out = Sign out
back = Back
close = Close
cancel = Cancel
save = Save
apply = Apply
search = Search
more = More
type-word = Type { $word } to confirm
none = none
to-start = To the start page
next-page = Next page
offline = You are offline. What you typed is still here: send it again once you are connected.
form-restored = Your session had ended. What you typed is here again: nothing has been saved yet.

rail-dashboard = Dashboard
rail-reports = Reports
rail-records = Records
rail-modules = Modules
rail-workspace = Workspace
rail-people = People
rail-access = Access
rail-security = Security
rail-data = Data
rail-plan = Plan
rail-general = General
rail-branding = Branding
rail-teams = Teams
rail-departments = Departments
rail-explain = Explain
rail-compare = Compare
rail-review = Access review
rail-audit = Audit log
rail-authentication = Authentication
rail-api-keys = API keys
rail-schema = Schema
rail-profiles = Profiles
rail-integrations = Integrations
rail-billing = Billing
rail-danger = Danger zone
rail-delete-account = Delete account

time-now = just now
time-minutes = { $n } min ago
time-hours = { $n } h ago
time-days = { $n ->
    [one] yesterday
   *[other] { $n } days ago
}

refused-title = You cannot open this
refused-advice = An administrator of the workspace can change what your role grants.
missing-title = Page not found
missing-advice = It may have been deleted, or you may not have access to it.
missing-outside = The page does not exist, or you do not have access to it.
broken-title = Something went wrong
broken-advice = Nothing was changed. Try again in a moment.
not-saved-title = Not saved
not-saved-advice = Nothing was changed. Go back: your browser keeps what you typed.

view-as = View as
view-blocked-more = They can do something that you cannot.
view-blocked-role = You cannot change members with their role.
view-title = View as { $name }
view-effect-read = For 30 minutes you see the workspace exactly as { $name } sees it.
view-effect-write = You cannot change anything in it during that time.
view-effect-told = { $name } is told by mail, and the audit log has it under your name.
view-password = Your password
view-begin = View as { $name }
view-bar = You see what { $name } sees.
view-until = Nothing can be changed. It ends at { $time }.
view-end = Back to { $name }
