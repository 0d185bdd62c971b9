//! Casbin, in its fastest form here: one enforcer for each entity and action.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use casbin::{
    CoreApi, DefaultModel, Enforcer, MgmtApi, RoleManager,
    function_map::OperatorFunction,
    rhai::{Dynamic, ImmutableString},
};
use tokio::runtime::{Builder, Runtime};

use crate::{
    measure::now,
    peer::{Peer, Question, pinned_version},
    slices::Slices,
    workload::{Cell, UNOWNED, Workload},
};

/// The enforcers and their requests.
pub(crate) struct Casbin {
    enforcers: Slices<Enforcer>,
    groups: Dynamic,
    requests: Vec<(usize, Vec<Dynamic>)>,
    loading: Duration,
}

impl Casbin {
    /// Builds the enforcers and links every member to their grants.
    pub(crate) fn load(workload: &Workload) -> Result<Self, String> {
        let start = now();
        let runtime =
            Builder::new_current_thread().build().map_err(|error| error.to_string())?;
        let mut roles = None;
        let enforcers = Slices::build(&workload.cells, |cell| {
            let mut enforcer = enforcer(&runtime, cell).map_err(|error| error.to_string())?;
            let roles = roles.get_or_insert_with(|| enforcer.get_role_manager());
            let shared = enforcer.set_role_manager(Arc::clone(roles));
            shared.map_err(|error| error.to_string())?;
            Ok(enforcer)
        })?;
        if let Some(roles) = roles {
            link(&mut *roles.write(), workload);
        }
        let groups = Dynamic::from(Arc::new(OwnerGroups::new(workload)));
        Ok(Self { enforcers, groups, requests: Vec::new(), loading: start.elapsed() })
    }

    fn request(&self, question: &Question) -> Result<(usize, Vec<Dynamic>), String> {
        let owner = question.owner.as_deref().unwrap_or(UNOWNED);
        let member = Dynamic::from(question.member.clone());
        let values = vec![self.groups.clone(), member, Dynamic::from(owner.to_owned())];
        Ok((self.enforcers.index(&question.cell())?, values))
    }
}

impl Peer for Casbin {
    fn name(&self) -> &'static str {
        "Casbin-rs"
    }

    fn version(&self) -> &'static str {
        pinned_version("casbin")
    }

    fn idiom(&self) -> &'static str {
        "one enforcer of one row per entity and action, one role manager for all, \
         owner groups by a function, prebuilt requests"
    }

    fn loading(&self) -> Duration {
        self.loading
    }

    fn prepare(&mut self, questions: &[Question]) -> Result<(), String> {
        self.requests =
            questions.iter().map(|one| self.request(one)).collect::<Result<_, _>>()?;
        Ok(())
    }

    fn decide(&mut self, index: usize) -> bool {
        let Some((slice, values)) = self.requests.get(index) else { return false };
        let Some(enforcer) = self.enforcers.at(*slice) else { return false };
        enforcer.enforce(values.clone()).is_ok_and(|allowed| allowed)
    }
}

fn enforcer(runtime: &Runtime, cell: &Cell) -> casbin::Result<Enforcer> {
    runtime.block_on(async {
        let model = DefaultModel::from_str(include_str!("../policies/slice.conf")).await?;
        let mut enforcer = Enforcer::new_raw(model, ()).await?;
        enforcer.enable_auto_save(false);
        // The links are written to the shared role manager, once for all enforcers.
        enforcer.enable_auto_build_role_links(false);
        enforcer.add_function("shares", OperatorFunction::Arg4(shares));
        enforcer.add_policy(vec![cell.to_string()]).await?;
        Ok(enforcer)
    })
}

fn link(roles: &mut dyn RoleManager, workload: &Workload) {
    for cell in &workload.cells {
        for member in &workload.members {
            // Every member has a link: for an unknown name the role manager walks its whole graph.
            let grant = match member.reach.get(cell) {
                Some(reach) if reach.everyone => "everyone",
                Some(reach) if reach.own => "own",
                _ => "none",
            };
            roles.add_link(&member.id, grant, Some(&cell.to_string()));
        }
    }
}

/// The groups, which a role manager cannot join: which ones a member reaches, and an owner is in.
struct OwnerGroups {
    reached: HashMap<String, HashMap<String, Vec<String>>>,
    of_owner: HashMap<String, HashSet<String>>,
}

impl OwnerGroups {
    fn new(workload: &Workload) -> Self {
        let mut reached: HashMap<String, HashMap<String, Vec<String>>> = HashMap::new();
        let unowned = (UNOWNED.to_owned(), HashSet::from([UNOWNED.to_owned()]));
        let mut of_owner = HashMap::from([unowned]);
        for member in &workload.members {
            let groups = member.groups.iter().map(ToString::to_string).collect();
            of_owner.insert(member.id.clone(), groups);
            let reaching = member.reach.iter().filter(|(_, reach)| !reach.groups.is_empty());
            for (cell, reach) in reaching {
                let groups = reach.groups.iter().map(ToString::to_string).collect();
                reached.entry(cell.to_string()).or_default().insert(member.id.clone(), groups);
            }
        }
        Self { reached, of_owner }
    }

    fn shares(&self, cell: &str, member: &str, owner: &str) -> bool {
        let reached = self.reached.get(cell).and_then(|members| members.get(member));
        let Some(of_owner) = self.of_owner.get(owner) else { return false };
        reached.is_some_and(|groups| groups.iter().any(|group| of_owner.contains(group)))
    }
}

/// The function of the matcher. Casbin takes no closures, so the groups come with the request.
#[expect(clippy::needless_pass_by_value, reason = "Casbin prescribes the signature")]
fn shares(groups: Dynamic, cell: Dynamic, member: Dynamic, owner: Dynamic) -> Dynamic {
    let text = |value: &Dynamic| value.read_lock::<ImmutableString>().map(|text| text.clone());
    let answer = || {
        let groups = groups.read_lock::<Arc<OwnerGroups>>()?;
        Some(groups.shares(&text(&cell)?, &text(&member)?, &text(&owner)?))
    };
    Dynamic::from(answer().unwrap_or(false))
}
