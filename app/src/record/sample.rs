//! Sample records, to look around with: plausible values for every type of field.

use hallpass_domain::id::MemberId;
use hallpass_engine::{Field, FieldType, Resource};
use serde_json::{Map, Value, json};

use super::change::NewRecord;
use crate::naming::OwnerRef;

const FIRST: [&str; 16] = [
    "Amara", "Bruno", "Chiara", "Dmitri", "Esther", "Felix", "Grace", "Henrik", "Ines",
    "Jonas", "Katya", "Liam", "Mei", "Noah", "Olga", "Pablo",
];

const LAST: [&str; 13] = [
    "Andersson",
    "Bianchi",
    "Costa",
    "Dupont",
    "Eriksen",
    "Fischer",
    "García",
    "Huber",
    "Ito",
    "Jansen",
    "Kowalski",
    "López",
    "Meier",
];

const COMPANIES: [&str; 14] = [
    "Alpenglow Foods",
    "Bluefin Logistics",
    "Cobalt Robotics",
    "Driftwood Hotels",
    "Eastbank Media",
    "Foxglove Pharma",
    "Granite Insurance",
    "Harbour Coffee",
    "Ironwood Energy",
    "Juniper Health",
    "Kestrel Aviation",
    "Lumen Optics",
    "Meridian Bank",
    "Northwind Textiles",
];

const SUBJECTS: [&str; 18] = [
    "Renewal for next year",
    "Question about the invoice",
    "Onboarding of the new site",
    "Price list in two currencies",
    "Delivery came late",
    "Demo for the board",
    "Contract with changes",
    "Access for the auditors",
    "Upgrade to the larger plan",
    "Return of three items",
    "Feedback after the pilot",
    "Data protection agreement",
    "Second offer",
    "Call back on Thursday",
    "Import of the old customers",
    "Report for the quarter",
    "Broken link in the newsletter",
    "Training for the service team",
];

const CITIES: [&str; 6] = ["Zurich", "Lisbon", "Oslo", "Lyon", "Kraków", "Room 3"];

const INDUSTRIES: [&str; 6] =
    ["Food", "Logistics", "Hospitality", "Media", "Insurance", "Energy"];

/// The record of a number, which determines its fields, owner and stage.
#[must_use]
pub fn record(resource: &Resource, number: usize, owners: &[MemberId]) -> NewRecord {
    let stage = pick(&resource.stages, number * 7 / 3).map(|stage| stage.key.clone());
    let owner = match (number % 12, pick(owners, number * 5 / 2)) {
        (0, _) | (_, None) => OwnerRef::Unowned,
        (_, Some(member)) => OwnerRef::Member(*member),
    };
    NewRecord { fields: fields(resource, number), owner: Some(owner), stage }
}

fn fields(resource: &Resource, number: usize) -> Map<String, Value> {
    let holds = |kind| resource.fields.iter().any(|field| field.holds == kind);
    let main = match (holds(FieldType::Email), holds(FieldType::Link), holds(FieldType::Money))
    {
        (true, _, _) => person(number),
        (_, true, _) => company(number),
        (_, _, true) => format!("{}: {}", company(number), subject(number)),
        (false, false, false) => subject(number),
    };
    let is_given = |(index, field): &(usize, &Field)| {
        field.required || !(number + index).is_multiple_of(5)
    };
    let given = resource.fields.iter().enumerate().filter(is_given);
    let value = |(index, field): (usize, &Field)| {
        let value = if index == 0 && field.holds == FieldType::Text && field.key != "number" {
            json!(main)
        } else {
            value(field, number)
        };
        (field.key.clone(), value)
    };
    given.map(value).collect()
}

fn value(field: &Field, number: usize) -> Value {
    let day = format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
    match field.holds {
        FieldType::Text => json!(text(&field.key, number)),
        FieldType::LongText => json!(format!(
            "{} for {}. {} will look into it.",
            subject(number),
            company(number + 3),
            person(number + 1)
        )),
        FieldType::Number => json!(number % 97),
        FieldType::Money => json!((number % 40 + 1) * 1_250),
        FieldType::Date => json!(day),
        FieldType::Time => json!(format!("{day}T{:02}:30:00Z", number % 9 + 8)),
        FieldType::Email => {
            json!(format!("{}.{number}@example.com", word(&FIRST, number).to_lowercase()))
        }
        FieldType::Phone => {
            json!(format!("+41 44 {:03} {:02} 18", number % 900 + 100, number % 90 + 10))
        }
        FieldType::Link => {
            let host = company(number).to_lowercase().replace(' ', "-");
            json!(format!("https://{host}.example"))
        }
        FieldType::Choice => json!(pick(&field.options, number).map(|option| &option.key)),
        FieldType::Check => json!(number.is_multiple_of(3)),
    }
}

fn text(key: &str, number: usize) -> String {
    match key {
        "company" | "account" | "customer" => company(number),
        "contact" | "person" | "author" => person(number),
        "place" | "city" => word(&CITIES, number).to_owned(),
        "industry" => word(&INDUSTRIES, number).to_owned(),
        "number" => format!("2026-{number:04}"),
        _ => subject(number),
    }
}

fn person(number: usize) -> String {
    format!("{} {}", word(&FIRST, number), word(&LAST, number))
}

fn company(number: usize) -> String {
    word(&COMPANIES, number * 3 + number / 14).to_owned()
}

fn subject(number: usize) -> String {
    word(&SUBJECTS, number * 5 + number / 18).to_owned()
}

fn word(words: &[&'static str], number: usize) -> &'static str {
    pick(words, number).copied().unwrap_or_default()
}

fn pick<T>(items: &[T], number: usize) -> Option<&T> {
    number.checked_rem(items.len()).and_then(|index| items.get(index))
}
