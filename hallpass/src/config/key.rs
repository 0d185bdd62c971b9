//! Keys of 32 bytes in a text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use hallpass_app::secret::keyring::SecretKey;

/// Reads keys of 32 bytes in base64, separated by commas or lines; none when one is wrong.
pub(crate) fn parse(text: &str) -> Option<Vec<SecretKey>> {
    let texts = text.split([',', '\n']).map(str::trim).filter(|text| !text.is_empty());
    let key = |text: &str| {
        let bytes = BASE64_STANDARD.decode(text).ok()?;
        bytes.try_into().ok().map(SecretKey::kept)
    };
    texts.map(key).collect::<Option<Vec<_>>>().filter(|keys| !keys.is_empty())
}
