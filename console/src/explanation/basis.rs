//! What the access of a member rests on, each with the page where it is changed.
//!
//! **Invariant:** a link leads only to a page that the reader may open.

use hallpass_app::access::rule::{DecidingRule, RuleKind};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    ReadApiKeys, ReadBlueprint, ReadDepartments, ReadGeneral, ReadMembers, ReadModules,
    ReadProfiles, ReadRoles, ReadSecurity, ReadTeams,
};
use hallpass_domain::id::MemberId;
use hallpass_engine::Member;

use crate::failure::Failure;
use crate::frame::Frame;
use crate::team::department_names;

/// A name that leads to its page, where the reader may open it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    pub(crate) name: String,
    pub(crate) href: Option<String>,
}

/// What a member has: the kind, and the names.
#[derive(Clone, Debug)]
pub(crate) struct Basis {
    pub(crate) kind: String,
    pub(crate) links: Vec<Link>,
}

/// The pages where rules about a member are changed.
pub(super) struct Pages {
    settings: String,
    /// Where the access of the member is changed, or shown.
    member: Option<String>,
    /// Their department with its name, for a reader who may know it.
    department: Option<(String, String)>,
}

impl Pages {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        member: MemberId,
    ) -> Result<Pages, Failure> {
        let settings = format!("{}/settings", frame.base);
        let mut page = None;
        if ctx.opens(&ReadMembers) {
            let details = ctx.members().load(member).await?;
            let may_edit = ctx.members().offer(&details.member, []).edit;
            page = Some(format!(
                "{settings}/team/{member}{}",
                if may_edit { "/access" } else { "" }
            ));
        }
        let department = ctx.model().member(member).and_then(|found| found.department.clone());
        let names = department_names(ctx).await?;
        let department = department.and_then(|id| {
            let name = names.get(&id.parse().ok()?)?.clone();
            Some((id, name))
        });
        Ok(Pages { settings, member: page, department })
    }

    fn page(&self, path: &str, is_open: bool) -> Option<String> {
        is_open.then(|| format!("{}/{path}", self.settings))
    }

    fn role(&self, ctx: &WorkspaceContext, id: &str) -> Option<String> {
        self.page(&format!("roles/{id}"), ctx.opens(&ReadRoles))
    }

    pub(super) fn team(&self, ctx: &WorkspaceContext, id: &str) -> Option<String> {
        self.page(&format!("teams/{id}"), ctx.opens(&ReadTeams))
    }

    /// The page of a rule.
    pub(super) fn rule(&self, ctx: &WorkspaceContext, rule: &DecidingRule) -> Option<String> {
        let id = rule.id.as_deref().unwrap_or_default();
        match rule.kind {
            RuleKind::Role => self.role(ctx, id),
            RuleKind::Profile => self.page(&format!("profiles/{id}"), ctx.opens(&ReadProfiles)),
            RuleKind::Module => self.page("modules", ctx.opens(&ReadModules)),
            RuleKind::Level
            | RuleKind::Visibility
            | RuleKind::BillingContact
            | RuleKind::Status => self.member.clone(),
            RuleKind::Team => self.page("teams", ctx.opens(&ReadTeams)),
            RuleKind::Scopes => self.page("api-keys", ctx.opens(&ReadApiKeys)),
            RuleKind::Switch => {
                // Where the access model has no page on security, the general one has the switches.
                if ctx.model().blueprint().area("security", "update").is_some() {
                    self.page("security", ctx.opens(&ReadSecurity))
                } else {
                    self.page("general", ctx.opens(&ReadGeneral))
                }
            }
            RuleKind::Unowned | RuleKind::Claim => {
                self.page("access-model", ctx.opens(&ReadBlueprint))
            }
        }
    }
}

/// What the access of a member to a resource rests on.
pub(super) fn list(
    ctx: &WorkspaceContext,
    frame: &Frame,
    pages: &Pages,
    (id, resource): (MemberId, &str),
) -> Vec<Basis> {
    let (model, snapshot) = (ctx.model(), ctx.snapshot());
    let (Some(member), blueprint) = (model.member(id), model.blueprint()) else {
        return Vec::new();
    };
    let basis = |key: &str, links: Vec<Link>| Basis { kind: frame.t(key), links };
    let role =
        Link { name: snapshot.role_name(&member.role), href: pages.role(ctx, &member.role) };
    let mut found = vec![basis("rule-role", vec![role])];
    found.extend(
        level(ctx, member, resource)
            .map(|name| basis("rule-level", vec![Link { name, href: pages.member.clone() }])),
    );
    if blueprint.visibility.is_some() {
        let name = frame.word(&format!("scope_{}", member.visibility.scope().word()));
        found.push(basis("rule-visibility", vec![Link { name, href: pages.member.clone() }]));
    }
    if let Some((department, name)) = &pages.department {
        let path = format!("departments/{department}");
        let href = pages.page(&path, ctx.opens(&ReadDepartments));
        found.push(basis("team-department", vec![Link { name: name.clone(), href }]));
    }
    let teams = member.teams.iter();
    let teams = teams.map(|id| Link { name: snapshot.name(id), href: pages.team(ctx, id) });
    let teams: Vec<Link> = teams.collect();
    if !teams.is_empty() {
        found.push(basis("rule-team", teams));
    }
    if member.is_billing_contact {
        let name = frame.t("billing-contact");
        found.push(basis(
            "rule-billing-contact",
            vec![Link { name, href: pages.member.clone() }],
        ));
    }
    found
}

/// The name of the level of a member on a resource.
fn level(ctx: &WorkspaceContext, member: &Member, resource: &str) -> Option<String> {
    let (_, key) = member.levels.iter().find(|(known, _)| known == resource)?;
    let resource = ctx.policy().resources().iter().find(|known| known.key == resource)?;
    let level = resource.ladder.iter().find(|level| level.key == *key)?;
    Some(level.name.clone())
}
