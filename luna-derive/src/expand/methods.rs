//! `#[lua_methods]`

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use syn::{Ident, ItemImpl};

use super::userdata::block_function;
use crate::ctxt::Ctxt;
use crate::model::methods::{Call, Item, Methods, Output, Receiver, Role};
use crate::{check, fallback};

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
    match &model.block {
        None => quote! {
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

/// Registers one item.
fn registration(luna: &TokenStream, item: &Item) -> TokenStream {
    let Item { name, ident, .. } = item;
    match &item.role {
        Role::Constant => quote! { methods.add_constant(#name, Self::#ident); },
        Role::Function(call) => {
            let closure = closure(luna, ident, call);
            quote! { methods.add_typed(#name, #closure); }
        }
        Role::Getter(call) => {
            let closure = closure(luna, ident, call);
            quote! { methods.add_typed_getter(#name, #closure); }
        }
        Role::Setter(call) => {
            let closure = closure(luna, ident, call);
            quote! { methods.add_typed_setter(#name, #closure); }
        }
        Role::Meta(event, call) => {
            let closure = closure(luna, ident, call);
            quote! { methods.add_typed_meta(#luna::__private::MetaMethod::#event, #closure); }
        }
    }
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
    quote! { |#state #this #(#names: #types),*| #body }
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
