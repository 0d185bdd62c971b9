//! The billing contact is transferred while the recipient or the present contact is removed.

use hallpass_app::{App, Error, Principal};
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::member::{Member, Status};
use hallpass_domain::model::{ChangeKind, Grantor};
use hallpass_domain::refusal::Refusal;
use hallpass_engine::Change;

use super::arena::{Database, Outcome, Race, RaceWorkspace, Way, both, run};
use super::bare::Bare;
use hallpass_testkit::test_size::either;

const EXPECTED: [&str; 6] = [
    "billing_contact_stays",
    "no member",
    "no workspace",
    "invalid",
    "denied delete",
    "denied transfer",
];

async fn transfer(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    to: MemberId,
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    ctx.billing().transfer(to).await?;
    Ok(ctx.revision())
}

async fn remove(
    app: App,
    principal: Principal,
    workspace: WorkspaceId,
    who: MemberId,
) -> Result<i64, Error> {
    let mut ctx = app.enter_to_write(&principal, &workspace.to_string()).await?;
    ctx.members().remove(who).await?;
    Ok(ctx.revision())
}

async fn transfer_bare(bare: Bare, to: MemberId) -> Result<i64, Error> {
    let (model, _) = bare.look().await?;
    let mut tx = bare.read().await;
    let recipient = tx.members().find(to).await?.expect("a member");
    if recipient.status != Status::Active {
        return Err(Refusal::field("/to", "inactive", "the member is inactive").into());
    }
    let all = tx.members().list_all().await?;
    drop(tx);
    let had: Option<Member> = all.into_iter().find(|one| one.access.is_billing_contact);
    let with = |member: &Member, flag: bool| {
        let mut member = member.clone();
        member.access.is_billing_contact = flag;
        member
    };
    let after: Vec<Member> =
        had.iter().map(|one| with(one, false)).chain([with(&recipient, true)]).collect();
    let changes: Vec<Change> =
        after.iter().map(|member| Change::PutMember(member.to_engine())).collect();
    model.change(Grantor::Operator, ChangeKind::TransferBilling, &changes)?;
    let flag = "UPDATE members SET is_billing_contact = ?3 WHERE workspace_id = ?1 AND id = ?2";
    let statements: Vec<_> = after
        .iter()
        .map(|one| (flag.to_owned(), vec![one.id.into(), one.access.is_billing_contact.into()]))
        .collect();
    bare.write(&statements).await
}

async fn remove_bare(bare: Bare, who: MemberId) -> Result<i64, Error> {
    bare.put(ChangeKind::Remove, who, |member| member.status = Status::Removed).await
}

/// Anna transfers the billing contact to Ben while Cleo removes one of them.
struct Transfer(Vec<Member>);

impl Race for Transfer {
    const BLUEPRINT: &'static str = "halo";
    const ROLES: &'static [&'static str] = &["super_admin", "super_admin", "super_admin"];

    async fn prepare(&mut self, race_workspace: &mut RaceWorkspace) {
        self.0 = race_workspace.members().await;
    }

    async fn run(&mut self, race_workspace: &mut RaceWorkspace) -> Option<String> {
        let is_recipient = race_workspace.rng.percent(50);
        let [anna, ben, cleo, dora] =
            [0, 1, 2, 3].map(|place| race_workspace.people[place].clone());
        // The contact cannot be removed: when Anna is removed, Dora is the contact.
        let mut start = self.0.clone();
        for member in &mut start {
            let contact = if is_recipient { anna.member } else { dora.member };
            member.access.is_billing_contact = member.id == contact;
        }
        race_workspace.put_back(&start, &[]).await;
        let gone = if is_recipient { ben.member } else { anna.member };
        let (handed, removed) = match race_workspace.way {
            Way::App => {
                let (app, place) = (race_workspace.app().clone(), race_workspace.workspace);
                both(
                    transfer(app.clone(), anna.principal.clone(), place, ben.member),
                    remove(app, cleo.principal.clone(), place, gone),
                )
                .await
            }
            Way::Bare => {
                both(
                    transfer_bare(Bare::of(race_workspace, &anna), ben.member),
                    remove_bare(Bare::of(race_workspace, &cleo), gone),
                )
                .await
            }
        };
        let flagged = |status: &str| {
            format!(
                "SELECT count(*) FROM members WHERE workspace_id = ?1 AND is_billing_contact \
                 AND status {status} 'active'"
            )
        };
        let contacts = race_workspace.count(&flagged("="), &[]).await;
        let ghosts = race_workspace.count(&flagged("<>"), &[]).await;
        // A removed member must not act.
        let acted_after = match (&handed, &removed) {
            (Outcome::Done(handed), Outcome::Done(removed)) => {
                !is_recipient && handed > removed
            }
            _ => false,
        };
        let is_right = contacts == 1
            && ghosts == 0
            && !acted_after
            && (handed.is_done() || removed.is_done())
            && handed.is_one_of(&EXPECTED)
            && removed.is_one_of(&EXPECTED)
            && !(is_recipient && handed.is_done() && removed.is_done());
        (!is_right).then(|| {
            format!("{contacts} contacts, {ghosts} of them gone: {handed:?}, {removed:?}")
        })
    }
}

async fn race(database: Database, way: Way) -> Vec<String> {
    let rounds = either(500, 20_000);
    run(
        "billing transfer against removal",
        45,
        (database, way),
        rounds,
        || Transfer(Vec::new()),
    )
    .await
}

super::arena::races! {
    race: the_billing_contact_is_active,
    without_the_lock_the_billing_contact_may_be_removed
}
