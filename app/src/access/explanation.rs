//! Explanations: the rule that decides, the way to the owner, and acts that would turn a denial.
//!
//! **Invariant:** an explanation names only members, teams, profiles and roles that the caller may read,
//! and what the explained member has.

use hallpass_domain::advice::{Act, Denied, Edit, switch_on};
use hallpass_domain::id::MemberId;
use hallpass_engine::{Cell, Deciding, Describe, Explanation, MemberIndex, Target};

use super::rule::{DecidingRule, RuleKind, granting, rule};
use super::{About, Access, Question, cell, no_member, no_record, target};
use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadMembers, ReadProfiles, ReadRoles, ReadTeams};
use crate::snapshot::names::DisplayNames;

/// A decision with its reasons.
#[derive(Clone, Debug)]
pub struct Reasons {
    /// Whether it is allowed.
    pub allowed: bool,
    /// The reason, in one sentence.
    pub because: String,
    /// The rule that decides it.
    pub rule: DecidingRule,
    /// The way by which the owner is reached.
    pub owner_path: Option<String>,
    /// How it was decided, step by step.
    pub steps: Vec<String>,
    /// What is missing; empty when it is allowed.
    pub would_need: Vec<String>,
    /// Acts that would allow it, the smallest first, as many as the question asked for.
    pub acts: Vec<ProposedAct>,
    /// What the policy decides, for [`explanation`](Reasons::explanation); none where another rule decides before it.
    decided: Option<(MemberIndex, Cell, Target)>,
}

impl Reasons {
    /// The decision as data, for pages, which word it in the language of their reader; none where a module is switched off, or only
    /// records without an owner can be claimed.
    #[must_use]
    pub fn explanation<'c>(&self, ctx: &'c WorkspaceContext) -> Option<Explanation<'c>> {
        let (member, cell, target) = self.decided?;
        Some(ctx.policy().explain(member, cell, target))
    }
}

/// An act that would allow what is denied.
#[derive(Clone, Debug)]
pub struct ProposedAct {
    /// The act in one sentence, with who may do it.
    pub sentence: String,
    /// The edit.
    pub edit: Edit,
    /// The names of the roles whose holders may do it, from high to low.
    pub roles: Vec<String>,
    /// Some members who may do it, by id and name, as far as the caller may read members.
    pub members: Vec<(MemberId, String)>,
}

impl Access<'_> {
    /// Answers a question about a member, with the reasons, and if it is denied with some acts that would
    /// allow it. Each act is tried, so they cost more than the answer.
    #[boxed]
    pub async fn explain(
        &mut self,
        member: Option<MemberId>,
        question: &Question,
        most_acts: usize,
    ) -> Result<Reasons, Error> {
        let (member, pass) = self.check_subject(member).await?;
        let ctx = &mut *self.0;
        let mut mentioned = vec![member];
        if let About::OwnedBy(owner) = question.about {
            mentioned.push(owner);
        }
        let cell = cell(ctx.policy(), question)?;
        let target = target(ctx, question.about).ok_or_else(no_record)?;
        let index = ctx.model().index(member).ok_or_else(no_member)?;
        let is_on = ctx.snapshot().is_on(&question.resource);
        let (questions, decisive) = decisive(ctx, index, (cell, target));
        ctx.look_up_names(&pass, mentioned).await?;
        let mut acts = Vec::new();
        let is_allowed = is_on && ctx.decides(index, cell, target);
        if !is_allowed && !questions.is_empty() && most_acts > 0 {
            let denied = Denied { member, questions: &questions };
            acts = proposals(ctx, &denied, most_acts, (&question.resource, is_on));
        }
        if !acts.is_empty() && ctx.opens(&ReadMembers) {
            let able = acts.iter().flat_map(|act| act.members.iter().copied());
            let able: Vec<MemberId> = able.collect();
            ctx.look_up_names(&pass, able).await?;
        }
        let names = ctx.display_names();
        let acts = acts.into_iter().map(|act| proposed(ctx, &names, act)).collect();
        if !is_on {
            return Ok(Reasons { acts, ..switched_off(&names, &question.resource) });
        }
        let Some((cell, target)) = decisive else { return Ok(only_unowned()) };
        let policy = names.snapshot.model.policy();
        let why = policy.explain(index, cell, target);
        let describe = Describe::new(policy, &names);
        let steps = why.steps.iter().map(|step| describe.step(&why, step));
        Ok(Reasons {
            allowed: why.allowed,
            because: describe.summary(&why),
            rule: deciding(&names, &why),
            owner_path: describe.owner_path(&why),
            steps: steps.collect(),
            would_need: describe.needs(&why),
            acts,
            decided: Some((index, cell, target)),
        })
    }
}

/// A cell and a target.
type Asked = (Cell, Target);

/// What the policy has to allow, and what of it decides: the first that is denied.
fn decisive(
    ctx: &WorkspaceContext,
    member: MemberIndex,
    (cell, target): Asked,
) -> (Vec<Asked>, Option<Asked>) {
    let questions = ctx.questions(member, cell, target);
    let denied = |(cell, target): &&Asked| !ctx.policy().decide(member, *cell, *target);
    let decisive = questions.iter().find(denied).or(questions.first()).copied();
    (questions, decisive)
}

/// Lists the acts that turn a denial and that the caller may know of.
fn proposals(
    ctx: &WorkspaceContext,
    denied: &Denied<'_>,
    most: usize,
    module: (&str, bool),
) -> Vec<Act> {
    let model = ctx.model();
    let acts = if module.1 {
        denied.acts(model, most, |edit| may_name(ctx, denied.member, edit))
    } else {
        let policy = model.policy();
        let index = model.index(denied.member);
        let is_rest_allowed = index.is_some_and(|index| {
            denied.questions.iter().all(|(cell, target)| policy.decide(index, *cell, *target))
        });
        let act = is_rest_allowed.then(|| switch_on(model, module.0)).flatten();
        act.into_iter().collect()
    };
    let reads_roles = ctx.opens(&ReadRoles);
    let is_known = |role: &String| reads_roles || model.blueprint().role(role).is_some();
    let known = acts.into_iter().map(|mut act| {
        act.roles.retain(is_known);
        act
    });
    known.filter(|act| !act.roles.is_empty()).collect()
}

/// Whether the caller may know of everything that an edit names.
fn may_name(ctx: &WorkspaceContext, member: MemberId, edit: &Edit) -> bool {
    match edit {
        Edit::Level { .. }
        | Edit::Visibility { .. }
        | Edit::Reactivate { .. }
        | Edit::Switch { .. }
        | Edit::Module { .. } => true,
        Edit::Join { member: joining, .. } => {
            ctx.opens(&ReadTeams) && ctx.known_name(*joining).is_some()
        }
        Edit::Sharing { .. } => ctx.opens(&ReadTeams),
        Edit::Profile { .. } => ctx.opens(&ReadProfiles),
        Edit::Role { role, .. } => {
            ctx.model().blueprint().role(role).is_some() || ctx.opens(&ReadRoles)
        }
        Edit::Grants { .. } => Some(member) == ctx.member_id() || ctx.opens(&ReadRoles),
        Edit::Assign { member: other, .. } | Edit::Department { other, .. } => {
            ctx.known_name(*other).is_some()
        }
    }
}

fn proposed(ctx: &WorkspaceContext, names: &DisplayNames<'_>, act: Act) -> ProposedAct {
    let snapshot = ctx.snapshot();
    let known = act.members.iter().filter(|_| ctx.opens(&ReadMembers));
    let known = known.filter_map(|id| Some((*id, ctx.known_name(*id)?.to_owned())));
    ProposedAct {
        sentence: act.sentence(&snapshot.model, names),
        roles: act.roles.iter().map(|role| snapshot.role_name(role)).collect(),
        members: known.collect(),
        edit: act.edit,
    }
}

/// The rule of an explanation, by name.
fn deciding(names: &DisplayNames<'_>, why: &Explanation<'_>) -> DecidingRule {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        format!("{}{}", first.unwrap_or_default(), letters.as_str())
    };
    match why.rule.deciding {
        Deciding::Status => rule(RuleKind::Status, None, "Deactivated".to_owned()),
        Deciding::NoTeam => rule(RuleKind::Team, None, "No team with a profile".to_owned()),
        Deciding::Visibility(visibility) => {
            let key = visibility.scope().word();
            rule(RuleKind::Visibility, Some(key), word(key))
        }
        Deciding::Level { level, .. } => {
            let name = level.map_or_else(|| "None".to_owned(), |level| level.name.clone());
            rule(RuleKind::Level, Some(level.map_or("none", |level| &level.key)), name)
        }
        Deciding::Boundary => rule(RuleKind::Scopes, None, "Scopes of the API key".to_owned()),
        Deciding::Grant(source) => granting(names, &source),
    }
}

/// The answer for a record type or module that is switched off.
fn switched_off(names: &DisplayNames<'_>, key: &str) -> Reasons {
    let resources = names.snapshot.model.policy().resources();
    let known = resources.iter().find(|known| known.key == key);
    let name = known.map_or_else(|| key.to_owned(), |known| known.name.clone());
    let because = format!("{name} is switched off in this workspace");
    Reasons {
        allowed: false,
        steps: vec![because.clone()],
        because,
        rule: DecidingRule {
            kind: RuleKind::Module,
            id: Some(key.to_owned()),
            name: name.clone(),
            team: None,
        },
        owner_path: None,
        would_need: vec![format!("{name} switched on")],
        acts: Vec::new(),
        decided: None,
    }
}

/// The answer to claiming a record that has an owner.
fn only_unowned() -> Reasons {
    let because = "the record has an owner, and only records without an owner can be claimed";
    Reasons {
        allowed: false,
        because: because.to_owned(),
        rule: DecidingRule {
            kind: RuleKind::Claim,
            id: None,
            name: "Only records without an owner can be claimed".to_owned(),
            team: None,
        },
        owner_path: None,
        steps: vec![because.to_owned()],
        would_need: Vec::new(),
        acts: Vec::new(),
        decided: None,
    }
}
