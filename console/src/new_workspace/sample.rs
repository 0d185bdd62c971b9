//! Sample data, with which a first workspace may start.

use hallpass_app::gate::permission::RecordPermission;
use hallpass_app::record::import::ImportLine;
use hallpass_app::record::sample;
use hallpass_app::{Error, Principal};
use hallpass_domain::id::MemberId;
use hallpass_engine::{Resource, ResourceKind};
use hallpass_web::Web;

/// The choice of sample data.
pub(super) const SAMPLE: &str = "sample";

/// The sample records of a type.
const SAMPLES: usize = 12;

/// Creates sample records of every type that the founder may create, each type by one import.
pub(super) async fn add_samples(
    web: &Web,
    principal: &Principal,
    workspace: &str,
) -> Result<(), Error> {
    let ctx = web.app.enter(principal, workspace).await?;
    let may_create = |known: &&Resource| {
        let creates = known.key_of(known.create);
        known.kind == ResourceKind::Records
            && creates.is_some_and(|key| ctx.opens(&RecordPermission::new(&known.key, key)))
    };
    let own: Vec<MemberId> = ctx.member_id().into_iter().collect();
    let types: Vec<Resource> =
        ctx.policy().resources().iter().filter(may_create).cloned().collect();
    drop(ctx);
    for resource in types {
        let line = |number| {
            let record = sample::record(&resource, number, &own);
            ImportLine { number, record }
        };
        let lines: Vec<ImportLine> = (0..SAMPLES).map(line).collect();
        let mut ctx = web.app.enter_to_write(principal, workspace).await?;
        ctx.records().import_samples(&resource.key, &lines).await?;
    }
    Ok(())
}
