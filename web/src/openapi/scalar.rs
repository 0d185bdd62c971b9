//! Scalar schemas: the texts and numbers that many requests and responses share, with their limits.

use std::borrow::Cow;

use hallpass_domain::setting::Area;
use hallpass_domain::{account, billing, email, id, name, password, slug};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, SchemaType, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::extract::{DEFAULT_LIMIT, MOST};

/// Defines types that exist only as the schemas of fields and parameters.
macro_rules! scalars {
    ($($name:ident: $about:literal, $object:expr;)*) => {
        $(
            #[doc = $about]
            pub(crate) enum $name {}

            impl PartialSchema for $name {
                fn schema() -> RefOr<Schema> {
                    $object.description(Some($about)).build().into()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed(stringify!($name))
                }
            }
        )*

        /// Every scalar schema, by name.
        pub(super) fn every() -> Vec<(&'static str, Value)> {
            let schema = |schema: RefOr<Schema>| serde_json::to_value(schema).unwrap_or_default();
            vec![$((stringify!($name), schema($name::schema()))),*]
        }
    };
}

scalars! {
    AccountId: "The id of an account.", identifier(id::AccountId::PREFIX);
    ApiKeyId: "The id of an API key.", identifier(id::ApiKeyId::PREFIX);
    AuditId: "The id of an audit entry.", identifier(id::AuditId::PREFIX);
    BulkJobId: "The id of a bulk job.", identifier(id::BulkJobId::PREFIX);
    ConnectionId: "The id of a connection to an identity provider.",
        identifier(id::ConnectionId::PREFIX);
    DepartmentId: "The id of a department.", identifier(id::DepartmentId::PREFIX);
    DeviceId: "The id of a trusted device.", identifier(id::DeviceId::PREFIX);
    EventId: "The id of an entry of a timeline.", identifier(id::EventId::PREFIX);
    InvitationId: "The id of an invitation.", identifier(id::InvitationId::PREFIX);
    InvoiceId: "The id of an invoice.", identifier(id::InvoiceId::PREFIX);
    MemberId: "The id of a member.", identifier(id::MemberId::PREFIX);
    PasskeyId: "The id of a passkey.", identifier(id::PasskeyId::PREFIX);
    ProfileId: "The id of a profile.", identifier(id::ProfileId::PREFIX);
    RecordId: "The id of a record.", identifier(id::RecordId::PREFIX);
    ReportId: "The id of a saved report.", identifier(id::ReportId::PREFIX);
    SessionId: "The id of a session.", identifier(id::SessionId::PREFIX);
    TeamId: "The id of a team.", identifier(id::TeamId::PREFIX);
    ViewId: "The id of a saved view.", identifier(id::ViewId::PREFIX);
    WorkspaceId: "The id of a workspace.", identifier(id::WorkspaceId::PREFIX);
    RoleKey: "The key of a built-in role or the id of a custom role.",
        text().pattern(Some(format!("^({KEY}|{})$", digits(id::RoleId::PREFIX))));
    ProfileKey: "The id of a profile, or the key of the template that it was created from.",
        text().pattern(Some(format!("^({KEY}|{})$", digits(id::ProfileId::PREFIX))));
    OwnerKey: "`me` for the caller, `unowned` for no owner, or the id of a member.",
        text().pattern(Some(format!("^(me|unowned|{})$", digits(id::MemberId::PREFIX))));
    RecordOwner: "The id of the member who owns the record, or `unowned`.",
        text().pattern(Some(format!("^(unowned|{})$", digits(id::MemberId::PREFIX))));
    Key: "A lower-case letter, then up to 63 lower-case letters, digits, `_` and `-`.",
        text().pattern(Some(format!("^{KEY}$")));
    Slug: "How a workspace is named in URLs: letters `a` to `z`, digits and `-`, no `-` at either \
           end. Some words, such as `api`, are reserved.",
        between(slug::SHORTEST, slug::LONGEST).pattern(Some("^[a-z0-9][a-z0-9-]*[a-z0-9]$"));
    Name: "One line of visible characters; spaces at the ends are removed.",
        between(1, name::LONGEST_NAME).pattern(Some(format!("^[^{HIDDEN}]*[^{HIDDEN}\\s][^{HIDDEN}]*$")));
    LastName: "One line of visible characters, or empty.",
        between(0, name::LONGEST_NAME).pattern(Some(format!("^[^{HIDDEN}]*$")));
    Description: "Any number of lines of visible characters, or empty.",
        between(0, name::LONGEST_DESCRIPTION).pattern(Some(format!("^[^{HIDDEN_IN_LINES}]*$")));
    Email: "An e-mail address.",
        between(email::SHORTEST, email::LONGEST).format(Some(custom("email")));
    Password: "A password; common ones, and those made of your name, your address or the name of a workspace, are refused.",
        between(password::SHORTEST, password::LONGEST).format(Some(custom("password")));
    NewPassword: "A new password: of at least 15 characters, or 8 where the account has a second factor.",
        between(password::SHORTEST_WITH_FACTOR, password::LONGEST).format(Some(custom("password")));
    CurrentPassword: "The password of an account.",
        between(0, 1000).format(Some(custom("password")));
    TotpSecret: "The secret of an authenticator app, in Base32.",
        text().pattern(Some("^[A-Z2-7]{32}$"));
    TotpUri: "The secret of an authenticator app as a URI.",
        text().pattern(Some("^otpauth://totp/"));
    TotpCode: "The six digits that an authenticator app shows.", between(0, 100);
    FactorCode: "The six digits that an authenticator app shows, or a recovery code.", between(0, 100);
    RecoveryCode: "A recovery code.", text().pattern(Some("^([0-9a-z]{4}-){3}[0-9a-z]{4}$"));
    Timestamp: "A time in UTC (RFC 3339).", text().format(Some(custom("date-time")));
    Locale: "A language tag, such as `en` or `de-CH`.",
        between(2, 20).pattern(Some("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"));
    Picture: "A PNG, JPEG or WebP picture as a `data:` URL, at most 2,048 pixels wide and high.",
        between(1, account::LARGEST_PICTURE)
            .pattern(Some("^data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+$"));
    Limit: "The largest number of items on the page.",
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1))
            .maximum(Some(as_number(MOST))).default(Some(json!(DEFAULT_LIMIT)));
    Cursor: "`next_cursor` of the previous page.", at_least(1);
    MemberStatus: "Whether the member can use the workspace.", words(&["active", "inactive"]);
    MemberKind: "Whether the member is a `person` or a `service` account: a program, as which no one signs in.",
        words(&["person", "service"]);
    OwnerStatus: "The status of the member who owns the record.",
        words(&["active", "inactive", "removed"]);
    InvitationStatus: "The state of an invitation.",
        words(&["pending", "accepted", "revoked", "expired"]);
    VisibilityLevel: "Whose records the member sees: `own`, those of the `department` and below, or `all`.",
        words(&["own", "department", "all"]);
    RecordSharing: "The widest scope that a profile gives through the team.",
        words(&["own", "team", "all"]);
    ProfileScope: "How far an action reaches.", words(&["none", "own", "team", "all"]);
    ProfileCell: "How far an action reaches; `null` removes the cell.",
        ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .enum_values(Some([json!("none"), json!("own"), json!("team"), json!("all"), json!(null)]));
    SubscriptionState: "The state of the subscription.",
        words(&["trialing", "active", "past_due", "cancelled"]);
    InvoiceState: "The state of an invoice.",
        words(&["draft", "open", "paid", "uncollectible", "void"]);
    AuditOutcome: "Whether the action was carried out or denied.", words(&["done", "denied"]);
    AuditFormat: "The format of an exported audit log.", words(&["csv", "jsonl"]);
    ResourceKind: "What a resource is: a record type, a module or an area of settings.",
        words(&["records", "modules", "settings"]);
    FieldType: "What a field holds.", words(&field_types());
    RuleKind: "What kind of rule decides.",
        words(&["role", "profile", "level", "visibility", "switch", "billing_contact", "unowned",
            "status", "team", "module", "claim", "scopes"]);
    ActMethod: "The method of a request.", words(&["PATCH", "PUT", "POST"]);
    FilterReach: "How far a filter reaches.", words(&["nothing", "all", "owners"]);
    HolderKind: "What gives the permissions of a row.", words(&["profile", "role"]);
    StripeOutcome: "What became of an event.", words(&["done", "again", "held", "ignored"]);
    DeleteConfirmation: "The word `DELETE`.", words(&["DELETE"]);
    MemberSort: "The order of members.", words(&["name", "-assignments"]);
    RecordSort: "The order of records: `created`, `title`, `updated`, `amount` or the key of a field; `-` \
        reverses it.", text().pattern(Some(format!("^-?{KEY}$")));
    ReportKey: "The key of a report.", words(&["pipeline", "owners", "months"]);
    BulkJobKind: "What a bulk job does.", words(&["reassignment", "import", "export"]);
    ExportSubject: "What an export is of.", words(&["records", "audit"]);
    ExportState: "How an export is.",
        words(&["preparing", "ready", "outdated", "expired", "ended"]);
    BulkJobState: "How a bulk job is.",
        words(&["running", "done", "stopped", "cancelled", "failed"]);
    ReportGrouping: "What a report groups records by.", words(&["stage", "owner", "month"]);
    ReportMeasure: "What a report measures.", words(&["count", "open", "amount"]);
    AreaKey: "The key of an area of settings.", words(&areas());
    ApiKeyScope: "What an API key may do: a resource and an action by key, each a list with commas or \
        `*`, and `own` where it is limited to own records. `@records`, `@modules` and `@settings` are the \
        resources of a kind.", text().pattern(Some("^[^:]+:[^:]+(:(own|all))?$"));
    NetworkRange: "A network address, or a range of them.", between(1, 50);
    ApiKeySecret: "The secret of an API key.", text().pattern(Some("^hpk_[A-Za-z0-9_-]+$"));
    ClientSecret: "The secret of a client at an identity provider.",
        between(1, 1000);
    ClientKey: "The id of a client at an identity provider.", between(1, 1000);
    Tenant: "The id of a Microsoft tenant.", between(1, 36);
    Issuer: "The issuer of an identity provider.", between(1, 1000);
    SamlMetadata: "The metadata of an identity provider, in XML.", between(1, 1_000_000);
    ConnectionKind: "The kind of an identity provider.",
        words(&["google", "microsoft", "oidc", "saml"]);
    Arrival: "What would happen to a person who signs in at an identity provider.",
        words(&["member", "invited", "signs_up", "new_invited", "new_signs_up", "account_disabled",
            "not_a_member", "not_invited", "must_connect", "address_not_proven", "groups_gone",
            "too_many_groups"]);
    GroupName: "A group at an identity provider, or the claim that has groups.",
        between(1, 256);
    RuleLapse: "Why a rule gives nothing.", words(&["author", "contents"]);
    Domain: "A domain of e-mail addresses.", between(1, 253);
    ProvenBy: "How a domain was proven.", words(&["dns", "operator"]);
    Company: "The name of a company, or empty.", between(0, billing::LONGEST_COMPANY);
    BillingAddress: "An address in any number of lines, or empty.",
        between(0, billing::LONGEST_ADDRESS);
    VatNumber: "A VAT number, or empty.", between(0, billing::LONGEST_VAT);
    RoleNamed: "The key of a built-in role, or the id or the name of a custom role.",
        between(1, name::LONGEST_NAME);
    DepartmentNamed: "The id of a department, or its name if only one has it.",
        between(1, name::LONGEST_NAME);
    TeamNamed: "The id of a team, or its name.", between(1, name::LONGEST_NAME);
    ProfileNamed: "The id of a profile, the key of its template, or its name.",
        between(1, name::LONGEST_NAME);
    WorkspaceKey: "The slug of a workspace, or its id.",
        text().pattern(Some(format!("^([a-z0-9][a-z0-9-]{{0,38}}[a-z0-9]|{})$", digits(id::WorkspaceId::PREFIX))));
    LinkToken: "The token of a link in a mail.", text().pattern(Some("^[A-Za-z0-9_-]{1,200}$"));
    PermissionString: "A permission, `resource:action` or `resource:action:scope`.",
        between(3, 1_000).pattern(Some("^[^:]+:[^:]+(:[^:]+)?$"));
}

/// A key, without anchors.
const KEY: &str = "[a-z][a-z0-9_-]{0,63}";

/// Characters that are not visible, for names.
const HIDDEN: &str = r"\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb";

/// The same without line breaks and tabs, for texts of several lines.
const HIDDEN_IN_LINES: &str = r"\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb";

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))
}

fn at_least(length: usize) -> ObjectBuilder {
    text().min_length(Some(length))
}

fn between(least: usize, most: usize) -> ObjectBuilder {
    let least = Some(least).filter(|least| *least > 0);
    text().min_length(least).max_length(Some(most))
}

fn custom(format: &str) -> SchemaFormat {
    SchemaFormat::Custom(format.to_owned())
}

fn words(words: &[&'static str]) -> ObjectBuilder {
    text().enum_values(Some(words.iter().copied()))
}

/// An id, without anchors.
fn digits(prefix: &str) -> String {
    format!("{prefix}_[0-9a-f]{{32}}")
}

fn identifier(prefix: &str) -> ObjectBuilder {
    text().pattern(Some(format!("^{}$", digits(prefix))))
}

fn field_types() -> Vec<&'static str> {
    hallpass_engine::FieldType::WORDS.iter().map(|(word, _)| *word).collect()
}

fn areas() -> Vec<&'static str> {
    Area::EVERY.into_iter().map(Area::word).collect()
}

fn as_number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
