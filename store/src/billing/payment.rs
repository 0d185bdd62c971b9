//! The payment provider's customers, its events that were processed, and those that wait.
//!
//! **Invariant:** a customer belongs to one workspace for good: inserting it again changes nothing.

use hallpass_domain::id::WorkspaceId;
use hallpass_domain::time::Timestamp;

use crate::error::Error;
use crate::row::Row;
use crate::tx::Tx;

/// An event that waits for the workspace of its customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldEvent {
    /// The provider's id of the event.
    pub id: String,
    /// The customer.
    pub customer: String,
    /// The workspace that pays by it, if it is a checkout.
    pub checkout_of: Option<WorkspaceId>,
    /// When the provider created it.
    pub created_at: Timestamp,
    /// The body, as it was signed.
    pub body: String,
}

/// The customers and events of the payment provider, in a transaction.
pub struct Payments<'t>(&'t mut Tx);

impl Tx {
    /// The customers and events of the payment provider.
    pub fn payments(&mut self) -> Payments<'_> {
        Payments(self)
    }
}

impl Payments<'_> {
    /// Finds the workspace of a customer.
    pub async fn find_workspace(
        &mut self,
        customer: &str,
    ) -> Result<Option<WorkspaceId>, Error> {
        let sql = "SELECT id, workspace_id FROM customers WHERE id = ?1";
        let row = self.0.find(sql, &[customer.into()]).await?;
        row.map(|row| row.id("workspace_id").map(WorkspaceId)).transpose()
    }

    /// Lists the customers of a workspace: one, or several from before there could be only one.
    pub async fn list_customers(
        &mut self,
        workspace: WorkspaceId,
    ) -> Result<Vec<String>, Error> {
        let sql = "SELECT id FROM customers WHERE workspace_id = ?1 ORDER BY id";
        let rows = self.0.query(sql, &[workspace.into()]).await?;
        rows.iter().map(|row| row.text("id").map(str::to_owned)).collect()
    }

    /// Makes a customer the one of a workspace. Returns false, and changes nothing, when it has a
    /// workspace already.
    pub async fn insert_customer(
        &mut self,
        customer: &str,
        workspace: WorkspaceId,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO customers (id, workspace_id) VALUES (?1, ?2) \
                   ON CONFLICT (id) DO NOTHING";
        Ok(self.0.execute(sql, &[customer.into(), workspace.into()]).await? == 1)
    }

    /// Deletes the customers of a workspace.
    pub async fn delete_customers(&mut self, workspace: WorkspaceId) -> Result<u64, Error> {
        let sql = "DELETE FROM customers WHERE workspace_id = ?1";
        self.0.execute(sql, &[workspace.into()]).await
    }

    /// Inserts the id of an event; returns whether it is new.
    pub async fn insert_message(
        &mut self,
        message: &str,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let sql = "INSERT INTO payment_messages (id, at) VALUES (?1, ?2) \
                   ON CONFLICT (id) DO NOTHING";
        Ok(self.0.execute(sql, &[message.into(), now.into()]).await? == 1)
    }

    /// Whether an event was processed.
    pub async fn is_processed(&mut self, message: &str) -> Result<bool, Error> {
        let sql = "SELECT id FROM payment_messages WHERE id = ?1";
        Ok(self.0.find(sql, &[message.into()]).await?.is_some())
    }

    /// Deletes the messages from before a time.
    pub async fn delete_messages_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM payment_messages WHERE at < ?1", &[time.into()]).await
    }

    /// Stores whose payment an id is, unless that is known.
    pub async fn insert_reference(
        &mut self,
        payment: &str,
        customer: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO payment_references (id, customer, at) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (id) DO NOTHING";
        let values = [payment.into(), customer.into(), now.into()];
        self.0.execute(sql, &values).await.map(drop)
    }

    /// Finds the customer of a payment.
    pub async fn find_customer(&mut self, payment: &str) -> Result<Option<String>, Error> {
        let sql = "SELECT id, customer FROM payment_references WHERE id = ?1";
        let row = self.0.find(sql, &[payment.into()]).await?;
        row.map(|row| row.text("customer").map(str::to_owned)).transpose()
    }

    /// Holds an event; returns whether it is not held yet.
    pub async fn hold(&mut self, event: &HeldEvent, now: Timestamp) -> Result<bool, Error> {
        let sql = "INSERT INTO held_events (id, customer, checkout_of, created_at, at, body) \
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (id) DO NOTHING";
        let values = [
            event.id.as_str().into(),
            event.customer.as_str().into(),
            event.checkout_of.map(|workspace| workspace.0).into(),
            event.created_at.into(),
            now.into(),
            event.body.as_str().into(),
        ];
        Ok(self.0.execute(sql, &values).await? == 1)
    }

    /// Lists the held events whose workspace can be entered, in the order in which the provider
    /// created them.
    pub async fn list_ready(&mut self, limit: i64) -> Result<Vec<HeldEvent>, Error> {
        let sql = "SELECT held.id, held.customer, held.checkout_of, held.created_at, held.body \
                   FROM held_events AS held \
                   LEFT JOIN customers ON customers.id = held.customer \
                   JOIN workspaces \
                   ON workspaces.id = COALESCE(customers.workspace_id, held.checkout_of) \
                   WHERE workspaces.deleted_at IS NULL \
                   ORDER BY held.created_at, held.id LIMIT ?1";
        let rows = self.0.query(sql, &[limit.into()]).await?;
        rows.iter().map(from_row).collect()
    }

    /// Deletes a held event.
    pub async fn release(&mut self, event: &str) -> Result<(), Error> {
        self.0.execute("DELETE FROM held_events WHERE id = ?1", &[event.into()]).await.map(drop)
    }

    /// Deletes the events that have been held since before a time.
    pub async fn delete_held_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM held_events WHERE at < ?1", &[time.into()]).await
    }

    /// Deletes the references to payments from before a time.
    pub async fn delete_references_before(&mut self, time: Timestamp) -> Result<u64, Error> {
        self.0.execute("DELETE FROM payment_references WHERE at < ?1", &[time.into()]).await
    }
}

fn from_row(row: &Row) -> Result<HeldEvent, Error> {
    Ok(HeldEvent {
        id: row.text("id")?.to_owned(),
        customer: row.text("customer")?.to_owned(),
        checkout_of: row.optional("checkout_of", Row::id)?.map(WorkspaceId),
        created_at: row.time("created_at")?,
        body: row.text("body")?.to_owned(),
    })
}
