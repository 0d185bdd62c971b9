//! What workspaces pay for.

pub mod payment;

use std::sync::LazyLock;

use hallpass_domain::billing::{Billing, Card, Details, State};

use crate::columns::Columns;
use crate::error::Error;
use crate::reader::WorkspaceReader;
use crate::row::Row;
use crate::value::Value;
use crate::workspace_tx::WorkspaceTx;

static COLUMNS: Columns = Columns::global(
    "billing",
    &[
        "workspace_id",
        "plan",
        "state",
        "renews_at",
        "company",
        "address",
        "vat",
        "card_brand",
        "card_last4",
        "card_year",
        "card_month",
        "told_at",
        "resumes",
        "subscription",
        "version",
    ],
);

static UPSERT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{} ON CONFLICT (workspace_id) DO UPDATE SET {}, version = excluded.version \
         WHERE billing.version = excluded.version - 1",
        COLUMNS.insert(),
        COLUMNS.excluded()
    )
});

impl WorkspaceTx {
    /// What the workspace pays for; the smallest plan where nothing was saved yet.
    pub async fn billing(&mut self) -> Result<Billing, Error> {
        let sql = format!("{} WHERE workspace_id = ?1", COLUMNS.select());
        self.find(&sql, &[]).await?.map_or_else(|| Ok(Billing::default()), |row| from_row(&row))
    }

    /// Saves what the workspace pays for. Returns whether its version was still current.
    pub async fn save_billing(&mut self, billing: &Billing) -> Result<bool, Error> {
        Ok(self.execute(&UPSERT, &values(billing)).await? == 1)
    }
}

impl WorkspaceReader<'_> {
    /// Loads the billing details.
    pub async fn billing(self) -> Result<Billing, Error> {
        self.0.billing().await
    }
}

/// The values from the plan on: the workspace is bound already.
fn values(billing: &Billing) -> [Value; 14] {
    let card = billing.card.as_ref();
    [
        billing.plan.clone().into(),
        billing.state.word().into(),
        billing.renews_at.into(),
        billing.details.company.as_str().into(),
        billing.details.address.as_str().into(),
        billing.details.vat.as_str().into(),
        card.map(|card| card.brand.clone()).into(),
        card.map(|card| card.last4.clone()).into(),
        card.map(|card| card.year).into(),
        card.map(|card| card.month).into(),
        billing.told_at.into(),
        billing.resumes.map(|state| state.word().to_owned()).into(),
        billing.subscription.clone().into(),
        // Beside a literal number PostgreSQL would take the parameter for a 32-bit one.
        (billing.version + 1).into(),
    ]
}

fn from_row(row: &Row) -> Result<Billing, Error> {
    let card = if row.is_null("card_brand") {
        None
    } else {
        let (year, month) = (row.int("card_year")?, row.int("card_month")?);
        let last4 = row.text("card_last4")?;
        Some(row.parsed("card_brand", |brand| Card::new(brand, last4, year, month))?)
    };
    Ok(Billing {
        plan: row.optional("plan", Row::text)?.map(str::to_owned),
        state: row.parsed("state", State::parse)?,
        renews_at: row.optional("renews_at", Row::time)?,
        details: Details {
            company: row.text("company")?.to_owned(),
            address: row.text("address")?.to_owned(),
            vat: row.text("vat")?.to_owned(),
        },
        card,
        told_at: row.optional("told_at", Row::time)?,
        resumes: if row.is_null("resumes") {
            None
        } else {
            Some(row.parsed("resumes", State::parse)?)
        },
        subscription: row.optional("subscription", Row::text)?.map(str::to_owned),
        version: row.int("version")?,
    })
}
