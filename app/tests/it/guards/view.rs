//! A workspace as another process reads it: the stored rows, and the model compiled from them.

use hallpass_app::App;
use hallpass_app::operation::Operator;
use hallpass_domain::id::{
    DepartmentId, InvitationId, MemberId, ProfileId, RoleId, TeamId, WorkspaceId,
};
use hallpass_domain::invitation::Invitation;
use hallpass_domain::member::Member;
use hallpass_domain::model::Model;
use hallpass_store::{Row, Rows, WorkspaceTx};

/// The rows that a refused step must not change.
const ROWS: [&str; 11] = [
    "SELECT * FROM workspaces WHERE id = ?1",
    // All but `seen_at`, which a refused request updates as well.
    "SELECT id, account_id, first_name, last_name, email, status, role, levels, visibility, \
     department_id, manager_id, is_billing_contact, landing, version, role_by FROM members \
     WHERE workspace_id = ?1 ORDER BY id",
    "SELECT * FROM team_members WHERE workspace_id = ?1 ORDER BY team_id, member_id",
    "SELECT * FROM invitations WHERE workspace_id = ?1 ORDER BY id",
    "SELECT * FROM roles WHERE workspace_id = ?1 ORDER BY id",
    "SELECT * FROM profiles WHERE workspace_id = ?1 ORDER BY id",
    "SELECT * FROM teams WHERE workspace_id = ?1 ORDER BY id",
    "SELECT * FROM departments WHERE workspace_id = ?1 ORDER BY id",
    "SELECT account_id, is_open FROM account_workspaces WHERE workspace_id = ?1 ORDER BY account_id",
    "SELECT id, deleted_at FROM accounts WHERE EXISTS (SELECT 1 FROM workspaces WHERE id = ?1) ORDER BY id",
    "SELECT id, about FROM mails WHERE workspace_id = ?1 ORDER BY id",
];

/// An entry of the audit log.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) actor: Option<MemberId>,
    pub(crate) action: String,
    pub(crate) outcome: String,
    pub(crate) revision: i64,
}

/// A workspace at one moment.
pub(crate) struct View {
    pub(crate) revision: i64,
    pub(crate) model: Model,
    pub(crate) rows: Vec<Rows>,
    pub(crate) entries: i64,
    /// How many denials the audit log counts; a repeated one is counted in its entry.
    pub(crate) denials: i64,
    pub(crate) members: Vec<Member>,
    /// Removed ones too.
    pub(crate) all_members: Vec<MemberId>,
    pub(crate) pending: Vec<Invitation>,
    pub(crate) roles: Vec<RoleId>,
    pub(crate) profiles: Vec<ProfileId>,
    pub(crate) teams: Vec<TeamId>,
    pub(crate) departments: Vec<DepartmentId>,
}

impl View {
    pub(crate) async fn of(app: &App, workspace: WorkspaceId) -> View {
        let ctx = app.enter_as(&Operator::default(), &workspace.to_string()).await.unwrap();
        let (model, revision) = (ctx.model().clone(), ctx.revision());
        drop(ctx);
        let mut tx = app.db().read_in(workspace.0).await.unwrap().expect("the workspace");
        assert_eq!(tx.revision(), revision, "no other change");
        let mut rows = Vec::new();
        for sql in ROWS {
            rows.push(tx.query(sql, &[]).await.unwrap());
        }
        let all_members = rows[1].iter().map(|row| row.id(0).unwrap().into()).collect();
        let pending = tx.invitations().list_pending().await.unwrap();
        View {
            revision,
            model,
            entries: count(&mut tx, "SELECT count(*)", "").await,
            denials: count(&mut tx, "SELECT CAST(coalesce(sum(times), 0) AS BIGINT)", "denied")
                .await,
            members: tx.members().list_all().await.unwrap(),
            all_members,
            pending,
            roles: ids(&rows[4]),
            profiles: ids(&rows[5]),
            teams: ids(&rows[6]),
            departments: ids(&rows[7]),
            rows,
        }
    }

    /// The ids of pending invitations.
    pub(crate) fn invitations(&self) -> Vec<InvitationId> {
        self.pending.iter().map(|one| one.id).collect()
    }
}

fn ids<T: From<uuid::Uuid>>(rows: &[Row]) -> Vec<T> {
    rows.iter().map(|row| row.id(1).unwrap().into()).collect()
}

/// A number of the entries of the audit log: of all, or of those with an outcome.
async fn count(tx: &mut WorkspaceTx, select: &str, outcome: &str) -> i64 {
    let sql = format!("{select} FROM audit WHERE workspace_id = ?1 AND ?2 IN ('', outcome)");
    tx.query_one(&sql, &[outcome.into()]).await.unwrap().int(0).unwrap()
}

/// The entries of the audit log after so many.
pub(crate) async fn entries_after(app: &App, workspace: WorkspaceId, known: i64) -> Vec<Entry> {
    let mut tx = app.db().read_in(workspace.0).await.unwrap().expect("the workspace");
    let sql = "SELECT actor_id, action, outcome, revision FROM audit WHERE workspace_id = ?1 \
               ORDER BY id LIMIT 1000 OFFSET ?2";
    let rows = tx.query(sql, &[known.into()]).await.unwrap();
    let entry = |row: &Row| Entry {
        actor: row.optional(0, Row::id).unwrap().map(Into::into),
        action: row.text(1).unwrap().to_owned(),
        outcome: row.text(2).unwrap().to_owned(),
        revision: row.int(3).unwrap(),
    };
    rows.iter().map(entry).collect()
}
