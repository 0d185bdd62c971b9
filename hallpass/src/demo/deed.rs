//! What people of the demo do with records: every custom action of the access model, links, and
//! handing over what somebody who left owns.

use hallpass_app::Error;
use hallpass_app::record::action::ActionInput;
use hallpass_app::record::reassignment::Reassignment;
use hallpass_app::record::{RecordQuery, SortOrder};
use hallpass_domain::id::MemberId;
use hallpass_domain::record::{Owner, Record};
use hallpass_engine::{Resource, ResourceKind};

use super::crew::Place;
use super::member_access::INACTIVE;

/// How many of the latest records of a type something happens to.
const LATEST: usize = 12;

/// Works on the latest records of each type.
pub(super) async fn work(place: &Place<'_>, members: &[MemberId]) -> Result<(), Error> {
    let types =
        place.blueprint.resources.iter().filter(|one| one.kind == ResourceKind::Records);
    for resource in types {
        let query = RecordQuery {
            order: Some(SortOrder::Newest),
            limit: LATEST,
            ..RecordQuery::default()
        };
        let page = place.enter().await?.list_records(&resource.key, &query).await?;
        for (number, record) in page.records.iter().enumerate() {
            act(place, resource, record, number, members).await?;
        }
        if let Some(record) = page.records.first() {
            place.enter().await?.share(&resource.key, record.id).await?;
        }
    }
    Ok(())
}

/// Does one of the custom actions that there are to a record, by turns.
async fn act(
    place: &Place<'_>,
    resource: &Resource,
    record: &Record,
    number: usize,
    members: &[MemberId],
) -> Result<(), Error> {
    let mut ctx = place.enter().await?;
    let allowed = ctx.allowed(resource, record);
    let named = |place: Option<usize>| {
        place.and_then(|place| resource.actions.get(place)).map(|action| action.key.as_str())
    };
    let plain = ["create", "read", "update", "delete", "claim"];
    let is_custom =
        |key: &&String| !plain.contains(&key.as_str()) && named(resource.read) != Some(key);
    let custom: Vec<&String> = allowed.iter().filter(is_custom).collect();
    let Some(action) = number.checked_rem(custom.len()).and_then(|turn| custom.get(turn))
    else {
        return Ok(());
    };
    let gives = named(resource.reassign) == Some(action.as_str());
    let to = members.get(number % 6 + 1).filter(|_| gives);
    let ask = ActionInput {
        to: to.copied().map(Owner::Member),
        text: Some("As we said on the phone.".to_owned()),
    };
    ctx.act(&resource.key, record.id, action, &ask).await.map(drop)
}

/// Hands the records of one type, of whoever is inactive, over to somebody else.
pub(super) async fn hand_over(place: &Place<'_>, members: &[MemberId]) -> Result<(), Error> {
    let types = place.blueprint.resources.iter().find(|one| one.kind == ResourceKind::Records);
    let (Some(resource), Some(from), Some(to)) = (types, members.get(INACTIVE), members.get(4))
    else {
        return Ok(());
    };
    let ask = Reassignment {
        from: Owner::Member(*from),
        to: Owner::Member(*to),
        entities: Some(vec![resource.key.clone()]),
        records: None,
    };
    place.enter().await?.reassign(&ask).await.map(drop)
}
