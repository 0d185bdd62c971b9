//! The values of the fields of a record: plausible ones for every type of field.

use hallpass_domain::text::search_key;
use hallpass_domain::time::{Span, Timestamp};
use hallpass_engine::{Field, FieldType, Resource};
use serde_json::{Map, Value, json};

use super::rng::Rng;
use super::words::{PersonName, Words, word};

/// What the fields of a record agree on.
struct Story {
    number: u64,
    at: Timestamp,
    person: PersonName,
    company: String,
    subject: String,
}

/// The values of the record with a number that was created at a time.
pub(super) fn fields(
    resource: &Resource,
    words: &Words,
    (number, at): (u64, Timestamp),
    rng: &mut Rng,
) -> Map<String, Value> {
    let story = Story {
        number,
        at,
        person: words.person(rng),
        company: words.company(rng),
        subject: word(rng, &words.subjects).to_owned(),
    };
    let main = story.title(resource);
    let mut fields = Map::new();
    for (place, field) in resource.fields.iter().enumerate() {
        // One value of eight is missing.
        if !field.required && place > 0 && rng.below(8) == 0 {
            continue;
        }
        let is_title = place == 0 && field.holds == FieldType::Text && field.key != "number";
        let value =
            if is_title { Value::String(main.clone()) } else { story.value(field, words, rng) };
        fields.insert(field.key.clone(), value);
    }
    fields
}

impl Story {
    /// What the record is called, by what its type has: a person, a company, or what it is about.
    fn title(&self, resource: &Resource) -> String {
        let holds = |kind| resource.fields.iter().any(|field| field.holds == kind);
        if holds(FieldType::Email) {
            format!("{} {}", self.person.first, self.person.last)
        } else if holds(FieldType::Link) {
            self.company.clone()
        } else if holds(FieldType::Money) {
            format!("{}: {}", self.company, self.subject)
        } else {
            format!("{}, {}", self.subject, self.company)
        }
    }

    fn value(&self, field: &Field, words: &Words, rng: &mut Rng) -> Value {
        match field.holds {
            FieldType::Text => Value::String(self.text(&field.key, words, rng)),
            FieldType::LongText => {
                let sentences: Vec<&str> =
                    (0..=rng.below(3)).map(|_| word(rng, &words.notes)).collect();
                Value::String(sentences.join(" "))
            }
            FieldType::Number => json!(rng.below(1_000)),
            FieldType::Money => json!(amount(rng)),
            FieldType::Date => Value::String(day(self.at + days(rng.below(180)))),
            FieldType::Time => Value::String(
                Timestamp::from_seconds((self.at + days(rng.below(30))).as_seconds())
                    .to_string(),
            ),
            FieldType::Email => {
                let (first, last) = (plain(self.person.first), plain(self.person.last));
                json!(format!(
                    "{first}.{last}{}@{}.example",
                    rng.below(100),
                    host(&self.company)
                ))
            }
            FieldType::Phone => {
                let (area, number) = (20 + rng.below(70), 1_000_000 + rng.below(9_000_000));
                json!(format!("+4{} {area} {number}", 1 + rng.below(9)))
            }
            FieldType::Link => json!(format!("https://www.{}.example", host(&self.company))),
            FieldType::Choice => {
                json!(rng.one_of(&field.options).map(|option| option.key.as_str()))
            }
            FieldType::Check => json!(rng.is_in(30)),
        }
    }

    fn text(&self, key: &str, words: &Words, rng: &mut Rng) -> String {
        match key {
            "company" | "account" | "customer" => self.company.clone(),
            "contact" | "person" | "author" => {
                format!("{} {}", self.person.first, self.person.last)
            }
            "place" | "city" => word(rng, &words.cities).to_owned(),
            "industry" => word(rng, &words.industries).to_owned(),
            "number" => {
                let year: String = day(self.at).chars().take(4).collect();
                format!("{year}-{:07}", self.number)
            }
            _ => self.subject.clone(),
        }
    }
}

/// An amount: most are small, few are very large.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is below a hundred million"
)]
fn amount(rng: &mut Rng) -> u64 {
    let power = 2.0 + 2.0 * (rng.share() + rng.share()) + rng.share();
    (10_f64.powf(power) as u64) / 50 * 50
}

pub(super) fn days(n: u64) -> Span {
    Span::days(i64::try_from(n).unwrap_or(0))
}

/// The day of a time, such as `2026-03-15`.
fn day(at: Timestamp) -> String {
    at.to_string().chars().take(10).collect()
}

/// A name as part of an address.
pub(super) fn plain(name: &str) -> String {
    search_key(name).chars().filter(char::is_ascii_alphanumeric).collect()
}

fn host(company: &str) -> String {
    let words = company.split(' ').map(plain).collect::<Vec<_>>();
    words.join("-")
}
