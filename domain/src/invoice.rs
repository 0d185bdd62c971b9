//! An invoice: what a workspace owes or has paid.

use crate::id::InvoiceId;
use crate::time::Timestamp;

/// The state of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvoiceState {
    /// Not issued yet; nothing is due.
    Draft,
    /// It is to be paid.
    Open,
    /// It is not expected to be paid any more.
    Uncollectible,
    /// It was taken back.
    Void,
    /// It was paid.
    Paid,
}

impl InvoiceState {
    /// Every state, in the order in which one can follow another.
    pub const EVERY: [InvoiceState; 5] = [
        InvoiceState::Draft,
        InvoiceState::Open,
        InvoiceState::Uncollectible,
        InvoiceState::Void,
        InvoiceState::Paid,
    ];

    /// The word in the API and in the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            InvoiceState::Draft => "draft",
            InvoiceState::Open => "open",
            InvoiceState::Uncollectible => "uncollectible",
            InvoiceState::Void => "void",
            InvoiceState::Paid => "paid",
        }
    }

    /// The state of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<InvoiceState> {
        InvoiceState::EVERY.into_iter().find(|state| state.word() == word)
    }
}

/// An invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoice {
    /// The id; the latest is the highest.
    pub id: InvoiceId,
    /// The payment provider's id.
    pub external: String,
    /// The number on it; empty while it is a draft.
    pub number: String,
    /// How much, in the currency's smallest unit.
    pub amount: i64,
    /// The currency: `eur`.
    pub currency: String,
    /// Its state.
    pub state: InvoiceState,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it is to be paid.
    pub due_at: Option<Timestamp>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// Where it can be seen and paid.
    pub link: Option<String>,
}

impl Invoice {
    /// The invoice after some news about it, which may come late: what was paid stays paid.
    #[must_use]
    pub fn after(&self, news: Invoice) -> Invoice {
        let (id, issued_at) = (self.id, self.issued_at);
        if news.state < self.state {
            return self.clone();
        }
        Invoice {
            id,
            issued_at,
            number: if news.number.is_empty() { self.number.clone() } else { news.number },
            due_at: news.due_at.or(self.due_at),
            paid_at: news.paid_at.or(self.paid_at),
            link: news.link.or_else(|| self.link.clone()),
            ..news
        }
    }
}

#[cfg(test)]
mod tests;
