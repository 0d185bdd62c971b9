//! Billing: the subscription of a workspace, its payment method, and its billing details.
//!
//! **Invariant:** no card number is stored: a text that could contain one is refused.

use crate::name::description;
use crate::refusal::{FieldError, Refusal};
use crate::time::Timestamp;

pub mod subscription;

/// The state of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In a trial.
    Trialing,
    /// Paid.
    Active,
    /// A payment is overdue; the subscription still counts.
    PastDue,
    /// Cancelled; ends with the paid period.
    Cancelled,
}

impl State {
    /// Every state.
    pub const EVERY: [State; 4] =
        [State::Trialing, State::Active, State::PastDue, State::Cancelled];

    /// The word in the API and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            State::Trialing => "trialing",
            State::Active => "active",
            State::PastDue => "past_due",
            State::Cancelled => "cancelled",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<State> {
        State::EVERY.into_iter().find(|state| state.word() == word)
    }
}

/// The billing of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Billing {
    /// The key of the plan; none for the lowest.
    pub plan: Option<String>,
    /// The state of the subscription.
    pub state: State,
    /// The state in which a subscription that a member cancelled continues when a plan is chosen
    /// again; none when it is not cancelled, or the payment provider has ended it.
    pub resumes: Option<State>,
    /// The payment provider's id of the subscription in effect.
    pub subscription: Option<String>,
    /// When it renews; when it ends, if it is cancelled.
    pub renews_at: Option<Timestamp>,
    /// The billing details.
    pub details: Details,
    /// The card it is paid with.
    pub card: Option<Card>,
    /// When the payment provider last reported the state.
    pub told_at: Option<Timestamp>,
    /// Increases with each change.
    pub version: i64,
}

impl Default for Billing {
    fn default() -> Billing {
        Billing {
            plan: None,
            state: State::Active,
            resumes: None,
            subscription: None,
            renews_at: None,
            details: Details::default(),
            card: None,
            told_at: None,
            version: 0,
        }
    }
}

impl Billing {
    /// The plan in effect: none, for the lowest, once a cancelled one has ended.
    #[must_use]
    pub fn plan_at(&self, now: Timestamp) -> Option<&str> {
        let has_ended =
            self.state == State::Cancelled && self.renews_at.is_none_or(|at| at <= now);
        self.plan.as_deref().filter(|_| !has_ended)
    }
}

/// Billing details; unknown ones are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The company.
    pub company: String,
    /// The address, in several lines.
    pub address: String,
    /// The VAT number.
    pub vat: String,
}

/// A requested change of the details; absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DetailsChange {
    /// A new company.
    pub company: Option<String>,
    /// A new address.
    pub address: Option<String>,
    /// A new VAT number.
    pub vat: Option<String>,
}

/// The most characters of a company's name.
pub const LONGEST_COMPANY: usize = 200;

/// The most characters of an address.
pub const LONGEST_ADDRESS: usize = 1_000;

/// The most characters of a VAT number.
pub const LONGEST_VAT: usize = 40;

impl Details {
    /// The details after a change.
    ///
    /// # Errors
    ///
    /// `Fields` with every text that is too long, has invisible characters, or could be a card number.
    pub fn change(&self, change: &DetailsChange) -> Result<Details, Refusal> {
        let mut errors = Vec::new();
        let mut take = |name: &str, given: Option<&String>, kept: &str, most: usize| {
            let Some(given) = given else { return kept.to_owned() };
            match check(given, name == "vat", most) {
                Ok(text) => text,
                Err((code, detail)) => {
                    errors.push(FieldError::new(format!("/{name}"), code, detail));
                    String::new()
                }
            }
        };
        let details = Details {
            company: take("company", change.company.as_ref(), &self.company, LONGEST_COMPANY),
            address: take("address", change.address.as_ref(), &self.address, LONGEST_ADDRESS),
            vat: take("vat", change.vat.as_ref(), &self.vat, LONGEST_VAT),
        };
        Refusal::unless_valid(errors)?;
        Ok(details)
    }
}

fn check(text: &str, is_vat: bool, most: usize) -> Result<String, (&'static str, String)> {
    let text = description(text).map_err(|why| ("bad_text", why.to_string()))?;
    if text.chars().count() > most {
        return Err(("bad_text", format!("expected at most {most} characters")));
    }
    let bare = if is_vat { without_country(&text) } else { &text };
    if holds_card_number(bare) {
        let detail = "this could be a card number; remove it, card numbers are not stored here"
            .to_owned();
        return Err(("card_number", detail));
    }
    Ok(text)
}

/// A text without a VAT number of a country code and twelve digits, the longest form (Sweden's),
/// which would look like a card number; any other text is unchanged.
fn without_country(vat: &str) -> &str {
    let (country, digits) = vat.split_at_checked(2).unwrap_or(("", vat));
    let is_vat = country.bytes().all(|byte| byte.is_ascii_uppercase())
        && country.len() == 2
        && digits.len() == SHORTEST_CARD
        && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_vat { "" } else { vat }
}

/// Card numbers have no fewer digits.
const SHORTEST_CARD: usize = 12;

/// Whether a text has enough digits in a row, with or without marks between groups, to be a card
/// number.
#[must_use]
pub fn holds_card_number(text: &str) -> bool {
    let mut run = 0;
    for c in text.chars() {
        if c.is_numeric() {
            run += 1;
            if run >= SHORTEST_CARD {
                return true;
            }
        } else if !matches!(c, ' ' | '-' | '.' | '\u{A0}' | '\u{2009}' | '\u{202F}') {
            run = 0;
        }
    }
    false
}

/// What is shown of a card: enough to recognise it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The brand: `visa`.
    pub brand: String,
    /// The last four digits.
    pub last4: String,
    /// The year of its expiry.
    pub year: i64,
    /// The month of its expiry; it expires at its end.
    pub month: i64,
}

impl Card {
    /// A card; none when a part has another form, so that nothing longer is stored.
    #[must_use]
    pub fn new(brand: &str, last4: &str, year: i64, month: i64) -> Option<Card> {
        let is_brand = (1..=30).contains(&brand.len())
            && brand.chars().all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '_' | '-'));
        let is_last4 = last4.len() == 4 && last4.bytes().all(|byte| byte.is_ascii_digit());
        let is_date = (2000..=2200).contains(&year) && (1..=12).contains(&month);
        (is_brand && is_last4 && is_date).then(|| Card {
            brand: brand.to_owned(),
            last4: last4.to_owned(),
            year,
            month,
        })
    }

    /// Whether it expires this month or the next, or has expired.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> bool {
        self.year * 12 + self.month - 1 <= now.month() + 1
    }
}

/// An amount in a currency's smallest unit, as text: `12.50 EUR`.
#[must_use]
pub fn money(amount: i64, currency: &str) -> String {
    let currency = currency.to_ascii_uppercase();
    let digits = match currency.as_str() {
        "BIF" | "CLP" | "DJF" | "GNF" | "JPY" | "KMF" | "KRW" | "MGA" | "PYG" | "RWF"
        | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "JOD" | "KWD" | "OMR" | "TND" => 3,
        _ => 2,
    };
    let unit = 10_u64.pow(digits);
    let (whole, part) = (amount.unsigned_abs() / unit, amount.unsigned_abs() % unit);
    let sign = if amount < 0 { "-" } else { "" };
    if digits == 0 {
        return format!("{sign}{whole} {currency}");
    }
    let width = digits as usize;
    format!("{sign}{whole}.{part:0width$} {currency}")
}

#[cfg(test)]
mod tests;
