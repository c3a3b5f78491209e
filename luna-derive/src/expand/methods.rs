//! `#[lua_methods]`

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Ident, ItemImpl};

use super::userdata::block_function;
use crate::ctxt::Ctxt;
use crate::model::methods::{Call, Item, Methods, Output, Receiver, Role};
use crate::{check, fallback, messages};

/// Expands the attribute: the block as it is, and a registration beside it.
pub(crate) fn attribute(args: TokenStream, mut block: ItemImpl) -> TokenStream {
    let cx = Ctxt::new();
    let model = Methods::new(&cx, args, &mut block);
    check::methods(&cx, &model);
    match cx.finish() {
        Ok(()) => {
            let registration = expand(&model);
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
    let items: TokenStream = model.items.iter().map(|item| registration(luna, item)).collect();
    let thawed = model.items.iter().filter_map(|item| thawed(model, item));
    let thawed = quote! { #(#thawed)* };
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
            impl #luna::__private::MethodBlock for #ty {
                fn register<M: #luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                    #items
                }
            }
        },
        Some(block) => {
            let name = block_function(block);
            quote! {
                #thawed

                #[automatically_derived]
                impl #ty {
                    #[doc(hidden)]
                    fn #name<M: #luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                        #items
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
    (call.receiver == Receiver::Exclusive).then(|| {
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
fn registration(luna: &TokenStream, item: &Item) -> TokenStream {
    let Item { name, ident, .. } = item;
    let span = at(ident.span());
    let (add, call) = match &item.role {
        Role::Constant => {
            return quote_spanned! { span => methods.add_constant(#name, Self::#ident); };
        }
        Role::Function(call) => (quote_spanned!(span => add_typed), call),
        Role::Getter(call) => (quote_spanned!(span => add_typed_getter), call),
        Role::Setter(call) => (quote_spanned!(span => add_typed_setter), call),
        Role::Meta(event, call) => {
            let closure = closure(luna, ident, call);
            return quote_spanned! { span =>
                methods.add_typed_meta(#luna::__private::MetaMethod::#event, #closure);
            };
        }
    };
    let closure = closure(luna, ident, call);
    quote_spanned! { span => methods.#add(#name, #closure); }
}

/// The closure that calls a function.
fn closure(luna: &TokenStream, ident: &Ident, call: &Call) -> TokenStream {
    let names: Vec<Ident> = (0..call.params.len()).map(|i| format_ident!("a{i}")).collect();
    let types = &call.params;
    let owned = call.receiver == Receiver::Owned;
    let state = match &call.state {
        Some((_, ty)) => Some(quote!(lua: #ty,)),
        None => owned.then(|| quote!(lua: &#luna::Lua,)),
    };
    let this = match call.receiver {
        Receiver::None => None,
        Receiver::Shared => Some(quote!(this: &Self,)),
        Receiver::Exclusive => Some(quote!(this: &mut Self,)),
        Receiver::Owned => Some(quote!(this: #luna::AnyUserdata,)),
    };
    let mut arguments: Vec<TokenStream> = names.iter().map(ToTokens::to_token_stream).collect();
    if let Some((at, _)) = &call.state {
        arguments.insert(*at, quote!(lua));
    }
    if call.receiver != Receiver::None {
        arguments.insert(0, quote!(this));
    }
    let body = result(luna, call, quote! { Self::#ident(#(#arguments),*) });
    let body = if owned {
        quote! {{
            #[allow(unused_imports, reason = "which of them is used depends on the type")]
            use #luna::__private::{ByCopy as _, ByTaking as _};
            let this = (&#luna::__private::Receiver::<Self>::OF).receive(lua, &this)?;
            #luna::Result::Ok(#body)
        }}
    } else {
        body
    };
    quote_spanned! { at(ident.span()) => |#state #this #(#names: #types),*| #body }
}

/// A call's result as Lua gets it.
fn result(luna: &TokenStream, call: &Call, body: TokenStream) -> TokenStream {
    let owned = call.receiver == Receiver::Owned;
    match call.output {
        Output::Plain => body,
        Output::Own => quote! { #luna::__private::Ud(#body) },
        Output::OwnResult if owned => {
            quote! { #body.map(#luna::__private::Ud).map_err(#luna::Error::external)? }
        }
        Output::OwnResult => quote! { #body.map(#luna::__private::Ud) },
        Output::Borrowed => quote! { ::std::borrow::ToOwned::to_owned(#body) },
        Output::BorrowedOption => quote! { #body.map(::std::borrow::ToOwned::to_owned) },
    }
}
