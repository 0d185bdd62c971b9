//! What the settings of the workspace decide: its time zone, and whose addresses it admits.

use hallpass_domain::email::Email;
use hallpass_domain::mail_template::MailStyle;
use hallpass_domain::time::Timestamp;
use hallpass_domain::zone::Zone;

use super::WorkspaceContext;

impl WorkspaceContext {
    /// Whether the workspace admits people with an address.
    pub(crate) fn admits(&self, email: &Email) -> bool {
        self.snapshot().sign_in.admits_email(email)
    }

    /// The time zone of the workspace.
    #[must_use]
    pub fn zone(&self) -> Zone {
        MailStyle::of(&self.snapshot().workspace.settings).zone
    }

    /// When the months since the creation of the workspace begin in its time zone; none in UTC.
    pub(crate) fn months(&self) -> Vec<(i64, Timestamp)> {
        let zone = self.zone();
        if zone.is_utc() {
            return Vec::new();
        }
        let (first, last) = (self.snapshot().workspace.created_at.month(), self.now.month());
        let months = (first - 1..=last + 1).filter_map(|month| {
            let start = zone.start_of_month(month)?;
            Some((month, start))
        });
        months.collect()
    }
}
