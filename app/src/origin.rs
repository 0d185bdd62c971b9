//! The origin of a request: its network address and its client.

use crate::secret::DeviceToken;

/// Where a request comes from.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The network address.
    pub address: String,
    /// The network that the address belongs to, by which attempts are counted: an IPv4 address, or the
    /// first 64 bits of an IPv6 address.
    pub network: String,
    /// The name that the browser or program gives itself.
    pub client: String,
    /// The token of the device, if it has one.
    pub device: Option<DeviceToken>,
}
