//! `#[lua_methods]`

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ItemImpl;

use super::call::closure;
use super::userdata::block_function;
use super::{describe, lent};
use crate::ctxt::Ctxt;
use crate::model::call::Receiver;
use crate::model::methods::{Item, Methods, Role};
use crate::{check, fallback, messages};

/// Expands the attribute: the block as it is, and a registration beside it.
pub(crate) fn attribute(args: TokenStream, mut block: ItemImpl) -> TokenStream {
    let cx = Ctxt::new();
    let mut model = Methods::new(&cx, args, &mut block);
    check::methods(&cx, &model);
    match cx.finish() {
        Ok(()) => {
            let concrete = std::mem::take(&mut model.concrete);
            let registration: TokenStream = if concrete.is_empty() {
                expand(&model)
            } else {
                let types = model.parameter_types();
                let instance = |one| {
                    model.set_instance(&block, &types, one);
                    expand(&model)
                };
                concrete.iter().map(instance).collect()
            };
            quote! { #block #registration }
        }
        Err(errors) => {
            let stub = fallback::methods(&model, &block);
            quote! { #block #errors #stub }
        }
    }
}

/// The registration.
fn expand(model: &Methods) -> TokenStream {
    let Methods { ty, luna, .. } = model;
    let held = lent::held(luna, model.lent.is_some());
    let items: TokenStream = model.items.iter().map(|item| registration(model, item)).collect();
    let thawed = model.items.iter().filter_map(|item| thawed(model, item));
    let thawed = quote! { #(#thawed)* };
    let describe = describe::block(model);
    let private = quote!(#luna::__private);
    let new = model.items.iter().any(|item| item.name == "new" && item.is_function());
    let (block, new) = match &model.lent {
        Some(_) => (quote!(LentBlock), None),
        None => (quote!(MethodBlock), Some(quote!(const NEW: bool = #new;))),
    };
    match &model.block {
        None => quote! {
            #thawed

            #[automatically_derived]
            impl #ty {
                // A second block without a name collides here, in words.
                #[doc(hidden)]
                #[allow(dead_code, reason = "its name is all it is for")]
                const A_SECOND_BLOCK_NEEDS_A_NAME_IN_PARENTHESES: () = ();
            }

            #[automatically_derived]
            impl #private::#block for #ty {
                #new

                fn register<M: #private::UserdataMethods<#held>>(methods: &mut M) {
                    #items
                }

                fn describe_block(info: &mut #private::ClassInfo) {
                    #describe
                }
            }
        },
        Some(block) => {
            let name = block_function(block);
            let described = describe::block_function(block);
            quote! {
                #thawed

                #[automatically_derived]
                impl #ty {
                    #[doc(hidden)]
                    fn #name<M: #luna::__private::UserdataMethods<#held>>(methods: &mut M) {
                        #items
                    }

                    #[doc(hidden)]
                    fn #described(info: &mut #private::ClassInfo) {
                        #describe
                    }
                }
            }
        }
    }
}

/// The check that a type with an item that changes it is not frozen.
fn thawed(model: &Methods, item: &Item) -> Option<TokenStream> {
    let Methods { ty, luna, .. } = model;
    let (Role::Function(call) | Role::Setter(call) | Role::Meta(_, call)) = &item.role else {
        return None;
    };
    let message = messages::FROZEN_METHOD;
    (call.receiver == Receiver::Exclusive && model.lent.is_none()).then(|| {
        quote_spanned! { at(call.receiver_span) =>
            const _: () = ::core::assert!(!<#ty as #luna::__private::LuaUserdata>::FROZEN, #message);
        }
    })
}

/// A place in the user's code for names of ours.
pub(super) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// Registers one item.
fn registration(model: &Methods, item: &Item) -> TokenStream {
    let (luna, Item { name, ident, .. }) = (&model.luna, item);
    let span = at(ident.span());
    let (add, call) = match &item.role {
        Role::Constant => {
            return quote_spanned! { span => methods.add_constant(#name, Self::#ident); };
        }
        Role::Function(call) if call.waits.is_some() => {
            (quote_spanned!(span => add_async_typed), call)
        }
        Role::Function(call) if item.makes_self() => {
            (quote_spanned!(span => add_constructor), call)
        }
        Role::Function(call) => (quote_spanned!(span => add_typed), call),
        Role::Getter(call) => (quote_spanned!(span => add_typed_getter), call),
        Role::Setter(call) => (quote_spanned!(span => add_typed_setter), call),
        Role::Meta(event, call) => {
            let closure = closure(model, item, call);
            return quote_spanned! { span =>
                methods.add_typed_meta(#luna::__private::MetaMethod::#event, #closure);
            };
        }
    };
    let closure = closure(model, item, call);
    quote_spanned! { span => methods.#add(#name, #closure); }
}
