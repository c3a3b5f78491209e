//! A module that becomes a table.

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::{Attribute, Ident, ItemMod, LitStr, Signature, Type, Visibility};

use super::call::{Receiver, call};
use super::luna;
use super::methods::{Item, Role, name_span};
use crate::attr::{Attrs, plain, strip};
use crate::ctxt::Ctxt;
use crate::describe::docs;
use crate::messages;

/// A module that becomes a table.
pub(crate) struct Module {
    /// Its name.
    pub(crate) name: String,
    /// Its documentation.
    pub(crate) docs: String,
    /// Where luna is.
    pub(crate) luna: TokenStream,
    /// Its functions and constants.
    pub(crate) items: Vec<Item>,
    /// The modules inside it that become tables.
    pub(crate) modules: Vec<Ident>,
    /// The classes that go with it.
    pub(crate) classes: Vec<Type>,
}

/// What may be said of a function.
const FUNCTION_KEYS: &[&str] =
    &["name", "skip", "defaults", "variadic", "named", "nil_err", "pure", "deprecated"];

impl Module {
    /// Describes a module, and removes our attributes from it.
    pub(crate) fn new(cx: &Ctxt, args: TokenStream, module: &mut ItemMod) -> Module {
        let mut said = Attrs::default();
        let keys = ["rename_all", "classes", "crate"];
        let parser = syn::meta::parser(|meta| said.key(cx, &meta, &keys));
        if let Err(error) = parser.parse2(args) {
            cx.add(error);
        }
        let mut model = Module {
            name: plain(&module.ident),
            docs: docs(&module.attrs),
            luna: luna(said.krate.as_ref()),
            items: Vec::new(),
            modules: Vec::new(),
            classes: std::mem::take(&mut said.classes),
        };
        let Some((_, items)) = &mut module.content else {
            cx.error(&module.ident, messages::EMPTY_MODULE);
            return model;
        };
        let rule = said.rename_all.as_ref();
        for item in items {
            match item {
                syn::Item::Fn(function) => {
                    let (vis, sig) = (&function.vis, &function.sig);
                    model.items.extend(function_item(cx, &mut function.attrs, vis, sig, rule));
                }
                syn::Item::Const(constant) => {
                    model.items.extend(constant_item(cx, constant));
                }
                syn::Item::Mod(inner) if is_module(&inner.attrs) => {
                    model.modules.push(inner.ident.clone());
                }
                _ => {}
            }
        }
        model
    }
}

/// Whether a module inside becomes a table too.
fn is_module(attributes: &[Attribute]) -> bool {
    let last = |attribute: &Attribute| attribute.path().segments.last().map(|s| s.ident.clone());
    attributes.iter().filter_map(last).any(|ident| ident == "lua_module")
}

/// Our attributes of an item, unless Lua does not see it.
fn attributes(
    cx: &Ctxt,
    attributes: &mut Vec<Attribute>,
    vis: &Visibility,
    keys: &[&str],
) -> Option<Attrs> {
    let written = attributes.iter().find(|attribute| attribute.path().is_ident("lua")).cloned();
    let said = Attrs::parse(cx, attributes, keys);
    strip(attributes);
    if matches!(vis, Visibility::Inherited) {
        if let Some(attribute) = written {
            cx.error(attribute, messages::PRIVATE_ITEM);
        }
        return None;
    }
    if said.has("skip") {
        said.only(cx, &["skip"], messages::SKIPPED);
        return None;
    }
    Some(said)
}

/// A function, if Lua sees it and can call it.
fn function_item(
    cx: &Ctxt,
    written: &mut Vec<Attribute>,
    vis: &Visibility,
    signature: &Signature,
    rule: Option<&LitStr>,
) -> Option<Item> {
    let attrs = attributes(cx, written, vis, FUNCTION_KEYS)?;
    let call = call(cx, signature, &attrs)?;
    debug_assert!(call.receiver == Receiver::None, "a function of a module");
    Some(Item {
        name: attrs.name_or(&signature.ident, rule),
        span: name_span(&attrs, &signature.ident),
        ident: signature.ident.clone(),
        docs: docs(written),
        ty: None,
        role: Role::Function(call),
    })
}

/// A constant, if Lua sees it.
fn constant_item(cx: &Ctxt, constant: &mut syn::ItemConst) -> Option<Item> {
    let attrs = attributes(cx, &mut constant.attrs, &constant.vis, &["name", "skip"])?;
    let ident = &constant.ident;
    Some(Item {
        name: attrs.name_or(ident, None),
        span: name_span(&attrs, ident),
        ident: ident.clone(),
        docs: docs(&constant.attrs),
        ty: Some((*constant.ty).clone()),
        role: Role::Constant,
    })
}
