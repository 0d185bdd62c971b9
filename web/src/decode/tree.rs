//! A parsed body or query string, which borrows its texts from the input.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use hallpass_domain::refusal::FieldError;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::mistake::{MOST_MISTAKES, join, printable};

/// The number of fields up to which a comparison with each beats a hash.
const FEW: usize = 16;

/// The most fields of an object. No noun has so many.
pub(super) const MOST_FIELDS: usize = 1_000;

/// The most items of a list; most lists have a lower limit of their own.
pub(super) const MOST_ITEMS: usize = 10_000;

/// A value.
#[derive(Debug)]
pub(super) enum Node<'b> {
    Null,
    Bool(bool),
    Whole(i128),
    Float(f64),
    Text(Cow<'b, str>),
    List(Vec<Node<'b>>),
    Object(Object<'b>),
    /// The value of a query parameter, whose type only the reader knows.
    Parameter(Cow<'b, str>),
}

/// The fields of an object in their order, each name once.
#[derive(Debug, Default)]
pub(super) struct Object<'b> {
    pub(super) fields: Vec<(Cow<'b, str>, Node<'b>)>,
    /// The names that occur more than once.
    pub(super) repeated: Vec<Cow<'b, str>>,
    /// The names of `fields` once there are many.
    names: HashSet<Cow<'b, str>>,
}

impl<'b> Object<'b> {
    fn insert(&mut self, name: Cow<'b, str>, node: Node<'b>) {
        if self.contains(&name) {
            self.repeated.push(name);
            return;
        }
        if self.fields.len() >= FEW {
            self.names.insert(name.clone());
        }
        self.fields.push((name, node));
        if self.fields.len() == FEW {
            self.names = self.fields.iter().map(|(name, _)| name.clone()).collect();
        }
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        if self.fields.len() < FEW {
            self.fields.iter().any(|(other, _)| other == name)
        } else {
            self.names.contains(name)
        }
    }
}

impl<'b> Node<'b> {
    /// The parameters of a query string.
    pub(super) fn from_query(query: &'b str) -> Node<'b> {
        let mut object = Object::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            object.insert(name, Node::Parameter(value));
        }
        Node::Object(object)
    }

    /// Finds the lists and objects that are too large to be looked at one by one, each with its pointer.
    pub(super) fn find_large(&self, pointer: &str, found: &mut Vec<FieldError>) {
        let mut check = |length: usize, most: usize, noun: &str| {
            if length > most && found.len() < MOST_MISTAKES {
                let detail = format!("expected at most {most} {noun}, found {length}");
                found.push(FieldError::new(pointer, "too_many", detail));
            }
            length <= most
        };
        match self {
            Node::List(items) if check(items.len(), MOST_ITEMS, "items") => {
                for (place, item) in items.iter().enumerate() {
                    if item.is_nested() {
                        item.find_large(&join(pointer, &place.to_string()), found);
                    }
                }
            }
            Node::Object(object) if check(object.fields.len(), MOST_FIELDS, "fields") => {
                for (name, node) in &object.fields {
                    if node.is_nested() {
                        node.find_large(&join(pointer, &printable(name)), found);
                    }
                }
            }
            Node::List(_)
            | Node::Object(_)
            | Node::Null
            | Node::Bool(_)
            | Node::Whole(_)
            | Node::Float(_)
            | Node::Text(_)
            | Node::Parameter(_) => {}
        }
    }

    fn is_nested(&self) -> bool {
        matches!(self, Node::List(_) | Node::Object(_))
    }

    /// What the value is, as a message says it.
    pub(super) fn describe(&self) -> Cow<'static, str> {
        let noun = match self {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Whole(number) => return format!("the number `{number}`").into(),
            Node::Float(number) => return format!("the number `{number}`").into(),
            Node::Text(_) => "a string",
            Node::List(_) => "an array",
            Node::Object(_) => "an object",
            Node::Parameter(text) => {
                let text: String = super::mistake::printable(text);
                return format!("`{text}`").into();
            }
        };
        Cow::Borrowed(noun)
    }
}

impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Node<'de>, D::Error> {
        struct Build;

        impl<'de> Visitor<'de> for Build {
            type Value = Node<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON value")
            }

            fn visit_unit<E: Error>(self) -> Result<Node<'de>, E> {
                Ok(Node::Null)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Node<'de>, E> {
                Ok(Node::Bool(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Node<'de>, E> {
                Ok(Node::Whole(value.into()))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Node<'de>, E> {
                Ok(Node::Whole(value.into()))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Node<'de>, E> {
                Ok(Node::Float(value))
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Node<'de>, E> {
                Ok(Node::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Node<'de>, E> {
                Ok(Node::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Node::List(list))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
                let mut object = Object::default();
                while let Some(Name(name)) = map.next_key()? {
                    object.insert(name, map.next_value()?);
                }
                Ok(Node::Object(object))
            }
        }

        deserializer.deserialize_any(Build)
    }
}

/// The name of a field. `Cow` itself never borrows here.
struct Name<'b>(Cow<'b, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name<'de>, D::Error> {
        struct Read;

        impl<'de> Visitor<'de> for Read {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(text.to_owned())))
            }
        }

        deserializer.deserialize_str(Read)
    }
}
