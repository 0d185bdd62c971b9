//! The lines of an export as they are written, with the ids of the file.
//!
//! Names beside ids are for people who read the file; an import ignores them.

use std::collections::BTreeMap;

use hallpass_domain::id::{
    AuditId, DepartmentId, EventId, InvitationId, MemberId, ProfileId, RecordId, ReportId,
    RoleId, TeamId, ViewId, WorkspaceId,
};
use hallpass_domain::record::Owner;
use hallpass_domain::saved_view::FilterParts;
use hallpass_domain::time::Timestamp;
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

macro_rules! forms {
    ($($name:ident { $($(#[$meta:meta])* $field:ident: $of:ty,)* })*) => {$(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            #[expect(dead_code, reason = "it is known")]
            kind: IgnoredAny,
            $($(#[$meta])* pub(super) $field: $of,)*
        }
    )*};
}

forms! {
    WorkspaceForm {
        id: WorkspaceId,
        format: u32,
        #[serde(default)]
        #[expect(dead_code, reason = "it is for people")]
        left_out: IgnoredAny,
        name: String,
        slug: String,
        #[serde(deserialize_with = "time")]
        created_at: Timestamp,
        settings: Map<String, Value>,
        blueprint: String,
    }
    DepartmentForm {
        id: DepartmentId,
        name: String,
        parent: Option<DepartmentId>,
        manager: Option<MemberId>,
    }
    RoleForm { id: RoleId, name: String, description: String, grants: Vec<String>, }
    ProfileForm {
        id: ProfileId,
        template: Option<String>,
        name: String,
        description: String,
        grants: BTreeMap<String, BTreeMap<String, String>>,
    }
    TeamForm {
        id: TeamId,
        name: String,
        description: String,
        profile: Option<ProfileId>,
        record_sharing: String,
    }
    ReportForm {
        id: ReportId,
        name: String,
        created_by: MemberId,
        shared: bool,
        entity: String,
        stage: Option<String>,
        #[serde(default, deserialize_with = "some_owner")]
        owner: Option<Owner>,
        group_by: String,
        measure: String,
    }
    ViewForm {
        id: ViewId,
        name: String,
        created_by: MemberId,
        shared: bool,
        entity: String,
        filter: FilterParts,
        sort: Option<String>,
        columns: Option<Vec<String>>,
    }
    RecordTypeForm {
        id: String,
        added: bool,
        name: Option<String>,
        one: Option<String>,
        fields: Option<Value>,
        stages: Option<Value>,
    }
    MemberForm {
        id: MemberId,
        #[serde(rename = "name")]
        #[expect(dead_code, reason = "it is for people")]
        full_name: IgnoredAny,
        service_account: bool,
        first_name: String,
        last_name: String,
        email: String,
        alias: Option<String>,
        status: String,
        role: String,
        levels: BTreeMap<String, String>,
        visibility: String,
        department: Option<DepartmentId>,
        manager: Option<MemberId>,
        teams: Vec<TeamId>,
        billing_contact: bool,
        landing: Option<String>,
        #[serde(deserialize_with = "time")]
        joined_at: Timestamp,
        #[serde(deserialize_with = "time")]
        role_since: Timestamp,
        role_by: Option<MemberId>,
        #[serde(default, deserialize_with = "some_time")]
        seen_at: Option<Timestamp>,
    }
    InvitationForm {
        id: InvitationId,
        email: String,
        name: Option<String>,
        role: String,
        levels: BTreeMap<String, String>,
        visibility: String,
        department: Option<DepartmentId>,
        manager: Option<MemberId>,
        teams: Vec<TeamId>,
        billing_contact: bool,
        landing: Option<String>,
        state: String,
        invited_by: Option<MemberId>,
        #[serde(deserialize_with = "time")]
        invited_at: Timestamp,
        #[serde(deserialize_with = "time")]
        expires_at: Timestamp,
    }
    RecordForm {
        id: RecordId,
        entity: String,
        #[serde(deserialize_with = "owner")]
        owner: Owner,
        #[serde(default)]
        #[expect(dead_code, reason = "it is for people")]
        owner_name: IgnoredAny,
        #[serde(default)]
        #[expect(dead_code, reason = "it follows from the fields")]
        title: IgnoredAny,
        fields: Map<String, Value>,
        stage: Option<String>,
        #[serde(default)]
        #[expect(dead_code, reason = "it follows from the stage")]
        open: IgnoredAny,
        created_by: Option<MemberId>,
        #[serde(default)]
        #[expect(dead_code, reason = "it is for people")]
        created_by_name: IgnoredAny,
        #[serde(deserialize_with = "time")]
        created_at: Timestamp,
        #[serde(deserialize_with = "time")]
        updated_at: Timestamp,
    }
    EventForm {
        id: EventId,
        record: RecordId,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        actor: Option<MemberId>,
        #[serde(default)]
        #[expect(dead_code, reason = "it is for people")]
        actor_name: IgnoredAny,
        action: String,
        detail: Value,
    }
    EntryForm {
        id: AuditId,
        #[serde(deserialize_with = "time")]
        at: Timestamp,
        actor: Option<MemberId>,
        actor_name: String,
        action: String,
        outcome: String,
        subject: String,
        before: Value,
        after: Value,
        revision: i64,
        request: String,
        times: i64,
        #[serde(deserialize_with = "time")]
        last_at: Timestamp,
    }
    SubjectForm { id: String, entries: Vec<AuditId>, }
    EndForm { lines: u64, }
}

fn parsed<T>(text: &str, what: &str) -> Result<T, String>
where
    T: std::str::FromStr,
{
    text.parse().map_err(|_| format!("expected {what}"))
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    parsed(&text, "a time such as `2026-03-15T12:00:00Z`").map_err(D::Error::custom)
}

fn some_time<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Timestamp>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    let read = text.map(|text| parsed(&text, "a time such as `2026-03-15T12:00:00Z`"));
    read.transpose().map_err(D::Error::custom)
}

fn read_owner(text: &str) -> Result<Owner, String> {
    if text == "unowned" {
        return Ok(Owner::Unowned);
    }
    parsed(text, "`unowned` or the id of a member").map(Owner::Member)
}

fn owner<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Owner, D::Error> {
    let text = String::deserialize(deserializer)?;
    read_owner(&text).map_err(D::Error::custom)
}

fn some_owner<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Owner>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.as_deref().map(read_owner).transpose().map_err(D::Error::custom)
}
