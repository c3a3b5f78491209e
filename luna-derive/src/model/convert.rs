//! A type that is converted by value.

use proc_macro2::TokenStream;
use syn::{
    Data, DataEnum, DataStruct, DeriveInput, Field, Fields, Generics, Ident, LitStr, Member, Type,
};

use super::luna;
use crate::attr::Attrs;
use crate::ctxt::Ctxt;
use crate::describe::docs;
use crate::messages;

/// A type to be converted.
pub(crate) struct Converted {
    /// The type.
    pub(crate) ident: Ident,
    /// Its parameters.
    pub(crate) generics: Generics,
    /// Where luna is.
    pub(crate) luna: TokenStream,
    /// Its documentation.
    pub(crate) docs: String,
    /// That of its variants.
    pub(crate) variant_docs: Vec<String>,
    /// `strict`
    pub(crate) strict: bool,
    /// What it is to Lua.
    pub(crate) shape: Shape,
}

/// What a type is to Lua.
pub(crate) enum Shape {
    /// A table.
    Table(Vec<TableField>),
    /// What it wraps.
    Newtype(Type),
    /// A string.
    Names(Vec<(Ident, String)>),
    /// A number, the discriminant.
    Numbers(Vec<Ident>),
    /// A table, which tells the variant under a name of its own.
    Tagged(LitStr, Vec<TaggedVariant>),
    /// It was refused.
    Refused,
}

/// A variant of a tagged enum.
pub(crate) struct TaggedVariant {
    /// The variant.
    pub(crate) ident: Ident,
    /// Its Lua name.
    pub(crate) name: String,
    /// Its fields.
    pub(crate) fields: Vec<(Member, TaggedField)>,
}

/// Where in its table a field of a variant is.
pub(crate) enum TaggedField {
    /// Under a name.
    Named(TableField),
    /// At a position, from 1.
    At(i64, Type),
}

/// A field of a table.
pub(crate) struct TableField {
    /// The field.
    pub(crate) ident: Ident,
    /// Its type.
    pub(crate) ty: Type,
    /// Its Lua name.
    pub(crate) name: String,
    /// Its documentation.
    pub(crate) docs: String,
    /// Nil gives the default.
    pub(crate) default: bool,
    /// Lua does not see it.
    pub(crate) skip: bool,
}

impl Converted {
    /// Describes a type.
    pub(crate) fn new(cx: &Ctxt, input: &DeriveInput) -> Converted {
        let attrs = Attrs::parse(cx, &input.attrs, accepted(&input.data));
        let rule = attrs.rename_all.as_ref();
        let shape = match &input.data {
            Data::Struct(data) => struct_shape(cx, input, &data.fields, rule),
            Data::Enum(data) => enum_shape(cx, &attrs, data),
            Data::Union(data) => {
                cx.error(data.union_token, messages::UNION);
                Shape::Refused
            }
        };
        let variant_docs = match &input.data {
            Data::Enum(data) => data.variants.iter().map(|variant| docs(&variant.attrs)).collect(),
            _ => Vec::new(),
        };
        Converted {
            ident: input.ident.clone(),
            generics: input.generics.clone(),
            luna: luna(attrs.krate.as_ref()),
            docs: docs(&input.attrs),
            variant_docs,
            strict: attrs.has("strict"),
            shape,
        }
    }
}

/// What may be said of a type that is converted.
fn accepted(data: &Data) -> &'static [&'static str] {
    match data {
        Data::Struct(DataStruct { fields: Fields::Named(_), .. }) => {
            &["rename_all", "strict", "crate"]
        }
        Data::Enum(_) => &["rename_all", "repr", "tag", "crate"],
        _ => &["crate"],
    }
}

/// The shape of an enum.
fn enum_shape(cx: &Ctxt, attrs: &Attrs, data: &DataEnum) -> Shape {
    let rule = attrs.rename_all.as_ref();
    let numbers = attrs.repr.as_ref().is_some_and(|repr| repr.value() == "int");
    if let (Some(repr), false) = (&attrs.repr, numbers) {
        cx.error(repr, messages::REPR);
    }
    if let (Some(tag), true) = (&attrs.tag, numbers) {
        cx.error(tag, messages::REPR_AND_TAG);
    }
    let (mut names, mut tagged) = (Vec::new(), Vec::new());
    for variant in &data.variants {
        let said = Attrs::parse(cx, &variant.attrs, &["name"]);
        let name = said.name_or(&variant.ident, rule);
        if attrs.tag.is_some() {
            let fields = tagged_fields(cx, &variant.fields, rule);
            tagged.push(TaggedVariant { ident: variant.ident.clone(), name, fields });
            continue;
        }
        if !matches!(variant.fields, Fields::Unit) {
            cx.error(&variant.fields, messages::ENUM_DATA);
        }
        names.push((variant.ident.clone(), name));
    }
    match &attrs.tag {
        Some(tag) => Shape::Tagged(tag.clone(), tagged),
        None if numbers => Shape::Numbers(names.into_iter().map(|(ident, _)| ident).collect()),
        None => Shape::Names(names),
    }
}

/// Where the fields of a variant are in its table.
fn tagged_fields(cx: &Ctxt, fields: &Fields, rule: Option<&LitStr>) -> Vec<(Member, TaggedField)> {
    let mut places = Vec::new();
    for (member, field) in fields.members().zip(fields) {
        let place = match &member {
            Member::Unnamed(index) => TaggedField::At(i64::from(index.index) + 1, field.ty.clone()),
            Member::Named(ident) => TaggedField::Named(table_field(cx, field, ident, rule)),
        };
        places.push((member, place));
    }
    places
}

/// A field of a table.
fn table_field(cx: &Ctxt, field: &Field, ident: &Ident, rule: Option<&LitStr>) -> TableField {
    let attrs = Attrs::parse(cx, &field.attrs, &["name", "default", "skip"]);
    if let (Some(default), true) = (attrs.word("default"), attrs.has("skip")) {
        cx.error(default, messages::SKIPPED);
    }
    TableField {
        name: attrs.name_or(ident, rule),
        ty: field.ty.clone(),
        docs: docs(&field.attrs),
        default: attrs.has("default"),
        skip: attrs.has("skip"),
        ident: ident.clone(),
    }
}

/// The shape of a struct.
fn struct_shape(cx: &Ctxt, input: &DeriveInput, fields: &Fields, rule: Option<&LitStr>) -> Shape {
    match fields {
        Fields::Named(named) => {
            let fields = named.named.iter();
            let table = fields
                .filter_map(|field| Some(table_field(cx, field, field.ident.as_ref()?, rule)))
                .collect();
            Shape::Table(table)
        }
        Fields::Unnamed(unnamed) => match (unnamed.unnamed.first(), unnamed.unnamed.len()) {
            (Some(field), 1) => Shape::Newtype(field.ty.clone()),
            _ => {
                cx.error(unnamed, messages::TUPLE);
                Shape::Refused
            }
        },
        Fields::Unit => {
            cx.error(&input.ident, messages::UNIT);
            Shape::Refused
        }
    }
}
