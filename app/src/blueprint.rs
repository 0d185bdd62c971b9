//! The access model of a workspace: its text, a comparison with another one, and its replacement.

pub mod misfit;
mod own;
pub mod usage;

use std::sync::Arc;

use hallpass_domain::blueprint;
use hallpass_domain::id::{MemberId, WorkspaceId};
use hallpass_domain::misfit::Misfit;
use hallpass_domain::model::Model;
use hallpass_domain::model::comparison::MemberDifference;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Blueprint, Resource, ResourceKind, RuleChange};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::boxed;
use crate::compute::{FEW, SHORT_MODEL, apart};
use crate::context::WorkspaceContext;
use crate::entity::{find_replaced, list_keys_with_other_scopes};
use crate::error::Error;
use crate::gate::permission::{ReadApiKeys, ReadBlueprint, UpdateBlueprint};
use crate::gate::{Pass, Permission};
use crate::invitation::misfit as of_invitation;
use crate::preview::{PreviewPosition, cut_page};
use crate::snapshot::Snapshot;
pub use misfit::BlueprintMisfit;
pub(crate) use own::check_may_bring;

/// Which access model is meant; the fields exclude each other.
#[derive(Clone, Debug, Default)]
pub struct BlueprintSource {
    /// The id of a shipped blueprint.
    pub id: Option<String>,
    /// The text of a blueprint of one's own.
    pub text: Option<String>,
}

/// The access model of a workspace.
#[derive(Clone, Debug)]
pub struct BlueprintText {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The text (TOML).
    pub text: String,
    /// Whether the server ships another version of it.
    pub has_upgrade: bool,
}

/// The access model of a workspace, compared with another one.
#[derive(Clone, Debug)]
pub struct BlueprintComparison {
    /// What was compared: the other text, and the workspace at its present revision.
    pub id: String,
    /// The id of the other access model.
    pub blueprint: String,
    /// What in the workspace does not fit the other access model; then it cannot replace the present
    /// one.
    pub misfits: Vec<BlueprintMisfit>,
    /// The rules that differ and that no permission of a member shows, such as who gives a role; on the
    /// first page.
    pub rules: Vec<RuleChange>,
    /// How many members gain or lose anything.
    pub members: usize,
    /// What the members of this page gain and lose, the largest change first.
    pub changes: Vec<AccessChange>,
    /// The place of the last member of this page; none if there are no more.
    pub next: Option<PreviewPosition>,
}

/// What a member gains or loses.
#[derive(Clone, Debug)]
pub struct AccessChange {
    /// The member.
    pub member: MemberId,
    /// Their name.
    pub name: String,
    /// The key of the resource, or the name of an area.
    pub resource: String,
    /// The key of the action, or the verb.
    pub action: String,
    /// The reach at present.
    pub before: String,
    /// The reach with the other access model.
    pub after: String,
}

/// A valid access model, with the pointer to it in the request.
pub(crate) struct ParsedBlueprint {
    pub(crate) text: String,
    pub(crate) blueprint: Arc<Blueprint>,
    pointer: &'static str,
}

impl ParsedBlueprint {
    /// Whether it does not ship with the server.
    pub(crate) fn is_own(&self) -> bool {
        blueprint::find(&self.blueprint.id).is_none()
    }
}

/// The access model of the workspace of a context.
pub struct WorkspaceBlueprint<'c>(pub(crate) &'c mut WorkspaceContext);

impl WorkspaceBlueprint<'_> {
    /// Loads the access model with its text.
    #[boxed]
    pub async fn load(&mut self) -> Result<BlueprintText, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadBlueprint).await?;
        let text = ctx.read(&pass)?.blueprint_text().await?;
        Ok(details(ctx, text))
    }

    /// Compares the access model with another one: what does not fit, and who gains and loses what, a
    /// page of members at a time. `NotSelfServe` for an own access model, where the server takes none.
    #[boxed]
    pub async fn compare(
        &mut self,
        source: &BlueprintSource,
        after: Option<PreviewPosition>,
        limit: usize,
    ) -> Result<BlueprintComparison, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(ReadBlueprint).await?;
        let parsed = parse_apart(&ctx.app, ctx.workspace_id(), source).await?;
        own::check_entrant(ctx, &pass, parsed.is_own()).await?;
        let replaced = replaced(ctx, &pass, &parsed).await?;
        let mut comparison = BlueprintComparison {
            id: comparison_id(ctx, &parsed.text),
            blueprint: parsed.blueprint.id.clone(),
            misfits: Vec::new(),
            rules: match after {
                None => ctx.model().blueprint().compare_rules(&parsed.blueprint),
                Some(_) => Vec::new(),
            },
            members: 0,
            changes: Vec::new(),
            next: None,
        };
        match replaced {
            Ok(model) => {
                let compared = Snapshot { model: model.clone(), ..ctx.snapshot().clone() };
                ctx.app.snapshots().insert_compared(comparison.id.clone(), compared);
                list_changes(ctx, &pass, &model, (after, limit), &mut comparison).await?;
            }
            Err(misfits) => comparison.misfits = misfits,
        }
        Ok(comparison)
    }

    /// Replaces the access model, all or nothing, by one that was compared with it.
    ///
    /// # Errors
    ///
    /// `TopRoleOnly` for members without the top role; `ComparisonOutdated` when the text is not the one
    /// that was compared, or the workspace has changed since; `Fields` with all that does not fit;
    /// `NotSelfServe` for an own access model, where the server takes none.
    #[boxed]
    pub async fn replace(
        &mut self,
        source: &BlueprintSource,
        comparison: &str,
    ) -> Result<BlueprintText, Error> {
        let ctx = &mut *self.0;
        let pass = ctx.check(UpdateBlueprint).await?;
        check_top_role(ctx)?;
        let (_, text) = text_of(source)?;
        own::check_entrant(ctx, &pass, !blueprint::SHIPPED.contains(&text.as_str())).await?;
        // What was not compared is not parsed while others wait to write.
        if comparison != comparison_id(ctx, &text) {
            return Err(Refusal::ComparisonOutdated.into());
        }
        let parsed = parse_apart(&ctx.app, ctx.workspace_id(), source).await?;
        let model = replaced(ctx, &pass, &parsed).await?;
        let model = model.map_err(|misfits| unfit(parsed.pointer, &misfits))?;
        let before = ctx.read(&pass)?.blueprint_text().await?;
        let switches = ctx.snapshot().workspace.settings.get("switches");
        let was = json!({"blueprint": ctx.model().blueprint().id, "text": before,
            "switches": switches.cloned().unwrap_or_else(|| json!({}))});
        let hash = Sha256::digest(parsed.text.as_bytes()).to_vec();
        let names = (parsed.blueprint.id.as_str(), parsed.text.as_str());
        ctx.set_model(model);
        let next = ctx.snapshot_mut();
        next.workspace.blueprint_hash.clone_from(&hash);
        forget_switches(next.workspace.settings.get_mut("switches"), &parsed.blueprint);
        let settings = next.workspace.settings.clone();
        let switches = settings.get("switches").cloned().unwrap_or_else(|| json!({}));
        let is = json!({"blueprint": parsed.blueprint.id, "text": parsed.text,
            "switches": switches});
        ctx.tx(&pass)?.update_blueprint(names, &hash).await?;
        ctx.tx(&pass)?.update_settings(&settings).await?;
        let id = ctx.workspace_id();
        ctx.record_audit(&pass, "blueprint.replace", id, &was, &is).await?;
        ctx.commit(&pass).await?;
        Ok(details(ctx, parsed.text))
    }
}

/// Reads the access model that a request means, and changes nothing.
///
/// # Errors
///
/// `Fields` with every mistake, each with its line.
pub fn read(source: &BlueprintSource) -> Result<Arc<Blueprint>, Refusal> {
    parse(source).map(|parsed| parsed.blueprint)
}

/// Parses the access model that a request means, like [`parse`]. A long text keeps no other request waiting.
pub(crate) async fn parse_apart(
    app: &App,
    workspace: WorkspaceId,
    source: &BlueprintSource,
) -> Result<ParsedBlueprint, Error> {
    if source.text.as_ref().is_none_or(|text| text.len() <= SHORT_MODEL) {
        return Ok(parse(source)?);
    }
    Ok(app.computations().run(workspace, || parse(source)).await??)
}

/// The text that a request means, with the pointer to it: by default that of the first that ships.
fn text_of(source: &BlueprintSource) -> Result<(&'static str, String), Refusal> {
    Ok(match (&source.text, &source.id) {
        (Some(_), Some(_)) => {
            let detail = "name a blueprint or send one, not both";
            return Err(Refusal::field("/blueprint_text", "ambiguous", detail));
        }
        (Some(text), None) => ("/blueprint_text", text.clone()),
        (None, Some(id)) => {
            let found = blueprint::find(id).ok_or_else(|| {
                let known = blueprint::ids();
                let error =
                    FieldError::unknown("/blueprint", "unknown", ("blueprint", id), known);
                Refusal::Fields(vec![error])
            })?;
            ("/blueprint", found.to_owned())
        }
        (None, None) => {
            let first = blueprint::SHIPPED.first().map(|text| (*text).to_owned());
            ("/blueprint", first.unwrap_or_default())
        }
    })
}

/// Parses the access model that a request means. The ids of shipped access models are reserved for their
/// texts.
pub(crate) fn parse(source: &BlueprintSource) -> Result<ParsedBlueprint, Refusal> {
    let (pointer, text) = text_of(source)?;
    let parsed = Blueprint::parse(&text).map_err(|mistakes| {
        let each = mistakes.0.iter().map(|mistake| {
            FieldError::new("/blueprint_text", "bad_blueprint", mistake.to_string())
        });
        Refusal::Fields(each.collect())
    })?;
    if blueprint::find(&parsed.id).is_some_and(|shipped| shipped != text) {
        let detail = format!(
            "the id `{}` is reserved for a blueprint that ships with the server; choose another",
            parsed.id
        );
        return Err(Refusal::field(pointer, "reserved_id", detail));
    }
    Ok(ParsedBlueprint { text, blueprint: Arc::new(parsed), pointer })
}

fn details(ctx: &WorkspaceContext, text: String) -> BlueprintText {
    let blueprint = ctx.model().blueprint();
    let shipped = blueprint::find(&blueprint.id);
    BlueprintText {
        id: blueprint.id.clone(),
        name: blueprint.name.clone(),
        has_upgrade: shipped.is_some_and(|shipped| shipped != text),
        text,
    }
}

/// An access model decides everything, so it takes the top role to replace it.
fn check_top_role(ctx: &WorkspaceContext) -> Result<(), Refusal> {
    let Some(member) = ctx.member_id() else { return Ok(()) };
    let Some(top) = ctx.model().blueprint().top_role() else { return Ok(()) };
    let holds = ctx.model().member(member).is_some_and(|known| known.role == top.key);
    if holds { Ok(()) } else { Err(Refusal::TopRoleOnly { role: top.name.clone() }) }
}

/// Names a text and the workspace at its present revision.
fn comparison_id(ctx: &WorkspaceContext, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(ctx.workspace_id().to_string());
    hash.update(ctx.snapshot().revision.to_be_bytes());
    hash.update(text);
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// The workspace under another access model, or everything that does not fit it.
async fn replaced(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    parsed: &ParsedBlueprint,
) -> Result<Result<Model, Vec<BlueprintMisfit>>, Error> {
    let model = match compiled_with(ctx, parsed) {
        Ok(model) => model,
        Err(found) => return Ok(Err(found.into_iter().map(BlueprintMisfit::Model).collect())),
    };
    let mut misfits = Vec::new();
    let mut next = ctx.snapshot().clone();
    next.model = model;
    let before = ctx.policy().resources().iter();
    let records: Vec<String> = before
        .filter(|known| known.kind == ResourceKind::Records)
        .map(|known| known.key.clone())
        .collect();
    for key in records {
        let Some(before) = ctx.snapshot().record_type(&key) else { continue };
        let after = next.record_type(&key);
        let lost = find_replaced(ctx, pass, &before, after.as_ref()).await?;
        misfits.extend(lost.map(BlueprintMisfit::Lost));
    }
    let changed = ctx.model().changed_kinds(&parsed.blueprint);
    let changed: Vec<String> = changed.map(str::to_owned).collect();
    let resources = next.model.policy().resources().iter();
    let same: Vec<Resource> =
        resources.filter(|known| !changed.contains(&known.key)).cloned().collect();
    let present = ctx.policy().resources().to_vec();
    for name in list_keys_with_other_scopes(ctx, pass, (&present, &same)).await? {
        let name = Some(name).filter(|_| ctx.opens(&ReadApiKeys));
        misfits.push(BlueprintMisfit::ApiKey { name });
    }
    let invitations = ctx.read(pass)?.invitations().list_pending().await?;
    let found =
        invitations.iter().filter_map(|one| of_invitation(ctx, (&next.model, &changed), one));
    misfits.extend(found.map(BlueprintMisfit::Invitation));
    Ok(if misfits.is_empty() { Ok(next.model) } else { Err(misfits) })
}

/// The model of the workspace under another access model. What was compared is compiled already, so that no one
/// waits for that when it is replaced.
fn compiled_with(
    ctx: &WorkspaceContext,
    parsed: &ParsedBlueprint,
) -> Result<Model, Vec<Misfit>> {
    let snapshots = ctx.app.snapshots();
    let id = comparison_id(ctx, &parsed.text);
    if let Some(compared) = snapshots.find_compared(ctx.workspace_id(), &id) {
        return Ok(compared.model.clone());
    }
    snapshots.count_compilation();
    let added = ctx.snapshot().entities.iter().filter(|entity| entity.is_added);
    let added = added.map(|entity| entity.entity.clone()).collect();
    let compile = || ctx.model().with_blueprint(&parsed.blueprint, added);
    if ctx.model().count_members() <= FEW { compile() } else { apart(compile) }
}

/// The refusal of an access model that does not fit.
fn unfit(pointer: &str, misfits: &[BlueprintMisfit]) -> Refusal {
    let error = |detail: String| FieldError::new(pointer, "unfit", detail);
    let sentences = misfits.iter().flat_map(BlueprintMisfit::sentences);
    Refusal::Fields(sentences.map(error).collect())
}

async fn list_changes(
    ctx: &mut WorkspaceContext,
    pass: &Pass<impl Permission>,
    model: &Model,
    (after, limit): (Option<PreviewPosition>, usize),
    comparison: &mut BlueprintComparison,
) -> Result<(), Error> {
    let mut effect = ctx.effect();
    Arc::make_mut(&mut effect.after).model = model.clone();
    let mut differences = effect.compare()?.differences;
    ctx.retain_visible(&mut differences);
    comparison.members = differences.len();
    if cut_page(&mut differences, after, limit) {
        comparison.next = differences.last().map(|last| (last.changes.len(), last.member));
    }
    ctx.look_up_names(pass, differences.iter().map(|one| one.member)).await?;
    for MemberDifference { member, changes } in differences {
        let name = ctx.known_name(member).map_or_else(|| member.to_string(), str::to_owned);
        comparison.changes.extend(changes.into_iter().map(|change| AccessChange {
            member,
            name: name.clone(),
            resource: change.resource,
            action: change.action,
            before: change.before.reach.to_string(),
            after: change.after.reach.to_string(),
        }));
    }
    Ok(())
}

/// Removes the settings of switches that an access model does not have.
fn forget_switches(settings: Option<&mut serde_json::Value>, blueprint: &Blueprint) {
    let Some(settings) = settings.and_then(serde_json::Value::as_object_mut) else { return };
    settings.retain(|key, _| blueprint.switches.iter().any(|switch| switch.key == *key));
}
