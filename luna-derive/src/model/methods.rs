//! A block of methods.

use proc_macro2::{Span, TokenStream};
use syn::parse::Parser;
use syn::visit_mut::VisitMut;
use syn::{Ident, ImplItem, ImplItemConst, ImplItemFn, ItemImpl, LitStr, ReturnType, Token, Type};

use super::call::{Call, Output, Receiver, call};
use super::concrete::{Concrete, Substitution};
use super::lent::{LentBlock, with_lifetime};
use super::luna;
use crate::attr::{Attrs, Event, strip};
use crate::ctxt::Ctxt;
use crate::describe::docs;
use crate::messages;

impl Role {
    /// How it is called, if it is a function.
    pub(crate) fn call(&self) -> Option<&Call> {
        match self {
            Role::Constant => None,
            Role::Function(call)
            | Role::Getter(call)
            | Role::Setter(call)
            | Role::Meta(_, call) => Some(call),
        }
    }

    /// As [`Role::call`], to be changed.
    fn call_mut(&mut self) -> Option<&mut Call> {
        match self {
            Role::Constant => None,
            Role::Function(call)
            | Role::Getter(call)
            | Role::Setter(call)
            | Role::Meta(_, call) => Some(call),
        }
    }
}

/// A block of methods.
pub(crate) struct Methods {
    /// The type.
    pub(crate) ty: Type,
    /// Where luna is.
    pub(crate) luna: TokenStream,
    /// Name of a block beyond the first.
    pub(crate) block: Option<Ident>,
    /// What is different if the type has a lifetime.
    pub(crate) lent: Option<LentBlock>,
    /// The types the block is registered for, if it is generic.
    pub(crate) concrete: Vec<Concrete>,
    /// What is registered.
    pub(crate) items: Vec<Item>,
}

/// Something to register.
pub(crate) struct Item {
    /// Its Lua name.
    pub(crate) name: String,
    /// Where it is named.
    pub(crate) span: Span,
    /// The Rust item.
    pub(crate) ident: Ident,
    /// Its documentation.
    pub(crate) docs: String,
    /// The type of a constant.
    pub(crate) ty: Option<Type>,
    /// What it becomes.
    pub(crate) role: Role,
}

impl Item {
    /// Whether it is a function without a receiver.
    pub(crate) fn is_function(&self) -> bool {
        matches!(&self.role, Role::Function(call) if call.receiver == Receiver::None)
    }

    /// Whether it is a function that makes values of the type.
    pub(crate) fn makes_self(&self) -> bool {
        let makes = |call: &Call| matches!(call.output, Output::Own | Output::OwnResult);
        self.is_function() && matches!(&self.role, Role::Function(call) if makes(call))
    }
}

/// What an item becomes.
pub(crate) enum Role {
    /// A constant of the class.
    Constant,
    /// A function or method.
    Function(Call),
    /// A readable name.
    Getter(Call),
    /// A writable name.
    Setter(Call),
    /// A handler.
    Meta(Event, Call),
}

impl Methods {
    /// Describes a block, and removes our attributes from it.
    pub(crate) fn new(cx: &Ctxt, args: TokenStream, block: &mut ItemImpl) -> Methods {
        let (args, name) = block_args(cx, args);
        if block.trait_.is_some() {
            cx.error(block.impl_token, messages::BLOCK);
        }
        let lent = LentBlock::new(cx, &args, block);
        if lent.is_none() {
            check_concrete(cx, &args, block);
        }
        let rule = args.rename_all.as_ref();
        let mut items = Vec::new();
        for item in &mut block.items {
            match item {
                ImplItem::Fn(function) => {
                    items.extend(function_item(cx, function, rule, lent.as_ref()));
                }
                ImplItem::Const(constant) => items.extend(constant_item(cx, constant)),
                _ => {}
            }
        }
        Methods {
            ty: match &lent {
                Some(_) => with_lifetime(&block.self_ty, "'static"),
                None => (*block.self_ty).clone(),
            },
            lent,
            luna: luna(args.krate.as_ref()),
            block: name,
            concrete: args.concrete,
            items,
        }
    }

    /// The block as that of a type with its parameters, in which `Self` is no longer generic.
    pub(crate) fn set_instance(
        &mut self,
        block: &ItemImpl,
        types: &[Vec<Type>],
        concrete: &Concrete,
    ) {
        let Type::Path(pattern) = &*block.self_ty else { return };
        let substitution = Substitution::new(pattern, &concrete.ty, &block.generics);
        let Some(mut substitution) = substitution else { return };
        for (item, types) in self.items.iter_mut().zip(types) {
            let Some(call) = item.role.call_mut() else { continue };
            for (param, ty) in call.params.iter_mut().zip(types) {
                param.ty = ty.clone();
                substitution.visit_type_mut(&mut param.ty);
            }
        }
        self.ty = Type::Path(concrete.ty.clone());
    }

    /// The types of all parameters, by item.
    pub(crate) fn parameter_types(&self) -> Vec<Vec<Type>> {
        let types = |call: &Call| call.params.iter().map(|param| param.ty.clone()).collect();
        self.items.iter().map(|item| item.role.call().map_or_else(Vec::new, types)).collect()
    }
}

/// A generic block lists the types it is registered for.
fn check_concrete(cx: &Ctxt, args: &Attrs, block: &ItemImpl) {
    if block.generics.lifetimes().next().is_some() {
        cx.error(&block.generics, messages::BORROWING_BLOCK);
    } else if !block.generics.params.is_empty() && args.concrete.is_empty() {
        cx.error(&block.generics, messages::GENERIC_BLOCK);
    }
    for one in &args.concrete {
        match &*block.self_ty {
            _ if block.generics.params.is_empty() => cx.error(&one.ty, messages::NOT_GENERIC),
            Type::Path(pattern) => {
                Substitution::checked(cx, pattern, one, &block.generics);
            }
            _ => cx.error(&one.ty, messages::NO_PATH),
        }
    }
}

/// The arguments of the attribute.
fn block_args(cx: &Ctxt, args: TokenStream) -> (Attrs, Option<Ident>) {
    let (mut attrs, mut name) = (Attrs::default(), None);
    let parser = syn::meta::parser(|meta| match meta.path.get_ident() {
        Some(ident)
            if ident != "rename_all"
                && ident != "crate"
                && ident != "concrete"
                && name.is_none()
                && !meta.input.peek(Token![=]) =>
        {
            name = Some(ident.clone());
            Ok(())
        }
        _ => attrs.key(cx, &meta, &["rename_all", "concrete", "crate"]),
    });
    if let Err(error) = parser.parse2(args) {
        cx.add(error);
    }
    (attrs, name)
}

/// A constant, unless it is skipped.
fn constant_item(cx: &Ctxt, constant: &mut ImplItemConst) -> Option<Item> {
    let attrs = Attrs::parse(cx, &constant.attrs, &["name", "skip"]);
    strip(&mut constant.attrs);
    if attrs.has("skip") {
        attrs.only(cx, &["skip"], messages::SKIPPED);
        return None;
    }
    Some(Item {
        name: attrs.name_or(&constant.ident, None),
        span: name_span(&attrs, &constant.ident),
        ident: constant.ident.clone(),
        docs: docs(&constant.attrs),
        ty: Some(constant.ty.clone()),
        role: Role::Constant,
    })
}

/// Where an item is named.
pub(super) fn name_span(attrs: &Attrs, ident: &Ident) -> Span {
    attrs.name.as_ref().map_or_else(|| ident.span(), LitStr::span)
}

/// A function, unless it is skipped or cannot be called.
fn function_item(
    cx: &Ctxt,
    function: &mut ImplItemFn,
    rule: Option<&LitStr>,
    lent: Option<&LentBlock>,
) -> Option<Item> {
    let accepted = [
        "name",
        "skip",
        "ctor",
        "getter",
        "setter",
        "meta",
        "defaults",
        "variadic",
        "named",
        "nil_err",
        "pure",
        "deprecated",
    ];
    let attrs = Attrs::parse(cx, &function.attrs, &accepted);
    strip(&mut function.attrs);
    if attrs.has("skip") {
        attrs.only(cx, &["skip"], messages::SKIPPED);
        return None;
    }
    one_role(cx, &attrs);
    let ident = function.sig.ident.clone();
    let span = name_span(&attrs, &ident);
    let mut call = call(cx, &function.sig, &attrs)?;
    if let Some(lent) = lent {
        lent.check(cx, &function.sig, &call);
        call.params.iter_mut().for_each(|param| lent.complete(&mut param.ty));
    }
    let mut name = attrs.name_or(&ident, rule);
    let role = if let Some(event) = attrs.meta {
        Role::Meta(event, call)
    } else if attrs.has("getter") {
        let silent = matches!(function.sig.output, ReturnType::Default);
        if call.receiver != Receiver::Shared || !call.params.is_empty() || silent {
            cx.error(&function.sig, messages::GETTER);
        }
        Role::Getter(call)
    } else if attrs.has("setter") {
        if call.receiver != Receiver::Exclusive || call.params.len() != 1 {
            cx.error(&function.sig, messages::SETTER);
        }
        if attrs.name.is_none()
            && let Some(rest) = crate::attr::plain(&ident).strip_prefix("set_")
        {
            let short = Ident::new_raw(rest, ident.span());
            name = Attrs::default().name_or(&short, rule);
        }
        Role::Setter(call)
    } else {
        if attrs.has("ctor") {
            let makes_self = matches!(call.output, Output::Own | Output::OwnResult);
            if call.receiver != Receiver::None || !makes_self {
                cx.error(&function.sig, messages::CTOR);
            }
            if attrs.name.is_none() {
                name = "new".to_owned();
            }
        }
        Role::Function(call)
    };
    Some(Item { name, span, ident, docs: docs(&function.attrs), ty: None, role })
}

/// An item has one role, and a handler no name of its own.
fn one_role(cx: &Ctxt, attrs: &Attrs) {
    let roles = ["ctor", "getter", "setter"].iter().filter_map(|role| attrs.word(role));
    let skipped = usize::from(attrs.meta.is_none());
    roles.skip(skipped).for_each(|role| cx.error(role, messages::ONE_ROLE));
    if let (Some(_), Some(name)) = (&attrs.meta, &attrs.name) {
        cx.error(name, messages::META_NAME);
    }
}
