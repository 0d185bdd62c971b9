//! Mail: letters in words, and the ways on which they leave.

pub mod render;
pub mod transport;

use hallpass_app::mailer::{MailError, Mailer, Sending};
use hallpass_domain::email::Email;
use hallpass_domain::mail_template::MailTemplate;

pub use render::{BaseUrl, Page};
pub use transport::{Clock, MailTarget, Sender, Transport};

/// Writes letters and sends them.
pub struct Post {
    transport: Transport,
    sender: Sender,
    base: BaseUrl,
}

impl Post {
    /// Writes in the name of a sender, with links to a base.
    #[must_use]
    pub fn new(transport: Transport, sender: Sender, base: BaseUrl) -> Post {
        Post { transport, sender, base }
    }

    async fn deliver(&self, to: &Email, mail_template: &MailTemplate) -> Result<(), MailError> {
        let page = Page::of(mail_template, &self.base);
        self.transport.deliver(&self.sender, to, mail_template.kind(), &page).await
    }
}

impl Mailer for Post {
    fn send<'a>(&'a self, to: &'a Email, mail_template: &'a MailTemplate) -> Sending<'a> {
        Box::pin(self.deliver(to, mail_template))
    }
}
