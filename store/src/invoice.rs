//! Invoices as they are kept.

use hallpass_domain::id::InvoiceId;
use hallpass_domain::invoice::{Invoice, InvoiceState};
use uuid::Uuid;

use crate::error::Error;
use crate::tx::WorkspaceTx;
use crate::value::Row;

const COLUMNS: &str =
    "id, external, number, amount, currency, state, issued_at, due_at, paid_at, link";

/// The invoices of a workspace, in a transaction.
pub struct Invoices<'t>(&'t mut WorkspaceTx);

impl WorkspaceTx {
    /// The invoices.
    pub fn invoices(&mut self) -> Invoices<'_> {
        Invoices(self)
    }
}

impl Invoices<'_> {
    /// The invoice that whoever takes the money calls so.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn find_by_external(&mut self, external: &str) -> Result<Option<Invoice>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM invoices WHERE workspace_id = ?1 AND external = ?2");
        self.0.find(&sql, &[external.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// A page of invoices, the latest first; below an id where one is named.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn list(
        &mut self,
        below: Option<InvoiceId>,
        limit: i64,
    ) -> Result<Vec<Invoice>, Error> {
        let below = below.unwrap_or(InvoiceId(Uuid::max()));
        let sql = format!(
            "SELECT {COLUMNS} FROM invoices WHERE workspace_id = ?1 AND id < ?2 \
             ORDER BY id DESC LIMIT {limit}"
        );
        self.0.query(&sql, &[below.into()]).await?.iter().map(from_row).collect()
    }

    /// How many there are.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn count(&mut self) -> Result<i64, Error> {
        let sql = "SELECT count(*) FROM invoices WHERE workspace_id = ?1";
        self.0.query_one(sql, &[]).await?.int(0)
    }

    /// Keeps an invoice, whether it is new or not.
    ///
    /// # Errors
    ///
    /// `Conflict` when another one is called so by whoever takes the money.
    pub async fn upsert(&mut self, invoice: &Invoice) -> Result<(), Error> {
        let sql = format!(
            "INSERT INTO invoices (workspace_id, {COLUMNS}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
             ON CONFLICT (workspace_id, id) DO UPDATE SET external = excluded.external, \
             number = excluded.number, amount = excluded.amount, \
             currency = excluded.currency, state = excluded.state, \
             issued_at = excluded.issued_at, due_at = excluded.due_at, \
             paid_at = excluded.paid_at, link = excluded.link"
        );
        let values = [
            invoice.id.into(),
            invoice.external.as_str().into(),
            invoice.number.as_str().into(),
            invoice.amount.into(),
            invoice.currency.as_str().into(),
            invoice.state.word().into(),
            invoice.issued_at.into(),
            invoice.due_at.into(),
            invoice.paid_at.into(),
            invoice.link.clone().into(),
        ];
        self.0.execute(&sql, &values).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<Invoice, Error> {
    Ok(Invoice {
        id: row.id(0)?.into(),
        external: row.text(1)?.to_owned(),
        number: row.text(2)?.to_owned(),
        amount: row.int(3)?,
        currency: row.text(4)?.to_owned(),
        state: row.parsed(5, InvoiceState::parse)?,
        issued_at: row.time(6)?,
        due_at: row.optional(7, Row::time)?,
        paid_at: row.optional(8, Row::time)?,
        link: row.optional(9, Row::text)?.map(str::to_owned),
    })
}
