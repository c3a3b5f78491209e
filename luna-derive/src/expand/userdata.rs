//! `#[derive(LuaUserdata)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Member, Type};

use super::methods::at;
use super::{describe, making};
use crate::ctxt::Ctxt;
use crate::model::userdata::{ClassField, Traced, TracedField, Userdata};
use crate::{check, fallback};

/// Expands the derive.
pub(crate) fn derive(input: DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let model = Userdata::new(&cx, &input);
    check::userdata(&cx, &model);
    match cx.finish() {
        Ok(()) if model.concrete.is_empty() => expand(&model),
        Ok(()) => {
            let instance = |one| expand(&Userdata::instance(&input, one));
            model.concrete.iter().map(instance).collect()
        }
        Err(errors) => {
            let stub = fallback::userdata(&model, &input.generics);
            quote! { #errors #stub }
        }
    }
}

/// The implementations.
fn expand(model: &Userdata) -> TokenStream {
    let Userdata { ty, name, luna, frozen, strict, .. } = model;
    let fields: TokenStream = model.fields.iter().map(|field| accessors(luna, field)).collect();
    let impls: TokenStream =
        model.impls.iter().map(|one| super::impls::events(luna, one)).collect();
    let blocks = model.blocks.iter().map(block_function);
    let bases = model.bases.iter().map(|base| &base.ty);
    let making = making::registrations(model);
    let (traces, trace) = trace(model);
    let parts = (!model.bases.is_empty()).then(|| parts(model));
    let from_lua = making::from_lua(model);
    let callable = making::callable(model);
    let describe = describe::class(model);
    let data = making::data(model);
    quote! {
        #[automatically_derived]
        impl #luna::__private::LuaUserdata for #ty {
            const FROZEN: bool = #frozen;
            const STRICT: bool = #strict;
            const TRACES: bool = #traces;

            fn type_name() -> &'static str {
                #name
            }

            fn add_methods<M: #luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                #[allow(unused_imports, reason = "which of them is used depends on the type")]
                use #luna::__private::{HasBlock as _, NoBlock as _};
                #( methods.extend::<#bases>(); )*
                #fields
                #impls
                #making
                (&#luna::__private::Block::<Self>::OF).register(methods);
                #( Self::#blocks(methods); )*
            }

            #describe
            #trace
            #parts
            #data
        }

        #[automatically_derived]
        impl #luna::__private::IntoLua for #ty {
            fn into_value(self, vm: &mut #luna::__private::Vm) -> #luna::__private::RawValue {
                vm.create_userdata(self)
            }
        }

        #from_lua
        #callable
    }
}

/// The parts that are borrowed where a base is wanted.
fn parts(model: &Userdata) -> TokenStream {
    let private = {
        let luna = &model.luna;
        quote!(#luna::__private)
    };
    let has = model.bases.iter().map(|base| {
        let ty = &base.ty;
        quote_spanned!(at(ty.span()) => #private::has_part::<#ty>(of))
    });
    let find = |function: TokenStream, exclusive: Option<TokenStream>| {
        let finds = model.bases.iter().map(|base| {
            let (member, ty) = (&base.member, &base.ty);
            quote_spanned! { at(ty.span()) =>
                if #private::has_part::<#ty>(of) {
                    return #private::#function::<#ty>(&#exclusive self.#member, of);
                }
            }
        });
        quote!(#(#finds)* ::core::option::Option::None)
    };
    let (shared, exclusive) = (find(quote!(part), None), find(quote!(part_mut), Some(quote!(mut))));
    quote! {
        fn has_part(of: ::core::any::TypeId) -> bool {
            #(#has)||*
        }

        fn part(&self, of: ::core::any::TypeId) -> ::core::option::Option<&dyn ::core::any::Any> {
            #shared
        }

        fn part_mut(
            &mut self,
            of: ::core::any::TypeId,
        ) -> ::core::option::Option<&mut dyn ::core::any::Any> {
            #exclusive
        }
    }
}

/// Whether values hold handles, and what tells the collector of them.
fn trace(model: &Userdata) -> (TokenStream, Option<TokenStream>) {
    let (luna, traced) = (&model.luna, &model.traced);
    let own = !traced.is_empty();
    let children = model
        .fields
        .iter()
        .filter(|field| field.by_ref)
        .map(|field| (Member::Named(field.ident.clone()), &field.ty));
    let inner: Vec<_> =
        model.bases.iter().map(|base| (base.member.clone(), &base.ty)).chain(children).collect();
    if !own && inner.is_empty() {
        return (quote!(false), None);
    }
    let inner_types = inner.iter().map(|(_, ty)| ty);
    let traces = quote!(#own #( || <#inner_types as #luna::__private::LuaUserdata>::TRACES )*);
    let inner_parts = inner.iter().map(|(member, ty)| {
        quote_spanned! { at(ty.span()) =>
            <#ty as #luna::__private::LuaUserdata>::trace(&self.#member, marker);
        }
    });
    let own = own.then(|| trace_own(luna, traced));
    let trace = quote! {
        fn trace(&self, marker: &mut #luna::__private::UserdataMarker<'_>) {
            #own
            #( #inner_parts )*
        }
    };
    (traces, Some(trace))
}

/// Tells the collector of the handles in the fields.
fn trace_own(luna: &TokenStream, traced: &Traced) -> TokenStream {
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
        #( #fields )*
        #variants
    }
}

/// Tells the collector of a part of this type.
fn trace_part(luna: &TokenStream, ty: &Type, part: TokenStream) -> TokenStream {
    quote_spanned! { at(ty.span()) =>
        <#ty as #luna::__private::Trace>::trace(#part, marker);
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
    let private = quote!(#luna::__private);
    let deprecated = |typed: TokenStream, closure: TokenStream| {
        let note = &field.deprecated;
        quote_spanned! { span => {
            let warned = ::core::cell::Cell::new(false);
            move |lua: &#luna::Lua, #typed| {
                #private::deprecated(lua, &warned, <Self as #private::LuaUserdata>::type_name(), #name, #note);
                #closure
            }
        }}
    };
    let read = field.read.then(|| match &field.deprecated {
        _ if field.by_ref => quote_spanned! { span =>
            methods.add_child::<#ty, _, _>(#name, |this: &Self| &this.#ident, |this: &mut Self| &mut this.#ident);
        },
        None => quote_spanned! { span =>
            methods.add_field::<#ty, _>(#name, ::core::mem::offset_of!(Self, #ident), |this: &Self| {
                #private::copy::<#ty>(&this.#ident)
            });
        },
        Some(_) => {
            let getter = deprecated(quote!(this: &Self), quote!(#private::copy::<#ty>(&this.#ident)));
            quote_spanned!(span => methods.add_typed_getter(#name, #getter);)
        }
    });
    let write = field.write.then(|| match (&field.validate, &field.deprecated) {
        (None, None) => quote_spanned! { span =>
            methods.add_field_write::<#ty, _>(#name, ::core::mem::offset_of!(Self, #ident), |this: &mut Self, value: #ty| {
                this.#ident = value;
            });
        },
        (validate, note) => {
            let valid = match validate {
                Some(path) => quote_spanned!(at(path.span()) => #private::valid::<Self, _, _>(#name, value, #path)?),
                None => quote!(value),
            };
            let body = quote_spanned!(span => { this.#ident = #valid; #luna::Result::Ok(()) });
            let setter = match note {
                Some(_) => deprecated(quote!(this: &mut Self, value: #ty), body),
                None => quote_spanned!(span => |this: &mut Self, value: #ty| #body),
            };
            quote_spanned!(span => methods.add_typed_setter(#name, #setter);)
        }
    });
    quote! { #read #write }
}
