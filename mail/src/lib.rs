//! The mails of Hallpass: their texts, and the transports that deliver them.

mod base_url;
mod brand;
pub mod content;
mod message;
pub mod sample;
mod target;
pub mod text;
mod transport;

use hallpass_app::mailer::{MailError, Mailer, Sending};
use hallpass_domain::email::Email;
use hallpass_domain::mail_template::{MailStyle, MailTemplate};

pub use base_url::BaseUrl;
pub use content::MailContent;
pub use message::Sender;
pub use target::MailTarget;
pub use text::Language;
pub use transport::{Clock, Transport};

/// Renders mail templates, and sends the mails over a transport.
pub struct MailRenderer {
    transport: Transport,
    sender: Sender,
    base: BaseUrl,
}

impl MailRenderer {
    /// Sends mails from a sender, with links to a base URL.
    #[must_use]
    pub fn new(transport: Transport, sender: Sender, base: BaseUrl) -> MailRenderer {
        MailRenderer { transport, sender, base }
    }

    async fn deliver(
        &self,
        to: &Email,
        template: &MailTemplate,
        style: &MailStyle,
    ) -> Result<(), MailError> {
        let content = MailContent::of(template, style, &self.base);
        self.transport.deliver(&self.sender, to, template.kind(), &content).await
    }
}

impl Mailer for MailRenderer {
    fn send<'a>(
        &'a self,
        to: &'a Email,
        template: &'a MailTemplate,
        style: &'a MailStyle,
    ) -> Sending<'a> {
        Box::pin(self.deliver(to, template, style))
    }
}
