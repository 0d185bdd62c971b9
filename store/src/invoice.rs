//! Invoices.

use std::marker::PhantomData;
use std::sync::LazyLock;

use hallpass_domain::id::InvoiceId;
use hallpass_domain::invoice::{Invoice, InvoiceState};
use hallpass_domain::time::Timestamp;
use uuid::Uuid;

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::{Read, WorkspaceReader, Write};
use crate::row::Row;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::in_workspace(
    "invoices",
    &[
        "id",
        "external",
        "number",
        "amount",
        "currency",
        "state",
        "issued_at",
        "due_at",
        "paid_at",
        "link",
    ],
);

static UPSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} ON CONFLICT (workspace_id, id) DO UPDATE SET {}",
        COLUMNS.insert(),
        COLUMNS.excluded()
    )
});

/// The invoices of a workspace, in a transaction.
pub struct Invoices<'t, A = Write>(&'t mut WorkspaceTx, PhantomData<A>);

impl WorkspaceTx {
    /// The invoices.
    pub fn invoices(&mut self) -> Invoices<'_> {
        Invoices(self, PhantomData)
    }
}

impl<'t> WorkspaceReader<'t> {
    /// The invoices.
    #[must_use]
    pub fn invoices(self) -> Invoices<'t, Read> {
        Invoices(self.0, PhantomData)
    }
}

impl<A> Invoices<'_, A> {
    /// Finds an invoice by the payment provider's id.
    pub async fn find_by_external(&mut self, external: &str) -> Result<Option<Invoice>, Error> {
        let sql = format!("{} WHERE workspace_id = ?1 AND external = ?2", COLUMNS.select());
        self.0.find(&sql, &[external.into()]).await?.map(|row| from_row(&row)).transpose()
    }

    /// Lists a page of invoices, the latest first; with `below`, those with a lower id.
    pub async fn list(
        &mut self,
        below: Option<InvoiceId>,
        limit: i64,
    ) -> Result<Vec<Invoice>, Error> {
        let sql = format!(
            "{} WHERE workspace_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3",
            COLUMNS.select()
        );
        let below = below.unwrap_or(InvoiceId(Uuid::max()));
        let rows = self.0.query(&sql, &[below.into(), limit.into()]).await?;
        rows.iter().map(from_row).collect()
    }

    /// Counts the invoices.
    pub async fn count(&mut self) -> Result<i64, Error> {
        let sql = "SELECT count(*) AS n FROM invoices WHERE workspace_id = ?1";
        self.0.query_one(sql, &[]).await?.int("n")
    }
}

impl<A> Invoices<'_, A> {
    /// Counts the open invoices that are due, but for one.
    pub async fn count_overdue(
        &mut self,
        but: Option<InvoiceId>,
        now: Timestamp,
    ) -> Result<i64, Error> {
        let sql = "SELECT count(*) AS n FROM invoices WHERE workspace_id = ?1 \
                   AND state = 'open' AND due_at < ?2 AND id <> ?3";
        let but = but.unwrap_or(InvoiceId(Uuid::nil()));
        self.0.query_one(sql, &[now.into(), but.into()]).await?.int("n")
    }
}

impl Invoices<'_> {
    /// Inserts or updates an invoice.
    ///
    /// # Errors
    ///
    /// `Conflict` when another invoice has the payment provider's id.
    pub async fn upsert(&mut self, invoice: &Invoice) -> Result<(), Error> {
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
        self.0.execute(&UPSERT, &values).await.map(drop)
    }
}

fn from_row(row: &Row) -> Result<Invoice, Error> {
    Ok(Invoice {
        id: row.id("id")?.into(),
        external: row.text("external")?.to_owned(),
        number: row.text("number")?.to_owned(),
        amount: row.int("amount")?,
        currency: row.text("currency")?.to_owned(),
        state: row.parsed("state", InvoiceState::parse)?,
        issued_at: row.time("issued_at")?,
        due_at: row.optional("due_at", Row::time)?,
        paid_at: row.optional("paid_at", Row::time)?,
        link: row.optional("link", Row::text)?.map(str::to_owned),
    })
}
