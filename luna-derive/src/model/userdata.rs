//! A userdata type and its fields.

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{
    Data, DeriveInput, Field, Fields, Ident, LitStr, Member, Type, TypeBareFn, TypePath,
    TypeTraitObject, Variant, Visibility,
};

use super::impls::Implemented;
use super::luna;
use crate::attr::{Attrs, skip_value};
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
    /// The traits that events stand for.
    pub(crate) impls: Vec<Implemented>,
    /// The fields Lua sees.
    pub(crate) fields: Vec<ClassField>,
    /// What the collector is told of.
    pub(crate) traced: Traced,
}

/// The fields that hold traced handles.
#[derive(Default)]
pub(crate) struct Traced {
    /// Those of a struct.
    pub(crate) fields: Vec<TracedField>,
    /// The variants of an enum with those of each.
    pub(crate) variants: Vec<(Ident, Vec<TracedField>)>,
}

/// A field that holds traced handles.
pub(crate) struct TracedField {
    /// The field.
    pub(crate) member: Member,
    /// Its type.
    pub(crate) ty: Type,
}

impl Traced {
    /// Whether there is anything to tell.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.variants.iter().all(|(_, fields)| fields.is_empty())
    }
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
        let accepted =
            ["name", "rename_all", "frozen", "strict", "clone", "methods", "impls", "crate"];
        let attrs = Attrs::parse(cx, &input.attrs, &accepted);
        if input.generics.lifetimes().next().is_some() {
            cx.error(&input.generics, messages::BORROWING_CLASS);
        } else if !input.generics.params.is_empty() {
            cx.error(&input.generics, messages::GENERIC_CLASS);
        }
        let frozen = attrs.has("frozen");
        let mut fields = Vec::new();
        let mut traced = Traced::default();
        match &input.data {
            Data::Struct(data) => {
                traced.fields = traced_fields(cx, &data.fields);
                for field in &data.fields {
                    fields.extend(class_field(cx, field, attrs.rename_all.as_ref(), frozen));
                }
            }
            Data::Enum(data) => {
                for variant in &data.variants {
                    enum_part(cx, variant);
                    let fields = traced_fields(cx, &variant.fields);
                    traced.variants.push((variant.ident.clone(), fields));
                }
            }
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
            impls: attrs.impls,
            fields,
            traced,
        }
    }
}

/// The fields that hold traced handles; refuses the handles that are not.
fn traced_fields(cx: &Ctxt, fields: &Fields) -> Vec<TracedField> {
    let mut traced = Vec::new();
    for (member, field) in fields.members().zip(fields) {
        let mut marked = false;
        for attribute in field.attrs.iter().filter(|a| a.path().is_ident("lua")) {
            // Mistakes in it are told of where the field is described.
            let _ = attribute.parse_nested_meta(|meta| {
                marked |= meta.path.is_ident("trace");
                skip_value(&meta)
            });
        }
        if held_handles(cx, &field.ty) || marked {
            traced.push(TracedField { member, ty: field.ty.clone() });
        }
    }
    traced
}

/// A field, if Lua sees it.
fn class_field(
    cx: &Ctxt,
    field: &Field,
    rule: Option<&LitStr>,
    frozen: bool,
) -> Option<ClassField> {
    let attrs =
        Attrs::parse(cx, &field.attrs, &["get", "set", "readonly", "skip", "name", "trace"]);
    if attrs.has("skip") {
        attrs.only(cx, &["skip", "trace"], messages::SKIPPED);
        return None;
    }
    if field.ident.is_none()
        && !attrs.only_says("trace")
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
        // Attributes of a variant may belong to the derive of a conversion; those of its fields cannot.
        if let Some(attribute) = field.attrs.iter().find(|a| a.path().is_ident("lua")) {
            cx.error(attribute, messages::ENUM_PART);
        }
    }
}

/// Luna's types that keep a value alive.
const HANDLES: &[&str] =
    &["Table", "Function", "LuaString", "Coroutine", "AnyUserdata", "Userdata", "Value"];

/// Refuses types that hold the state or a handle, and says whether there is a traced one. A path with a module before the name, other than
/// luna's, means another type.
fn held_handles(cx: &Ctxt, ty: &Type) -> bool {
    struct Find<'c> {
        cx: &'c Ctxt,
        traced: bool,
    }
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_type_path(&mut self, path: &'ast TypePath) {
            let segments = &path.path.segments;
            let ours = segments.len() == 1 || segments[0].ident == "luna";
            let Some(last) = segments.last() else { return };
            let name = last.ident.to_string();
            match &*name {
                "Traced" if ours => self.traced = true,
                "Lua" if ours => self.cx.error(path, messages::STATE_FIELD),
                handle if ours && HANDLES.contains(&handle) => {
                    let parameters = if last.arguments.is_none() { "" } else { "<..>" };
                    self.cx.error(path, messages::root_field(handle, parameters));
                }
                _ => visit::visit_type_path(self, path),
            }
        }

        // What a function takes or gives is not kept.
        fn visit_type_bare_fn(&mut self, _: &'ast TypeBareFn) {}
        fn visit_type_trait_object(&mut self, _: &'ast TypeTraitObject) {}
    }
    let mut find = Find { cx, traced: false };
    find.visit_type(ty);
    find.traced
}
