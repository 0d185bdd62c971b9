//! The same changes without protection: the guards judge what one transaction has read, and another one
//! writes. The workspace is not locked in between.

use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor, Model};
use hallpass_engine::Change;
use hallpass_store::{Value, WorkspaceTx};

use super::arena::{RaceWorkspace, Racer};

/// A principal who acts without protection.
#[derive(Clone)]
pub(crate) struct Bare {
    pub(crate) app: App,
    pub(crate) principal: Principal,
    pub(crate) workspace: WorkspaceId,
}

impl Bare {
    pub(crate) fn of(race_workspace: &RaceWorkspace, racer: &Racer) -> Bare {
        let (app, principal) = (race_workspace.app().clone(), racer.principal.clone());
        Bare { app, principal, workspace: race_workspace.workspace }
    }

    /// Reads the model, and on whose behalf to change it.
    pub(crate) async fn look(&self) -> Result<(Model, Grantor), Error> {
        let ctx = self.app.enter(&self.principal, &self.workspace.to_string()).await?;
        let grantor = ctx.member_id().map_or(Grantor::Operator, Grantor::Member);
        Ok((ctx.model().clone(), grantor))
    }

    pub(crate) async fn read(&self) -> WorkspaceTx {
        self.app.db().read_in(self.workspace.0).await.unwrap().expect("the workspace")
    }

    /// Updates or removes a member.
    pub(crate) async fn put(
        &self,
        kind: ChangeKind,
        id: MemberId,
        edit: impl FnOnce(&mut Member),
    ) -> Result<i64, Error> {
        let (model, grantor) = self.look().await?;
        let before = self.read().await.members().find(id).await?.expect("a member");
        if before.status == Status::Removed {
            return Err(Error::Missing { noun: "member" });
        }
        let mut after = before.clone();
        edit(&mut after);
        let change = match after.status {
            Status::Removed => Change::RemoveMember(id.to_string()),
            Status::Active | Status::Inactive => Change::PutMember(after.to_engine()),
        };
        model.change(grantor, kind, &[change])?;
        self.write(&[keeping(&after)]).await
    }

    /// Writes, and returns the revision afterwards.
    pub(crate) async fn write(
        &self,
        statements: &[(String, Vec<Value>)],
    ) -> Result<i64, Error> {
        let tx = self.app.db().write_in(self.workspace.0).await?;
        let mut tx = tx.expect("the workspace");
        for (sql, values) in statements {
            tx.execute(sql, values).await?;
        }
        let revision = tx.bump_revision().await?;
        tx.commit().await?;
        Ok(revision)
    }
}

/// The statement that saves a member regardless of the stored version.
pub(crate) fn keeping(member: &Member) -> (String, Vec<Value>) {
    let sql = "UPDATE members SET status = ?3, role = ?4, is_billing_contact = ?5, \
               version = version + 1 WHERE workspace_id = ?1 AND id = ?2";
    let access = &member.access;
    let values = vec![
        member.id.into(),
        member.status.word().into(),
        access.role.as_str().into(),
        access.is_billing_contact.into(),
    ];
    (sql.to_owned(), values)
}
