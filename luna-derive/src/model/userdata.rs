//! A userdata type and its fields.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Field, Ident, LitStr, Type, Visibility};

use super::luna;
use crate::attr::Attrs;
use crate::ctxt::Ctxt;
use crate::messages;

/// A type to become userdata.
pub(crate) struct Userdata {
    /// The type.
    pub(crate) ident: Ident,
    /// Its Lua name.
    pub(crate) name: String,
    /// Where luna is.
    pub(crate) luna: TokenStream,
    /// `frozen`
    pub(crate) frozen: bool,
    /// `strict`
    pub(crate) strict: bool,
    /// `clone`
    pub(crate) clone: bool,
    /// Names of further blocks of methods.
    pub(crate) blocks: Vec<Ident>,
    /// The fields Lua sees.
    pub(crate) fields: Vec<ClassField>,
}

/// A field that Lua sees.
pub(crate) struct ClassField {
    /// The field.
    pub(crate) ident: Ident,
    /// Its type.
    pub(crate) ty: Type,
    /// Its Lua name.
    pub(crate) name: String,
    /// Whether Lua reads it.
    pub(crate) read: bool,
    /// Whether Lua writes it.
    pub(crate) write: bool,
}

impl Userdata {
    /// Describes a type.
    pub(crate) fn new(cx: &Ctxt, input: &DeriveInput) -> Userdata {
        let accepted = ["name", "rename_all", "frozen", "strict", "clone", "methods", "crate"];
        let attrs = Attrs::parse(cx, &input.attrs, &accepted);
        if !input.generics.params.is_empty() {
            cx.error(&input.generics, messages::GENERIC_CLASS);
        }
        let frozen = attrs.has("frozen");
        let mut fields = Vec::new();
        match &input.data {
            Data::Struct(data) => {
                for field in &data.fields {
                    fields.extend(class_field(cx, field, attrs.rename_all.as_ref(), frozen));
                }
            }
            Data::Enum(_) => {}
            Data::Union(data) => cx.error(data.union_token, messages::UNION),
        }
        Userdata {
            ident: input.ident.clone(),
            name: attrs.name_or(&input.ident, None),
            luna: luna(attrs.krate.as_ref()),
            frozen,
            strict: attrs.has("strict"),
            clone: attrs.has("clone"),
            blocks: attrs.blocks,
            fields,
        }
    }
}

/// A field, if Lua sees it.
fn class_field(
    cx: &Ctxt,
    field: &Field,
    rule: Option<&LitStr>,
    frozen: bool,
) -> Option<ClassField> {
    let attrs = Attrs::parse(cx, &field.attrs, &["get", "set", "readonly", "skip", "name"]);
    if attrs.has("skip") {
        for word in ["get", "set", "readonly"].iter().filter_map(|word| attrs.word(word)) {
            cx.error(word, messages::SKIPPED);
        }
        return None;
    }
    let exported = matches!(field.vis, Visibility::Public(_));
    if let (Some(set), true) = (attrs.word("set"), attrs.has("readonly")) {
        cx.error(set, messages::READONLY_SET);
    }
    if let (Some(set), true) = (attrs.word("set"), frozen) {
        cx.error(set, messages::FROZEN_SET);
    }
    let narrowed = attrs.has("get") || attrs.has("set");
    let read = attrs.has("get") || attrs.has("readonly") || (exported && !narrowed);
    let write = attrs.has("set") || (exported && !narrowed && !attrs.has("readonly") && !frozen);
    let ident = field.ident.clone()?;
    (read || write).then(|| ClassField {
        name: attrs.name_or(&ident, rule),
        ty: field.ty.clone(),
        ident,
        read,
        write,
    })
}
