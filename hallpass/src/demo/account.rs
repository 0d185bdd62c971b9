//! What the founder of the demo has beside the shared workspaces: a picture, notification settings,
//! an API key, and a deleted workspace that can still be restored.

use hallpass_app::account::ProfileChange;
use hallpass_app::api_key::NewApiKey;
use hallpass_app::operation::Operator;
use hallpass_app::workspace::NewWorkspace;
use hallpass_app::{App, Error, Principal};
use serde_json::{Map, json};

use super::presence::present;
use super::workspace::DemoWorkspace;

const PICTURE: &str = "data:image/png;base64,\
    iVBORw0KGgoAAAANSUhEUgAAACAAAAAgAQMAAABJtOi3AAAABlBMVEXz8e0Na1CCmkK7AAAAS0lEQVR42nXM\
    IRZAUABE0WuOIFqCnViarYriD4LwfYKjUSa9O92F+J1zErWI4xClirX9xFPE2IthEP342m1/mIsloDGnsT62\
    Ur5Ob/A4FoOCJFJ0AAAAAElFTkSuQmCC";

/// The slug of the deleted workspace.
const DELETED: &str = "old-office";

/// The language of the account that reads the pages in German.
const GERMAN: &str = "de-CH";

/// Gives an account a picture and notification settings.
pub(super) async fn complete_profile(app: &App, principal: &Principal) -> Result<(), Error> {
    let mut notifications = Map::new();
    notifications.insert("workspace_deleted".to_owned(), json!(true));
    let change = ProfileChange {
        picture: Some(Some(PICTURE.to_owned())),
        notifications,
        ..ProfileChange::default()
    };
    app.accounts().update(principal, &change).await.map(drop)
}

/// Sets the language of an account to German.
pub(super) async fn speak_german(app: &App, principal: &Principal) -> Result<(), Error> {
    let change = ProfileChange { locale: Some(GERMAN.to_owned()), ..ProfileChange::default() };
    app.accounts().update(principal, &change).await.map(drop)
}

/// Creates an API key, whose secret is discarded.
pub(super) async fn create_api_key(workspace: &DemoWorkspace<'_>) -> Result<(), Error> {
    if !workspace.has_area_verb("api_keys", "create") {
        return Ok(());
    }
    let scopes = Some(vec!["*:read".to_owned()]);
    let new = NewApiKey { name: "Newsletter".to_owned(), scopes, ..NewApiKey::default() };
    workspace.recent_ctx().await?.api_keys().create(workspace.anna, &new).await.map(drop)
}

/// Creates a workspace and deletes it: it can be restored until it is purged.
pub(super) async fn delete_workspace(app: &App, principal: &Principal) -> Result<(), Error> {
    let new = NewWorkspace {
        name: "Old office".to_owned(),
        slug: DELETED.to_owned(),
        ..NewWorkspace::default()
    };
    let (operator, founder) =
        (Operator::new("demo"), app.accounts().load(principal).await?.email);
    app.workspaces().create_as(&operator, &founder, &new).await?;
    let principal = present(app, principal).await?;
    app.enter_to_write(&principal, DELETED).await?.workspace().delete(DELETED).await
}
