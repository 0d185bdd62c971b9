//! The workspace under another access model: compiled once for each comparison, and what does not fit it.

use std::sync::Arc;

use hallpass_domain::misfit::Misfit;
use hallpass_domain::model::Model;
use hallpass_domain::refusal::{FieldError, Refusal};
use hallpass_engine::{Resource, ResourceKind};
use sha2::{Digest, Sha256};

use super::misfit::BlueprintMisfit;
use super::source::{BlueprintSource, ParsedBlueprint, parse_apart, text_of};
use crate::compute::{FEW, apart};
use crate::context::WorkspaceContext;
use crate::entity::{find_replaced, list_keys_with_other_scopes};
use crate::error::Error;
use crate::gate::permission::ReadApiKeys;
use crate::gate::{Pass, Permission};
use crate::invitation::misfit as of_invitation;
use crate::snapshot::Snapshot;

/// Names a text and the workspace at its present revision.
pub(super) fn comparison_id(ctx: &WorkspaceContext, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(ctx.workspace_id().to_string());
    hash.update(ctx.snapshot().revision.to_be_bytes());
    hash.update(text);
    data_encoding::HEXLOWER.encode(&hash.finalize())
}

/// The access model that a request means. One that was compared is parsed already.
pub(super) async fn find_or_parse(
    ctx: &mut WorkspaceContext,
    source: &BlueprintSource,
) -> Result<ParsedBlueprint, Error> {
    let (pointer, text) = text_of(source)?;
    match find_compared(ctx, &text) {
        Some(compared) => {
            let blueprint = Arc::clone(compared.blueprint());
            Ok(ParsedBlueprint { text, blueprint, pointer })
        }
        None => parse_apart(&ctx.app, ctx.workspace_id(), source).await,
    }
}

/// Remembers the workspace under an access model that was compared, at its present revision.
pub(super) fn remember(ctx: &WorkspaceContext, text: &str, model: &Model) {
    let compared = Snapshot { model: model.clone(), ..ctx.snapshot().clone() };
    ctx.app.snapshots().insert_compared(comparison_id(ctx, text), compared);
}

/// The workspace under an access model that was compared at its present revision, where this server remembers it.
pub(super) fn find_compared(ctx: &WorkspaceContext, text: &str) -> Option<Arc<Snapshot>> {
    ctx.app.snapshots().find_compared(ctx.workspace_id(), &comparison_id(ctx, text))
}

/// The workspace under another access model, or everything that does not fit it.
pub(super) async fn replaced(
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
    if let Some(compared) = find_compared(ctx, &parsed.text) {
        return Ok(compared.model.clone());
    }
    ctx.app.snapshots().count_compilation();
    let added = ctx.snapshot().entities.iter().filter(|entity| entity.is_added);
    let added = added.map(|entity| entity.entity.clone()).collect();
    let compile = || ctx.model().with_blueprint(&parsed.blueprint, added);
    if ctx.model().count_members() <= FEW { compile() } else { apart(compile) }
}

/// The refusal of an access model that does not fit.
pub(super) fn unfit(pointer: &str, misfits: &[BlueprintMisfit]) -> Refusal {
    let error = |detail: String| FieldError::new(pointer, "unfit", detail);
    let sentences = misfits.iter().flat_map(BlueprintMisfit::sentences);
    Refusal::Fields(sentences.map(error).collect())
}
