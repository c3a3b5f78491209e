//! `#[derive(LuaUserdata)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Type};

use super::methods::at;
use crate::ctxt::Ctxt;
use crate::model::userdata::{ClassField, Traced, TracedField, Userdata};
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
    let impls: TokenStream =
        model.impls.iter().map(|one| super::impls::events(luna, one)).collect();
    let blocks = model.blocks.iter().map(block_function);
    let by_value = model.clone.then(|| by_value(model));
    let traces = !model.traced.is_empty();
    let trace = traces.then(|| trace(luna, &model.traced));
    quote! {
        #[automatically_derived]
        impl #luna::__private::LuaUserdata for #ident {
            const FROZEN: bool = #frozen;
            const STRICT: bool = #strict;
            const TRACES: bool = #traces;

            fn type_name() -> &'static str {
                #name
            }

            fn add_methods<M: #luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                #[allow(unused_imports, reason = "which of them is used depends on the type")]
                use #luna::__private::{HasBlock as _, NoBlock as _};
                #fields
                #impls
                (&#luna::__private::Block::<Self>::OF).register(methods);
                #( Self::#blocks(methods); )*
            }

            #trace
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

/// Tells the collector of the handles in the fields.
fn trace(luna: &TokenStream, traced: &Traced) -> TokenStream {
    let fields = traced
        .fields
        .iter()
        .map(|TracedField { member, ty }| trace_part(luna, ty, quote! { &self.#member }));
    let variants = traced.variants.iter().map(|(variant, fields)| {
        let (members, names): (Vec<_>, Vec<_>) = fields
            .iter()
            .enumerate()
            .map(|(i, field)| (&field.member, format_ident!("part{}", i)))
            .unzip();
        let parts = fields
            .iter()
            .zip(&names)
            .map(|(field, name)| trace_part(luna, &field.ty, quote! { #name }));
        quote! { Self::#variant { #( #members: #names, )* .. } => { #( #parts )* } }
    });
    let variants = (!traced.variants.is_empty()).then(|| quote! { match self { #( #variants )* } });
    quote! {
        fn trace(&self, marker: &mut #luna::__private::UserdataMarker<'_>) {
            #( #fields )*
            #variants
        }
    }
}

/// Tells the collector of a part of this type.
fn trace_part(luna: &TokenStream, ty: &Type, part: TokenStream) -> TokenStream {
    quote_spanned! { at(ty.span()) =>
        <#ty as #luna::__private::Trace>::trace(#part, marker);
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
