//! The answer to a question: a sentence, the rule that decides, the steps, and what would change it.

use hallpass_app::access::Question;
use hallpass_app::access::explanation::{ProposedAct, Reasons};
use hallpass_app::access::rule::{DecidingRule, RuleKind};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_domain::advice::MOST_ACTS;
use hallpass_domain::id::MemberId;

use super::basis::{self, Basis, Link, Pages};
use super::words::{KnownNames, Words};
use crate::failure::Failure;
use crate::frame::{Frame, Person};
use crate::person_picture;

/// The people whom the page names beside the answer.
const NAMED: usize = 8;

/// An answer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Answer {
    pub(crate) is_allowed: bool,
    pub(crate) because: String,
    /// What kind of rule decides.
    pub(crate) kind: String,
    pub(crate) rule: Link,
    /// The team through which a profile grants it.
    pub(crate) team: Option<Link>,
    /// What the member has, each with the page where it is changed.
    pub(crate) basis: Vec<Basis>,
    pub(crate) owner_path: String,
    pub(crate) steps: Vec<String>,
    pub(crate) needs: Vec<String>,
    pub(crate) acts: Vec<Act>,
    /// Everybody who may do it, for a reader who may read members.
    pub(crate) who: Option<Who>,
    /// Which records of the type it covers, in a sentence.
    pub(crate) list: String,
}

/// An act that would allow what is denied.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub(crate) sentence: String,
    /// Some members who may do it.
    pub(crate) people: Vec<Person>,
}

/// Who may do it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Who {
    pub(crate) people: Vec<Person>,
    pub(crate) total: usize,
}

impl Answer {
    pub(super) async fn load(
        ctx: &mut WorkspaceContext,
        frame: &Frame,
        (member, question): (Option<MemberId>, &Question),
    ) -> Result<Answer, Failure> {
        let why = ctx.access().explain(member, question, MOST_ACTS).await?;
        let who =
            if ctx.opens(&ReadMembers) { Some(Who::load(ctx, question).await?) } else { None };
        let Some(subject) = member.or(ctx.member_id()) else {
            return Err(Failure::missing("member"));
        };
        let pages = Pages::load(ctx, frame, subject).await?;
        let basis = basis::list(ctx, frame, &pages, (subject, &question.resource));
        let mut answer = {
            let names = KnownNames { ctx, text: frame.text };
            let words = Words::new(ctx, frame, &names, subject);
            Answer { basis, who, ..Answer::of((ctx, frame), &words, &why, &pages) }
        };
        let named = answer.who.iter_mut().flat_map(|who| &mut who.people);
        let people = answer.acts.iter_mut().flat_map(|act| &mut act.people).chain(named);
        let people: Vec<&mut Person> = people.collect();
        person_picture::add(ctx, frame, people).await?;
        Ok(answer)
    }

    fn of(
        (ctx, frame): (&WorkspaceContext, &Frame),
        words: &Words<'_>,
        why: &Reasons,
        pages: &Pages,
    ) -> Answer {
        let team = why.rule.team.as_ref();
        let team =
            team.map(|(id, name)| Link { name: name.clone(), href: pages.team(ctx, id) });
        let told = Answer {
            is_allowed: why.allowed,
            kind: kind(frame, why.rule.kind),
            rule: Link { href: pages.rule(ctx, &why.rule), name: rule_name(frame, &why.rule) },
            team,
            acts: why.acts.iter().map(|act| Act::of(words, act)).collect(),
            ..Answer::default()
        };
        let Some(decision) = why.explanation(ctx) else {
            let (because, needs) = before_the_policy(frame, &why.rule);
            return Answer { steps: vec![because.clone()], because, needs, ..told };
        };
        Answer {
            because: words.summary(&decision),
            owner_path: words.owner_path(&decision).unwrap_or_default(),
            steps: words.steps(&decision),
            needs: words.needs(&decision),
            ..told
        }
    }

    #[cfg(test)]
    pub(crate) fn sample() -> Answer {
        let link = || Link { name: "<script>".to_owned(), href: Some("#".to_owned()) };
        let people = vec![Person::new(&1, "Ben <script>")];
        Answer {
            is_allowed: false,
            because: "<script>".to_owned(),
            kind: "Role".to_owned(),
            rule: link(),
            team: Some(link()),
            basis: vec![Basis { kind: "Role".to_owned(), links: vec![link(), link()] }],
            owner_path: "<script>".to_owned(),
            steps: vec!["<script>".to_owned()],
            needs: vec!["<script>".to_owned()],
            acts: vec![Act { sentence: "<script>".to_owned(), people: people.clone() }],
            who: Some(Who { people, total: 12 }),
            list: "<script>".to_owned(),
        }
    }
}

impl Act {
    fn of(words: &Words<'_>, act: &ProposedAct) -> Act {
        let people = act.members.iter().map(|(id, name)| Person::new(id, name));
        Act { sentence: words.proposal(act), people: people.collect() }
    }
}

impl Who {
    async fn load(ctx: &mut WorkspaceContext, question: &Question) -> Result<Who, Failure> {
        let total = ctx.access().who(question).await?.len();
        let page = ctx.access().who_page(question, None, NAMED).await?;
        let people = page.members.iter().map(|(id, name)| Person::new(id, name));
        Ok(Who { people: people.collect(), total })
    }
}

/// What decides before the policy does, and what it takes.
fn before_the_policy(frame: &Frame, rule: &DecidingRule) -> (String, Vec<String>) {
    if rule.kind == RuleKind::Claim {
        return (frame.t("why-only-unowned"), Vec::new());
    }
    let because = frame.with("why-switched-off", "resource", &rule.name);
    (because, vec![frame.with("why-switched-off-need", "resource", &rule.name)])
}

/// The name of the rule that decides.
fn rule_name(frame: &Frame, rule: &DecidingRule) -> String {
    match rule.kind {
        // The key of a member without a level, which no level has.
        RuleKind::Level if rule.id.as_deref() == Some("none") => frame.t("why-rule-none"),
        RuleKind::Role
        | RuleKind::Profile
        | RuleKind::Switch
        | RuleKind::Module
        | RuleKind::Level => rule.name.clone(),
        RuleKind::Visibility => {
            frame.word(&format!("scope_{}", rule.id.as_deref().unwrap_or_default()))
        }
        RuleKind::BillingContact => frame.t("billing-contact"),
        RuleKind::Unowned => frame.t("why-rule-unowned"),
        RuleKind::Status => frame.t("why-rule-deactivated"),
        RuleKind::Team => frame.t("why-rule-no-team"),
        RuleKind::Claim => frame.t("why-rule-claim"),
        RuleKind::Scopes => frame.t("why-rule-scopes"),
    }
}

fn kind(frame: &Frame, kind: RuleKind) -> String {
    frame.t(match kind {
        RuleKind::Role => "rule-role",
        RuleKind::Profile => "rule-profile",
        RuleKind::Level => "rule-level",
        RuleKind::Visibility => "rule-visibility",
        RuleKind::Switch => "rule-switch",
        RuleKind::BillingContact => "rule-billing-contact",
        RuleKind::Unowned => "rule-unowned",
        RuleKind::Status => "rule-status",
        RuleKind::Team => "rule-team",
        RuleKind::Module => "rule-module",
        RuleKind::Claim => "rule-claim",
        RuleKind::Scopes => "rule-scopes",
    })
}
