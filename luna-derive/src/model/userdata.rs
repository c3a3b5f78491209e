//! A userdata type and its fields.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::visit::{self, Visit};
use syn::visit_mut::VisitMut;
use syn::{
    Data, DataEnum, DeriveInput, Field, Fields, Ident, Lifetime, LitStr, Member, Path, Type,
    TypeBareFn, TypePath, TypeTraitObject, Variant, Visibility, parse_quote,
};

use super::call::Output;
use super::concrete::{Concrete, Substitution};
use super::impls::Implemented;
use super::{lent, luna};
use crate::attr::{Attrs, FIELD_KEYS, TYPE_KEYS, skip_value};
use crate::ctxt::Ctxt;
use crate::describe::docs;
use crate::messages;

/// A type to become userdata.
pub(crate) struct Userdata {
    /// Its name in Rust.
    pub(crate) ident: Ident,
    /// The type.
    pub(crate) ty: Type,
    /// Its Lua name.
    pub(crate) name: String,
    /// Its documentation.
    pub(crate) docs: String,
    /// Its lifetime, if it has one.
    pub(crate) lent: Option<Lifetime>,
    /// The types that are classes, if it is generic.
    pub(crate) concrete: Vec<Concrete>,
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
    /// `new`
    pub(crate) new: bool,
    /// `callable`: where that is said.
    pub(crate) callable: Option<Span>,
    /// `from_table`
    pub(crate) from_table: bool,
    /// `into_table`
    pub(crate) into_table: bool,
    /// `serde`
    pub(crate) serde: bool,
    /// `variants`, of an enum: its variants.
    pub(crate) variants: Vec<ClassVariant>,
    /// The bases.
    pub(crate) bases: Vec<Base>,
    /// What a value is made of, in order.
    pub(crate) makes: Vec<Make>,
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
    /// How it is read.
    pub(crate) read_as: Output,
    /// Its Lua name.
    pub(crate) name: String,
    /// Whether Lua reads it.
    pub(crate) read: bool,
    /// Whether Lua writes it.
    pub(crate) write: bool,
    /// Its documentation.
    pub(crate) docs: String,
    /// `by_ref`
    pub(crate) by_ref: bool,
    /// `validate = path`
    pub(crate) validate: Option<Path>,
    /// `deprecated`: the note.
    pub(crate) deprecated: Option<String>,
}

/// A field whose methods and fields are also the type's own.
pub(crate) struct Base {
    /// The field.
    pub(crate) member: Member,
    /// Its type.
    pub(crate) ty: Type,
}

/// How a field of a new value comes about.
pub(crate) struct Make {
    /// The field.
    pub(crate) member: Member,
    /// Its type.
    pub(crate) ty: Type,
    /// Its Lua name; `None`: Lua does not give it, and it has its default.
    pub(crate) name: Option<String>,
    /// Nil gives the default.
    pub(crate) default: bool,
    /// `validate = path`
    pub(crate) validate: Option<Path>,
}

/// A variant that Lua can make.
pub(crate) struct ClassVariant {
    /// The variant.
    pub(crate) ident: Ident,
    /// Its Lua name.
    pub(crate) name: String,
    /// Its fields, in order.
    pub(crate) fields: Vec<(Member, Type)>,
}

impl Userdata {
    /// Describes a type.
    pub(crate) fn new(cx: &Ctxt, input: &DeriveInput) -> Userdata {
        let attrs = Attrs::parse(cx, &input.attrs, TYPE_KEYS);
        let lent = lent::parameter(cx, &input.generics);
        if lent.is_some() {
            lent::class(cx, &attrs, input);
        } else if !input.generics.params.is_empty() && attrs.concrete.is_empty() {
            cx.error(&input.generics, messages::GENERIC_CLASS);
        }
        for one in attrs.concrete.iter().filter(|_| lent.is_none()) {
            if input.generics.params.is_empty() {
                cx.error(&one.ty, messages::NOT_GENERIC);
            } else {
                Substitution::checked(cx, &pattern(input), one, &input.generics);
            }
        }
        let ident = &input.ident;
        let mut model = Userdata {
            ident: ident.clone(),
            ty: match &lent {
                Some(_) => parse_quote!(#ident<'static>),
                None => parse_quote!(#ident),
            },
            lent,
            docs: docs(&input.attrs),
            concrete: Vec::new(),
            name: attrs.name_or(&input.ident, None),
            luna: luna(attrs.krate.as_ref()),
            frozen: attrs.has("frozen"),
            strict: attrs.has("strict"),
            clone: attrs.has("clone"),
            new: attrs.has("new"),
            callable: attrs.word("callable").map(Ident::span),
            from_table: attrs.has("from_table"),
            into_table: attrs.has("into_table"),
            serde: attrs.has("serde"),
            variants: Vec::new(),
            bases: Vec::new(),
            makes: Vec::new(),
            blocks: Vec::new(),
            impls: Vec::new(),
            fields: Vec::new(),
            traced: Traced::default(),
        };
        match &input.data {
            Data::Struct(data) => model.structure(cx, &attrs, &data.fields),
            Data::Enum(data) => model.enumeration(cx, &attrs, data),
            Data::Union(data) => cx.error(data.union_token, messages::UNION),
        }
        model.ways(cx, &attrs);
        (model.blocks, model.impls) = (attrs.blocks, attrs.impls);
        model.concrete = attrs.concrete;
        model
    }

    /// The class that a generic type is with some parameters; its mistakes were told of before.
    pub(crate) fn instance(input: &DeriveInput, concrete: &Concrete) -> Userdata {
        let mut input = input.clone();
        let pattern = pattern(&input);
        let mut types = Substitution::new(&pattern, &concrete.ty, &input.generics);
        if let Some(types) = &mut types {
            types.visit_data_mut(&mut input.data);
        }
        let cx = Ctxt::new();
        let mut model = Userdata::new(&cx, &input);
        let _ = cx.finish();
        let operands = |one: &mut Implemented| {
            let all = one.operands.iter_mut().chain(&mut one.reversed);
            all.for_each(|ty| types.iter_mut().for_each(|types| types.visit_type_mut(ty)));
        };
        model.impls.iter_mut().for_each(operands);
        model.ty = Type::Path(concrete.ty.clone());
        model.name = concrete.lua_name();
        model
    }

    /// Describes the fields of a struct.
    fn structure(&mut self, cx: &Ctxt, attrs: &Attrs, fields: &Fields) {
        if self.lent.is_none() {
            self.traced.fields = traced_fields(cx, fields);
        }
        let mut base = None;
        for (member, field) in fields.members().zip(fields) {
            let said = Attrs::parse(cx, &field.attrs, FIELD_KEYS);
            let rule = attrs.rename_all.as_ref();
            let mut seen = class_field(cx, field, &said, rule, self.frozen);
            if let (Some(lifetime), Some(seen)) = (&self.lent, &mut seen) {
                lent::field(cx, lifetime, &said, seen);
            }
            let part = said.word("base").or(said.word("flatten"));
            if let Some(word) = part {
                self.bases.push(Base { member: member.clone(), ty: field.ty.clone() });
                let second = word == "base" && base.replace(word.clone()).is_some();
                match &attrs.extends {
                    _ if second => cx.error(word, messages::TWO_BASES),
                    None if word == "base" => cx.error(word, messages::BASE_OF_NOTHING),
                    Some(extends) if word == "base" && !same(extends, &field.ty) => {
                        cx.error(extends, messages::OTHER_BASE);
                    }
                    _ => {}
                }
            }
            let given = match &member {
                Member::Named(_) => seen.as_ref().map(|field| field.name.clone()),
                Member::Unnamed(index) => {
                    (!said.has("skip")).then(|| (index.index + 1).to_string())
                }
            };
            self.makes.push(Make {
                member,
                ty: field.ty.clone(),
                name: given,
                default: said.has("default"),
                validate: said.validate.clone(),
            });
            self.fields.extend(seen);
        }
        if let (Some(extends), None) = (&attrs.extends, base) {
            cx.error(extends, messages::NO_BASE);
        }
        if let Some(word) = attrs.word("variants") {
            cx.error(word, messages::VARIANTS);
        }
    }

    /// Describes the variants of an enum.
    fn enumeration(&mut self, cx: &Ctxt, attrs: &Attrs, data: &DataEnum) {
        for variant in &data.variants {
            enum_part(cx, variant);
            if self.lent.is_none() {
                let fields = traced_fields(cx, &variant.fields);
                self.traced.variants.push((variant.ident.clone(), fields));
            }
            if attrs.has("variants") {
                let said = Attrs::parse(cx, &variant.attrs, &["name"]);
                let types = variant.fields.iter().map(|field| field.ty.clone());
                self.variants.push(ClassVariant {
                    ident: variant.ident.clone(),
                    name: said.name_or(&variant.ident, attrs.rename_all.as_ref()),
                    fields: variant.fields.members().zip(types).collect(),
                });
            }
        }
        for word in ["new", "from_table", "into_table"] {
            if let Some(word) = attrs.word(word) {
                cx.error(word, messages::MADE_OF_VARIANTS);
            }
        }
        if let Some(extends) = &attrs.extends {
            cx.error(extends, messages::NO_BASE);
        }
    }

    /// Checks the ways in which values come about.
    fn ways(&self, cx: &Ctxt, attrs: &Attrs) {
        let unnamed = self.makes.iter().any(|make| matches!(make.member, Member::Unnamed(_)));
        for word in ["from_table", "into_table"] {
            if let (Some(word), true) = (attrs.word(word), unnamed) {
                cx.error(word, messages::UNNAMED_TABLE);
            }
        }
        if let (Some(word), true) = (attrs.word("from_table"), self.serde) {
            cx.error(word, messages::TWO_TABLES);
        }
        let given = self.makes.iter().filter(|make| make.name.is_some()).count();
        if let (Some(word), true) = (attrs.word("new"), given > 16) {
            cx.error(word, messages::TOO_MANY);
        }
    }
}

/// A generic type with its own parameters.
fn pattern(input: &DeriveInput) -> TypePath {
    let (ident, (_, parameters, _)) = (&input.ident, input.generics.split_for_impl());
    parse_quote!(#ident #parameters)
}

/// Whether two types are written in the same way.
fn same(a: &Type, b: &Type) -> bool {
    a.to_token_stream().to_string() == b.to_token_stream().to_string()
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
    attrs: &Attrs,
    rule: Option<&LitStr>,
    frozen: bool,
) -> Option<ClassField> {
    if attrs.has("skip") {
        attrs.only(cx, &["skip", "trace", "base", "flatten"], messages::SKIPPED);
        return None;
    }
    if field.ident.is_none()
        && !attrs.has("skip")
        && !unseen(attrs)
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
    let by_ref = attrs.word("by_ref");
    let open = exported && !narrowed && !attrs.has("readonly") && !frozen;
    // A part that is changed in place is not exchanged unless that is asked for.
    let write = attrs.has("set") || (open && by_ref.is_none());
    if let (Some(word), false) = (by_ref, read) {
        cx.error(word, messages::UNREAD_CHILD);
    }
    if let (Some(validate), false) = (&attrs.validate, write) {
        cx.error(validate, messages::VALIDATE);
    }
    let ident = field.ident.clone()?;
    (read || write).then(|| ClassField {
        name: attrs.name_or(&ident, rule),
        ty: field.ty.clone(),
        read_as: Output::Plain,
        ident,
        read,
        write,
        docs: docs(&field.attrs),
        by_ref: by_ref.is_some(),
        validate: attrs.validate.clone(),
        deprecated: attrs.deprecated.clone(),
    })
}

/// Whether nothing is said that needs a name.
fn unseen(attrs: &Attrs) -> bool {
    ["trace", "base", "flatten", "default"].iter().any(|word| attrs.has(word))
        && !["get", "set", "readonly", "by_ref"].iter().any(|word| attrs.has(word))
        && attrs.name.is_none()
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
