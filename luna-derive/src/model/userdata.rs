//! A userdata type and its fields.

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{
    Data, DeriveInput, Field, Ident, LitStr, Type, TypeBareFn, TypePath, TypeTraitObject, Variant,
    Visibility,
};

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
        if input.generics.lifetimes().next().is_some() {
            cx.error(&input.generics, messages::BORROWING_CLASS);
        } else if !input.generics.params.is_empty() {
            cx.error(&input.generics, messages::GENERIC_CLASS);
        }
        let frozen = attrs.has("frozen");
        let mut fields = Vec::new();
        match &input.data {
            Data::Struct(data) => {
                for field in &data.fields {
                    owned_handles(cx, &field.ty);
                    fields.extend(class_field(cx, field, attrs.rename_all.as_ref(), frozen));
                }
            }
            Data::Enum(data) => data.variants.iter().for_each(|variant| enum_part(cx, variant)),
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
        attrs.only(cx, "skip", messages::SKIPPED);
        return None;
    }
    if field.ident.is_none()
        && let Some(attribute) = field.attrs.iter().find(|a| a.path().is_ident("lua"))
    {
        cx.error(attribute, messages::UNNAMED_FIELD);
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

/// Looks at a variant: what it holds is no business of Lua's.
fn enum_part(cx: &Ctxt, variant: &Variant) {
    for field in &variant.fields {
        owned_handles(cx, &field.ty);
        // Attributes of a variant may belong to the derive of a conversion; those of its fields cannot.
        if let Some(attribute) = field.attrs.iter().find(|a| a.path().is_ident("lua")) {
            cx.error(attribute, messages::ENUM_PART);
        }
    }
}

/// Luna's types that keep a value alive.
const HANDLES: &[&str] =
    &["Table", "Function", "LuaString", "Coroutine", "AnyUserdata", "Userdata", "Value"];

/// Refuses types that hold the state or a handle. A path with a module before the name, other than luna's, means another type.
fn owned_handles(cx: &Ctxt, ty: &Type) {
    struct Find<'c>(&'c Ctxt);
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_type_path(&mut self, path: &'ast TypePath) {
            let segments = &path.path.segments;
            let ours = segments.len() == 1 || segments[0].ident == "luna";
            let last = segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
            if ours && last == "Lua" {
                self.0.error(path, messages::STATE_FIELD);
            } else if ours && HANDLES.contains(&&*last) {
                self.0.error(path, messages::ROOT_FIELD);
            } else {
                visit::visit_type_path(self, path);
            }
        }

        // What a function takes or gives is not kept.
        fn visit_type_bare_fn(&mut self, _: &'ast TypeBareFn) {}
        fn visit_type_trait_object(&mut self, _: &'ast TypeTraitObject) {}
    }
    Find(cx).visit_type(ty);
}
