//! The rail: the links to what the reader may open, and to nothing else.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{
    DeleteWorkspace, ReadApiKeys, ReadAudit, ReadAuthentication, ReadBilling, ReadBlueprint,
    ReadBranding, ReadDashboard, ReadDepartments, ReadGeneral, ReadIntegrations, ReadMembers,
    ReadModules, ReadPipelines, ReadProfiles, ReadReports, ReadRoles, ReadSchema, ReadSecurity,
    ReadTeams, RecordPermission,
};
use hallpass_engine::{Resource, ResourceKind};

use crate::comparison::kind;
use crate::text::Text;

/// The rail of a page.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rail {
    /// Whether it shows the settings.
    pub(crate) is_settings: bool,
    /// The groups.
    pub(crate) groups: Vec<Group>,
    /// Where the settings begin, if the reader may open any.
    pub(crate) settings: Option<String>,
}

/// A group of links.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    /// Its heading; empty for the first.
    pub(crate) title: String,
    /// The links.
    pub(crate) links: Vec<Link>,
}

/// A link of the rail.
#[derive(Clone, Debug)]
pub(crate) struct Link {
    /// The text.
    pub(crate) label: String,
    /// The path.
    pub(crate) href: String,
    /// The icon.
    pub(crate) icon: &'static str,
    /// Whether the page is this one, or below it.
    pub(crate) is_current: bool,
}

impl Rail {
    /// Whether it has no link.
    pub(crate) fn is_empty(&self) -> bool {
        self.groups.iter().all(|group| group.links.is_empty())
    }

    /// The first link.
    pub(crate) fn first(&self) -> Option<&Link> {
        self.groups.iter().flat_map(|group| &group.links).next()
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Rail {
        let link = |label: &str, icon| Link {
            label: label.to_owned(),
            href: "#".to_owned(),
            icon,
            is_current: icon == "users",
        };
        let links = vec![link("Team", "users"), link("Roles & permissions", "shield")];
        let groups = vec![Group { title: "People".to_owned(), links }];
        Rail { is_settings: true, groups, settings: Some("#".to_owned()) }
    }
}

/// The rail of a page, for the acting member.
pub(crate) fn of(ctx: &WorkspaceContext, text: Text, base: &str, path: &str) -> Rail {
    let settings_path = format!("{base}/settings");
    let is_settings = path.starts_with(&settings_path) || path.starts_with(&jobs_path(base));
    let mut settings = settings(ctx, text, base);
    let mut links = settings.iter().flat_map(|group| &group.links);
    let first = links.clone().find(|link| !is_own(&link.href)).or_else(|| links.next());
    let first = first.map(|link| link.href.clone());
    let mut groups =
        if is_settings { std::mem::take(&mut settings) } else { work(ctx, text, base) };
    for link in groups.iter_mut().flat_map(|group| &mut group.links) {
        let below = path.strip_prefix(link.href.as_str());
        link.is_current = below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    }
    groups.retain(|group| !group.links.is_empty());
    Rail { is_settings, groups, settings: first }
}

/// The path of the bulk jobs, whose link is among the settings.
fn jobs_path(base: &str) -> String {
    format!("{base}/bulk-jobs")
}

/// Whether a page of the settings is about the reader, and so open to every member.
pub(crate) fn is_own(href: &str) -> bool {
    ["/settings/explain", "/settings/delete", "/bulk-jobs"]
        .iter()
        .any(|own| href.ends_with(own))
}

/// The links of both faces of the rail, each with the title of its group.
pub(crate) fn every(ctx: &WorkspaceContext, text: Text, base: &str) -> Vec<(String, Link)> {
    let groups = work(ctx, text, base).into_iter().chain(settings(ctx, text, base));
    groups
        .flat_map(|group| {
            let title = group.title;
            group.links.into_iter().map(move |link| (title.clone(), link))
        })
        .collect()
}

/// Records, modules and people.
fn work(ctx: &WorkspaceContext, text: Text, base: &str) -> Vec<Group> {
    let snapshot = ctx.snapshot();
    let shown = ctx.member_id().map(|id| snapshot.navigation(id)).unwrap_or_default();
    let resources = ctx.policy().resources().iter().filter(|one| shown.contains(&one.key));
    let (mut records, mut modules) = (Vec::new(), Vec::new());
    for resource in resources {
        let (group, folder) = match resource.kind {
            ResourceKind::Records => (&mut records, "records"),
            ResourceKind::Modules => (&mut modules, "modules"),
            ResourceKind::Settings => continue,
        };
        if has_page(&resource.key) {
            continue;
        }
        group.push(Link {
            label: resource.name.clone(),
            href: format!("{base}/{folder}/{}", resource.key),
            icon: icon(&resource.key, resource.kind),
            is_current: false,
        });
    }
    let mut figures = Links::default();
    figures.add(
        ctx.opens(&ReadDashboard),
        text.get("rail-dashboard"),
        format!("{base}/dashboard"),
        "gauge",
    );
    figures.add(
        ctx.opens(&ReadReports),
        text.get("rail-reports"),
        format!("{base}/reports"),
        "chart-column",
    );
    vec![
        Group { title: String::new(), links: figures.0 },
        Group { title: text.get("rail-records"), links: records },
        Group { title: text.get("rail-modules"), links: modules },
    ]
}

/// Modules with a page of their own, which the rail links above.
fn has_page(key: &str) -> bool {
    ["dashboard", "reports"].contains(&key)
}

/// The settings, in six groups.
fn settings(ctx: &WorkspaceContext, text: Text, base: &str) -> Vec<Group> {
    let blueprint = ctx.model().blueprint();
    let word = |key: &'static str| blueprint.membership.word(key).to_owned();
    let at = |page: &str| format!("{base}/settings/{page}");
    let reads_members = ctx.opens(&ReadMembers);
    let mut workspace = Links::default();
    workspace.add(
        ctx.opens(&ReadGeneral),
        text.get("rail-general"),
        at("general"),
        "sliders-horizontal",
    );
    workspace.add(
        ctx.opens(&ReadBranding),
        text.get("rail-branding"),
        at("branding"),
        "palette",
    );
    workspace.add(ctx.opens(&ReadModules), text.get("rail-modules"), at("modules"), "boxes");
    let mut people = Links::default();
    people.add(reads_members, word("team_page"), at("team"), "users");
    let has_teams = blueprint.teams.is_some();
    people.add(
        has_teams && ctx.opens(&ReadTeams),
        text.get("rail-teams"),
        at("teams"),
        "users-round",
    );
    let has_departments = blueprint.departments.is_some();
    people.add(
        has_departments && ctx.opens(&ReadDepartments),
        text.get("rail-departments"),
        at("departments"),
        "network",
    );
    // Roles are for those who may read them, or members with what they have.
    let reads_roles = ctx.opens(&ReadRoles) || reads_members;
    people.add(reads_roles, word("roles_page"), at("roles"), "shield");
    let mut access = Links::default();
    access.add(true, text.get("rail-explain"), at("explain"), "circle-help");
    access.add(kind::is_open(ctx), text.get("rail-compare"), at("compare"), "git-compare");
    access.add(reads_members, text.get("rail-review"), at("review"), "clipboard-check");
    access.add(ctx.opens(&ReadAudit), text.get("rail-audit"), at("audit"), "scroll-text");
    access.add(
        ctx.opens(&ReadBlueprint),
        text.get("danger-replace"),
        at("access-model"),
        "git-branch",
    );
    let mut security = Links::default();
    security.add(ctx.opens(&ReadSecurity), text.get("rail-security"), at("security"), "lock");
    security.add(
        ctx.opens(&ReadAuthentication),
        text.get("rail-authentication"),
        at("authentication"),
        "log-in",
    );
    security.add(
        ctx.opens(&ReadApiKeys),
        text.get("rail-api-keys"),
        at("api-keys"),
        "key-round",
    );
    let mut data = Links::default();
    data.add(reads_schema(ctx), text.get("rail-schema"), at("schema"), "table");
    let has_profiles = blueprint.profiles.is_some();
    data.add(
        has_profiles && ctx.opens(&ReadProfiles),
        text.get("rail-profiles"),
        at("profiles"),
        "contact",
    );
    data.add(
        ctx.opens(&ReadIntegrations),
        text.get("rail-integrations"),
        at("integrations"),
        "plug",
    );
    // Every member sees their own.
    data.add(true, text.get("bulk-jobs"), jobs_path(base), "list");
    let mut plan = Links::default();
    plan.add(ctx.opens(&ReadBilling), text.get("rail-billing"), at("billing"), "credit-card");
    // Every member may delete their own account (AMB-HARMONY-2).
    plan.add(true, text.get(danger(ctx)), at("delete"), "triangle-alert");
    let groups = [
        ("rail-workspace", workspace),
        ("rail-people", people),
        ("rail-access", access),
        ("rail-security", security),
        ("rail-data", data),
        ("rail-plan", plan),
    ];
    groups.map(|(title, links)| Group { title: text.get(title), links: links.0 }).into()
}

/// Whether the reader sees record types: all of them, or those with whose records they work.
fn reads_schema(ctx: &WorkspaceContext) -> bool {
    let works_with = |resource: &Resource| {
        let mut actions = resource.actions.iter();
        ctx.snapshot().is_on(&resource.key)
            && actions.any(|one| ctx.opens(&RecordPermission::new(&resource.key, &one.key)))
    };
    let mut resources = ctx.policy().resources().iter();
    ctx.opens(&ReadSchema)
        || ctx.opens(&ReadPipelines)
        || resources.any(|known| known.kind == ResourceKind::Records && works_with(known))
}

/// The key of the name of the page that deletes: a workspace, or the reader's own account.
fn danger(ctx: &WorkspaceContext) -> &'static str {
    if ctx.opens(&DeleteWorkspace) { "rail-danger" } else { "rail-delete-account" }
}

#[derive(Default)]
struct Links(Vec<Link>);

impl Links {
    fn add(&mut self, is_open: bool, label: String, href: String, icon: &'static str) {
        if is_open {
            self.0.push(Link { label, href, icon, is_current: false });
        }
    }
}

/// The icon of a resource: one for common keys, else one of its kind.
pub(crate) fn icon(key: &str, kind: ResourceKind) -> &'static str {
    const KNOWN: [(&str, &str); 24] = [
        ("activit", "activity"),
        ("agent", "bot"),
        ("article", "book-open"),
        ("ask_ai", "sparkles"),
        ("automation", "workflow"),
        ("broadcast", "megaphone"),
        ("campaign", "megaphone"),
        ("compan", "building-2"),
        ("contact", "contact"),
        ("account", "building-2"),
        ("conversation", "inbox"),
        ("deal", "handshake"),
        ("help", "book-open"),
        ("inbox", "inbox"),
        ("integration", "plug"),
        ("invoice", "receipt"),
        ("knowledge", "book-open"),
        ("lead", "target"),
        ("note", "file-text"),
        ("opportunit", "handshake"),
        ("project", "briefcase"),
        ("report", "chart-column"),
        ("task", "circle-check"),
        ("ticket", "tag"),
    ];
    let known = KNOWN.iter().find(|(part, _)| key.contains(part));
    known.map_or(
        match kind {
            ResourceKind::Records => "folder",
            ResourceKind::Modules => "boxes",
            ResourceKind::Settings => "settings",
        },
        |(_, icon)| icon,
    )
}
