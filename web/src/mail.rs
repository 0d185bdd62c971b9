//! Mail: letters in words, and the ways on which they leave.

pub mod render;
pub mod transport;

use hallpass_app::mailer::{MailError, Mailer, Sending};
use hallpass_domain::email::Email;
use hallpass_domain::letter::Letter;

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

    async fn deliver(&self, to: &Email, letter: &Letter) -> Result<(), MailError> {
        let page = Page::of(letter, &self.base);
        self.transport.deliver(&self.sender, to, letter.kind(), &page).await
    }
}

impl Mailer for Post {
    fn send<'a>(&'a self, to: &'a Email, letter: &'a Letter) -> Sending<'a> {
        Box::pin(self.deliver(to, letter))
    }
}
