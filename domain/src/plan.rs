//! Plans: what an operator sells, in an order, and what each opens.

use hallpass_engine::PlanGate;

use crate::refusal::Refusal;

/// A plan that a workspace can be on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The word in the API and in blueprints.
    pub key: String,
    /// The name that people see.
    pub name: String,
    /// What it includes, such as `sso`; a plan includes what smaller ones do.
    pub entitlements: Vec<String>,
}

/// What an operator sells, the smallest plan first, and what an access model gates by it.
#[derive(Clone, Copy, Debug)]
pub struct Offer<'o> {
    /// The plans, the smallest first.
    pub plans: &'o [Plan],
    /// What the access model opens from some plan on; what it does not name needs no plan.
    pub gates: &'o [PlanGate],
}

impl<'o> Offer<'o> {
    /// The plan of a key; the smallest for none, and for one that is not sold any more.
    #[must_use]
    pub fn plan(&self, key: Option<&str>) -> Option<&'o Plan> {
        self.plans.get(self.rank(key))
    }

    /// The position of a plan, from the smallest; that of the smallest for an unknown one.
    #[must_use]
    pub fn rank(&self, key: Option<&str>) -> usize {
        self.plans.iter().position(|plan| Some(plan.key.as_str()) == key).unwrap_or(0)
    }

    /// The position of the smallest plan that has what a gate is about: the one that the access
    /// model names, or, where that is not sold, the first that includes it.
    fn from(&self, gate: &PlanGate) -> Option<usize> {
        let named = self.plans.iter().position(|plan| plan.key == gate.from);
        let includes = |plan: &Plan| plan.entitlements.contains(&gate.entitlement);
        named.or_else(|| self.plans.iter().position(includes))
    }

    /// Whether a workspace on a plan has something.
    ///
    /// # Errors
    ///
    /// `PlanNeeded`, with the smallest plan that has it.
    pub fn check(&self, plan: Option<&str>, entitlement: &str) -> Result<(), Refusal> {
        let gate = self.gates.iter().find(|gate| gate.entitlement == entitlement);
        let Some(gate) = gate else { return Ok(()) };
        let from = self.from(gate);
        if from.is_some_and(|from| self.rank(plan) >= from) {
            return Ok(());
        }
        let plan = from.and_then(|from| self.plans.get(from));
        let plan = plan.map_or_else(|| gate.from.clone(), |plan| plan.name.clone());
        Err(Refusal::PlanNeeded { entitlement: entitlement.to_owned(), plan })
    }

    /// Everything that the access model gates, with whether a workspace on a plan has it, and the
    /// smallest plan that does.
    #[must_use]
    pub fn entitlements(&self, plan: Option<&str>) -> Vec<Entitlement> {
        let gates = self.gates.iter();
        gates
            .map(|gate| Entitlement {
                key: gate.entitlement.clone(),
                is_included: self.check(plan, &gate.entitlement).is_ok(),
                from: self.from(gate).and_then(|from| self.plans.get(from)).cloned(),
            })
            .collect()
    }
}

/// Something that needs a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entitlement {
    /// What it is: `sso`.
    pub key: String,
    /// Whether the workspace has it.
    pub is_included: bool,
    /// The smallest plan that has it; none when it is not sold.
    pub from: Option<Plan>,
}

#[cfg(test)]
mod tests;
