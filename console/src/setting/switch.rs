//! The switches of the access model: on the page on security, or on the general one where the access
//! model has none.

use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::{UpdateGeneral, UpdateSecurity};
use hallpass_app::setting::{SwitchState, switches_tag};
use hallpass_web::error::Problem;
use serde_json::{Map, Value};

use super::values;
use crate::failure::Failure;
use crate::reply::{self, Shown};
use crate::submission::Submission;

/// The switches, as a page shows them.
#[derive(Clone, Debug)]
pub(crate) struct Switches {
    /// The version.
    pub(crate) version: String,
    /// The switches.
    pub(crate) list: Vec<SwitchState>,
    /// Whether the reader may change them.
    pub(crate) may_update: bool,
    /// The page that shows them, by its last word.
    pub(crate) page: &'static str,
}

impl Switches {
    #[cfg(test)]
    pub(crate) fn sample() -> Switches {
        let switch = SwitchState {
            key: "sharing".to_owned(),
            name: "<script>".to_owned(),
            description: "Teams share their records.".to_owned(),
            is_on: true,
        };
        Switches { version: "a".into(), list: vec![switch], may_update: true, page: "security" }
    }
}

/// Loads the switches for a page, which the reader may read; none where they are on the other page, or
/// the access model has none.
pub(super) async fn load(
    ctx: &mut WorkspaceContext,
    page: &'static str,
) -> Result<Option<Switches>, Failure> {
    let has_security = ctx.model().blueprint().area("security", "update").is_some();
    if has_security != (page == "security") {
        return Ok(None);
    }
    let list = ctx.settings().list_switches().await?;
    if list.is_empty() {
        return Ok(None);
    }
    let may_update =
        if page == "security" { ctx.opens(&UpdateSecurity) } else { ctx.opens(&UpdateGeneral) };
    Ok(Some(Switches { version: switches_tag(&list), list, may_update, page }))
}

/// Turns one switch, and goes back to the page.
pub(super) async fn save(mut submission: Submission) -> Shown {
    let form = submission.form.clone();
    let page = if form.text("page") == "security" { "security" } else { "general" };
    let is_on = form.is_checked("on");
    let switches = values::one(form.text("switch"), Value::Bool(is_on));
    turn(&mut submission, &switches).await?;
    let frame = &submission.frame;
    let message = if is_on { frame.t("switch-on") } else { frame.t("switch-off") };
    reply::done(&format!("{}/settings/{page}", frame.base), &message)
}

async fn turn(
    submission: &mut Submission,
    switches: &Map<String, Value>,
) -> Result<(), Problem> {
    let mut ctx = submission.write().await?;
    ctx.settings().update_switches(switches).await?;
    Ok(())
}
