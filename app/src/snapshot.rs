//! Snapshots: a workspace's access at one revision, compiled once and cached.
//!
//! **Invariant:** a snapshot serves only the revision that the request has read in its own
//! transaction, and equals what a compilation of that revision makes. Decisions are not cached.

mod cache;
pub(crate) mod names;
mod read;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use hallpass_domain::entity::overlay;
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::model::Model;
use hallpass_domain::model::catch_up::Latest;
use hallpass_domain::session::policy::SignInPolicy;
use hallpass_domain::workspace::Workspace;
use hallpass_engine::{Blueprint, Resource, ResourceKind};
use hallpass_store::WorkspaceTx;
use hallpass_store::entity::StoredEntity;
use imbl::OrdMap;
use metrics::counter;
use serde_json::{Map, Value};
use tokio::sync::OwnedMutexGuard;

use crate::access_change::TouchedIds;
use crate::compute::{Computations, FEW, SHORT_MODEL};
use crate::error::Error;
use cache::{SizedCache, Turns};
use read::Everything;

/// The part of the cache that is for access models, which workspaces share, and as much for what was compared, so
/// that those who compare push out no workspace in use.
const SHARE: u64 = 8;

/// How much larger an access model is in memory than its text.
const PARSED: usize = 8;

/// A workspace's access at one revision.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// The revision.
    pub revision: i64,
    /// The access model and everything in it.
    pub model: Model,
    /// The workspace's name, slug and settings.
    pub workspace: Workspace,
    /// What the workspace asks of those who enter it.
    pub sign_in: SignInPolicy,
    /// The workspace's own record types, fields and stages.
    pub entities: Arc<Vec<StoredEntity>>,
    /// Names of teams, profiles and roles, by id.
    pub(crate) names: OrdMap<String, String>,
}

impl Snapshot {
    /// The access model.
    #[must_use]
    pub fn blueprint(&self) -> &Arc<Blueprint> {
        self.model.blueprint()
    }

    /// The name of a built-in or custom role.
    #[must_use]
    pub fn role_name(&self, role: &str) -> String {
        let built_in = self.blueprint().role(role).map(|role| role.name.clone());
        built_in.unwrap_or_else(|| self.name(role))
    }

    /// The name of a team, profile or custom role; its id when it has none.
    #[must_use]
    pub fn name(&self, id: &str) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// Returns the record type with a key, with the workspace's own fields and stages.
    #[must_use]
    pub fn record_type(&self, entity: &str) -> Option<Resource> {
        let known = self.model.policy().resources().iter().find(|known| known.key == entity)?;
        if known.kind != ResourceKind::Records {
            return None;
        }
        let mut resource = known.clone();
        if let Some(own) = self.entities.iter().find(|own| own.entity == entity) {
            overlay(&mut resource, own.said());
        }
        Some(resource)
    }

    /// The keys of the resources that the navigation of a member shows; none for another person.
    #[must_use]
    pub fn navigation(&self, member: MemberId) -> Vec<String> {
        let Some(index) = self.model.index(member) else { return Vec::new() };
        let shown = self.model.policy().navigation(index);
        shown.map(|resource| resource.key.clone()).filter(|key| self.is_on(key)).collect()
    }

    /// The snapshot without the boundary of a request.
    pub(crate) fn unbounded(snapshot: &Arc<Snapshot>) -> Arc<Snapshot> {
        if snapshot.model.policy().boundary().is_none() {
            return Arc::clone(snapshot);
        }
        let model = snapshot.model.unbounded();
        Arc::new(Snapshot { model, ..(**snapshot).clone() })
    }

    /// The memory that it takes, in bytes: an estimate, without the access model.
    fn memory(&self) -> usize {
        let text = |text: &str| text.len() + 24;
        let named = self.names.iter().map(|(id, name)| text(id) + text(name) + 32);
        let entity = |entity: &StoredEntity| {
            let json = entity.fields.iter().chain(&entity.stages);
            json.map(|json| json.to_string().len() * 4).sum::<usize>() + 200
        };
        let entities = self.entities.iter().map(entity);
        let settings = serde_json::to_string(&self.workspace.settings).unwrap_or_default();
        self.model.memory()
            + named.sum::<usize>()
            + entities.sum::<usize>()
            + settings.len() * 4
            + size_of::<Snapshot>()
    }

    /// Replaces the settings of the workspace, and what follows from them.
    pub(crate) fn set_settings(&mut self, settings: &Map<String, Value>) {
        self.workspace.settings.clone_from(settings);
        self.sign_in = SignInPolicy::of(settings);
    }

    /// Whether a module or record type is switched on.
    #[must_use]
    pub fn is_on(&self, resource: &str) -> bool {
        let modules = self.workspace.settings.get("modules");
        modules.and_then(|modules| modules.get(resource)?.as_bool()).unwrap_or(true)
    }
}

/// The compiled workspaces and parsed blueprints in memory.
pub(crate) struct Snapshots {
    /// By workspace. An entry of another revision than the transaction's is replaced.
    compiled: SizedCache<WorkspaceId, Arc<Snapshot>>,
    /// Workspaces under the access model that each was last compared with, with the id of the comparison.
    compared: SizedCache<WorkspaceId, (String, Arc<Snapshot>)>,
    /// By the hash of the text.
    blueprints: SizedCache<Vec<u8>, Arc<Blueprint>>,
    turns: Turns<WorkspaceId>,
    compilations: AtomicU64,
}

/// The turn to compile the snapshot of a workspace, as long as it lasts.
pub(crate) struct SnapshotTurn {
    id: WorkspaceId,
    _guard: OwnedMutexGuard<()>,
}

/// What a transaction has for its snapshot.
pub(crate) enum Claim<'s> {
    /// The snapshot is cached, or this is the turn to compile it.
    Ready(Option<SnapshotTurn>),
    /// Another request compiles it.
    Compiling(Compiling<'s>),
}

/// A snapshot that another request compiles.
pub(crate) struct Compiling<'s> {
    snapshots: &'s Snapshots,
    id: WorkspaceId,
    revision: i64,
}

impl Compiling<'_> {
    /// Waits for it. Where it is not cached in the end, the turn to compile it is the caller's.
    pub(crate) async fn wait(self) -> Option<SnapshotTurn> {
        let Compiling { snapshots, id, revision } = self;
        let guard = snapshots.turns.wait(id).await;
        let cached = snapshots.compiled.get(&id);
        let is_cached = cached.is_some_and(|cached| cached.revision >= revision);
        (!is_cached).then_some(SnapshotTurn { id, _guard: guard })
    }
}

/// What the cache of snapshots takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SnapshotUsage {
    /// How many workspaces it holds.
    pub workspaces: usize,
    /// Their snapshots, what was compared, and the access models, in bytes.
    pub bytes: u64,
    /// How many were compiled since the start of the process; the others followed a change.
    pub compilations: u64,
}

impl Snapshots {
    /// A cache of so many bytes.
    pub(crate) fn new(bytes: u64) -> Snapshots {
        let share = bytes / SHARE;
        Snapshots {
            compiled: SizedCache::new(bytes - 2 * share),
            compared: SizedCache::new(share),
            blueprints: SizedCache::new(share),
            turns: Turns::default(),
            compilations: AtomicU64::new(0),
        }
    }

    /// What the cache takes.
    pub(crate) fn usage(&self) -> SnapshotUsage {
        let bytes = self.compiled.bytes() + self.compared.bytes() + self.blueprints.bytes();
        let compilations = self.compilations.load(Ordering::Relaxed);
        SnapshotUsage { workspaces: self.compiled.len(), bytes, compilations }
    }

    /// Says whether a transaction finds the snapshot of its revision, or may compile it; if not, it had
    /// better be given up, since another request compiles it.
    pub(crate) fn claim(
        &self,
        id: WorkspaceId,
        revision: i64,
        turn: Option<SnapshotTurn>,
    ) -> Claim<'_> {
        if self.find(id, revision).is_some() {
            return Claim::Ready(None);
        }
        if let Some(turn) = turn.filter(|turn| turn.id == id) {
            return Claim::Ready(Some(turn));
        }
        match self.turns.try_take(id) {
            Ok(guard) => Claim::Ready(Some(SnapshotTurn { id, _guard: guard })),
            Err(_) => Claim::Compiling(Compiling { snapshots: self, id, revision }),
        }
    }

    /// Returns the snapshot of the revision that a transaction reads. Of several requests that need it,
    /// one compiles it: that with the turn, or else each in its own.
    pub(crate) async fn load(
        &self,
        computations: &Computations,
        tx: &mut WorkspaceTx,
        turn: Option<SnapshotTurn>,
    ) -> Result<Arc<Snapshot>, Error> {
        let (id, revision) = (WorkspaceId(tx.workspace()), tx.revision());
        if let Some(snapshot) = self.find(id, revision) {
            counter!("hallpass_snapshot_loads_total", "from" => "cache").increment(1);
            return Ok(snapshot);
        }
        let _turn = match turn.filter(|turn| turn.id == id) {
            Some(turn) => turn,
            None => SnapshotTurn { id, _guard: self.turns.wait(id).await },
        };
        if let Some(snapshot) = self.find(id, revision) {
            counter!("hallpass_snapshot_loads_total", "from" => "cache").increment(1);
            return Ok(snapshot);
        }
        let before = self.compiled.get(&id).filter(|before| before.revision < revision);
        let followed = match before {
            Some(before) => self.follow(&before, tx).await?,
            None => None,
        };
        let (from, snapshot) = match followed {
            Some(snapshot) => ("changes", snapshot),
            None => ("database", self.compile(computations, tx).await?),
        };
        counter!("hallpass_snapshot_loads_total", "from" => from).increment(1);
        if from == "database" {
            self.count_compilation();
        }
        let snapshot = Arc::new(snapshot);
        self.insert(&snapshot);
        Ok(snapshot)
    }

    /// The snapshot of a revision, if it is cached.
    pub(crate) fn find(&self, id: WorkspaceId, revision: i64) -> Option<Arc<Snapshot>> {
        self.compiled.get(&id).filter(|snapshot| snapshot.revision == revision)
    }

    /// Caches a snapshot, unless a newer one is cached. A boundary is of the request that made it.
    pub(crate) fn insert(&self, snapshot: &Arc<Snapshot>) {
        let id = snapshot.workspace.id;
        let cached = self.compiled.get(&id);
        if cached.is_none_or(|cached| cached.revision < snapshot.revision) {
            let unbounded = Snapshot::unbounded(snapshot);
            self.compiled.insert(id, unbounded.memory(), unbounded);
        }
    }

    /// The workspace under an access model that was compared, if it is cached.
    pub(crate) fn find_compared(
        &self,
        id: WorkspaceId,
        comparison: &str,
    ) -> Option<Arc<Snapshot>> {
        let (known, snapshot) = self.compared.get(&id)?;
        (known == comparison).then_some(snapshot)
    }

    /// Caches a workspace under an access model that was compared.
    pub(crate) fn insert_compared(&self, comparison: String, snapshot: Snapshot) {
        let (id, memory) = (snapshot.workspace.id, snapshot.memory());
        self.compared.insert(id, memory, (comparison, Arc::new(snapshot)));
    }

    /// Counts the compilation of a workspace.
    pub(crate) fn count_compilation(&self) {
        self.compilations.fetch_add(1, Ordering::Relaxed);
    }

    /// The snapshot of the revision that a transaction reads, from an earlier one: what was changed since is
    /// read. `None` where that does not tell, or does not lead there.
    async fn follow(
        &self,
        before: &Snapshot,
        tx: &mut WorkspaceTx,
    ) -> Result<Option<Snapshot>, Error> {
        let Some(texts) = tx.list_access_changes(before.revision).await? else {
            return Ok(None);
        };
        let Some(touched) = TouchedIds::parse(&texts) else { return Ok(None) };
        let workspace = tx.load_workspace().await?;
        let is_same = workspace.blueprint_hash == before.workspace.blueprint_hash;
        if !is_same || touched.len() > FEW {
            return Ok(None);
        }
        let Some(changed) = read::changed(tx, &before.model, touched, FEW).await? else {
            return Ok(None);
        };
        let present = Latest { switches: switches(&workspace), ..changed.present };
        let Ok(model) = before.model.caught_up(&present) else { return Ok(None) };
        let mut names = before.names.clone();
        for (id, name) in changed.names {
            match name {
                Some(name) => names.insert(id, name),
                None => names.remove(&id),
            };
        }
        let mut after = Snapshot { revision: tx.revision(), model, names, ..before.clone() };
        after.sign_in = SignInPolicy::of(&workspace.settings);
        after.workspace = workspace;
        Ok(Some(after))
    }

    /// Reads and compiles the workspace of a transaction.
    pub(crate) async fn compile(
        &self,
        computations: &Computations,
        tx: &mut WorkspaceTx,
    ) -> Result<Snapshot, Error> {
        let workspace = tx.load_workspace().await?;
        let blueprint = self.blueprint(computations, tx, &workspace.blueprint_hash).await?;
        let Everything { given, names, entities } =
            read::everything(tx, switches(&workspace)).await?;
        let size = given.members.len() + given.profiles.len() + given.roles.len();
        let model = if size <= FEW {
            Model::compile(&blueprint, given)
        } else {
            computations.run(workspace.id, || Model::compile(&blueprint, given)).await?
        };
        let broken = format!("the workspace `{}` does not compile", workspace.id);
        let model = model.map_err(|mistakes| Error::broken(format!("{broken}: {mistakes}")))?;
        let sign_in = SignInPolicy::of(&workspace.settings);
        Ok(Snapshot { revision: tx.revision(), model, workspace, sign_in, entities, names })
    }

    async fn blueprint(
        &self,
        computations: &Computations,
        tx: &mut WorkspaceTx,
        hash: &[u8],
    ) -> Result<Arc<Blueprint>, Error> {
        if let Some(blueprint) = self.blueprints.get(&hash.to_vec()) {
            return Ok(blueprint);
        }
        let text = tx.blueprint_text().await?;
        let parsed = if text.len() <= SHORT_MODEL {
            Blueprint::parse(&text)
        } else {
            let workspace = WorkspaceId(tx.workspace());
            computations.run(workspace, || Blueprint::parse(&text)).await?
        };
        let blueprint = Arc::new(parsed.map_err(|mistakes| {
            Error::broken(format!("a stored blueprint does not parse: {mistakes}"))
        })?);
        self.insert_blueprint(hash, &text, &blueprint);
        Ok(blueprint)
    }

    /// Caches an access model that is parsed already, under the hash of its text.
    pub(crate) fn insert_blueprint(&self, hash: &[u8], text: &str, blueprint: &Arc<Blueprint>) {
        self.blueprints.insert(hash.to_vec(), text.len() * PARSED, Arc::clone(blueprint));
    }
}

/// Reads the switches of a workspace from its settings.
pub(crate) fn switches(workspace: &Workspace) -> Vec<(String, bool)> {
    let switches = workspace.settings.get("switches").and_then(|value| value.as_object());
    let pairs = switches.into_iter().flatten();
    pairs.filter_map(|(key, on)| Some((key.clone(), on.as_bool()?))).collect()
}
