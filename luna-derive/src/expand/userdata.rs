//! `#[derive(LuaUserdata)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::DeriveInput;
use syn::spanned::Spanned;

use super::methods::at;
use crate::ctxt::Ctxt;
use crate::model::userdata::{ClassField, Userdata};
use crate::{check, fallback};

/// Expands the derive.
pub(crate) fn derive(input: DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let model = Userdata::new(&cx, &input);
    check::userdata(&cx, &model);
    match cx.finish() {
        Ok(()) => expand(&model),
        Err(errors) => {
            let stub = fallback::userdata(&model, &input.generics);
            quote! { #errors #stub }
        }
    }
}

/// The implementations.
fn expand(model: &Userdata) -> TokenStream {
    let Userdata { ident, name, luna, frozen, strict, .. } = model;
    let fields: TokenStream = model.fields.iter().map(|field| accessors(luna, field)).collect();
    let blocks = model.blocks.iter().map(block_function);
    let by_value = model.clone.then(|| by_value(model));
    quote! {
        #[automatically_derived]
        impl #luna::__private::LuaUserdata for #ident {
            const FROZEN: bool = #frozen;
            const STRICT: bool = #strict;

            fn type_name() -> &'static str {
                #name
            }

            fn add_methods<M: #luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                #[allow(unused_imports, reason = "which of them is used depends on the type")]
                use #luna::__private::{HasBlock as _, NoBlock as _};
                #fields
                (&#luna::__private::Block::<Self>::OF).register(methods);
                #( Self::#blocks(methods); )*
            }
        }

        #[automatically_derived]
        impl #luna::__private::IntoLua for #ident {
            fn into_value(self, vm: &mut #luna::__private::Vm) -> #luna::__private::RawValue {
                vm.create_userdata(self)
            }
        }

        #by_value
    }
}

/// The conversion that copies a value out of its userdata.
fn by_value(model: &Userdata) -> TokenStream {
    let Userdata { ident, luna, .. } = model;
    quote_spanned! { ident.span() =>
        #[automatically_derived]
        impl #luna::__private::FromLua for #ident {
            fn from_lua_value(
                value: #luna::__private::RawValue,
                vm: &mut #luna::__private::Vm,
            ) -> ::core::result::Result<Self, #luna::__private::ConvError> {
                vm.clone_userdata::<Self>(value)
            }
        }
    }
}

/// The function that registers a further block.
pub(crate) fn block_function(block: &syn::Ident) -> syn::Ident {
    format_ident!("__luna_methods_{}", block)
}

/// The accessors of a field.
fn accessors(luna: &TokenStream, field: &ClassField) -> TokenStream {
    let ClassField { ident, ty, name, .. } = field;
    let span = at(ty.span());
    let read = field.read.then(|| {
        quote_spanned! { span =>
            methods.add_field::<#ty, _>(#name, ::core::mem::offset_of!(Self, #ident), |this: &Self| {
                #luna::__private::copy::<#ty>(&this.#ident)
            });
        }
    });
    let write = field.write.then(|| {
        quote_spanned! { span =>
            methods.add_field_write::<#ty, _>(#name, ::core::mem::offset_of!(Self, #ident), |this: &mut Self, value: #ty| {
                this.#ident = value;
            });
        }
    });
    quote! { #read #write }
}
