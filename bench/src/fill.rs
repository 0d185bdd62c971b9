//! Fills a workspace with teams, members and records, through the store.

use std::path::Path;

use hallpass_domain::account::Account;
use hallpass_domain::email::Email;
use hallpass_domain::id::{
    AccountId, DepartmentId, MemberId, ProfileId, RecordId, TeamId, WorkspaceId,
};
use hallpass_domain::member::{Member, MemberAccess, Status};
use hallpass_domain::name::Name;
use hallpass_domain::record::{Owner, Record};
use hallpass_domain::team::Team;
use hallpass_domain::time::Timestamp;
use hallpass_engine::{Sharing, Visibility};
use hallpass_store::{Db, Error, Options, WorkspaceTx};
use serde_json::{Map, Value};
use uuid::Uuid;

/// Members per team.
const TEAM: u32 = 50;

/// Members per manager, including the manager.
const REPORTS: u32 = 10;

/// Records per member.
const RECORDS: i64 = 100;

/// Members whose records are inserted in one transaction.
const BATCH: usize = 50;

/// The contents of a workspace.
pub(crate) struct Setting {
    pub(crate) members: u32,
    /// The profile of every second team.
    pub(crate) profile: Option<ProfileId>,
    /// The department of every fifth member.
    pub(crate) department: Option<DepartmentId>,
    pub(crate) filling: Filling,
}

/// What a workspace has of a record type: [`RECORDS`] for each member.
#[derive(Clone, Copy)]
pub(crate) enum Filling {
    /// Their number only.
    Counters(&'static str),
    /// Records of this type, in this stage.
    Records(&'static str, &'static str),
}

/// Writes teams, members and records into a workspace of the database in a file.
pub(crate) fn fill(file: &Path, slug: &str, setting: &Setting) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    let file = file.display().to_string();
    runtime.block_on(fill_in(&file, slug, setting)).map_err(|error| error.to_string())
}

pub(crate) fn member_id(number: u32) -> MemberId {
    MemberId(Uuid::from_u128(u128::from(number) + 1))
}

fn team_id(number: u32) -> TeamId {
    TeamId(Uuid::from_u128(u128::from(number) + 1))
}

fn broken(what: &str) -> Error {
    Error::Unavailable(what.to_owned())
}

async fn enter(db: &Db, id: WorkspaceId) -> Result<WorkspaceTx, Error> {
    db.write_in(id.0).await?.ok_or_else(|| broken("the workspace does not exist"))
}

/// Writes teams, members and records into a workspace of the database at a location.
pub(crate) async fn fill_in(
    location: &str,
    slug: &str,
    setting: &Setting,
) -> Result<(), Error> {
    let db = Db::open(location, &Options::default()).await?;
    let found = db.read().await?.workspaces().find_id_by_slug(slug).await?;
    let id: WorkspaceId = found.ok_or_else(|| broken("the workspace does not exist"))?;
    insert_people(enter(&db, id).await?, id, setting).await?;
    match setting.filling {
        Filling::Counters(entity) => {
            insert_counters(enter(&db, id).await?, entity, setting).await
        }
        Filling::Records(entity, stage) => {
            for first in (0..setting.members).step_by(BATCH) {
                let mut tx = enter(&db, id).await?;
                for number in (first..setting.members).take(BATCH) {
                    for nth in 0..RECORDS {
                        tx.records().insert(&record(number, nth, (entity, stage))).await?;
                    }
                }
                tx.bump_revision().await?;
                tx.commit().await?;
            }
            Ok(())
        }
    }
}

async fn insert_people(
    mut tx: WorkspaceTx,
    id: WorkspaceId,
    setting: &Setting,
) -> Result<(), Error> {
    let teams = setting.members / TEAM;
    for number in 0..teams {
        let name = Name::parse(&format!("Team {number}")).map_err(|_| broken("a name"))?;
        let profile = setting.profile.filter(|_| number.is_multiple_of(2));
        let team = Team {
            id: team_id(number),
            name,
            description: String::new(),
            profile,
            sharing: Sharing::All,
            version: 1,
        };
        tx.teams().insert(&team).await?;
    }
    for number in 0..setting.members {
        let account = account(number).ok_or_else(|| broken("an address"))?;
        let member = member(setting, number, &account, teams);
        tx.global().accounts().insert(&account).await?;
        tx.global().accounts().add_workspace(account.id, id).await?;
        tx.members().insert(&member).await?;
    }
    tx.bump_revision().await?;
    tx.commit().await
}

async fn insert_counters(
    mut tx: WorkspaceTx,
    entity: &str,
    setting: &Setting,
) -> Result<(), Error> {
    for number in 0..setting.members {
        let sql = "INSERT INTO record_counts (workspace_id, entity, owner_id, n, open_n) \
                   VALUES (?1, ?2, ?3, ?4, ?4)";
        tx.execute(sql, &[entity.into(), member_id(number).into(), RECORDS.into()]).await?;
    }
    let sql = "INSERT INTO record_totals (workspace_id, entity, n, version) \
               VALUES (?1, ?2, ?3, 1)";
    let total = RECORDS * i64::from(setting.members);
    tx.execute(sql, &[entity.into(), total.into()]).await?;
    tx.bump_revision().await?;
    tx.commit().await
}

fn record(owner: u32, nth: i64, (entity, stage): (&str, &str)) -> Record {
    let number = i64::from(owner) * RECORDS + nth;
    let title = format!("Renewal {number:07} of a customer");
    let mut fields = Map::new();
    fields.insert("name".to_owned(), Value::String(title.clone()));
    let at = Timestamp::from_micros(1_772_000_000_000_000 + number * 60_000_000);
    Record {
        id: RecordId(Uuid::from_u128(u128::try_from(number).unwrap_or_default() + 1)),
        entity: entity.to_owned(),
        owner: Owner::Member(member_id(owner)),
        title,
        fields,
        stage: Some(stage.to_owned()),
        open: true,
        amount: Some(125_000),
        created_by: None,
        created_at: at,
        updated_at: at,
        version: 1,
    }
}

fn account(number: u32) -> Option<Account> {
    Some(Account {
        // Not the id of the member, which is that of a service account.
        id: AccountId(Uuid::from_u128((1 << 64) + u128::from(number))),
        email: Email::parse(&format!("member{number}@example.com")).ok()?,
        first_name: Name::parse(&format!("Member{number}")).ok()?,
        last_name: "Example".to_owned(),
        password: None,
        locale: "en".to_owned(),
        picture: None,
        notifications: Map::new(),
        is_operator: false,
        disabled_at: None,
        confirmed_at: Some(Timestamp::default()),
        created_at: Timestamp::from_micros(0),
        version: 1,
    })
}

fn member(setting: &Setting, number: u32, account: &Account, teams: u32) -> Member {
    let above = number / REPORTS * REPORTS;
    let is_manager = above == number;
    let access = MemberAccess {
        role: if is_manager { "manager" } else { "member" }.to_owned(),
        levels: Vec::new(),
        visibility: if number.is_multiple_of(3) {
            Visibility::Department
        } else {
            Visibility::Own
        },
        department: setting.department.filter(|_| number.is_multiple_of(5)),
        manager: (!is_manager).then(|| member_id(above)),
        teams: vec![team_id(number % teams)],
        is_billing_contact: false,
    };
    Member {
        id: member_id(number),
        account: Some(account.id),
        first_name: account.first_name.to_string(),
        last_name: account.last_name.clone(),
        email: account.email.as_str().to_owned(),
        status: Status::Active,
        access,
        alias: None,
        landing: None,
        joined_at: Timestamp::from_micros(0),
        role_since: Timestamp::from_micros(0),
        role_by: None,
        seen_at: None,
        version: 1,
    }
}
