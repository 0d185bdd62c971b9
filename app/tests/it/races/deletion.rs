//! An account accepts an invitation while it is deleted: no member is left without an account.

use hallpass_app::account::deletion::DELETE;
use hallpass_domain::id::MemberId;
use hallpass_domain::member::Status;
use hallpass_store::Value;
use uuid::Uuid;

use super::arena::{Database, Race, RaceWorkspace, Racer, Way, both, run};
use super::bare::Bare;
use super::invitation::{accept_bare, invite};
use hallpass_testkit::test_size::either;

/// Deletes an account, and its membership if there was one at the time of reading.
async fn delete_bare(bare: Bare, guest: Racer) -> Result<i64, hallpass_app::Error> {
    let account: Value = guest.principal.person().unwrap().into();
    let member =
        bare.read().await.members().find_by_account(guest.principal.person().unwrap()).await?;
    let gone = "UPDATE members SET status = 'removed' WHERE workspace_id = ?1 AND id = ?2";
    let member = member.filter(|member| member.status != Status::Removed);
    let out = member.map(|member| (gone.to_owned(), vec![member.id.into()]));
    let delete = "UPDATE accounts SET deleted_at = 1 WHERE id = ?2 \
                  AND EXISTS (SELECT 1 FROM workspaces w WHERE w.id = ?1)";
    let statements: Vec<_> =
        out.into_iter().chain([(delete.to_owned(), vec![account])]).collect();
    bare.write(&statements).await
}

/// A guest who joins and leaves at the same time.
struct Guest(Option<Racer>);

impl Race for Guest {
    const BLUEPRINT: &'static str = "standard";
    const ROLES: &'static [&'static str] = &[];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        let email = format!("guest-{}@example.com", race_workspace.name());
        let principal = race_workspace.server.sign_up(&email).await;
        self.0 = Some(Racer { email, principal, member: MemberId(Uuid::nil()) });
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let guest = self.0.clone().expect("a guest");
        let account = guest.principal.person().unwrap();
        let id = invite(race_workspace, &guest.email).await;
        let link = race_workspace.server.link(id).await;
        let (came, went) = match race_workspace.way {
            Way::App => {
                let (one, other) = (race_workspace.app().clone(), race_workspace.app().clone());
                let (here, there) = (guest.principal.clone(), guest.principal.clone());
                both(
                    async move { one.invitations().accept(&here, &link).await.map(|_| 0) },
                    async move { other.accounts().delete(&there, DELETE).await.map(|()| 0) },
                )
                .await
            }
            Way::Bare => {
                let bare = Bare::of(race_workspace, &race_workspace.people[0]);
                both(
                    accept_bare(bare.clone(), id, guest.clone()),
                    delete_bare(bare, guest.clone()),
                )
                .await
            }
        };
        let ghosts = "SELECT count(*) FROM members m JOIN accounts a ON a.id = m.account_id \
                      WHERE m.workspace_id = ?1 AND m.status <> 'removed' \
                      AND a.deleted_at IS NOT NULL";
        let ghosts = race_workspace.count(ghosts, &[]).await;
        let of_account = [Value::from(account)];
        let undo = "UPDATE accounts SET deleted_at = NULL WHERE id = ?2 \
                  AND EXISTS (SELECT 1 FROM workspaces w WHERE w.id = ?1)";
        let out = "DELETE FROM members WHERE workspace_id = ?1 AND account_id = ?2";
        let left = "DELETE FROM account_workspaces WHERE workspace_id = ?1 AND account_id = ?2";
        let over = "DELETE FROM invitations WHERE workspace_id = ?1 AND id = ?2";
        let undone = [(undo, &of_account[..]), (out, &of_account), (left, &of_account)];
        race_workspace.put_back(&[], &undone).await;
        race_workspace.put_back(&[], &[(over, &[id.into()])]).await;
        let is_right = ghosts == 0
            && (came.is_done() || went.is_done())
            && came.is_one_of(&["not signed in"])
            && went.is_one_of(&["stale"]);
        (!is_right).then(|| format!("{ghosts} ghosts: {came:?}, {went:?}"))
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(500, 20_000);
    run("accept against account deletion", 48, (database, way), rounds, || Guest(None)).await
}

super::arena::races! {
    race: every_member_has_an_account,
    without_the_lock_a_member_has_no_account
}
