on = On
off = Off
never = never
expired = expired
older = Older
newest = Newest
not-set = Not set
language = Language
cannot-be-undone = This cannot be undone.
another-member = another member
record-type = record type
stale = Another person saved first. The form shows what you typed; reload the page to see the saved values, or send it from there again.
picture-choose = Choose a picture
picture-remove = Remove it
picture-hint = PNG, JPEG or WebP; it is made small before it is sent.
preview-effect = Preview the effect
switches = Switches of the access model
switch-on = The switch is on, from the next request on.
switch-off = The switch is off, from the next request on.
switch-it-on = Switch on
switch-it-off = Switch off
remove-it = Remove
general-intro = Name, logo and defaults of the workspace.
general-name = Name
general-slug = Slug
general-slug-hint = The name in addresses. Links with the old slug lead here for 90 days.
general-rename = Save name and slug
general-logo = Logo
general-handbook = Handbook
general-handbook-hint = What every member and your AI assistants should know about the organization.
general-currency = Currency
general-zone = Time zone
general-landing = Start page
general-saved = The general settings are saved.
branding-intro = The colour and the logo that members see in the frame and in mails.
branding-colour = Colour
branding-colour-remove = Use the default colour
branding-readable = The contrast on light pages is { $ratio } : 1: text in this colour can be read.
branding-darkened = The contrast on light pages is { $ratio } : 1, and text needs 4.5 : 1. Buttons and links use { $shade } instead, in the same hue.
branding-logo = Logo in the frame and in mails
branding-footer = Footer of mails
branding-footer-reason = Only the operator changes the texts of mails here. Ask { $contact }.
branding-save = Save branding
branding-saved = The branding is saved.
modules-intro = Switch off what the workspace does not use. Nothing is deleted: it comes back as it was.
modules-none = The access model has nothing that can be switched off.
modules-hint = What is off is not in the navigation, and every request to it is refused.
modules-save = Save modules
modules-saved = { $n ->
    [0] Nothing was changed.
    [one] One module is changed, from the next request on.
   *[other] { $n } modules are changed, from the next request on.
}
security-intro = How members and programs get in, and when they are out again.
security-session = Session timeout
security-timeout = A session ends after { $idle } days without use, and after { $longest } days in any case.
security-two-factor = Two-factor authentication
security-own-sessions = Your own sessions are on your profile.
security-open-sessions = Open my sessions
security-session-text = This workspace can ask for a sign-in earlier; other workspaces are not concerned.
security-idle = Minutes without use
security-absolute = Minutes since the sign-in
security-recent = Minutes for which a sign-in is recent
security-is-default = { $span }, unless you choose
security-days = { $n ->
    [one] One day
   *[other] { $n } days
}
security-hours = { $n ->
    [one] One hour
   *[other] { $n } hours
}
security-minutes = { $n ->
    [one] One minute
   *[other] { $n } minutes
}
security-networks = Networks from which the workspace is used
security-networks-hint = Addresses or ranges, separated by commas; empty for all. Members and API keys elsewhere are refused, from their next request on. Your address is { $address }.
security-two-factor-from = Required from
security-two-factor-hint = From this day (UTC) members enter this workspace only with a second factor, on every way in. Empty: not required.
security-saved = The security settings are saved. They hold from the next request on.
security-open-keys = Open API keys
security-keys = { $n ->
    [0] No program has a key.
    [one] One program has a key.
   *[other] { $n } programs have a key.
}
authentication-intro = How people sign in, and whose addresses may join.
authentication-methods = Ways to sign in
authentication-password = Email and password
authentication-password-text = For every account, with at least 15 characters.
authentication-plan = The plan of this workspace is { $plan }.
authentication-domains = Addresses that may join
authentication-domains-hint = One domain a line. Only addresses of these domains can be invited and join; without any, all can.
authentication-save = Save domains
authentication-saved = The domains are saved.
in-use = In use
feature-sso = Single sign-on
feature-scim = Provisioning by a directory
feature-included = Included in your plan
feature-from = From { $plan } on
feature-never = In no plan
integrations-intro = Connections that your programs read by the API. Hallpass stores them and hides their secrets.
integrations-none = No system is connected.
integrations-add = Add a connection
integrations-name = Name
integrations-kind = Kind
integrations-key = Key
integrations-secret = Secret
integrations-secrets = secrets: { $list }
integrations-hint = Programs find the connection under its key. The secret is never shown again.
integrations-connected = The connection is added.
integrations-saved = The connection is saved.
integrations-removed = The connection is removed.
integrations-remove = Remove { $name }
api-keys-intro = Keys for programs. A key acts for a member: it may do what they may, and stops when they may not.
api-keys-none = No program has a key. Create one to use the API.
service-accounts = Service accounts
service-accounts-intro = A service account is a member for a program. It has a role and API keys, no one signs in as it, and its keys go on when the people who created them leave.
service-account = Service account
service-account-new = New service account
service-account-create = Create service account
service-account-created = The service account is created. Create a key for it below.
api-key-name = Name
api-key-acts-for = Acts for
api-key-made = Created
api-key-used = Last used
api-key-expires = Expires
api-key-new = New key
api-key-create = Create key
api-key-created = The key is created.
api-key-once = Copy it now: it is shown only this once.
api-key-secret = Secret of the new key
api-key-hint = You can create keys for yourself, and for members who may do no more than you.
api-key-scopes = May do
api-key-everything = Whatever the member may do
api-key-read-only = Read only
api-key-chosen = Chosen permissions
api-key-may = What the key may do
api-key-choose = Choose permissions
api-key-choose-hint = A key never does more than its member. Changing records takes reading them. What is added to the workspace later is not included.
api-key-own-only = only own records
api-key-every-action = everything
api-key-all-resources = Everything
api-key-all-records = All records
api-key-all-modules = All modules
api-key-all-settings = All settings
api-key-scope = { $resource }: { $actions }
api-key-scope-own = { $resource }: { $actions } (own records)
api-key-networks = Networks
api-key-networks-hint = Addresses or ranges from which the key is used, separated by commas; empty for all that the workspace allows.
api-key-from-networks = only from { $networks }
api-key-from-address = from { $address }
api-key-expires-soon = expires soon
api-key-former-until = Former secret works until
api-key-former-used = last used
api-key-edit = Edit
api-key-edit-title = Edit { $name }
api-key-edit-hint = It holds from the next request with the key on. The secret stays.
api-key-keep-scopes = As it is
api-key-keep-expiry = As it is: { $at }
api-key-keep-never = As it is: never
api-key-stale-scopes = What the key may do: “{ $now }” is stored, and you chose something else.
api-key-saved = The key is saved.
api-key-rotate = Rotate
api-key-rotate-title = Rotate { $name }
api-key-rotate-effect = The key gets another secret, which is shown once.
api-key-rotate-stays = Permissions, networks and expiry stay.
api-key-overlap = The former secret works
api-key-end-former = End former secret
api-key-end-former-title = End the former secret of { $name }
api-key-end-former-effect = Programs that still use the former secret are refused, from the next request on.
api-key-former-ended = The former secret has ended.
overlap-none = no longer
overlap-hour = for an hour
overlap-day = for a day
overlap-week = for a week
api-key-revoke = Revoke
api-key-revoke-title = Revoke { $name }
api-key-revoke-effect = Programs with this key are refused, from the next request on.
api-key-revoked = The key is revoked.
days-30 = in 30 days
days-90 = in 90 days
days-365 = in a year
billing-portal = Open the billing portal
billing-vacant = There is no active billing contact. Until there is one, invoices go to the holders of the top role.
billing-choose = Choose a contact
billing-plan = Plan
billing-no-plan = No plan
billing-trialing = Trial
billing-active = Active
billing-past-due = Payment overdue
billing-cancelled = Cancelled
billing-renews = Renews on { $date }.
billing-ends = Ends on { $date }.
billing-card = { $brand } ending { $last }, expires { $end }
billing-change-plan = Change plan
billing-plan-changed = The plan is changed.
billing-cancel = Cancel the subscription
billing-cancel-title = Cancel the subscription
billing-cancel-effect = The plan counts until the end of the paid period.
billing-cancel-data = The workspace and all its data stay.
billing-keep = Keep the plan
billing-cancel-done = The subscription is cancelled.
billing-contact-role = gets invoices, may change billing
billing-inactive = inactive
billing-no-contact = No member is the billing contact.
billing-transfer-to = Choose a member
billing-transferred = The billing contact is changed.
billing-details = Details on invoices
billing-company = Company
billing-vat = VAT number
billing-address = Address
billing-save = Save details
billing-saved = The billing details are saved.
billing-invoices = Invoices
billing-no-invoices = There is no invoice yet. They appear here as soon as one is issued.
invoice-number = Number
invoice-issued = Issued
invoice-amount = Amount
invoice-open-link = Open
invoice-draft = Draft
invoice-open = Open
invoice-uncollectible = Uncollectible
invoice-void = Void
invoice-paid = Paid
audit-intro = Who did what, what was refused, and why. Entries cannot be changed.
audit-who = Who
audit-what = What
audit-when = When
audit-outcome = Outcome
audit-anyone = Anyone
audit-anything = Any action
audit-any-outcome = Any outcome
audit-done = Done
audit-denied = Denied
audit-from = From
audit-to = To
audit-bad-day = a day is written as 2026-03-15
audit-about = About
audit-about-anything = About anything
audit-about-member = About { $name }
audit-export = Export as CSV
audit-export-jsonl = Export as JSON Lines
audit-export-prepare = Export as CSV in the background
audit-export-prepare-jsonl = Export as JSON Lines in the background
audit-clear = Clear filters
audit-nothing = No entry matches.
audit-unfold = Details of “{ $what }”
audit-why = Why it was refused
audit-explain = Look it up in Explain
audit-compare = Compare who could do what then with now
audit-no-values = The entry has no values.
audit-field = Field
audit-before = Before
audit-after = After
audit-hidden = You may not read these values: { $list }.
audit-request = Request
danger-intro = Each step is audited, and the ones that destroy something ask for a word.
danger-own-intro = What ends your own access. Each step is audited.
danger-transfer = Another member gets your role, and you get the one below it.
danger-no-candidate = There is no other active member.
danger-export = Export everything
danger-export-text = One file with members, roles, records, their history and the audit log. Secrets are left out.
danger-export-verb = Export
danger-replace = Access model
danger-replace-text = Now { $model }. Another one is compared first: who would gain and lose what.
danger-replace-verb = Replace the access model
danger-leave-text = Your membership ends. Your account and your other workspaces stay.
danger-account-text = Your account ends, with your memberships in all workspaces.
danger-delete = Delete workspace
danger-delete-text = It closes for everyone at once, and can be restored for 30 days.
danger-delete-verb = Delete workspace
danger-operator = Some of this is reserved for the operator. Ask { $contact }.
delete-account = Delete account
delete-account-title = Delete your account
delete-account-memberships = Your memberships in all workspaces end.
delete-account-records = Records that you own stay in their workspaces, with your name.
delete-account-sessions = All your sessions and API keys stop at once.
delete-account-done = Your account is deleted.
leave-title = Leave { $workspace }
leave-access = You can no longer open it, from the next request on.
leave-records = Records that you own stay assigned to you until another member reassigns them.
leave-account = Your account and your other workspaces stay.
leave-stay = Stay
leave-done = You have left { $workspace }.
ownership-title = Transfer ownership to { $name }
ownership-recipient = { $name } becomes { $role }.
ownership-grantor = You are no longer { $role }: you get the role below it.
ownership-back = You cannot take it back: the new owner can give it.
ownership-done = The ownership is transferred.
delete-title = Delete { $workspace }
delete-members = { $n ->
    [one] One member loses access at once.
   *[other] { $n } members lose access at once.
}
delete-closes = It closes for everyone at once.
delete-programs = API keys stop, and open invitations can no longer be accepted.
delete-restore = You can restore it until { $until }; after that, no one can.
delete-done = { $workspace } is deleted. You can restore it for 30 days.
model-intro = The workspace uses { $model }. Choose another one to see who would gain and lose what; nothing is changed until you replace it.
model-upgrade = The server ships a later version of this access model.
model-own = Edit the text of the current one, or paste your own.
model-text = Show the text
model-compare = Compare
model-comparison = What would change
model-misfits = It cannot replace the current one: this does not fit.
model-more = Show the next people
model-members = { $n ->
    [0] No member gains or loses anything.
    [one] One member gains or loses something.
   *[other] { $n } members gain or lose something.
}
model-rules = Rules that differ
model-rules-hint = No permission of a member shows these. Each is named as in the text of the access model.
model-rule = Rule
model-replace-hint = All or nothing. The old and the new text are in the audit log.
model-replaced = The access model is now { $model }.
misfit-people = Roles and people
misfit-teams = Teams and departments
misfit-records = Records
misfit-keys = API keys
misfit-invitations = Invitations
misfit-other = Other
misfit-role = { $n ->
    [one] One member has the role { $role }, which the other access model does not have.
   *[other] { $n } members have the role { $role }, which the other access model does not have.
}
misfit-role-advice = Give them another role first.
misfit-meaning-role = { $resource } is something else in the other access model, and a custom role grants it.
misfit-meaning-profile = { $resource } is something else in the other access model, and a profile grants it.
misfit-meaning-level = { $resource } is something else in the other access model, and members have a level for it.
misfit-meaning-advice = Take it away first, or give it another key in the text of the access model: what was granted for the one would hold for the other.
misfit-no-top = No active member would have the highest role, { $role }.
misfit-no-top-advice = First give a member a role that is the highest in both access models.
misfit-one-holder = The role { $role } has one holder in the other access model, and { $n } members have it.
misfit-one-holder-advice = Give all but one of them another role first.
misfit-levels = { $n ->
    [one] One member has levels, and their role has none in the other access model.
   *[other] { $n } members have levels, and their roles have none in the other access model.
}
misfit-levels-advice = Set these levels to none first.
misfit-services = { $n ->
    [one] One service account has a role that only a person can have.
   *[other] { $n } service accounts have a role that only a person can have.
}
misfit-services-advice = Give them another role first.
misfit-managers = Members are assigned to a manager whose role does not manage in the other access model.
misfit-managers-advice = Assign them to another manager first.
misfit-contacts = More than one member is the billing contact.
misfit-contacts-advice = Leave one of them.
misfit-service-manager = Members are assigned to a service account.
misfit-type = The record type { $name } is not possible in the other access model.
misfit-type-advice = Delete the record type first, or choose an access model that allows it.
misfit-custom-role = The role { $name } grants what the other access model does not allow.
misfit-custom-role-advice = Change what the role may do, or delete it.
misfit-profile = The profile { $name } grants what the other access model does not allow.
misfit-profile-advice = Change what the profile may do, or delete it.
misfit-no-teams = The workspace has teams, and the other access model has none.
misfit-no-departments = The workspace has departments, and the other access model has none.
misfit-remove-advice = Delete them first.
misfit-no-managers = { $n ->
    [one] One member is assigned to a manager, and the other access model has no managers.
   *[other] { $n } members are assigned to a manager, and the other access model has no managers.
}
misfit-no-managers-advice = Remove these assignments first.
misfit-no-visibility = { $n ->
    [one] One member sees more than their own records by visibility, which the other access model does not have.
   *[other] { $n } members see more than their own records by visibility, which the other access model does not have.
}
misfit-no-visibility-advice = Set their visibility to the narrowest first.
misfit-no-contact = The workspace has a billing contact, and the other access model has none.
misfit-no-contact-advice = Choose an access model that has one.
misfit-no-level = { $n ->
    [one] One member has a level for { $resource } that the other access model does not have.
   *[other] { $n } members have a level for { $resource } that the other access model does not have.
}
misfit-key = What the API key { $name } may do would mean something else in the other access model.
misfit-some-key = What an API key may do would mean something else in the other access model.
misfit-key-advice = Revoke it first.
misfit-records-of = There are records in { $records }, which the other access model does not have.
misfit-records-of-advice = Export and delete them first.
misfit-field = Records in { $records } have a value in the field { $field }, which the other access model does not have.
misfit-field-advice = Clear the field in these records first.
misfit-option = Records in { $records } have the option { $option } in the field { $field }, which the other access model does not have.
misfit-option-advice = Choose another option in these records first.
misfit-stage = Records in { $records } are in the stage { $stage }, which the other access model does not have.
misfit-stage-advice = Move these records to another stage first.
misfit-report = The report { $name } counts a stage of { $records } that the other access model does not have.
misfit-some-report = A report counts a stage of { $records } that the other access model does not have.
misfit-report-advice = Change or delete the report first.
misfit-invitation-level = An open invitation gives a level for { $resource }, which is something else in the other access model.
misfit-invitation-role = An open invitation gives the role { $role }, which the other access model does not have.
misfit-invitation-page = An open invitation leads to the page { $page }, which the other access model does not have.
misfit-invitation-refused = An open invitation could not be accepted. { $why }
misfit-invitation-advice = Revoke it first.
sample-data = Sample data
sample-text = With these records the workspace was founded. What someone has changed since is not counted.
sample-remove = Remove sample data
sample-title = Remove the sample data?
sample-goes = These records are deleted: { $list }.
sample-all = No one has changed any of them.
sample-stays = What someone has changed or added to stays: { $list }.
sample-removed = { $n ->
    [one] One sample record is removed.
   *[other] { $n } sample records are removed.
}
sample-removed-some = { $n ->
    [one] One sample record is removed.
   *[other] { $n } sample records are removed.
} What was changed stays: { $list }.
