on = On
off = Off
never = never
expired = expired
older = Older
newest = Newest
not-set = Not set
language = Language
keep-it = Keep it
cannot-be-undone = This cannot be undone.
another-member = another member
record-type = record type
stale = Another person saved first. The form shows what you typed; reload the page to see the saved values, or send it from there again.
picture-choose = Choose a picture
picture-remove = Remove it
picture-hint = PNG, JPEG or WebP; it is made small before it is sent.
preview-effect = Preview the effect
effect-gain = { $n ->
    [one] One person gains
   *[other] { $n } people gain
} “{ $action }” on { $resource }.
effect-loss = { $n ->
    [one] One person loses
   *[other] { $n } people lose
} “{ $action }” on { $resource }.
effect-more = { $n ->
    [one] And one more change.
   *[other] And { $n } more changes.
}
effect-keys = { $n ->
    [one] One API key stops working.
   *[other] { $n } API keys stop working.
}
effect-invitations = { $n ->
    [one] One open invitation can no longer be accepted.
   *[other] { $n } open invitations can no longer be accepted.
}
effect-none = No one gains or loses anything.
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
security-sign-in = Signing in
security-session = Session timeout
security-timeout = After { $idle } days without use, and after { $longest } days in any case.
security-two-factor = Two-factor authentication
security-two-factor-none = Accounts sign in with a password. This server has no second factors yet.
security-own-sessions = Your own sessions are on your profile.
security-open-sessions = Open my sessions
security-open-keys = Open API keys
security-keys = { $n ->
    [0] No program has a key.
    [one] One program has a key.
   *[other] { $n } programs have a key.
}
authentication-intro = How people sign in, and whose addresses may join.
authentication-methods = Ways to sign in
authentication-password = Email and password
authentication-password-text = For every account, with at least 12 characters.
authentication-plan = The plan of this workspace is { $plan }.
authentication-domains = Addresses that may join
authentication-domains-hint = One domain a line. Only addresses of these domains can be invited and join; without any, all can.
authentication-save = Save domains
authentication-saved = The domains are saved.
in-use = In use
feature-sso = Single sign-on
feature-scim = Provisioning by a directory
feature-later = There is nothing to set up yet on this server.
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
billing-nobody = No member is the billing contact.
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
audit-ever = Any time
audit-day = Last 24 hours
audit-week = Last 7 days
audit-month = Last 30 days
audit-clear = Clear filters
audit-nothing = No entry matches.
audit-unfold = Details of “{ $what }”
audit-why = Why it was refused
audit-explain = Look it up in Explain
audit-no-values = The entry has no values.
audit-field = Field
audit-before = Before
audit-after = After
audit-hidden = You may not read these values: { $list }.
audit-request = Request
danger-intro = Each step is audited, and the ones that destroy something ask for a word.
danger-own-intro = What ends your own access. Each step is audited.
danger-transfer = Another member gets your role, and you get the one below it.
danger-recipient = Choose a member
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
model-own = Edit the text of the present one, or paste your own.
model-text = Show the text
model-compare = Compare
model-comparison = What would change
model-misfits = It cannot replace the present one: this does not fit.
model-members = { $n ->
    [0] No member gains or loses anything.
    [one] One member gains or loses something.
   *[other] { $n } members gain or lose something.
}
model-replace-hint = All or nothing. The old and the new text are in the audit log.
model-replaced = The access model is now { $model }.
