//! Deserializes a tree without coercion, and notes the mistakes that need not end a pass.

use std::borrow::Cow;
use std::slice;

use serde::Deserializer;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::filler::Filler;
use super::mistake::{Mistake, Notes, Stop, join};
use super::tree::{Node, Object};

/// The way from the root of the tree to a value.
#[derive(Clone, Copy)]
pub(super) enum Path<'p> {
    Root,
    Field(&'p Path<'p>, &'p str),
    Item(&'p Path<'p>, usize),
}

impl Path<'_> {
    /// Writes the path as a JSON pointer.
    fn pointer(&self) -> String {
        match self {
            Path::Root => String::new(),
            Path::Field(parent, name) => join(&parent.pointer(), name),
            Path::Item(parent, place) => join(&parent.pointer(), &place.to_string()),
        }
    }
}

/// A value of the tree, to be deserialized.
#[derive(Clone, Copy)]
pub(super) struct Reader<'n, 'p> {
    pub(super) node: &'n Node<'n>,
    pub(super) path: Path<'p>,
    pub(super) notes: &'p Notes,
}

impl<'n> Reader<'n, '_> {
    /// Deserializes the value, or a default where an earlier pass has noted a mistake.
    fn read<S: DeserializeSeed<'n>>(self, seed: S) -> Result<S::Value, Stop> {
        let is_noted = !self.notes.is_empty() && self.notes.contains(&self.path.pointer());
        let read = if is_noted { seed.deserialize(Filler) } else { seed.deserialize(self) };
        read.map_err(|stop| stop.at(|| self.path.pointer()))
    }

    fn wrong_type(&self, expected: impl Into<Cow<'static, str>>) -> Stop {
        let found = self.node.describe();
        Mistake::WrongType { expected: expected.into(), found }.into()
    }

    fn whole(&self) -> Option<i128> {
        match self.node {
            Node::Whole(number) => Some(*number),
            Node::Parameter(text) => text.parse().ok(),
            Node::Null
            | Node::Bool(_)
            | Node::Float(_)
            | Node::Text(_)
            | Node::List(_)
            | Node::Object(_) => None,
        }
    }

    fn text(&self) -> Result<&'n str, Stop> {
        match self.node {
            // The percent-decoder replaces what is not UTF-8 by U+FFFD.
            Node::Parameter(text) if text.contains(['\0', '\u{FFFD}']) => {
                Err(Mistake::Unusable("expected UTF-8 without NUL".to_owned()).into())
            }
            Node::Text(text) | Node::Parameter(text) => Ok(text),
            Node::Null
            | Node::Bool(_)
            | Node::Whole(_)
            | Node::Float(_)
            | Node::List(_)
            | Node::Object(_) => Err(self.wrong_type("a string")),
        }
    }

    fn object(&self) -> Result<&'n Object<'n>, Stop> {
        let Node::Object(object) = self.node else { return Err(self.wrong_type("an object")) };
        for name in &object.repeated {
            let stop = Stop::from(Mistake::Repeated(name.clone().into_owned()));
            self.notes.add(stop.at(|| self.path.pointer()));
        }
        Ok(object)
    }
}

macro_rules! whole_numbers {
    ($($method:ident $call:ident $number:ty;)*) => {$(
        fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
            let number = self.whole().and_then(|number| <$number>::try_from(number).ok());
            match number {
                Some(number) => visitor.$call(number),
                None => Err(self.wrong_type(range(<$number>::MIN.into(), <$number>::MAX.into()))),
            }
        }
    )*};
}

/// What a whole number may be; bounds too large to matter are left out.
fn range(least: i128, most: i128) -> Cow<'static, str> {
    if most <= i128::from(u32::MAX) {
        format!("a whole number from {least} to {most}").into()
    } else if least == 0 {
        "a whole number that is not negative".into()
    } else {
        "a whole number".into()
    }
}

impl<'n> Deserializer<'n> for Reader<'n, '_> {
    type Error = Stop;

    whole_numbers! {
        deserialize_i8 visit_i8 i8;
        deserialize_i16 visit_i16 i16;
        deserialize_i32 visit_i32 i32;
        deserialize_i64 visit_i64 i64;
        deserialize_u8 visit_u8 u8;
        deserialize_u16 visit_u16 u16;
        deserialize_u32 visit_u32 u32;
        deserialize_u64 visit_u64 u64;
    }

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Whole(number) => match (u64::try_from(*number), i64::try_from(*number)) {
                (Ok(number), _) => visitor.visit_u64(number),
                (Err(_), Ok(number)) => visitor.visit_i64(number),
                (Err(_), Err(_)) => Err(self.wrong_type("a smaller number")),
            },
            Node::Float(number) => visitor.visit_f64(*number),
            Node::Text(text) | Node::Parameter(text) => visitor.visit_str(text),
            Node::List(_) => self.deserialize_seq(visitor),
            Node::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.node {
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Parameter(text) if text == "true" => visitor.visit_bool(true),
            Node::Parameter(text) if text == "false" => visitor.visit_bool(false),
            Node::Null
            | Node::Whole(_)
            | Node::Float(_)
            | Node::Text(_)
            | Node::List(_)
            | Node::Object(_)
            | Node::Parameter(_) => Err(self.wrong_type("`true` or `false`")),
        }
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        if matches!(self.node, Node::Null) {
            return visitor.visit_none();
        }
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        let Node::List(list) = self.node else { return Err(self.wrong_type("an array")) };
        let items = list.iter().enumerate();
        visitor.visit_seq(Items { items, path: self.path, notes: self.notes })
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_map(Fields::new(self, self.object()?, None))
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor.visit_map(Fields::new(self, self.object()?, Some(known)))
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let variant: StrDeserializer<'_, Stop> = self.text()?.into_deserializer();
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'n>>
        f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

/// The items of an array.
struct Items<'n, 'p> {
    items: std::iter::Enumerate<slice::Iter<'n, Node<'n>>>,
    path: Path<'p>,
    notes: &'p Notes,
}

impl<'n> SeqAccess<'n> for Items<'n, '_> {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'n>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        let Some((place, node)) = self.items.next() else { return Ok(None) };
        let path = Path::Item(&self.path, place);
        Reader { node, path, notes: self.notes }.read(seed).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The fields of an object: those that are there and known, then those that an earlier pass missed.
struct Fields<'n, 'p> {
    fields: slice::Iter<'n, (Cow<'n, str>, Node<'n>)>,
    /// The field whose name was given out last; without a value where it is missing.
    current: Option<(&'n str, Option<&'n Node<'n>>)>,
    known: Option<&'static [&'static str]>,
    missed: Vec<&'static str>,
    path: Path<'p>,
    notes: &'p Notes,
}

impl<'n, 'p> Fields<'n, 'p> {
    fn new(
        reader: Reader<'n, 'p>,
        object: &'n Object<'n>,
        known: Option<&'static [&'static str]>,
    ) -> Fields<'n, 'p> {
        let Reader { path, notes, .. } = reader;
        let fields = object.fields.iter();
        let mut missed = Vec::new();
        if !notes.is_empty() {
            let parent = path.pointer();
            let is_missed =
                |name: &&&str| notes.contains(&join(&parent, name)) && !object.contains(name);
            missed = known.unwrap_or_default().iter().filter(is_missed).copied().collect();
        }
        Fields { fields, current: None, known, missed, path, notes }
    }

    /// Goes to the next known field, and notes those that are unknown.
    fn advance(&mut self) -> Option<&'n str> {
        for (name, node) in self.fields.by_ref() {
            match self.known {
                Some(known) if !known.contains(&name.as_ref()) => {
                    let name = name.clone().into_owned();
                    let stop = Stop::from(Mistake::Unknown { name, known: known.to_vec() });
                    self.notes.add(stop.at(|| self.path.pointer()));
                }
                Some(_) | None => {
                    self.current = Some((name, Some(node)));
                    return Some(name);
                }
            }
        }
        let name = self.missed.pop()?;
        self.current = Some((name, None));
        Some(name)
    }
}

impl<'n> MapAccess<'n> for Fields<'n, '_> {
    type Error = Stop;

    fn next_key_seed<S: DeserializeSeed<'n>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        let Some(name) = self.advance() else { return Ok(None) };
        let name: StrDeserializer<'_, Stop> = name.into_deserializer();
        let read = seed.deserialize(name).map(Some);
        read.map_err(|stop| stop.at(|| self.path.pointer()))
    }

    fn next_value_seed<S: DeserializeSeed<'n>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        match self.current.take() {
            Some((name, Some(node))) => {
                let path = Path::Field(&self.path, name);
                Reader { node, path, notes: self.notes }.read(seed)
            }
            Some((_, None)) | None => seed.deserialize(Filler),
        }
    }
}
