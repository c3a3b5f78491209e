//! A type that is converted by value.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Generics, Ident, LitStr, Type};

use super::luna;
use crate::attr::{Attrs, TYPE_KEYS};
use crate::ctxt::Ctxt;
use crate::messages;

/// A type to be converted.
pub(crate) struct Converted {
    /// The type.
    pub(crate) ident: Ident,
    /// Its parameters.
    pub(crate) generics: Generics,
    /// Where luna is.
    pub(crate) luna: TokenStream,
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
    /// It was refused.
    Refused,
}

/// A field of a table.
pub(crate) struct TableField {
    /// The field.
    pub(crate) ident: Ident,
    /// Its type.
    pub(crate) ty: Type,
    /// Its Lua name.
    pub(crate) name: String,
    /// Nil gives the default.
    pub(crate) default: bool,
    /// Lua does not see it.
    pub(crate) skip: bool,
}

impl Converted {
    /// Describes a type.
    pub(crate) fn new(cx: &Ctxt, input: &DeriveInput) -> Converted {
        let attrs = Attrs::parse(cx, &input.attrs, TYPE_KEYS);
        let rule = attrs.rename_all.as_ref();
        let shape = match &input.data {
            Data::Struct(data) => struct_shape(cx, input, &data.fields, rule),
            Data::Enum(data) => {
                let mut names = Vec::new();
                for variant in &data.variants {
                    let attrs = Attrs::parse(cx, &variant.attrs, &["name"]);
                    if !matches!(variant.fields, Fields::Unit) {
                        cx.error(&variant.fields, messages::ENUM_DATA);
                    }
                    names.push((variant.ident.clone(), attrs.name_or(&variant.ident, rule)));
                }
                Shape::Names(names)
            }
            Data::Union(data) => {
                cx.error(data.union_token, messages::UNION);
                Shape::Refused
            }
        };
        Converted {
            ident: input.ident.clone(),
            generics: input.generics.clone(),
            luna: luna(attrs.krate.as_ref()),
            shape,
        }
    }
}

/// The shape of a struct.
fn struct_shape(cx: &Ctxt, input: &DeriveInput, fields: &Fields, rule: Option<&LitStr>) -> Shape {
    match fields {
        Fields::Named(named) => {
            let mut table = Vec::new();
            for field in &named.named {
                let accepted = ["name", "default", "skip"];
                let attrs = Attrs::parse(cx, &field.attrs, &accepted);
                let Some(ident) = field.ident.clone() else { continue };
                if let (Some(default), true) = (attrs.word("default"), attrs.has("skip")) {
                    cx.error(default, messages::SKIPPED);
                }
                table.push(TableField {
                    name: attrs.name_or(&ident, rule),
                    ty: field.ty.clone(),
                    default: attrs.has("default"),
                    skip: attrs.has("skip"),
                    ident,
                });
            }
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
