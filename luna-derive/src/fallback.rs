//! Stubs beside errors, so that code that uses the type brings no further ones.

use proc_macro2::TokenStream;
use quote::quote;

use crate::messages;
use crate::model::convert::Converted;
use crate::model::methods::Methods;
use crate::model::userdata::Userdata;

/// A userdata that registers nothing.
pub(crate) fn userdata(model: &Userdata, generics: &syn::Generics) -> TokenStream {
    let (ty, luna, ident) = (&model.ty, &model.luna, &model.ident);
    if model.lent.is_some() && generics.params.len() == 1 {
        return quote! {
            #[automatically_derived]
            impl<'a> #luna::__private::Lend<'a> for #ident<'a> {
                type Family = #ty;
            }

            #[automatically_derived]
            impl #luna::__private::LendFamily for #ty {
                type Of<'a> = #ident<'a>;

                fn type_name() -> &'static str {
                    ""
                }
            }
        };
    }
    if !generics.params.is_empty() {
        return TokenStream::new();
    }
    quote! {
        #[automatically_derived]
        impl #luna::__private::LuaUserdata for #ty {}
    }
}

/// A block that registers nothing.
pub(crate) fn methods(model: &Methods, block: &syn::ItemImpl) -> TokenStream {
    let (ty, luna) = (&model.ty, &model.luna);
    let lent = model.lent.is_some();
    let open = !lent && !block.generics.params.is_empty();
    if block.trait_.is_some() || open || model.block.is_some() {
        return TokenStream::new();
    }
    if lent {
        return quote! {
            #[automatically_derived]
            impl #luna::__private::LentBlock for #ty {
                fn register<M: #luna::__private::UserdataMethods<#luna::Lent<Self>>>(_methods: &mut M) {}
            }
        };
    }
    quote! {
        #[automatically_derived]
        impl #luna::__private::MethodBlock for #ty {
            fn register<M: #luna::__private::UserdataMethods<Self>>(_methods: &mut M) {}
        }
    }
}

/// What is no `impl` block, as it is, with the error; what is one and does not parse, with the parser's.
pub(crate) fn no_block(item: TokenStream, error: &syn::Error) -> TokenStream {
    let is_block = item.clone().into_iter().any(|token| token.to_string() == "impl");
    let error = if is_block {
        error.to_compile_error()
    } else {
        let first = item.clone().into_iter().next();
        syn::Error::new_spanned(first, messages::BLOCK).to_compile_error()
    };
    quote! { #item #error }
}

/// What is no module, as it is, with the error.
pub(crate) fn no_module(item: TokenStream, error: &syn::Error) -> TokenStream {
    let is_module = item.clone().into_iter().any(|token| token.to_string() == "mod");
    let error = if is_module {
        error.to_compile_error()
    } else {
        let first = item.clone().into_iter().next();
        syn::Error::new_spanned(first, messages::MODULE).to_compile_error()
    };
    quote! { #item #error }
}

/// A conversion from Lua that is never run.
pub(crate) fn from_lua(model: &Converted) -> TokenStream {
    let (ident, luna) = (&model.ident, &model.luna);
    let (impl_generics, type_generics, where_clause) = model.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #luna::__private::FromLua for #ident #type_generics #where_clause {
            fn from_lua_value(
                _value: #luna::__private::RawValue,
                _vm: &mut #luna::__private::Vm,
            ) -> ::core::result::Result<Self, #luna::__private::ConvError> {
                ::core::unreachable!()
            }
        }
    }
}

/// A conversion to Lua that is never run.
pub(crate) fn into_lua(model: &Converted) -> TokenStream {
    let (ident, luna) = (&model.ident, &model.luna);
    let (impl_generics, type_generics, where_clause) = model.generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #impl_generics #luna::__private::IntoLua for #ident #type_generics #where_clause {
            fn into_value(self, _vm: &mut #luna::__private::Vm) -> #luna::__private::RawValue {
                ::core::unreachable!()
            }
        }
    }
}
