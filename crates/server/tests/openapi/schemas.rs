//! Schemas of the types of the wire, from the one description of them that the window's types are made
//! of as well.

use std::borrow::Cow;
use std::collections::BTreeMap;

use specta::datatype::{
    DataType, Enum, Field, Fields, NamedReference, NamedReferenceType, Primitive, Reference, Variant,
};
use specta::{Format as _, FormatError, Types};
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, Object, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{Ref, RefOr};

use super::bounds;

/// What the generic parts of a type stand for.
type Generics = [(specta::datatype::Generic, DataType)];

/// The schemas of types, and those that others refer to by name.
pub(super) struct Schemas {
    types: Types,
    named: BTreeMap<String, RefOr<Schema>>,
}

impl Schemas {
    /// Of types as they are declared: serde's words for them are looked up here.
    pub(super) fn of(types: &Types) -> Result<Self, FormatError> {
        let mut types = types.clone();
        // Of these nothing else is looked at, and some are read in another way than they are written.
        types.iter_mut(|named| {
            if bounds::of_type(&named.name).is_some() {
                named.ty = Some(DataType::Primitive(Primitive::str));
            }
        });
        Ok(Self {
            types: specta_serde::Format.map_types(&types)?.into_owned(),
            named: BTreeMap::new(),
        })
    }

    /// The schema of a type. What it refers to by name is kept.
    pub(super) fn schema(&mut self, declared: &DataType) -> Result<RefOr<Schema>, FormatError> {
        let written = specta_serde::Format.map_type(&self.types, declared)?.into_owned();
        Ok(self.of_type(&written, &[]))
    }

    /// The fields of a type that is written in a query: name, schema, and whether it must be there.
    pub(super) fn pairs(&mut self, declared: &DataType) -> Result<Vec<Pair>, FormatError> {
        let written = specta_serde::Format.map_type(&self.types, declared)?.into_owned();
        let DataType::Reference(Reference::Named(named)) = &written else {
            return Ok(Vec::new());
        };
        let Some((name, DataType::Struct(of))) = self.declared(named) else {
            return Ok(Vec::new());
        };
        let Fields::Named(fields) = of.fields else {
            return Ok(Vec::new());
        };
        let pair = |(field, about): &(Cow<'static, str>, Field)| {
            // What may be none is left out of a query.
            let (there, ty) = match about.ty.as_ref()? {
                DataType::Nullable(inner) => (false, inner.as_ref()),
                ty => (!about.optional, ty),
            };
            let schema = self.of_type(ty, &[]);
            Some(Pair {
                name: field.to_string(),
                about: words(&about.docs),
                schema: bounds::of_field(&name, field, schema),
                required: there,
            })
        };
        Ok(fields.fields.iter().filter_map(pair).collect())
    }

    /// What was referred to by name.
    pub(super) fn into_named(self) -> BTreeMap<String, RefOr<Schema>> {
        self.named
    }

    /// What a key of a map must be, where it is no text like any other.
    fn of_key(&self, key: &DataType) -> Option<Schema> {
        let DataType::Reference(Reference::Named(named)) = key else {
            return None;
        };
        match bounds::of_type(&self.types.get(named)?.name)? {
            RefOr::T(schema) => Some(schema),
            RefOr::Ref(_) => None,
        }
    }

    fn declared(&self, named: &NamedReference) -> Option<(String, DataType)> {
        let found = self.types.get(named)?;
        Some((found.name.to_string(), found.ty.clone()?))
    }

    fn of_type(&mut self, ty: &DataType, generics: &Generics) -> RefOr<Schema> {
        match ty {
            DataType::Primitive(primitive) => of_primitive(primitive).into(),
            DataType::List(list) => ArrayBuilder::new().items(self.of_type(&list.ty, generics)).into(),
            DataType::Map(map) => {
                let value = self.of_type(map.value_ty(), generics);
                let key = self.of_key(map.key_ty());
                ObjectBuilder::new()
                    .property_names(key)
                    .additional_properties(Some(AdditionalProperties::RefOr(value)))
                    .into()
            }
            DataType::Nullable(inner) => or_null(self.of_type(inner, generics)),
            DataType::Struct(of) => self.of_fields("", &of.fields, generics),
            DataType::Enum(of) => self.of_enum(of, generics),
            DataType::Reference(Reference::Named(named)) => self.of_named(named, generics),
            DataType::Generic(generic) => {
                let meant = generics.iter().find(|(name, _)| name == generic);
                meant.map_or_else(anything, |(_, ty)| self.of_type(&ty.clone(), &[]))
            }
            DataType::Tuple(_) | DataType::Intersection(_) | DataType::Reference(Reference::Opaque(_)) => {
                anything()
            }
        }
    }

    fn of_named(&mut self, named: &NamedReference, outer: &Generics) -> RefOr<Schema> {
        let Some(found) = self.types.get(named) else {
            return anything();
        };
        let (name, about, ty) = (found.name.to_string(), words(&found.docs), found.ty.clone());
        match &named.inner {
            NamedReferenceType::Inline { dt, .. } => {
                bounds::of_type(&name).unwrap_or_else(|| self.of_type(dt, outer))
            }
            NamedReferenceType::Reference { generics, .. } => {
                let called = generics.iter().rev().fold(name.clone(), |called, (_, argument)| {
                    format!("{}{called}", self.name_of(argument))
                });
                let reference = Ref::from_schema_name(&called);
                if !self.named.contains_key(&called) {
                    // Its name first: it may refer to itself.
                    self.named.insert(called.clone(), anything());
                    let schema = bounds::of_type(&name).unwrap_or_else(|| match &ty {
                        Some(DataType::Struct(of)) => self.of_fields(&name, &of.fields, generics),
                        Some(ty) => self.of_type(ty, generics),
                        None => anything(),
                    });
                    self.named.insert(called, described(schema, about));
                }
                reference.into()
            }
            NamedReferenceType::Recursive(_) => Ref::from_schema_name(name).into(),
        }
    }

    fn name_of(&self, ty: &DataType) -> String {
        match ty {
            DataType::Reference(Reference::Named(named)) => self
                .types
                .get(named)
                .map_or_else(String::new, |found| found.name.to_string()),
            _ => String::new(),
        }
    }

    fn of_fields(&mut self, of: &str, fields: &Fields, generics: &Generics) -> RefOr<Schema> {
        match fields {
            Fields::Unit => anything(),
            Fields::Unnamed(fields) => match fields.fields.as_slice() {
                [Field { ty: Some(only), .. }] => self.of_type(only, generics),
                _ => anything(),
            },
            Fields::Named(fields) => {
                let mut object = ObjectBuilder::new();
                for (name, field) in &fields.fields {
                    let Some(ty) = &field.ty else { continue };
                    let schema = self.of_type(ty, generics);
                    let schema = described(bounds::of_field(of, name, schema), words(&field.docs));
                    object = object.property(name.to_string(), schema);
                    // What may be none may be left out too.
                    if !field.optional && !matches!(ty, DataType::Nullable(_)) {
                        object = object.required(name.to_string());
                    }
                }
                object.into()
            }
        }
    }

    fn of_enum(&mut self, of: &Enum, generics: &Generics) -> RefOr<Schema> {
        let words: Option<Vec<_>> = of
            .variants
            .iter()
            .map(|(name, variant)| word(name, variant))
            .collect();
        if let Some(words) = words {
            return one_of_words(words);
        }
        let mut choice = OneOfBuilder::new();
        for (name, variant) in &of.variants {
            let schema = match word(name, variant) {
                Some(word) => one_of_words(vec![word]),
                None => self.of_fields("", &variant.fields, generics),
            };
            choice = choice.item(described(schema, self::words(&variant.docs)));
        }
        choice.into()
    }
}

/// A pair of a query.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) about: Option<String>,
    pub(super) schema: RefOr<Schema>,
    pub(super) required: bool,
}

/// The word that a variant without anything in it is written as.
fn word(name: &str, variant: &Variant) -> Option<String> {
    match &variant.fields {
        Fields::Unit => Some(name.to_owned()),
        Fields::Unnamed(fields) => match fields.fields.as_slice() {
            [
                Field {
                    ty: Some(DataType::Enum(only)),
                    ..
                },
            ] => match only.variants.as_slice() {
                [
                    (
                        word,
                        Variant {
                            fields: Fields::Unit, ..
                        },
                    ),
                ] => Some(word.to_string()),
                _ => None,
            },
            _ => None,
        },
        Fields::Named(_) => None,
    }
}

fn one_of_words(words: Vec<String>) -> RefOr<Schema> {
    let string = ObjectBuilder::new().schema_type(Type::String);
    string.enum_values(Some(words)).into()
}

fn of_primitive(primitive: &Primitive) -> Object {
    let object = |of| ObjectBuilder::new().schema_type(of);
    let whole = |most: u64| object(Type::Integer).minimum(Some(0)).maximum(Some(most));
    match primitive {
        Primitive::bool => object(Type::Boolean),
        Primitive::str | Primitive::char => object(Type::String),
        Primitive::u8 => whole(u8::MAX.into()),
        Primitive::u16 => whole(u16::MAX.into()),
        Primitive::u32 => whole(u32::MAX.into()),
        Primitive::f32 | Primitive::f64 => object(Type::Number),
        // No other is on the wire: JSON has no greater numbers that every reader can hold.
        _ => object(Type::Integer),
    }
    .build()
}

/// Whatever it is, or null.
fn or_null(schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) if object.enum_values.is_none() => {
            object.schema_type = with_null(object.schema_type);
            object.into()
        }
        RefOr::T(Schema::Array(mut array)) => {
            array.schema_type = with_null(array.schema_type);
            array.into()
        }
        other => OneOfBuilder::new()
            .item(other)
            .item(ObjectBuilder::new().schema_type(Type::Null))
            .into(),
    }
}

fn with_null(of: SchemaType) -> SchemaType {
    match of {
        SchemaType::Type(one) => SchemaType::Array(vec![one, Type::Null]),
        other => other,
    }
}

fn anything() -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::AnyValue).into()
}

/// With a description, where it has none and can have one.
fn described(mut schema: RefOr<Schema>, about: Option<String>) -> RefOr<Schema> {
    match &mut schema {
        RefOr::Ref(reference) => reference.description = about.unwrap_or_default(),
        RefOr::T(Schema::Object(object)) => object.description = about.or(object.description.take()),
        RefOr::T(Schema::Array(array)) => array.description = about,
        RefOr::T(Schema::OneOf(choice)) => choice.description = about,
        RefOr::T(_) => {}
    }
    schema
}

/// The first paragraph of what is said of something, without the marks and links of Rust's own pages.
fn words(docs: &str) -> Option<String> {
    let paragraph = docs.split("\n\n").next().unwrap_or_default();
    let mut said = String::new();
    let mut rest = paragraph;
    while let Some((before, after)) = rest.split_once("](") {
        said.push_str(before);
        rest = after.split_once(')').map_or("", |(_, rest)| rest);
    }
    said.push_str(rest);
    said.retain(|c| !matches!(c, '[' | ']' | '`'));
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    (!said.is_empty()).then_some(said)
}
