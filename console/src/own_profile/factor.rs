//! How the reader signs in: passkeys, the authenticator app, recovery codes, trusted devices.

use hallpass_app::Principal;
use hallpass_domain::device::Device;
use hallpass_domain::factor::Factors;
use hallpass_domain::passkey::Passkey;
use hallpass_domain::recovery_code::COUNT;
use hallpass_web::Web;

use super::client::program;
use super::identity::{IdentityRow, load_rows};
use crate::failure::Failure;
use crate::format::Moment;
use crate::frame::Frame;

/// What the page says of signing in.
#[derive(Clone, Debug)]
pub(crate) struct SigningIn {
    pub(crate) passkeys: Vec<PasskeyRow>,
    /// Since when there is an authenticator app.
    pub(crate) app_since: Option<Moment>,
    /// How many recovery codes are left, of how many; none without a second factor.
    pub(crate) codes: Option<String>,
    /// Whether few are left.
    pub(crate) is_short_of_codes: bool,
    pub(crate) devices: Vec<DeviceRow>,
    /// The identity providers of the workspace.
    pub(crate) identities: Vec<IdentityRow>,
    /// Which passkeys count, for the browser to forget the others; none where browsers make none.
    pub(crate) accepted: Option<String>,
}

/// A passkey in the list.
#[derive(Clone, Debug)]
pub(crate) struct PasskeyRow {
    pub(crate) id: String,
    pub(crate) name: String,
    /// When it was last used; none for one that was not.
    pub(crate) used: Option<Moment>,
}

/// A trusted device in the list.
#[derive(Clone, Debug)]
pub(crate) struct DeviceRow {
    pub(crate) id: String,
    pub(crate) client: String,
    pub(crate) until: Moment,
}

impl SigningIn {
    pub(super) async fn load(
        web: &Web,
        principal: &Principal,
        frame: &Frame,
    ) -> Result<SigningIn, Failure> {
        let factors: Factors = web.app.factors().load(principal).await?;
        let passkeys = web.app.passkeys().list(principal).await?;
        let devices = web.app.devices().list(principal).await?;
        let passkey = |one: Passkey| PasskeyRow {
            id: one.id.to_string(),
            name: one.name.to_string(),
            used: one.used_at.map(|at| frame.moment(at)),
        };
        let device = |one: Device| DeviceRow {
            id: one.id.to_string(),
            until: frame.moment(one.expires_at()),
            client: program(frame, &one.client),
        };
        let left = factors.recovery_codes.to_string();
        let codes = text!(frame.text, "codes-left", left = left, of = COUNT.to_string());
        Ok(SigningIn {
            passkeys: passkeys.into_iter().map(passkey).collect(),
            app_since: factors.totp_since.map(|at| frame.moment(at)),
            codes: factors.is_enabled().then_some(codes),
            is_short_of_codes: factors.recovery_codes <= 3,
            devices: devices.into_iter().map(device).collect(),
            identities: load_rows(web, principal, frame).await?,
            accepted: web.app.passkeys().accepted(principal).await?.map(|all| all.to_string()),
        })
    }

    #[cfg(test)]
    pub(crate) fn sample() -> SigningIn {
        let (id, client) = ("dvc_1".to_owned(), "<script>".to_owned());
        let name = "<script>".to_owned();
        SigningIn {
            passkeys: vec![PasskeyRow { id: "psk_1".to_owned(), name, used: None }],
            app_since: Some(Moment::default()),
            codes: Some("3 of 10 left".to_owned()),
            is_short_of_codes: true,
            devices: vec![DeviceRow { id, client, until: Moment::default() }],
            identities: IdentityRow::samples(),
            accepted: Some("{}".to_owned()),
        }
    }
}
