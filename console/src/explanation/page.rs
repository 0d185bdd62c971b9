//! The page that answers whether a member may do something. Every member may ask about themselves.

use askama::Template;
use hallpass_app::access::{About, Question};
use hallpass_app::context::WorkspaceContext;
use hallpass_app::gate::permission::ReadMembers;
use hallpass_domain::id::MemberId;
use hallpass_engine::ResourceKind;

use super::answer::Answer;
use super::question::Selection;
use super::record::RecordChoice;
use super::words::{KnownNames, Words};
use crate::effect::names;
use crate::failure::Failure;
use crate::form::Form;
use crate::frame::Frame;
use crate::picker::{Blank, Noun, Picker, Place};
use crate::record::kind::in_sentence;
use crate::reply::{self, Shown};
use crate::viewer::Viewer;

/// The page of a question and its answer.
#[derive(Template)]
#[template(path = "explanation/page.html")]
pub(crate) struct ExplainPage {
    pub(crate) frame: Frame,
    pub(crate) chosen: Selection,
    /// The records to choose from, for an action on records.
    pub(crate) records: Option<RecordChoice>,
    /// Their name.
    pub(crate) name: String,
    /// The choice of the explained member; none for a reader who may not read members.
    pub(crate) who: Option<Picker>,
    /// The choice of the owner, where no record is chosen.
    pub(crate) owner: Option<Picker>,
    pub(crate) groups: Vec<Group>,
    /// "update Opportunities".
    pub(crate) asked: String,
    pub(crate) answer: Option<Answer>,
    /// Which records the member sees, a sentence for each type.
    pub(crate) lists: Vec<String>,
}

/// The actions on a resource.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) name: String,
    /// `contacts:read` and "Contacts: Read".
    pub(crate) actions: Vec<(String, String)>,
}

impl ExplainPage {
    #[cfg(test)]
    pub(crate) fn sample() -> ExplainPage {
        ExplainPage {
            frame: Frame::sample(),
            chosen: Selection { record: "rec_1".to_owned(), ..Selection::default() },
            records: Some(RecordChoice::sample()),
            name: "Ben <script>".to_owned(),
            who: Some(Picker::sample()),
            owner: Some(Picker::sample()),
            groups: vec![Group {
                name: "<script>".to_owned(),
                actions: vec![("contacts:read".to_owned(), "<script>".to_owned())],
            }],
            asked: "read <script>".to_owned(),
            answer: Some(Answer::sample()),
            lists: vec!["<script>".to_owned()],
        }
    }
}

pub(crate) async fn show(viewer: Viewer) -> Shown {
    let Viewer { mut ctx, mut frame, query } = viewer;
    let resources = ctx.policy().resources();
    frame.expect(&query, "of", |key| resources.iter().any(|resource| resource.key == key));
    let chosen = Selection::read(&query)?;
    let own = ctx.member_id().ok_or_else(|| Failure::missing("member"))?;
    let subject = chosen.member.unwrap_or(own);
    let question = chosen.question(&mut ctx).await?;
    let who = who(&mut ctx, &frame, subject, &query).await?;
    let owner = owner(&mut ctx, &frame, &chosen, &query).await?;
    let name = if subject == own {
        ctx.actor_name().to_owned()
    } else {
        ctx.members().load(subject).await?.member.name()
    };
    let (mut answer, mut asked, mut lists) = (None, String::new(), Vec::new());
    if let Some(question) = &question {
        let mut found = Answer::load(&mut ctx, &frame, (chosen.member, question)).await?;
        if question.about == About::Anything && is_record_type(&ctx, &question.resource) {
            found.list = list(&mut ctx, &frame, (subject, question)).await?;
        }
        let (resource, action) = names(&ctx, &question.resource, &question.action);
        let lowered = |name: &str| in_sentence(frame.text, name);
        let (action, resource) = (lowered(&action), lowered(&resource));
        asked = text!(frame.text, "effect-action", action = action, resource = resource);
        answer = Some(found);
    } else {
        lists = self::lists(&mut ctx, &frame, subject).await?;
    }
    let page = ExplainPage {
        groups: groups(&ctx),
        records: RecordChoice::load(&mut ctx, &frame, (&chosen, query.text("find"))).await?,
        chosen,
        name,
        who,
        owner,
        asked,
        answer,
        lists,
        frame,
    };
    reply::page(&page)
}

/// The choice of the explained member.
async fn who(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    subject: MemberId,
    query: &Form,
) -> Result<Option<Picker>, Failure> {
    if !ctx.opens(&ReadMembers) {
        return Ok(None);
    }
    let (input, label) = (("f-member", "member"), frame.t("explain-who"));
    let place =
        Place::one(Noun::Members, Blank::Missing, input, label).shown_again(path(frame), "get");
    let (chosen, any) = (subject.to_string(), |_: &str| true);
    Ok(Some(Picker::of_members(ctx, frame, place, (&chosen, any), query).await?))
}

/// The choice of the owner of records; none beside a record.
async fn owner(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    chosen: &Selection,
    query: &Form,
) -> Result<Option<Picker>, Failure> {
    if !chosen.record.is_empty() {
        return Ok(None);
    }
    let (input, label) = (("f-owner", "owner"), frame.t("explain-owner"));
    let place = Place::one(Noun::Members, Blank::AnyOwner, input, label)
        .shown_again(path(frame), "get");
    if !ctx.opens(&ReadMembers) {
        return Ok(Some(Picker::of(frame, place, &[], query)));
    }
    let any = |_: &str| true;
    Ok(Some(Picker::of_members(ctx, frame, place, (&chosen.owner, any), query).await?))
}

/// The path of the page.
fn path(frame: &Frame) -> String {
    format!("{}/settings/explain", frame.base)
}

fn is_record_type(ctx: &WorkspaceContext, key: &str) -> bool {
    let known = ctx.policy().resources().iter().find(|known| known.key == key);
    known.is_some_and(|known| known.kind == ResourceKind::Records)
}

/// Every action, by resource.
fn groups(ctx: &WorkspaceContext) -> Vec<Group> {
    let group = |resource: &hallpass_engine::Resource| {
        let action = |action: &hallpass_engine::Action| {
            let (resource_name, name) = names(ctx, &resource.key, &action.key);
            let value = format!("{}:{}", resource.key, action.key);
            (value, format!("{resource_name}: {}", name.to_lowercase()))
        };
        Group {
            name: names(ctx, &resource.key, "").0,
            actions: resource.actions.iter().map(action).collect(),
        }
    };
    ctx.policy().resources().iter().map(group).collect()
}

/// Which records an action covers, in a sentence.
async fn list(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    (member, question): (MemberId, &Question),
) -> Result<String, Failure> {
    let asked = Some(member).filter(|member| ctx.member_id() != Some(*member));
    let reasons = ctx.access().explain_list(asked, question).await?;
    let resource = ctx.snapshot().record_type(&question.resource);
    let resource = resource.ok_or_else(|| Failure::missing("record type"))?;
    let is_reading = resource.key_of(resource.read) == Some(&question.action);
    let action = names(ctx, &resource.key, &question.action).1;
    let known = KnownNames { ctx, text: frame.text };
    let words = Words::new(ctx, frame, &known, member);
    Ok(words.covered(&resource, Some(&*action).filter(|_| !is_reading), &reasons))
}

/// Which records a member sees, a sentence for each type that is switched on.
async fn lists(
    ctx: &mut WorkspaceContext,
    frame: &Frame,
    member: MemberId,
) -> Result<Vec<String>, Failure> {
    let records = ctx.policy().resources().iter().filter(|known| {
        known.kind == ResourceKind::Records && ctx.snapshot().is_on(&known.key)
    });
    let questions: Vec<Question> = records
        .filter_map(|known| {
            Some(Question {
                resource: known.key.clone(),
                action: known.key_of(known.read)?.to_owned(),
                about: About::Anything,
            })
        })
        .collect();
    let mut sentences = Vec::with_capacity(questions.len());
    for question in &questions {
        sentences.push(list(ctx, frame, (member, question)).await?);
    }
    Ok(sentences)
}
