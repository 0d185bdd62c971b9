//! Security: how sessions end, the switches of the access model, and the keys of programs (HALO-222).

use askama::Template;
use hallpass_app::gate::permission::ReadApiKeys;
use hallpass_domain::session::{IDLE, LONGEST};
use hallpass_domain::setting::Area;

use super::switch::{self, Switches};
use super::values::Values;
use crate::frame::Frame;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The page on security.
#[derive(Template)]
#[template(path = "setting/security.html")]
pub(crate) struct SecurityPage {
    frame: Frame,
    timeout: String,
    switches: Option<Switches>,
    /// The API keys in a sentence, for those who may read them.
    api_keys: Option<String>,
}

impl SecurityPage {
    #[cfg(test)]
    pub(crate) fn sample() -> SecurityPage {
        SecurityPage {
            frame: Frame::sample(),
            timeout: "14 days".to_owned(),
            switches: Some(Switches::sample()),
            api_keys: Some("2 keys".to_owned()),
        }
    }
}

pub(super) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, frame, .. } = viewer;
    // The area decides who reads the page, also as long as it holds no value of its own.
    let _ = Values::load(&mut ctx, Area::Security, None).await?;
    let api_keys = if ctx.opens(&ReadApiKeys) {
        let keys = ctx.api_keys().list().await?.len();
        Some(text!(frame.text, "security-keys", n = keys))
    } else {
        None
    };
    let switches = switch::load(&mut ctx, "security").await?;
    let days = |span: hallpass_domain::time::Span| span.0 / 86_400_000_000;
    let (idle, longest) = (days(IDLE), days(LONGEST));
    let timeout = text!(frame.text, "security-timeout", idle = idle, longest = longest);
    reply::page(&SecurityPage { frame, timeout, switches, api_keys })
}
