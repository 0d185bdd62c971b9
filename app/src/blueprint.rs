//! The access model of a workspace: its text, a comparison with another one, and its replacement.

pub mod misfit;
mod own;
mod replacement;
mod source;
pub mod usage;

use std::sync::Arc;

use hallpass_domain::blueprint;
use hallpass_domain::id::MemberId;
use hallpass_domain::model::Model;
use hallpass_domain::model::comparison::MemberDifference;
use hallpass_domain::refusal::Refusal;
use hallpass_engine::{Blueprint, RuleChange};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::boxed;
use crate::context::WorkspaceContext;
use crate::error::Error;
use crate::gate::permission::{ReadBlueprint, UpdateBlueprint};
use crate::gate::{Pass, Permission};
use crate::preview::{PreviewPosition, cut_page};
pub use misfit::BlueprintMisfit;
pub(crate) use own::check_may_bring;
use replacement::{comparison_id, find_compared, find_or_parse, remember, replaced, unfit};
use source::text_of;
pub use source::{BlueprintSource, read};
pub(crate) use source::{ParsedBlueprint, parse_apart};

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
                remember(ctx, &parsed.text, &model);
                list_changes(ctx, &pass, &model, (after, limit), &mut comparison).await?;
            }
            Err(misfits) => comparison.misfits = misfits,
        }
        Ok(comparison)
    }

    /// Compiles the workspace under an access model that is to replace the present one, where this server has not
    /// compared it, so that no one waits for that when it is replaced. Changes nothing.
    ///
    /// # Errors
    ///
    /// Those of the replacement.
    #[boxed]
    pub async fn prepare(
        &mut self,
        source: &BlueprintSource,
        comparison: &str,
    ) -> Result<(), Error> {
        let ctx = &mut *self.0;
        let pass = check_replacement(ctx, source, comparison).await?;
        let parsed = find_or_parse(ctx, source).await?;
        if find_compared(ctx, &parsed.text).is_some() {
            return Ok(());
        }
        let model = replaced(ctx, &pass, &parsed).await?;
        let model = model.map_err(|misfits| unfit(parsed.pointer, &misfits))?;
        remember(ctx, &parsed.text, &model);
        Ok(())
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
        let pass = check_replacement(ctx, source, comparison).await?;
        let parsed = find_or_parse(ctx, source).await?;
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

/// Checks that the caller may replace the access model, and that the other one was compared with it. What was not
/// compared is not parsed.
async fn check_replacement(
    ctx: &mut WorkspaceContext,
    source: &BlueprintSource,
    comparison: &str,
) -> Result<Pass<UpdateBlueprint>, Error> {
    let pass = ctx.check(UpdateBlueprint).await?;
    check_top_role(ctx)?;
    let (_, text) = text_of(source)?;
    own::check_entrant(ctx, &pass, !blueprint::SHIPPED.contains(&text.as_str())).await?;
    if comparison != comparison_id(ctx, &text) {
        return Err(Refusal::ComparisonOutdated.into());
    }
    Ok(pass)
}

/// An access model decides everything, so it takes the top role to replace it.
fn check_top_role(ctx: &WorkspaceContext) -> Result<(), Refusal> {
    let Some(member) = ctx.member_id() else { return Ok(()) };
    let Some(top) = ctx.model().blueprint().top_role() else { return Ok(()) };
    let holds = ctx.model().member(member).is_some_and(|known| known.role == top.key);
    if holds { Ok(()) } else { Err(Refusal::TopRoleOnly { role: top.name.clone() }) }
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
