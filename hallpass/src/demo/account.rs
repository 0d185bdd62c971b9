//! What somebody of the demo has beside the workspaces that all share: a face, wishes what to be
//! told, a program with an API key, and a workspace that is deleted and can still be restored.

use hallpass_app::account::ProfileChange;
use hallpass_app::api_key::NewApiKey;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Error, Principal};
use serde_json::{Map, json};

use super::crew::Place;

const FACE: &str = "data:image/png;base64,\
    iVBORw0KGgoAAAANSUhEUgAAACAAAAAgAQMAAABJtOi3AAAABlBMVEXz8e0Na1CCmkK7AAAAS0lEQVR42nXM\
    IRZAUABE0WuOIFqCnViarYriD4LwfYKjUSa9O92F+J1zErWI4xClirX9xFPE2IthEP342m1/mIsloDGnsT62\
    Ur5Ob/A4FoOCJFJ0AAAAAElFTkSuQmCC";

/// The slug of the workspace that is deleted.
const OLD: &str = "old-office";

/// Gives an account a face and wishes.
pub(super) async fn settle(app: &App, principal: &Principal) -> Result<(), Error> {
    let mut notifications = Map::new();
    notifications.insert("weekly_summary".to_owned(), json!(true));
    let change = ProfileChange {
        picture: Some(Some(FACE.to_owned())),
        locale: Some("de-CH".to_owned()),
        notifications,
        ..ProfileChange::default()
    };
    app.change_profile(principal, &change).await.map(drop)
}

/// Makes a key for a program. Nobody has written its secret down.
pub(super) async fn lend(place: &Place<'_>, principal: &Principal) -> Result<(), Error> {
    if !place.opens("api_keys", "create") {
        return Ok(());
    }
    let ask = NewApiKey { name: "Newsletter".to_owned(), ..NewApiKey::default() };
    place.enter().await?.create_api_key(principal, &ask).await.map(drop)
}

/// A workspace that is deleted and can be restored while its grace lasts.
pub(super) async fn close(app: &App, principal: &Principal) -> Result<(), Error> {
    let ask = NewWorkspace {
        name: "Old office".to_owned(),
        slug: OLD.to_owned(),
        ..NewWorkspace::default()
    };
    let (operator, founder) = (Operator::new("demo"), app.account(principal).await?.email);
    app.create_workspace_for(&operator, &founder, &ask).await?;
    app.enter_to_write(principal, OLD).await?.delete_workspace(OLD).await
}
