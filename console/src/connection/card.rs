//! A connection on the page, with its last test, and a domain with the record that proves it.

use hallpass_app::connection::ConnectionOverview;
use hallpass_app::connection::group::gives_roles;
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadTeams;
use hallpass_domain::connection::Provider;
use hallpass_domain::proven_domain::{ProvenBy, ProvenDomain};

use crate::failure::{Failure, sentence};
use crate::format::Moment;
use crate::frame::Frame;

/// How many claims a card shows.
const MOST_CLAIMS: usize = 12;

/// What would happen to a person, with the key of its sentence.
const ARRIVALS: [(&str, &str); 12] = [
    ("member", "arrival-member"),
    ("invited", "arrival-invited"),
    ("signs_up", "arrival-signs-up"),
    ("new_invited", "arrival-new-invited"),
    ("new_signs_up", "arrival-new-signs-up"),
    ("account_disabled", "arrival-account-disabled"),
    ("not_a_member", "arrival-not-a-member"),
    ("not_invited", "arrival-not-invited"),
    ("must_connect", "arrival-must-connect"),
    ("address_not_proven", "arrival-address-not-proven"),
    ("groups_gone", "arrival-groups-gone"),
    ("too_many_groups", "arrival-too-many-groups"),
];

/// How many of them come in.
const IN: usize = 5;

/// A connection, as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct ConnectionCard {
    pub(crate) id: String,
    pub(crate) name: String,
    /// What it is, in words.
    pub(crate) kind: String,
    pub(crate) is_on: bool,
    pub(crate) is_tested: bool,
    /// How many people came in by it.
    pub(crate) people: String,
    /// The path that starts a test.
    pub(crate) test_path: String,
    /// Whether groups of the provider can give roles.
    pub(crate) has_groups: bool,
    pub(crate) version: i64,
    pub(crate) test: Option<TestCard>,
}

/// The last test of a connection.
#[derive(Clone, Debug)]
pub(crate) struct TestCard {
    pub(crate) at: Moment,
    pub(crate) failure: Option<String>,
    /// What would happen.
    pub(crate) arrival: String,
    pub(crate) is_in: bool,
    /// The role, the levels and the teams that their groups give, by name.
    pub(crate) role: Option<String>,
    pub(crate) levels: Vec<String>,
    pub(crate) teams: Vec<String>,
    /// What the provider said.
    pub(crate) claims: Vec<(String, String)>,
}

/// A domain, as the page shows it.
#[derive(Clone, Debug)]
pub(crate) struct DomainRow {
    pub(crate) domain: String,
    pub(crate) record: String,
    /// How it was proven, in words; none if it is not.
    pub(crate) proven: Option<String>,
}

/// Levels by the names of their resources and of their own.
fn level_names<'l>(
    ctx: &WorkspaceContext,
    levels: impl Iterator<Item = &'l (String, String)>,
) -> Vec<String> {
    let resources = ctx.policy().resources();
    let name = |(key, level): &(String, String)| {
        let resource = resources.iter().find(|known| known.key == *key)?;
        let rung = resource.ladder.iter().find(|rung| rung.key == *level)?;
        Some(format!("{} {}", resource.name, rung.name))
    };
    levels.filter_map(name).collect()
}

/// What a provider is, in words.
pub(super) fn kind(frame: &Frame, provider: &Provider) -> String {
    frame.t(match provider {
        Provider::Google { .. } => "connection-google",
        Provider::Microsoft { .. } => "connection-microsoft",
        Provider::Oidc { .. } => "connection-oidc",
        Provider::Saml { .. } => "connection-saml",
    })
}

impl ConnectionCard {
    pub(super) fn of(
        ctx: &WorkspaceContext,
        frame: &Frame,
        overview: ConnectionOverview,
    ) -> ConnectionCard {
        let ConnectionOverview { connection, people, .. } = overview;
        let is_tested = connection.is_tested();
        let kind = kind(frame, &connection.provider);
        let gives = connection.test.as_ref().and_then(|test| test.gives.clone());
        let gives = gives.unwrap_or_default();
        let names = ctx.snapshot();
        let teams = gives.teams.iter().filter(|_| ctx.opens(&ReadTeams));
        let teams: Vec<String> = teams.map(|team| names.name(&team.to_string())).collect();
        let test = connection.test.map(|test| TestCard {
            role: gives.role.as_ref().map(|role| names.role_name(role)),
            levels: level_names(ctx, gives.levels.iter().flatten()),
            teams,
            at: frame.moment(test.at),
            arrival: arrival(test.arrival.as_deref())
                .map(|(_, key)| frame.t(key))
                .unwrap_or_default(),
            is_in: arrival(test.arrival.as_deref()).is_some_and(|(at, _)| at < IN),
            failure: test.failure.as_deref().map(sentence),
            claims: test
                .claims
                .into_iter()
                .take(MOST_CLAIMS)
                .map(|(name, values)| (name, values.join(", ")))
                .collect(),
        });
        ConnectionCard {
            has_groups: gives_roles(ctx) && connection.provider.sends_groups(),
            test_path: format!("/sso/{}/{}/test", ctx.workspace_id(), connection.id),
            id: connection.id.to_string(),
            name: connection.name,
            kind,
            is_on: connection.is_on,
            is_tested,
            people: text!(frame.text, "connection-people", count = people),
            version: connection.version,
            test,
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> ConnectionCard {
        ConnectionCard {
            id: "con_1".into(),
            name: "<script>".into(),
            kind: "OpenID Connect".into(),
            is_on: true,
            is_tested: true,
            people: "52 people came in by it".into(),
            test_path: "/sso/a/b/test".into(),
            has_groups: true,
            version: 1,
            test: Some(TestCard {
                at: Moment::default(),
                failure: None,
                arrival: "They are a member.".into(),
                is_in: true,
                role: Some("<script>".into()),
                levels: vec!["<script>".into()],
                teams: vec!["<script>".into()],
                claims: vec![("email".into(), "<script>".into())],
            }),
        }
    }
}

/// The place and the key of what would happen.
fn arrival(word: Option<&str>) -> Option<(usize, &'static str)> {
    let word = word?;
    let at = ARRIVALS.iter().position(|(known, _)| *known == word)?;
    ARRIVALS.get(at).map(|(_, key)| (at, *key))
}

/// The connections of the workspace, for those who may read them.
pub(crate) async fn load_cards(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
) -> Result<Vec<ConnectionCard>, Failure> {
    let found = ctx.connections().list().await?;
    Ok(found.into_iter().map(|one| ConnectionCard::of(ctx, frame, one)).collect())
}

/// The key of how a domain was proven.
fn proven_by(by: ProvenBy) -> &'static str {
    match by {
        ProvenBy::Dns => "domain-proven-by-dns",
        ProvenBy::Operator => "domain-proven-by-operator",
    }
}

/// The domains of the workspace.
pub(crate) async fn load_domains(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
) -> Result<Vec<DomainRow>, Failure> {
    let found = ctx.proven_domains().list().await?;
    let row = |domain: ProvenDomain| DomainRow {
        record: domain.record(),
        proven: domain.proven.map(|(_, by)| frame.t(proven_by(by))),
        domain: domain.domain,
    };
    Ok(found.into_iter().map(row).collect())
}
