//! The identity providers at which a person can sign in.

use hallpass_app::connection::address::ConnectionRef;
use hallpass_app::identity::WayIn;
use hallpass_web::Web;

use crate::failure::Failure;

/// A way in at an identity provider.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(super) name: String,
    pub(super) path: String,
}

/// The identity providers of an address's domain, which do not depend on whether it has an account.
pub(super) async fn ways_in(web: &Web, email: &str, next: &str) -> Result<Vec<Way>, Failure> {
    let found = web.app.identities().ways_in(email).await?;
    let way = |way: WayIn| {
        let of = ConnectionRef { workspace: way.workspace, connection: way.connection };
        let query =
            form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish();
        Way { name: way.name, path: format!("{}?{query}", of.path("start")) }
    };
    Ok(found.into_iter().map(way).collect())
}
