//! What workspaces pay for and how, as it is kept; and whom whoever takes the money speaks of.

use hallpass_domain::billing::{Billing, Card, Details, State};
use hallpass_domain::id::WorkspaceId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::tx::{Tx, WorkspaceTx};
use crate::value::{Row, Value};

const COLUMNS: &str = "plan, state, renews_at, company, address, vat, card_brand, card_last4, \
                       card_year, card_month, told_at, version";

impl WorkspaceTx {
    /// What the workspace pays for; the smallest plan where nothing was ever said.
    ///
    /// # Errors
    ///
    /// As for [`WorkspaceTx::query`], here and below.
    pub async fn billing(&mut self) -> Result<Billing, Error> {
        let sql = format!("SELECT {COLUMNS} FROM billing WHERE workspace_id = ?1");
        self.find(&sql, &[]).await?.map_or_else(|| Ok(Billing::default()), |row| from_row(&row))
    }

    /// Keeps what the workspace pays for. Says whether it still was in the version that was read.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn save_billing(&mut self, billing: &Billing) -> Result<bool, Error> {
        let sql = format!(
            "INSERT INTO billing (workspace_id, {COLUMNS}) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13) \
             ON CONFLICT (workspace_id) DO UPDATE SET plan = excluded.plan, \
             state = excluded.state, renews_at = excluded.renews_at, \
             company = excluded.company, address = excluded.address, vat = excluded.vat, \
             card_brand = excluded.card_brand, card_last4 = excluded.card_last4, \
             card_year = excluded.card_year, card_month = excluded.card_month, \
             told_at = excluded.told_at, version = excluded.version \
             WHERE billing.version = excluded.version - 1"
        );
        Ok(self.execute(&sql, &values(billing)).await? == 1)
    }
}

/// Whoever takes the money, as far as no workspace is known yet, in a transaction.
pub struct Payments<'t>(&'t mut Tx);

impl Tx {
    /// Whom payments are about.
    pub fn payments(&mut self) -> Payments<'_> {
        Payments(self)
    }
}

impl Payments<'_> {
    /// The workspace that is a customer.
    ///
    /// # Errors
    ///
    /// As for [`Tx::query`], here and below.
    pub async fn find_workspace(
        &mut self,
        customer: &str,
    ) -> Result<Option<WorkspaceId>, Error> {
        let sql = "SELECT workspace_id FROM customers WHERE id = ?1";
        let row = self.0.find(sql, &[customer.into()]).await?;
        row.map(|row| row.id(0).map(WorkspaceId)).transpose()
    }

    /// Notes which workspace a customer is.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn upsert_customer(
        &mut self,
        customer: &str,
        workspace: WorkspaceId,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO customers (id, workspace_id) VALUES (?1, ?2) \
                   ON CONFLICT (id) DO UPDATE SET workspace_id = excluded.workspace_id";
        self.0.execute(sql, &[customer.into(), workspace.into()]).await.map(drop)
    }

    /// Notes that a message is taken; says whether it is the first time.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn insert_message(
        &mut self,
        message: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO payment_messages (id, at) VALUES (?1, ?2) \
                   ON CONFLICT (id) DO NOTHING";
        Ok(self.0.execute(sql, &[message.into(), now.into()]).await? == 1)
    }

    /// Forgets the messages from before a time.
    ///
    /// # Errors
    ///
    /// As above.
    pub async fn delete_messages_before(&mut self, before: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM payment_messages WHERE at < ?1", &[before.into()]).await
    }
}

fn values(billing: &Billing) -> Vec<Value> {
    let card = billing.card.as_ref();
    vec![
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
        // A number beside a parameter would make PostgreSQL take it for a small one.
        (billing.version + 1).into(),
    ]
}

fn from_row(row: &Row) -> Result<Billing, Error> {
    let card = if row.is_null(6) {
        None
    } else {
        let (year, month) = (row.int(8)?, row.int(9)?);
        let last4 = row.text(7)?;
        Some(row.parsed(6, |brand| Card::new(brand, last4, year, month))?)
    };
    Ok(Billing {
        plan: row.optional(0, Row::text)?.map(str::to_owned),
        state: row.parsed(1, State::parse)?,
        renews_at: row.optional(2, Row::time)?,
        details: Details {
            company: row.text(3)?.to_owned(),
            address: row.text(4)?.to_owned(),
            vat: row.text(5)?.to_owned(),
        },
        card,
        told_at: row.optional(10, Row::time)?,
        version: row.int(11)?,
    })
}
