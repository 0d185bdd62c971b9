//! Every way in × every policy of the workspace × every caller: the table in `ways_in/table.txt`, and the
//! rule that no way is weaker than another one.
//!
//! `cargo xtask golden ways-in` writes the table, which is reviewed like code.

mod enter;
mod prepare;

use std::fmt::Write as _;
use std::path::Path;

use hallpass_testkit::{Answer, Person};

use prepare::World;

/// What a workspace asks of those who enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Policy {
    /// Nothing.
    None,
    SecondFactor,
    SingleSignOn,
    /// One network, of which no caller is.
    Networks,
    /// One domain, of which no caller's address is.
    Domain,
}

/// What a caller is to the workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    Member,
    /// Has an invitation that waits.
    Invited,
    Inactive,
    Removed,
    Stranger,
}

/// How a caller comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Password,
    PasswordAndCode,
    PasswordOnTrustedDevice,
    PasswordAndRecoveryCode,
    Passkey,
    OpenIdConnect,
    Saml,
    InvitationLink,
    ResetLink,
    ConfirmationLink,
    SetUpLink,
    ApiKey,
    /// A session from before the policy, and from before the caller was deactivated or removed.
    ExistingSession,
}

const POLICIES: [Policy; 5] = [
    Policy::None,
    Policy::SecondFactor,
    Policy::SingleSignOn,
    Policy::Networks,
    Policy::Domain,
];

const STANDINGS: [Standing; 5] = [
    Standing::Member,
    Standing::Invited,
    Standing::Inactive,
    Standing::Removed,
    Standing::Stranger,
];

const WAYS: [Way; 13] = [
    Way::Password,
    Way::PasswordAndCode,
    Way::PasswordOnTrustedDevice,
    Way::PasswordAndRecoveryCode,
    Way::Passkey,
    Way::OpenIdConnect,
    Way::Saml,
    Way::InvitationLink,
    Way::ResetLink,
    Way::ConfirmationLink,
    Way::SetUpLink,
    Way::ApiKey,
    Way::ExistingSession,
];

impl Way {
    /// Whether a caller has what the way needs: a link that was used is none, and no account has a key
    /// before it is a member.
    fn is_open_to(self, caller: Standing) -> bool {
        match caller {
            Standing::Member => {
                !matches!(self, Way::InvitationLink | Way::ConfirmationLink | Way::SetUpLink)
            }
            // The link makes the account a member, and so does the provider that knows the address.
            Standing::Invited => {
                matches!(self, Way::InvitationLink | Way::OpenIdConnect | Way::Saml)
            }
            Standing::Inactive | Standing::Removed | Standing::Stranger => false,
        }
    }

    /// Whether the way has what a policy asks for; written down here, and not taken from the code.
    fn satisfies(self, policy: Policy) -> bool {
        match policy {
            Policy::None => true,
            Policy::SecondFactor => matches!(
                self,
                Way::PasswordAndCode
                    | Way::PasswordOnTrustedDevice
                    | Way::PasswordAndRecoveryCode
                    | Way::Passkey
                    // A key has no session; a member made it who could enter.
                    | Way::ApiKey
            ),
            Policy::SingleSignOn => {
                matches!(self, Way::OpenIdConnect | Way::Saml | Way::ApiKey)
            }
            Policy::Networks | Policy::Domain => false,
        }
    }
}

/// What a caller gets from the workspace after taking a way.
fn outcome(answer: &Answer) -> String {
    match (answer.status, answer.code()) {
        (200, _) => "in".to_owned(),
        (401, "not_signed_in") => "not signed in".to_owned(),
        (401, "step_up") => {
            let missing = answer.body["missing"].as_array().unwrap().iter();
            let words: Vec<&str> = missing.map(|word| word.as_str().unwrap()).collect();
            format!("asked for {}", words.join(", "))
        }
        (403, "denied") => "denied".to_owned(),
        (404, _) => "not found".to_owned(),
        (status, code) => format!("{status} {code}"),
    }
}

/// Checks that the pages let a caller in exactly when the API does.
async fn check_page(person: &Person, is_in: bool, what: &str) {
    let page = person.open("/workspace/acme").await;
    let leads_inside = page.header("location").starts_with("/workspace/acme/");
    let shows = page.status == 200 || (page.status == 303 && leads_inside);
    assert_eq!(shows, is_in, "{what}: {} {}", page.status, page.header("location"));
    if is_in {
        let audit = person.get("/api/v1/workspaces/acme/members").await;
        assert!([200, 403].contains(&audit.status), "{what}: {}", audit.text);
    }
}

async fn rows(policy: Policy) -> String {
    let world = World::new().await;
    let mut cells = Vec::new();
    for caller in STANDINGS {
        for way in WAYS {
            cells.push((caller, way, world.prepare(caller, way).await));
        }
    }
    for (caller, _, prepared) in &cells {
        world.become_standing(*caller, prepared).await;
    }
    world.set(policy).await;
    let mut text = String::new();
    for (caller, way, prepared) in cells {
        let what = format!("{policy:?} {caller:?} {way:?}");
        let person = world.enter(way, prepared).await;
        let answer = person.get("/api/v1/workspaces/acme/me").await;
        let outcome = outcome(&answer);
        let is_in = outcome == "in";
        // A key opens no page.
        if way != Way::ApiKey {
            check_page(&person, is_in, &what).await;
        }
        let may_enter = way.is_open_to(caller) && way.satisfies(policy);
        assert_eq!(is_in, may_enter, "{what}: {outcome}");
        let (policy, caller, way) =
            (format!("{policy:?}"), format!("{caller:?}"), format!("{way:?}"));
        writeln!(text, "{policy:14}{caller:10}{way:26}{outcome}").unwrap();
    }
    text
}

/// Compares the rows of a policy with those of the table.
async fn check(policy: Policy) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/ways_in/table.txt");
    let rows = rows(policy).await;
    assert_eq!(rows.lines().count(), STANDINGS.len() * WAYS.len());
    let table = std::fs::read_to_string(&path).unwrap_or_default();
    let name = format!("{policy:?} ");
    let (own, others): (Vec<&str>, Vec<&str>) =
        table.lines().partition(|line| line.starts_with(&name));
    if std::env::var_os("HALLPASS_REWRITE").is_none() {
        assert_eq!(own.join("\n") + "\n", rows, "run this test with HALLPASS_REWRITE=1");
        return;
    }
    let rank = |line: &&str| {
        let word = line.split(' ').next().unwrap_or_default();
        POLICIES.iter().position(|policy| format!("{policy:?}") == word)
    };
    let mut lines: Vec<&str> = others.into_iter().chain(rows.lines()).collect();
    lines.sort_by_key(rank);
    std::fs::write(&path, lines.join("\n") + "\n").unwrap();
}

#[tokio::test]
async fn ways_into_a_workspace_without_a_policy() {
    check(Policy::None).await;
}

#[tokio::test]
async fn ways_into_a_workspace_that_requires_a_second_factor() {
    check(Policy::SecondFactor).await;
}

#[tokio::test]
async fn ways_into_a_workspace_that_requires_single_sign_on() {
    check(Policy::SingleSignOn).await;
}

#[tokio::test]
async fn ways_into_a_workspace_of_a_network() {
    check(Policy::Networks).await;
}

#[tokio::test]
async fn ways_into_a_workspace_of_a_domain() {
    check(Policy::Domain).await;
}
