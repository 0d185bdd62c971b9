//! Object schemas that no type of this crate stands for: they are written here as JSON.

use std::borrow::Cow;

use hallpass_domain::account::NOTIFICATIONS;
use hallpass_domain::entity::{MOST_FIELDS, MOST_OPTIONS, MOST_STAGES};
use hallpass_domain::record::MOST_CONDITIONS;
use hallpass_domain::saved_view::LONGEST_CONDITIONS;
use hallpass_domain::setting::LONGEST_HANDBOOK;
use serde_json::{Map, Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

macro_rules! objects {
    ($($(#[$doc:meta])* $name:ident = $schema:ident;)*) => {
        $(
            $(#[$doc])*
            pub(crate) enum $name {}

            impl PartialSchema for $name {
                /// A placeholder, which [`every`] replaces.
                fn schema() -> RefOr<Schema> {
                    Schema::default().into()
                }
            }

            impl ToSchema for $name {
                fn name() -> Cow<'static, str> {
                    Cow::Borrowed(stringify!($name))
                }
            }
        )*

        /// Every object schema, by name.
        pub(super) fn every() -> Vec<(&'static str, Value)> {
            vec![$((stringify!($name), $schema())),*]
        }
    };
}

objects! {
    /// A field of a record type.
    RecordField = record_field;
    /// A stage of a record type.
    RecordStage = record_stage;
    /// The filter of a saved view.
    ViewFilter = view_filter;
    /// Which notifications are sent.
    NotificationChoices = notification_choices;
    /// What is set in an area of settings.
    AreaSettings = area_settings;
    /// An event of Stripe.
    StripeEvent = stripe_event;
    /// What a browser asks a device.
    PasskeyOptions = passkey_options;
    /// What a device answers.
    PasskeyAnswer = passkey_answer;
}

fn scalar(name: &str) -> String {
    format!("#/components/schemas/{name}")
}

fn record_field() -> Value {
    json!({
        "type": "object",
        "description": format!("A field of a record type, of which there are at most {MOST_FIELDS}."),
        "additionalProperties": false,
        "required": ["key", "name", "type"],
        "properties": {
            "key": {"$ref": scalar("Key"), "description": "The key of the field in records."},
            "name": {"$ref": scalar("Name"), "description": "The name, for people."},
            "type": {"$ref": scalar("FieldType"), "description": "What the field holds."},
            "required": {
                "type": "boolean", "default": false,
                "description": "Whether every record must have a value.",
            },
            "options": {
                "type": "array", "maxItems": MOST_OPTIONS, "uniqueItems": true,
                "items": {"oneOf": [field_option(), {"$ref": scalar("Name")}]},
                "description": "The options of a field of the type `choice`, which needs them. \
                                A text stands for an option whose key and name are that text; \
                                responses have objects.",
            },
        },
    })
}

fn field_option() -> Value {
    json!({
        "type": "object",
        "description": "An option with its key and name.",
        "additionalProperties": false,
        "required": ["key", "name"],
        "properties": {
            "key": {
                "$ref": scalar("Name"),
                "description": "What records store. It does not change: an option with another \
                                key is another option.",
            },
            "name": {
                "$ref": scalar("Name"),
                "description": "The name, for people, which can be changed. No two options of a \
                                field have the same one, whatever its case.",
            },
        },
    })
}

fn record_stage() -> Value {
    json!({
        "type": "object",
        "description": format!("A stage of a record type, of which there are at most {MOST_STAGES}."),
        "additionalProperties": false,
        "required": ["key", "name"],
        "properties": {
            "key": {"$ref": scalar("Key"), "description": "The key of the stage in records."},
            "name": {"$ref": scalar("Name"), "description": "The name, for people."},
            "open": {
                "type": "boolean", "default": true,
                "description": "Whether a record in this stage still needs work.",
            },
            "by": {
                "$ref": scalar("Key"),
                "description": "The action that is required to move a record into or out of this \
                                stage; `update` if absent.",
            },
        },
    })
}

fn field_condition() -> Value {
    let value = |what: &str| json!({"type": ["string", "number", "boolean", "null"], "maxLength": 10_000, "description": what});
    json!({
        "type": "object",
        "description": "A condition on a field: its key, and one of `is`, `contains`, `from` and `to`, `empty`.",
        "additionalProperties": false,
        "required": ["field"],
        "properties": {
            "field": {"$ref": scalar("Key"), "description": "The key of the field."},
            "is": value("The value of the field; of a text without regard to case."),
            "contains": {
                "type": ["string", "null"], "maxLength": 2_000,
                "description": "A part of the text of the field, without regard to case and accents.",
            },
            "from": value("The lowest number or amount, or the earliest date or time."),
            "to": value("The highest number or amount, or the latest date or time."),
            "empty": {"type": ["boolean", "null"], "description": "Whether the field has no value."},
        },
    })
}

fn view_filter() -> Value {
    let time = |what: &str| nullable("Timestamp", what);
    json!({
        "type": "object",
        "description": "Which records a view lists: those that fulfil everything.",
        "additionalProperties": false,
        "properties": {
            "q": {
                "type": ["string", "null"], "maxLength": 200,
                "description": "Words, each of which the title or a field contains.",
            },
            "owner": nullable("OwnerKey", "The owner of the records; `me` is each reader of the view."),
            "stage": nullable("Key", "The stage of the records, by key."),
            "open": {"type": ["boolean", "null"], "description": "Only open records, or only others."},
            "created_from": time("The earliest time of creation."),
            "created_to": time("The latest time of creation."),
            "updated_from": time("The earliest time of the last change."),
            "updated_to": time("The latest time of the last change."),
            "conditions": {
                "type": "array", "maxItems": MOST_CONDITIONS, "default": [],
                "items": field_condition(),
                "description": format!(
                    "Conditions on fields, of {LONGEST_CONDITIONS} bytes of JSON together at most."
                ),
            },
        },
    })
}

fn notification_choices() -> Value {
    let choice = |(key, is_on): (&str, bool)| {
        let description = format!("Whether to send mail about `{key}`.");
        let schema = json!({"type": "boolean", "default": is_on, "description": description});
        (key.to_owned(), schema)
    };
    let properties: Map<String, Value> = NOTIFICATIONS.into_iter().map(choice).collect();
    json!({
        "type": "object",
        "description": "Whether mail is sent about each kind of event.",
        "additionalProperties": false,
        "properties": properties,
    })
}

fn area_settings() -> Value {
    let texts = |what: &str| {
        json!({
            "type": ["array", "null"], "maxItems": 200, "items": {"type": "string", "maxLength": 253},
            "description": what,
        })
    };
    let free = |what: &str| json!({"type": ["object", "null"], "description": what});
    let connections = |what: &str| {
        let texts = |what: &str, write_only: bool| {
            json!({
                "type": "object", "description": what,
                "additionalProperties": {
                    "type": ["string", "null"], "maxLength": 10_000, "writeOnly": write_only,
                },
            })
        };
        json!({
            "type": ["object", "null"], "description": what,
            "additionalProperties": {
                "type": ["object", "null"],
                "properties": {
                    "kind": {"$ref": scalar("Key"), "description": "What it connects to."},
                    "name": {"$ref": scalar("Name"), "description": "The name, for people."},
                    "enabled": {"type": "boolean", "description": "Whether it is in use."},
                    "options": texts("What responses show: a channel, a region.", false),
                    "config": texts("Secrets. Responses have a mask in place of each; sending the \
                                     mask keeps the secret.", true),
                },
            },
        })
    };
    json!({
        "type": "object",
        "description": "What is set in an area of settings. Each area has its own keys; for \
                        `modules` they are the resources that can be switched off.",
        "properties": {
            "logo": nullable("Picture", "The logo (`general`, `branding`)."),
            "handbook": {
                "type": ["string", "null"], "maxLength": LONGEST_HANDBOOK,
                "description": "The handbook (`general`).",
            },
            "locale": nullable("Locale", "The language (`general`)."),
            "time_zone": {
                "type": ["string", "null"], "maxLength": 64, "pattern": "^[A-Za-z][A-Za-z0-9/_+-]*$",
                "description": "The time zone, such as `Europe/Zurich` (`general`).",
            },
            "currency": {
                "type": ["string", "null"], "pattern": "^[A-Z]{3}$",
                "description": "The currency, such as `CHF` (`general`).",
            },
            "landing": nullable("Key", "The page to start on: the key of a resource (`general`)."),
            "colour": {
                "type": ["string", "null"], "pattern": "^#[0-9A-Fa-f]{6}$",
                "description": "The colour, as `#rrggbb` (`branding`).",
            },
            "mail_footer": {
                "type": ["string", "null"], "maxLength": 2_000,
                "description": "The text at the end of mails (`branding`).",
            },
            "connections": connections("Connections to other systems by key (`integrations`)."),
            "providers": connections("AI providers by key (`intelligence`)."),
            "models": free("The model for each purpose (`intelligence`)."),
            "allowed_domains": texts("Domains whose addresses may join (`authentication`)."),
        },
    })
}

fn nullable(name: &str, description: &str) -> Value {
    json!({
        "oneOf": [{"type": "null"}, {"$ref": scalar(name)}],
        "description": description,
    })
}

fn stripe_event() -> Value {
    json!({
        "type": "object",
        "description": "An event as Stripe sends it. Other fields are ignored.",
        "required": ["id", "type", "created", "data"],
        "properties": {
            "id": {
                "type": "string", "minLength": 1, "maxLength": 500,
                "description": "The id of the event; each is processed once.",
            },
            "type": {
                "type": "string", "minLength": 1, "maxLength": 500,
                "description": "What happened, such as `invoice.paid`.",
            },
            "created": {
                "type": "integer", "minimum": 0, "maximum": 1_099_511_627_776_i64,
                "description": "When it happened, in seconds since 1970.",
            },
            "data": {
                "type": "object", "required": ["object"],
                "description": "What it happened to.",
                "properties": {
                    "object": {
                        "type": "object",
                        "description": "The invoice, subscription or payment method.",
                        "properties": {
                            "metadata": {
                                "type": "object",
                                "description": "Metadata that you set in Stripe.",
                                "properties": {
                                    "workspace": {
                                        "$ref": scalar("WorkspaceId"),
                                        "description": "The id of the workspace that pays.",
                                    },
                                },
                            },
                            "customer": {
                                "type": "string", "maxLength": 500,
                                "description": "The customer in Stripe.",
                            },
                        },
                    },
                },
            },
        },
    })
}

fn passkey_options() -> Value {
    json!({
        "type": "object",
        "description": "`PublicKeyCredentialCreationOptionsJSON` or \
                        `PublicKeyCredentialRequestOptionsJSON` of WebAuthn level 3.",
        "required": ["challenge"],
        "properties": {"challenge": {"type": "string", "description": "What the device signs."}},
    })
}

fn passkey_answer() -> Value {
    json!({
        "type": "object",
        "description": "`RegistrationResponseJSON` or `AuthenticationResponseJSON` of WebAuthn level 3.",
        "required": ["id", "rawId", "type", "response"],
        "properties": {
            "id": {"type": "string", "maxLength": 2000, "description": "The id of the passkey, in Base64url."},
            "rawId": {"type": "string", "maxLength": 2000, "description": "The same id."},
            "type": {"type": "string", "enum": ["public-key"], "description": "The type."},
            "response": {"type": "object", "description": "What the device has signed."},
            "clientExtensionResults": {"type": "object", "description": "What extensions return."},
        },
    })
}
