//! A block of methods.

use proc_macro2::{Span, TokenStream};
use syn::parse::Parser;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{
    FnArg, GenericParam, Ident, ImplItem, ImplItemConst, ImplItemFn, ItemImpl, Lifetime, LitStr,
    ReturnType, Token, Type,
};

use super::luna;
use crate::attr::{Attrs, Event, strip};
use crate::ctxt::Ctxt;
use crate::messages;

/// A block of methods.
pub(crate) struct Methods {
    /// The type.
    pub(crate) ty: Type,
    /// Where luna is.
    pub(crate) luna: TokenStream,
    /// Name of a block beyond the first.
    pub(crate) block: Option<Ident>,
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
    /// What it becomes.
    pub(crate) role: Role,
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

/// How a function is called.
pub(crate) struct Call {
    /// Its receiver.
    pub(crate) receiver: Receiver,
    /// Where that is written.
    pub(crate) receiver_span: Span,
    /// Where among the parameters `&Lua` stands, and its type.
    pub(crate) state: Option<(usize, Type)>,
    /// The types of the other parameters.
    pub(crate) params: Vec<Type>,
    /// What it gives.
    pub(crate) output: Output,
}

/// A receiver.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// None.
    None,
    /// `&self`
    Shared,
    /// `&mut self`
    Exclusive,
    /// `self`
    Owned,
}

/// What a function gives, where that matters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Output {
    /// Something that goes to Lua as it is.
    Plain,
    /// `Self`
    Own,
    /// `Result<Self, E>`
    OwnResult,
    /// `&T`
    Borrowed,
    /// `Option<&T>`
    BorrowedOption,
}

impl Methods {
    /// Describes a block, and removes our attributes from it.
    pub(crate) fn new(cx: &Ctxt, args: TokenStream, block: &mut ItemImpl) -> Methods {
        let (args, name) = block_args(cx, args);
        if block.trait_.is_some() {
            cx.error(block.impl_token, messages::BLOCK);
        }
        if !block.generics.params.is_empty() {
            cx.error(&block.generics, messages::BLOCK);
        }
        let rule = args.rename_all.as_ref();
        let mut items = Vec::new();
        for item in &mut block.items {
            match item {
                ImplItem::Fn(function) => items.extend(function_item(cx, function, rule)),
                ImplItem::Const(constant) => items.extend(constant_item(cx, constant)),
                _ => {}
            }
        }
        Methods {
            ty: (*block.self_ty).clone(),
            luna: luna(args.krate.as_ref()),
            block: name,
            items,
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
                && name.is_none()
                && !meta.input.peek(Token![=]) =>
        {
            name = Some(ident.clone());
            Ok(())
        }
        _ => attrs.key(cx, &meta, &["rename_all", "crate"]),
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
        role: Role::Constant,
    })
}

/// Where an item is named.
fn name_span(attrs: &Attrs, ident: &Ident) -> Span {
    attrs.name.as_ref().map_or_else(|| ident.span(), LitStr::span)
}

/// A function, unless it is skipped or cannot be called.
fn function_item(cx: &Ctxt, function: &mut ImplItemFn, rule: Option<&LitStr>) -> Option<Item> {
    let accepted = ["name", "skip", "ctor", "getter", "setter", "meta"];
    let attrs = Attrs::parse(cx, &function.attrs, &accepted);
    strip(&mut function.attrs);
    if attrs.has("skip") {
        attrs.only(cx, &["skip"], messages::SKIPPED);
        return None;
    }
    one_role(cx, &attrs);
    let ident = function.sig.ident.clone();
    let span = name_span(&attrs, &ident);
    let call = call(cx, function)?;
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
    Some(Item { name, span, ident, role })
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

/// How a function is called, if Lua can call it.
fn call(cx: &Ctxt, function: &ImplItemFn) -> Option<Call> {
    let signature = &function.sig;
    let refused = [
        (signature.asyncness.map(|token| token.span), messages::ASYNC),
        (signature.unsafety.map(|token| token.span), messages::CONTRACT),
    ];
    for (span, message) in refused {
        if let Some(span) = span {
            cx.add(syn::Error::new(span, message));
            return None;
        }
    }
    let lifetimes_only =
        signature.generics.params.iter().all(|p| matches!(p, GenericParam::Lifetime(_)));
    if !lifetimes_only {
        cx.error(&signature.generics.params, messages::GENERIC_FUNCTION);
        return None;
    }
    let mut call = Call {
        receiver: Receiver::None,
        receiver_span: signature.ident.span(),
        state: None,
        params: Vec::new(),
        output: output(&signature.output),
    };
    for (i, argument) in signature.inputs.iter().enumerate() {
        match argument {
            FnArg::Receiver(this) => {
                if this.colon_token.is_some() {
                    cx.error(this, messages::RECEIVER);
                }
                call.receiver_span = this.self_token.span;
                call.receiver = match (&this.reference, this.mutability) {
                    (None, _) => Receiver::Owned,
                    (Some(_), None) => Receiver::Shared,
                    (Some(_), Some(_)) => Receiver::Exclusive,
                };
            }
            FnArg::Typed(typed) => parameter(cx, &mut call, i, &typed.ty),
        }
    }
    if call.params.len() + usize::from(call.receiver != Receiver::None) > 16 {
        cx.error(&signature.inputs, messages::TOO_MANY);
    }
    Some(call)
}

/// Adds a parameter.
fn parameter(cx: &Ctxt, call: &mut Call, i: usize, ty: &Type) {
    match ty {
        Type::ImplTrait(_) => cx.error(ty, messages::IMPL_TRAIT),
        Type::Path(path) if last_is(&path.path, "Lua") => cx.error(ty, messages::OWNED_LUA),
        Type::Reference(reference) if is_state(&reference.elem) => {
            if call.state.is_some() {
                cx.error(ty, messages::TWO_STATES);
            }
            let receiver = usize::from(call.receiver != Receiver::None);
            call.state = Some((i - receiver, elided(ty)));
        }
        _ => call.params.push(elided(ty)),
    }
}

/// Whether a type is luna's state.
fn is_state(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if last_is(&path.path, "Lua"))
}

/// Whether a path ends with a name.
fn last_is(path: &syn::Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name && last.arguments.is_empty())
}

/// A type for a closure's parameter: lifetimes of the function's own are left out.
fn elided(ty: &Type) -> Type {
    struct Elide;
    impl VisitMut for Elide {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            if lifetime.ident != "static" {
                *lifetime = Lifetime::new("'_", lifetime.span());
            }
        }
    }
    let mut ty = ty.clone();
    visit_type_mut(&mut Elide, &mut ty);
    ty
}

/// Looks at a return type.
fn output(output: &ReturnType) -> Output {
    let ReturnType::Type(_, ty) = output else { return Output::Plain };
    match &**ty {
        Type::Reference(reference)
            if reference.lifetime.as_ref().is_none_or(|l| l.ident != "static") =>
        {
            Output::Borrowed
        }
        Type::Path(path) if path.path.is_ident("Self") => Output::Own,
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Result" && first_is(last, is_self) => Output::OwnResult,
            Some(last) if last.ident == "Option" && first_is(last, is_reference) => {
                Output::BorrowedOption
            }
            _ => Output::Plain,
        },
        _ => Output::Plain,
    }
}

/// Whether a type is `Self`.
fn is_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
}

/// Whether a type is a reference.
fn is_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(_))
}

/// Whether the first argument of a path segment is of a kind.
fn first_is(segment: &syn::PathSegment, kind: fn(&Type) -> bool) -> bool {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return false };
    matches!(arguments.args.first(), Some(syn::GenericArgument::Type(first)) if kind(first))
}
