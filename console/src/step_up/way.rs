//! The connections of a workspace by which a person signs in further.

use hallpass_app::Principal;
use hallpass_app::identity::own::{OwnConnection, OwnConnections};
use hallpass_domain::session::policy::Missing;
use hallpass_web::Web;

/// A connection as a button.
#[derive(Clone, Debug)]
pub(crate) struct SignOnWay {
    pub(crate) name: String,
    /// The path to go on to, with the place to come back to.
    pub(crate) path: String,
}

/// The connections that help, and those that the account has to be connected to first.
#[derive(Clone, Debug, Default)]
pub(crate) struct SignOnWays {
    pub(crate) open: Vec<SignOnWay>,
    /// With the path of a form.
    pub(crate) to_connect: Vec<SignOnWay>,
}

/// The workspace of a path.
fn workspace(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/workspace/")?;
    rest.split(['/', '?']).next().filter(|slug| !slug.is_empty())
}

/// Finds the connections of the workspace of a path that give what is missing.
pub(super) async fn find_ways(
    web: &Web,
    principal: &Principal,
    (next, missing): (&str, &[Missing]),
) -> SignOnWays {
    let Some(workspace) = workspace(next) else { return SignOnWays::default() };
    // What is wrong with the workspace, its own page says.
    let Ok(found) = web.app.identities().list_own(principal, workspace).await else {
        return SignOnWays::default();
    };
    let OwnConnections { list, is_entered } = found;
    let is_holder = principal.holder().is_ok();
    let lacks = |one| missing.contains(&one);
    let again = (lacks(Missing::SignIn) && !is_entered)
        // A session of the account itself is proved by its password or passkey.
        || (lacks(Missing::RecentSignIn) && !is_holder);
    let mut ways = SignOnWays::default();
    for one in list.into_iter().filter(|one| one.is_on) {
        if one.connected.is_none() {
            if lacks(Missing::SingleSignOn) && is_holder {
                ways.to_connect
                    .push(SignOnWay { path: one.of.path("connect"), name: one.name });
            }
        } else if again && one.can_authenticate_again {
            ways.open.push(way(one, "again", next));
        } else if lacks(Missing::SingleSignOn) || lacks(Missing::SecondFactor) {
            // The top role shows a second factor where it has not come in by the connection.
            ways.open.push(way(one, "start", next));
        }
    }
    ways
}

fn way(connection: OwnConnection, page: &str, next: &str) -> SignOnWay {
    let query =
        form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
    SignOnWay { path: format!("{}?{query}", connection.of.path(page)), name: connection.name }
}
