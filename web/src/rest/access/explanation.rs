//! Explanations over HTTP: the deciding rule with its link, and acts as requests.

use hallpass_app::access::explanation::{ProposedAct, Reasons};
use hallpass_app::access::list::{ListPart, ListReasons};
use hallpass_app::access::rule::{DecidingRule, RuleKind};
use hallpass_app::context::WorkspaceContext;
use hallpass_domain::advice::Edit;
use hallpass_domain::id::MemberId;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::openapi::scalar;

/// A decision with its reasons.
#[derive(Serialize, ToSchema)]
pub(super) struct ExplainResponse {
    /// Whether the action is allowed.
    allowed: bool,
    /// The reason, in one sentence.
    because: String,
    /// The rule that decides it.
    rule: RuleResponse,
    /// The way by which the owner is reached: "Ben is assigned to Mona".
    owner_path: Option<String>,
    /// The steps of the decision, in order.
    steps: Vec<String>,
    /// What the member would need; empty when the action is allowed.
    would_need: Vec<String>,
    /// Acts that would allow it, the smallest first; as many as the question asked for.
    #[schema(max_items = 3)]
    acts: Vec<ActResponse>,
    /// The records that the action reaches, for a question with `list`; otherwise `null`.
    list: Option<ListResponse>,
}

/// The rule that decides an answer.
#[derive(Serialize, ToSchema)]
struct RuleResponse {
    /// What kind of rule it is.
    #[schema(value_type = scalar::RuleKind)]
    kind: &'static str,
    /// Its id or key, if it has one.
    id: Option<String>,
    /// Its name.
    name: String,
    /// The team through which a profile grants it.
    team: Option<RuleTeam>,
    /// Where it is in the API.
    href: Option<String>,
}

/// The team through which a profile grants something.
#[derive(Serialize, ToSchema)]
struct RuleTeam {
    /// The id of the team.
    #[schema(value_type = scalar::TeamId)]
    id: String,
    /// The name of the team.
    name: String,
    /// Where it is in the API.
    href: String,
}

/// An act that would allow what is denied.
#[derive(Serialize, ToSchema)]
struct ActResponse {
    /// The act in one sentence, with who may do it.
    sentence: String,
    /// The request that does it.
    request: ProposedCall,
    /// The names of the roles whose holders may do it.
    roles: Vec<String>,
    /// Some members who may do it, for a caller who may read members.
    #[schema(max_items = 3)]
    members: Vec<ActMember>,
}

/// The request that does an act.
#[derive(Serialize, ToSchema)]
struct ProposedCall {
    /// The method.
    #[schema(value_type = scalar::ActMethod)]
    method: &'static str,
    /// The path within the workspace.
    path: String,
    /// The body, if the request has one.
    #[schema(value_type = Option<Map<String, Value>>)]
    body: Option<Value>,
}

/// A member who may do an act.
#[derive(Serialize, ToSchema)]
struct ActMember {
    /// The id of the member.
    #[schema(value_type = scalar::MemberId)]
    id: String,
    /// The name of the member.
    name: String,
}

/// The records that an action reaches.
#[derive(Serialize, ToSchema)]
struct ListResponse {
    /// All of it in one sentence: "You see 87 deals: 12 own, 70 of people assigned to you, and 5 without
    /// an owner".
    because: String,
    /// The number of records; `null` where the caller may not read them all.
    #[schema(minimum = 0)]
    total: Option<i64>,
    /// The parts. Each record is in one of them.
    parts: Vec<ListPartResponse>,
}

/// A part of the records that an action reaches.
#[derive(Serialize, ToSchema)]
struct ListPartResponse {
    /// How the owners are related to the member: `own`, `assigned`, `team`, `department`, `unowned`, `all`.
    relation: String,
    /// The number of records; `null` where the caller may not read them all.
    #[schema(minimum = 0)]
    records: Option<i64>,
    /// The number of owners, for a caller who may read members.
    #[schema(minimum = 0)]
    owners: Option<usize>,
}

impl ExplainResponse {
    pub(super) fn of(
        ctx: &WorkspaceContext,
        subject: Option<MemberId>,
        why: &Reasons,
        list: Option<ListReasons>,
    ) -> ExplainResponse {
        let base = format!("/api/v1/workspaces/{}", ctx.snapshot().workspace.slug.as_str());
        let acts = why.acts.iter().filter_map(|act| ActResponse::of(ctx, act));
        ExplainResponse {
            allowed: why.allowed,
            because: why.because.clone(),
            rule: RuleResponse::of(&base, subject, &why.rule),
            owner_path: why.owner_path.clone(),
            steps: why.steps.clone(),
            would_need: why.would_need.clone(),
            acts: acts.collect(),
            list: list.map(ListResponse::of),
        }
    }
}

impl RuleResponse {
    fn of(base: &str, subject: Option<MemberId>, rule: &DecidingRule) -> RuleResponse {
        let id = rule.id.as_deref().unwrap_or_default();
        let of_member = || subject.map(|id| format!("{base}/members/{id}"));
        let (kind, href) = match rule.kind {
            RuleKind::Role => ("role", Some(format!("{base}/roles/{id}"))),
            RuleKind::Profile => ("profile", Some(format!("{base}/profiles/{id}"))),
            RuleKind::Level => ("level", of_member()),
            RuleKind::Visibility => ("visibility", of_member()),
            RuleKind::Scopes => ("scopes", Some(format!("{base}/api-keys"))),
            RuleKind::BillingContact => ("billing_contact", of_member()),
            RuleKind::Status => ("status", of_member()),
            RuleKind::Team => ("team", of_member()),
            RuleKind::Switch => ("switch", Some(format!("{base}/settings"))),
            RuleKind::Module => ("module", Some(format!("{base}/settings/modules"))),
            RuleKind::Unowned => ("unowned", Some(format!("{base}/blueprint"))),
            RuleKind::Claim => ("claim", None),
        };
        let team = rule.team.as_ref().map(|(id, name)| RuleTeam {
            id: id.clone(),
            name: name.clone(),
            href: format!("{base}/teams/{id}"),
        });
        RuleResponse { kind, id: rule.id.clone(), name: rule.name.clone(), team, href }
    }
}

impl ActResponse {
    fn of(ctx: &WorkspaceContext, act: &ProposedAct) -> Option<ActResponse> {
        let members = act.members.iter();
        let members =
            members.map(|(id, name)| ActMember { id: id.to_string(), name: name.clone() });
        Some(ActResponse {
            sentence: act.sentence.clone(),
            request: request(ctx, &act.edit)?,
            roles: act.roles.clone(),
            members: members.collect(),
        })
    }
}

/// The request that makes an edit.
fn request(ctx: &WorkspaceContext, edit: &Edit) -> Option<ProposedCall> {
    let patch =
        |path: String, body: Value| ProposedCall { method: "PATCH", path, body: Some(body) };
    let of_member = |id: &MemberId, body: Value| patch(format!("/members/{id}"), body);
    let model = ctx.model();
    Some(match edit {
        Edit::Level { member, .. } => {
            let levels = edit.levels(model)?.into_iter();
            let levels: Map<String, Value> =
                levels.map(|(resource, level)| (resource, level.into())).collect();
            of_member(member, json!({"levels": levels}))
        }
        Edit::Visibility { member, visibility } => {
            of_member(member, json!({"visibility": visibility.scope().word()}))
        }
        Edit::Role { member, role } => of_member(member, json!({"role": role})),
        Edit::Assign { member, manager } => {
            of_member(member, json!({"manager": manager.to_string()}))
        }
        Edit::Department { member, other } => {
            let department = model.member(*other)?.department.as_ref()?;
            of_member(member, json!({"department": department}))
        }
        Edit::Reactivate { member } => {
            let path = format!("/members/{member}/reactivate");
            ProposedCall { method: "POST", path, body: None }
        }
        Edit::Join { member, team } => {
            let path = format!("/teams/{team}/members/{member}");
            ProposedCall { method: "PUT", path, body: None }
        }
        Edit::Sharing { team, sharing } => {
            patch(format!("/teams/{team}"), json!({"record_sharing": sharing.scope().word()}))
        }
        Edit::Profile { profile, cells, scope } => {
            let mut grants: Map<String, Value> = Map::new();
            for (resource, action) in cells {
                let row = grants.entry(resource.clone()).or_insert_with(|| json!({}));
                row.as_object_mut()?.insert(action.clone(), scope.word().into());
            }
            patch(format!("/profiles/{profile}"), json!({"grants": grants}))
        }
        Edit::Grants { role, .. } => {
            let grants = edit.grants(model)?;
            let grants: Vec<String> = grants.iter().map(ToString::to_string).collect();
            patch(format!("/roles/{role}"), json!({"grants": grants}))
        }
        Edit::Switch { key, on } => {
            patch("/settings".to_owned(), json!({"switches": {key: on}}))
        }
        Edit::Module { key } => patch("/settings/modules".to_owned(), json!({key: true})),
    })
}

impl ListResponse {
    fn of(list: ListReasons) -> ListResponse {
        let part = |part: ListPart| ListPartResponse {
            relation: part.relation.to_string(),
            records: part.records,
            owners: part.owners,
        };
        ListResponse {
            because: list.because,
            total: list.total,
            parts: list.parts.into_iter().map(part).collect(),
        }
    }
}
