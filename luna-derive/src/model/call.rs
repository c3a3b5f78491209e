//! How Lua calls a function.

use proc_macro2::Span;
use syn::visit_mut::{VisitMut, visit_type_mut};
use syn::{Expr, FnArg, GenericParam, Ident, Lifetime, Pat, PatType, ReturnType, Signature, Type};

use crate::attr::{Attrs, plain};
use crate::ctxt::Ctxt;
use crate::messages;

/// How a function is called.
pub(crate) struct Call {
    /// Its receiver.
    pub(crate) receiver: Receiver,
    /// Where that is written.
    pub(crate) receiver_span: Span,
    /// Where among the parameters `&Lua` stands, and its type.
    pub(crate) state: Option<(usize, Type)>,
    /// The other parameters.
    pub(crate) params: Vec<Param>,
    /// What it gives.
    pub(crate) output: Output,
    /// The type of that, as it is written.
    pub(crate) result: Option<Type>,
    /// `variadic`: the last parameter gets all further arguments.
    pub(crate) variadic: bool,
    /// `named`: the parameters are fields of one table.
    pub(crate) named: bool,
    /// What fails gives text: a `Result` with `String` or `&str` as error.
    pub(crate) text_error: bool,
    /// `nil_err`: a failure gives nil and a message.
    pub(crate) nil_err: bool,
    /// `pure`: it has no side effects.
    pub(crate) pure: bool,
    /// Where `async` is written: a script waits for it.
    pub(crate) waits: Option<Span>,
    /// `deprecated`: the note.
    pub(crate) deprecated: Option<String>,
}

/// A parameter.
pub(crate) struct Param {
    /// Its name; empty if it is a pattern.
    pub(crate) name: String,
    /// Its type.
    pub(crate) ty: Type,
    /// What nil stands for.
    pub(crate) default: Option<Expr>,
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
    /// `&Self` or `&mut Self` of a method: the object it was called on.
    Receiver,
    /// A `Result` of that.
    ReceiverResult,
}

/// How a function is called, if Lua can call it.
pub(super) fn call(cx: &Ctxt, signature: &Signature, attrs: &Attrs) -> Option<Call> {
    if let Some(token) = signature.unsafety {
        cx.error(token, messages::CONTRACT);
        return None;
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
        result: match &signature.output {
            ReturnType::Type(_, ty) => Some((**ty).clone()),
            ReturnType::Default => None,
        },
        text_error: text_error(&signature.output),
        variadic: attrs.has("variadic"),
        named: attrs.has("named"),
        nil_err: attrs.has("nil_err"),
        pure: attrs.has("pure"),
        waits: signature.asyncness.map(|token| token.span),
        deprecated: attrs.deprecated.clone(),
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
            FnArg::Typed(typed) => parameter(cx, &mut call, i, typed),
        }
    }
    call.output = match call.output {
        // Without a receiver there is no object to give back.
        Output::Receiver if call.receiver == Receiver::None => Output::Borrowed,
        Output::ReceiverResult if call.receiver == Receiver::None => Output::Plain,
        output => output,
    };
    if let Some(Type::Reference(reference)) = &call.result
        && reference.mutability.is_some()
        && call.output != Output::Receiver
    {
        cx.error(reference, messages::EXCLUSIVE_RESULT);
    }
    if signature.asyncness.is_some() {
        check_waiting(cx, &call, attrs);
    }
    defaults(cx, &mut call, attrs);
    modes(cx, &call, signature, attrs);
    if call.named {
        return Some(call);
    }
    if call.params.len() + usize::from(call.receiver != Receiver::None) > 16 {
        cx.error(&signature.inputs, messages::TOO_MANY);
    }
    Some(call)
}

/// Gives parameters their defaults.
fn defaults(cx: &Ctxt, call: &mut Call, attrs: &Attrs) {
    for (name, value) in &attrs.defaults {
        let text = plain(name);
        let Some(param) = call.params.iter_mut().find(|param| param.name == text) else {
            let names: Vec<&str> = call.params.iter().map(|param| &*param.name).collect();
            cx.error(name, messages::no_parameter(&text, &names));
            continue;
        };
        let borrows = matches!(&param.ty, Type::Reference(r) if !is_text(&r.elem));
        if borrows || last_name(&param.ty).is_some_and(|name| name == "Option") {
            cx.error(name, messages::DEFAULT);
        }
        if param.default.replace(value.clone()).is_some() {
            cx.error(name, messages::twice(&text));
        }
    }
}

/// Checks what is said of a whole call.
fn modes(cx: &Ctxt, call: &Call, signature: &Signature, attrs: &Attrs) {
    let fails = call.result.as_ref().and_then(last_name).is_some_and(|name| name == "Result");
    if let (Some(word), false) = (attrs.word("nil_err"), fails) {
        cx.error(word, messages::NIL_ERR);
    }
    if attrs.has("pure") {
        refuse_change(cx, call);
    }
    if let Some(word) = attrs.word("variadic") {
        let last = call.params.last();
        if last.is_none_or(|last| last.default.is_some() || list_element(&last.ty).is_none()) {
            cx.error(word, messages::VARIADIC);
        }
    }
    if let Some(word) = attrs.word("named") {
        if call.params.is_empty() || call.variadic {
            cx.error(word, messages::NAMED);
        }
        if call.params.iter().any(|param| param.name.is_empty()) {
            cx.error(&signature.inputs, messages::NAMED_PATTERN);
        }
    }
}

/// What a function waits with outlives the call: it owns that.
fn check_waiting(cx: &Ctxt, call: &Call, attrs: &Attrs) {
    if matches!(call.receiver, Receiver::Exclusive | Receiver::Owned) {
        cx.add(syn::Error::new(call.receiver_span, messages::ASYNC_RECEIVER));
    }
    for param in &call.params {
        let borrows = match &param.ty {
            Type::Reference(_) => true,
            Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| last.ident == "Option" && first_is(last, is_reference)),
            _ => false,
        };
        if borrows {
            cx.error(&param.ty, messages::ASYNC_PARAMETER);
        }
    }
    for word in ["getter", "setter", "ctor", "named", "pure"] {
        if let Some(word) = attrs.word(word) {
            cx.error(word, messages::ASYNC_WORD);
        }
    }
    if let (Some(_), Some(span)) = (&attrs.meta, call.waits) {
        cx.add(syn::Error::new(span, messages::ASYNC_META));
    }
    if let (Some(_), Some(span)) = (&attrs.deprecated, call.waits) {
        cx.add(syn::Error::new(span, messages::ASYNC_DEPRECATED));
    }
}

/// A pure function changes nothing that it gets.
fn refuse_change(cx: &Ctxt, call: &Call) {
    if matches!(call.receiver, Receiver::Exclusive | Receiver::Owned) {
        cx.add(syn::Error::new(call.receiver_span, messages::PURE_RECEIVER));
    }
    for param in &call.params {
        if matches!(&param.ty, Type::Reference(reference) if reference.mutability.is_some()) {
            cx.error(&param.ty, messages::PURE_PARAMETER);
        }
    }
}

/// Whether a type is `str` or `[u8]`.
pub(crate) fn is_text(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => path.path.is_ident("str"),
        Type::Slice(slice) => matches!(&*slice.elem, Type::Path(path) if path.path.is_ident("u8")),
        _ => false,
    }
}

/// The element of a `Vec<T>` or `&[T]`.
pub(crate) fn list_element(ty: &Type) -> Option<&Type> {
    match ty {
        Type::Reference(reference) => match &*reference.elem {
            Type::Slice(slice) if reference.mutability.is_none() => Some(&slice.elem),
            _ => None,
        },
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Vec" => type_argument(last),
            _ => None,
        },
        _ => None,
    }
}

/// The first type among the arguments of a path's segment.
pub(crate) fn type_argument(segment: &syn::PathSegment) -> Option<&Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first() {
        Some(syn::GenericArgument::Type(first)) => Some(first),
        _ => None,
    }
}

/// The last name of a path.
fn last_name(ty: &Type) -> Option<&Ident> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    }
}

/// Adds a parameter.
fn parameter(cx: &Ctxt, call: &mut Call, i: usize, typed: &PatType) {
    let ty = &*typed.ty;
    match ty {
        Type::ImplTrait(_) => cx.error(ty, messages::IMPL_TRAIT),
        Type::Path(path) if last_is(&path.path, "Lua") => cx.error(ty, messages::OWNED_LUA),
        Type::Path(path) if call.waits.is_some() && last_is(&path.path, "WeakLua") => {
            if call.state.is_some() {
                cx.error(ty, messages::TWO_STATES);
            }
            let receiver = usize::from(call.receiver != Receiver::None);
            call.state = Some((i - receiver, ty.clone()));
        }
        Type::Reference(reference) if call.waits.is_some() && is_state(&reference.elem) => {
            cx.error(ty, messages::ASYNC_STATE);
        }
        Type::Reference(reference) if is_state(&reference.elem) => {
            if call.state.is_some() {
                cx.error(ty, messages::TWO_STATES);
            }
            let receiver = usize::from(call.receiver != Receiver::None);
            call.state = Some((i - receiver, elided(ty)));
        }
        _ => {
            let name = match &*typed.pat {
                Pat::Ident(name) => plain(&name.ident),
                _ => String::new(),
            };
            call.params.push(Param { name, ty: elided(ty), default: None });
        }
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
        ty if is_self_reference(ty) => Output::Receiver,
        Type::Reference(reference)
            if reference.lifetime.as_ref().is_none_or(|l| l.ident != "static") =>
        {
            Output::Borrowed
        }
        Type::Path(path) if path.path.is_ident("Self") => Output::Own,
        Type::Path(path) => match path.path.segments.last() {
            Some(last) if last.ident == "Result" && first_is(last, is_self) => Output::OwnResult,
            Some(last) if last.ident == "Result" && first_is(last, is_self_reference) => {
                Output::ReceiverResult
            }
            Some(last) if last.ident == "Option" && first_is(last, is_reference) => {
                Output::BorrowedOption
            }
            _ => Output::Plain,
        },
        _ => Output::Plain,
    }
}

/// Whether the error of a result is a text.
fn text_error(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = &**ty else { return false };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == "Result") else {
        return false;
    };
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else { return false };
    match arguments.args.iter().nth(1) {
        Some(syn::GenericArgument::Type(Type::Path(path))) => path.path.is_ident("String"),
        Some(syn::GenericArgument::Type(Type::Reference(reference))) => is_text(&reference.elem),
        _ => false,
    }
}

/// Whether a type is `Self`.
pub(super) fn is_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
}

/// Whether a type is `&Self` or `&mut Self`.
fn is_self_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if is_self(&reference.elem))
}

/// Whether a type is a reference.
fn is_reference(ty: &Type) -> bool {
    matches!(ty, Type::Reference(_))
}

/// Whether the first argument of a path segment is of a kind.
fn first_is(segment: &syn::PathSegment, kind: fn(&Type) -> bool) -> bool {
    type_argument(segment).is_some_and(kind)
}
