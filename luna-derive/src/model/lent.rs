//! Types with a lifetime: what is different about them.

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::visit_mut::{VisitMut, visit_lifetime_mut, visit_type_mut};
use syn::{
    Data, DeriveInput, Error, Field, FnArg, GenericArgument, GenericParam, Generics, Ident,
    ItemImpl, Lifetime, PathArguments, Receiver, Signature, Type, TypePath, TypeReference,
};

use super::call::{self, Call, Output, is_text, type_argument};
use super::impls::{Implemented, Trait};
use super::userdata::ClassField;
use crate::attr::Attrs;
use crate::ctxt::Ctxt;
use crate::messages;

/// The lifetime of a type that has one; refuses further parameters.
pub(super) fn parameter(cx: &Ctxt, generics: &Generics) -> Option<Lifetime> {
    let lifetime = generics.lifetimes().next()?.lifetime.clone();
    for other in generics.params.iter().skip(1) {
        let message = match other {
            GenericParam::Lifetime(_) => messages::LENT_LIFETIMES,
            _ => messages::LENT_PARAMETERS,
        };
        cx.error(other, message);
    }
    Some(lifetime)
}

/// Refuses what cannot be said of a type with a lifetime.
pub(super) fn class(cx: &Ctxt, attrs: &Attrs, input: &DeriveInput) {
    let words = [
        ("frozen", messages::LENT_FROZEN),
        ("new", messages::LENT_MADE),
        ("callable", messages::LENT_MADE),
        ("variants", messages::LENT_MADE),
        ("clone", messages::LENT_MADE),
        ("from_table", messages::LENT_MADE),
        ("serde", messages::LENT_MADE),
        ("into_table", messages::LENT_TABLE),
    ];
    refuse(cx, attrs, &words);
    if let Some(extends) = &attrs.extends {
        cx.error(extends, messages::LENT_PART);
    }
    for one in &attrs.concrete {
        cx.error(&one.ty, messages::LENT_CONCRETE);
    }
    for one in attrs.impls.iter().filter(|one| !is_offered(one)) {
        cx.add(Error::new(one.span, messages::LENT_IMPLS));
    }
    if let Data::Struct(data) = &input.data {
        data.fields.iter().for_each(|field| field_words(cx, field));
    }
}

/// Whether a trait is one that an event can stand for.
fn is_offered(one: &Implemented) -> bool {
    match one.rust {
        Trait::Display | Trait::Debug => true,
        Trait::Eq => one.operands.iter().all(call::is_self),
        _ => false,
    }
}

/// Refuses some words.
fn refuse(cx: &Ctxt, attrs: &Attrs, words: &[(&str, &str)]) {
    for (word, message) in words {
        if let Some(word) = attrs.word(word) {
            cx.error(word, message);
        }
    }
}

/// Refuses what cannot be said of a field.
fn field_words(cx: &Ctxt, field: &Field) {
    // Mistakes in them are told of where the field is described.
    let quiet = Ctxt::new();
    let attrs = Attrs::parse(&quiet, &field.attrs, crate::attr::FIELD_KEYS);
    let _ = quiet.finish();
    let words = [
        ("by_ref", messages::LENT_PART),
        ("base", messages::LENT_PART),
        ("flatten", messages::LENT_PART),
        ("default", messages::LENT_MADE),
        ("trace", messages::LENT_TRACE),
    ];
    refuse(cx, &attrs, &words);
}

/// What is different about a field that Lua sees: what is borrowed is read as a copy, and not written.
pub(super) fn field(cx: &Ctxt, lifetime: &Lifetime, attrs: &Attrs, field: &mut ClassField) {
    if !mentions(&field.ty, lifetime) {
        return;
    }
    field.read_as = match &field.ty {
        Type::Reference(reference) if is_borrow(reference, lifetime) => Output::Borrowed,
        Type::Path(path) if option_of_borrow(path, lifetime) => Output::BorrowedOption,
        _ => {
            cx.error(&field.ty, messages::LENT_FIELD);
            return;
        }
    };
    for place in [attrs.word("set").map(Spanned::span), attrs.validate.as_ref().map(Spanned::span)]
        .into_iter()
        .flatten()
    {
        cx.add(Error::new(place, messages::LENT_WRITE));
    }
    field.write = false;
}

/// Whether a reference is a shared one, to something that borrows nothing.
fn is_borrow(reference: &TypeReference, lifetime: &Lifetime) -> bool {
    reference.mutability.is_none() && !mentions(&reference.elem, lifetime)
}

/// Whether a type is an `Option<&'a T>`.
fn option_of_borrow(path: &TypePath, lifetime: &Lifetime) -> bool {
    let last = path.path.segments.last().filter(|last| last.ident == "Option");
    match last.and_then(type_argument) {
        Some(Type::Reference(reference)) => is_borrow(reference, lifetime),
        _ => false,
    }
}

/// Whether a type has a lifetime in it.
fn mentions(ty: &Type, lifetime: &Lifetime) -> bool {
    struct Find<'l>(&'l Lifetime, bool);
    impl<'ast> Visit<'ast> for Find<'_> {
        fn visit_lifetime(&mut self, found: &'ast Lifetime) {
            self.1 |= found.ident == self.0.ident;
            visit::visit_lifetime(self, found);
        }
    }
    let mut find = Find(lifetime, false);
    find.visit_type(ty);
    find.1
}

/// A block of methods of a type with a lifetime.
pub(crate) struct LentBlock {
    /// The type, without arguments.
    ident: Ident,
    /// Where its functions are.
    pub(crate) path: syn::Path,
    /// Its lifetime.
    lifetime: Lifetime,
    /// The type with a lifetime that is not said.
    any: Type,
}

impl LentBlock {
    /// The block, if its type has a lifetime; refuses a type with other parameters.
    pub(super) fn new(cx: &Ctxt, args: &Attrs, block: &ItemImpl) -> Option<LentBlock> {
        let Type::Path(ty) = &*block.self_ty else { return None };
        let last = ty.path.segments.last()?;
        let mut lifetimes = lifetimes_of(&last.arguments);
        let lifetime = lifetimes.next()?.clone();
        if lifetime.ident == "static" {
            cx.error(&lifetime, messages::LENT_STATIC);
        }
        lifetimes.for_each(|other| cx.error(other, messages::LENT_LIFETIMES));
        for other in &block.generics.params {
            if !matches!(other, GenericParam::Lifetime(_)) {
                cx.error(other, messages::LENT_PARAMETERS);
            }
        }
        args.concrete.iter().for_each(|one| cx.error(&one.ty, messages::LENT_CONCRETE));
        let mut path = ty.path.clone();
        if let Some(last) = path.segments.last_mut() {
            last.arguments = PathArguments::None;
        }
        let any = with_lifetime(&block.self_ty, "'_");
        Some(LentBlock { ident: last.ident.clone(), path, lifetime, any })
    }

    /// Refuses a function that no value of the type can be used for.
    pub(super) fn check(&self, cx: &Ctxt, signature: &Signature, call: &Call) {
        if let Some(span) = call.waits {
            cx.add(Error::new(span, messages::ASYNC_LENT));
        }
        if call.receiver == call::Receiver::Owned {
            cx.add(Error::new(call.receiver_span, messages::LENT_SELF));
        }
        for argument in &signature.inputs {
            match argument {
                FnArg::Receiver(Receiver { reference: Some((_, Some(lifetime))), .. })
                    if lifetime.ident == self.lifetime.ident =>
                {
                    cx.error(lifetime, messages::LENT_RECEIVER);
                }
                FnArg::Typed(typed) if names_self(&typed.ty) => {
                    cx.error(&typed.ty, messages::lent_other(&self.ident.to_string()));
                }
                FnArg::Typed(typed)
                    if self.lifetime.ident != "_" && mentions(&typed.ty, &self.lifetime) =>
                {
                    cx.error(&typed.ty, messages::LENT_ARGUMENT);
                }
                _ => {}
            }
        }
        let own = match &call.result {
            Some(Type::Path(path)) => path.path.segments.last().is_some_and(|last| {
                last.ident == self.ident
                    || (last.ident == "Result" && type_argument(last).is_some_and(|t| self.is(t)))
            }),
            _ => false,
        };
        if own || matches!(call.output, Output::Own | Output::OwnResult) {
            cx.error(&signature.output, messages::LENT_RESULT);
        }
    }

    /// Whether a type is the block's.
    fn is(&self, ty: &Type) -> bool {
        matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|l| l.ident == self.ident))
    }

    /// A parameter's type in which the block's type has its lifetime.
    pub(super) fn complete(&self, ty: &mut Type) {
        struct Complete<'b>(&'b LentBlock);
        impl VisitMut for Complete<'_> {
            fn visit_type_mut(&mut self, ty: &mut Type) {
                let block = self.0;
                if matches!(ty, Type::Path(path) if path.path.is_ident(&block.ident)) {
                    *ty = block.any.clone();
                    return;
                }
                visit_type_mut(self, ty);
            }
        }
        Complete(self).visit_type_mut(ty);
    }
}

/// Whether a type has `Self` in it.
fn names_self(ty: &Type) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_type_path(&mut self, path: &'ast TypePath) {
            self.0 |= path.path.is_ident("Self");
            visit::visit_type_path(self, path);
        }
    }
    let mut find = Find(false);
    find.visit_type(ty);
    find.0
}

/// The lifetimes among the arguments of a path's segment.
fn lifetimes_of(arguments: &PathArguments) -> impl Iterator<Item = &Lifetime> {
    let arguments = match arguments {
        PathArguments::AngleBracketed(arguments) => Some(arguments.args.iter()),
        _ => None,
    };
    arguments.into_iter().flatten().filter_map(|argument| match argument {
        GenericArgument::Lifetime(lifetime) => Some(lifetime),
        _ => None,
    })
}

/// A type with another lifetime in the place of all that it has.
pub(super) fn with_lifetime(ty: &Type, text: &'static str) -> Type {
    struct Replace(&'static str);
    impl VisitMut for Replace {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            *lifetime = Lifetime::new(self.0, lifetime.span());
            visit_lifetime_mut(self, lifetime);
        }
    }
    let mut ty = ty.clone();
    Replace(text).visit_type_mut(&mut ty);
    ty
}

/// A parameter that takes a value with a lifetime.
pub(crate) struct LentParam {
    /// The type for `'static`, which stands for it.
    pub(crate) family: Type,
    /// `&mut`
    pub(crate) exclusive: bool,
    /// It is an `Option`.
    pub(crate) optional: bool,
}

impl LentParam {
    /// What a parameter of this type takes, if that has a lifetime: a reference to a path with a lifetime, or an `Option` of it.
    pub(crate) fn of(ty: &Type) -> Option<LentParam> {
        let (reference, optional) = match ty {
            Type::Reference(reference) => (reference, false),
            Type::Path(path) => {
                let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
                let Type::Reference(reference) = type_argument(last)? else { return None };
                (reference, true)
            }
            _ => return None,
        };
        let Type::Path(path) = &*reference.elem else { return None };
        let last = path.path.segments.last()?;
        if is_text(&reference.elem) || lifetimes_of(&last.arguments).all(|l| l.ident == "static") {
            return None;
        }
        let family = with_lifetime(&reference.elem, "'static");
        Some(LentParam { family, exclusive: reference.mutability.is_some(), optional })
    }
}
