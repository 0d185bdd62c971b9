//! The mailbox of the demo, which holds every mail, so that invitations can be accepted.

use std::sync::{Mutex, PoisonError};

use hallpass_app::mailer::{Mailer, Sending};
use hallpass_app::secret::Token;
use hallpass_domain::email::Email;
use hallpass_domain::mail_template::{MailStyle, MailTemplate};

/// Mails by recipient, the latest last. The addresses of the demo do not exist, so none is sent.
#[derive(Default)]
pub(super) struct Mailbox(Mutex<Vec<(String, MailTemplate)>>);

impl Mailer for Mailbox {
    fn send<'a>(
        &'a self,
        to: &'a Email,
        mail_template: &'a MailTemplate,
        _: &'a MailStyle,
    ) -> Sending<'a> {
        let mut mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        mails.push((to.as_str().to_owned(), mail_template.clone()));
        Box::pin(std::future::ready(Ok(())))
    }
}

impl Mailbox {
    /// The token in the latest invitation to an address.
    pub(super) fn invitation_token(&self, to: &str) -> Option<Token> {
        self.find(to, |mail| {
            if let MailTemplate::Invitation { token, .. } = mail { Some(token) } else { None }
        })
    }

    /// The token in the latest mail that asks to confirm an address.
    pub(super) fn confirmation_token(&self, to: &str) -> Option<Token> {
        self.find(to, |mail| {
            if let MailTemplate::ConfirmAddress { token, .. } = mail {
                Some(token)
            } else {
                None
            }
        })
    }

    fn find(&self, to: &str, token: fn(&MailTemplate) -> Option<&String>) -> Option<Token> {
        let mails = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let to_them = mails.iter().rev().filter(|(address, _)| address == to);
        to_them.map(|(_, mail)| mail).find_map(token).map(|token| Token::received(token))
    }
}
