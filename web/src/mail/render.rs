//! Letters in words: one plain page, as text and as HTML, with at most one button.
//!
//! **Invariant:** what people have named themselves stays within its line, and within its place in
//! the HTML; nothing is loaded from anywhere.

use std::fmt::{self, Write as _};
use std::str::FromStr;

use askama::Template;
use hallpass_domain::mail_template::{BillingAlert, MailTemplate};

/// Where links lead: the address at which people reach Hallpass, without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl(String);

impl FromStr for BaseUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<BaseUrl, String> {
        let base = text.trim().trim_end_matches('/');
        let host = base.strip_prefix("https://").or_else(|| base.strip_prefix("http://"));
        let is_part = |c: char| c.is_alphanumeric() || "-.:[]".contains(c);
        match host {
            Some(host) if !host.is_empty() && host.chars().all(is_part) => {
                Ok(BaseUrl(base.to_owned()))
            }
            Some(_) | None => {
                Err("`https://` or `http://` and a host, perhaps with a port".to_owned())
            }
        }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BaseUrl {
    /// The link to a token under a path. What a token may not hold is written in percent.
    fn link(&self, path: &str, token: &str) -> String {
        let mut link = format!("{}/{path}/", self.0);
        for byte in token.bytes() {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                link.push(char::from(byte));
            } else {
                // Writing to a text cannot fail.
                let _ = write!(link, "%{byte:02X}");
            }
        }
        link
    }
}

/// A letter in words.
#[derive(Clone)]
pub struct Page {
    /// What the list of mails shows.
    pub subject: String,
    heading: String,
    paragraphs: Vec<String>,
    button: Option<Button>,
    small: Vec<String>,
}

#[derive(Clone)]
struct Button {
    label: &'static str,
    link: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct Html<'p> {
    subject: &'p str,
    heading: &'p str,
    paragraphs: &'p [String],
    button: Option<&'p Button>,
    small: &'p [String],
}

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct Text<'p> {
    heading: &'p str,
    paragraphs: &'p [String],
    button: Option<&'p Button>,
    small: &'p [String],
}

impl Page {
    /// Puts a letter into words.
    #[must_use]
    pub fn of(mail_template: &MailTemplate, base: &BaseUrl) -> Page {
        match mail_template {
            MailTemplate::Invitation {
                workspace,
                workspace_word,
                inviter,
                role,
                name,
                expires_at,
                token,
            } => {
                let (workspace, inviter) = (line(workspace), line(inviter));
                let (word, role) = (line(workspace_word), line(role));
                let heading = name.as_deref().map_or_else(|| "Hello,".to_owned(), hello);
                Page::new(&format!("{inviter} invites you to {workspace}"), &heading)
                    .say(&format!(
                        "{inviter} invites you to join the {word} {workspace} as {role}."
                    ))
                    .button("Look at the invitation", base.link("invitations", token))
                    .small(&format!("The invitation is open until {}.", date(expires_at)))
                    .small("If you do not know who invites you, you can ignore this mail.")
            }
            MailTemplate::ConfirmAddress { first_name, token } => {
                Page::new("Confirm your e-mail address", &hello(first_name))
                    .say("Please confirm that this address is yours.")
                    .button("Confirm address", base.link("confirmations", token))
                    .small("If you have not signed up, you can ignore this mail.")
            }
            MailTemplate::PasswordReset { first_name, token } => {
                Page::new("Choose a new password", &hello(first_name))
                    .say("Somebody, probably you, asked for a new password for your account.")
                    .button("Choose a password", base.link("password-resets", token))
                    .small("If it was not you, you can ignore this mail. Your password stays.")
            }
            MailTemplate::AccountExists { first_name } => {
                Page::new("You have an account already", &hello(first_name))
                    .say(
                        "Somebody, probably you, signed up with this address, and there is an \
                         account with it. Sign in with it; if the password is lost, ask for a \
                         new one there.",
                    )
                    .button("Sign in", base.to_string())
                    .small("If it was not you, you can ignore this mail. Nothing has changed.")
            }
            MailTemplate::PasswordChanged { first_name } => {
                Page::new("Your password was changed", &hello(first_name))
                    .say("The password of your account was changed.")
                    .say("If it was not you, choose a new password at once.")
                    .button("Open Hallpass", base.to_string())
            }
            MailTemplate::OwnershipTransferred { workspace, from, to_name } => {
                let (workspace, from, to) = (line(workspace), line(from), line(to_name));
                let subject = format!("{workspace} has a new owner");
                Page::new(&subject, &subject)
                    .say(&format!("{from} has made {to} the owner of {workspace}."))
                    .button("Open Hallpass", base.to_string())
            }
            MailTemplate::BillingAlert { workspace, kind, detail, to_vacancy } => {
                let page = billing(*kind, &line(workspace)).say(&line(detail));
                let page = page.button("Open Hallpass", base.to_string());
                if *to_vacancy {
                    page.small(
                        "You get this mail because the workspace has no billing contact. Choose \
                         one in its settings.",
                    )
                } else {
                    page
                }
            }
            MailTemplate::WorkspaceDeletion { workspace, purge_at } => {
                let workspace = line(workspace);
                let subject = format!("{workspace} was deleted");
                Page::new(&subject, &subject).say(&format!(
                    "Until {} it can be brought back. After that, nothing of it is left.",
                    date(purge_at)
                ))
            }
        }
    }

    /// The part for those who read plain text.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn text(&self) -> Result<String, askama::Error> {
        let Page { heading, paragraphs, button, small, .. } = self;
        Text { heading, paragraphs, button: button.as_ref(), small }.render()
    }

    /// The part for everybody else.
    ///
    /// # Errors
    ///
    /// When the template fails.
    pub fn html(&self) -> Result<String, askama::Error> {
        let Page { subject, heading, paragraphs, button, small } = self;
        Html { subject, heading, paragraphs, button: button.as_ref(), small }.render()
    }

    fn new(subject: &str, heading: &str) -> Page {
        Page {
            subject: subject.to_owned(),
            heading: heading.to_owned(),
            paragraphs: Vec::new(),
            button: None,
            small: Vec::new(),
        }
    }

    fn say(mut self, paragraph: &str) -> Page {
        if !paragraph.is_empty() {
            self.paragraphs.push(paragraph.to_owned());
        }
        self
    }

    fn button(mut self, label: &'static str, link: String) -> Page {
        self.button = Some(Button { label, link });
        self
    }

    fn small(mut self, line: &str) -> Page {
        self.small.push(line.to_owned());
        self
    }
}

fn billing(kind: BillingAlert, workspace: &str) -> Page {
    let (subject, says) = match kind {
        BillingAlert::Invoice => ("New invoice for", "There is a new invoice for"),
        BillingAlert::Reminder => ("Open invoice of", "An invoice is not paid yet for"),
        BillingAlert::CardExpiring => ("The card ends soon for", "The card ends soon for"),
        BillingAlert::PaymentFailed => {
            ("A payment failed for", "A payment did not go through for")
        }
    };
    Page::new(&format!("{subject} {workspace}"), &format!("{says} {workspace}"))
}

fn hello(name: &str) -> String {
    format!("Hello {},", line(name))
}

/// What somebody wrote, in one line and without what cannot be seen.
fn line(text: &str) -> String {
    let is_shown = |c: &char| !matches!(*c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}');
    let spaced = |c: char| {
        let breaks = c.is_control() || c == '\u{2028}' || c == '\u{2029}';
        if breaks { ' ' } else { c }
    };
    let shown: String = text.chars().filter(is_shown).map(spaced).collect();
    shown.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `2026-03-15T12:00:00Z` as people say it; anything else as it is.
fn date(text: &str) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let said = || {
        let (day, time) = text.split_once('T')?;
        let mut parts = day.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        let day: u8 = day.parse().ok()?;
        let clock = time.strip_suffix('Z')?.get(..5)?;
        Some(format!("{day} {month} {year}, {clock} UTC"))
    };
    said().unwrap_or_else(|| line(text))
}

#[cfg(test)]
mod tests;
