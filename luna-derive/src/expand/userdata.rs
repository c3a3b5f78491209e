//! `#[derive(LuaUserdata)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Member, Type};

use super::methods::at;
use super::{describe, lent, making};
use crate::ctxt::Ctxt;
use crate::model::call::Output;
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
    let members = members(model);
    let describe = describe::class(model);
    if model.lent.is_some() {
        return lent_class(model, &members, &describe);
    }
    let (traces, trace) = trace(model);
    let parts = (!model.bases.is_empty()).then(|| parts(model));
    let from_lua = making::from_lua(model);
    let callable = making::callable(model);
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

            #members

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

/// The implementations for a type with a lifetime.
fn lent_class(model: &Userdata, members: &TokenStream, describe: &TokenStream) -> TokenStream {
    let Userdata { ty, name, luna, strict, ident, .. } = model;
    quote! {
        #[automatically_derived]
        impl<'a> #luna::__private::Lend<'a> for #ident<'a> {
            type Family = #ty;
        }

        #[automatically_derived]
        impl #luna::__private::LendFamily for #ty {
            type Of<'a> = #ident<'a>;

            const STRICT: bool = #strict;

            fn type_name() -> &'static str {
                #name
            }

            #members

            #describe
        }
    }
}

/// The function that registers what Lua sees.
fn members(model: &Userdata) -> TokenStream {
    let luna = &model.luna;
    let lent = model.lent.is_some();
    let held = lent::held(luna, lent);
    let fields: TokenStream =
        model.fields.iter().map(|field| accessors(luna, field, lent)).collect();
    let impls: TokenStream =
        model.impls.iter().map(|one| super::impls::events(luna, one, lent)).collect();
    let blocks = model.blocks.iter().map(block_function);
    let bases = model.bases.iter().map(|base| &base.ty);
    let making = making::registrations(model);
    quote! {
        fn add_methods<M: #luna::__private::UserdataMethods<#held>>(methods: &mut M) {
            #[allow(unused_imports, reason = "which of them is used depends on the type")]
            use #luna::__private::{HasBlock as _, NoBlock as _};
            #( methods.extend::<#bases>(); )*
            #fields
            #impls
            #making
            (&#luna::__private::Block::<#held>::OF).register(methods);
            #( Self::#blocks(methods); )*
        }
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

/// The accessors of a field, of a type with a lifetime if it is `lent`.
fn accessors(luna: &TokenStream, field: &ClassField, lent: bool) -> TokenStream {
    let ClassField { ident, ty, name, .. } = field;
    let span = at(ty.span());
    let private = quote!(#luna::__private);
    let held = lent::held(luna, lent);
    let deprecated = |typed: TokenStream, closure: TokenStream| {
        let note = &field.deprecated;
        quote_spanned! { span => {
            let warned = ::core::cell::Cell::new(false);
            move |lua: &#luna::Lua, #typed| {
                #private::deprecated(lua, &warned, <#held as #private::LuaUserdata>::type_name(), #name, #note);
                #closure
            }
        }}
    };
    let copy = match field.read_as {
        Output::Borrowed => quote_spanned!(span => ::std::borrow::ToOwned::to_owned(this.#ident)),
        Output::BorrowedOption => {
            quote_spanned!(span => this.#ident.map(::std::borrow::ToOwned::to_owned))
        }
        _ => quote_spanned!(span => #private::copy::<#ty>(&this.#ident)),
    };
    let copy = lent::inside(lent, false, span, copy);
    let read = field.read.then(|| match &field.deprecated {
        _ if field.by_ref => quote_spanned! { span =>
            methods.add_child::<#ty, _, _>(#name, |this: &Self| &this.#ident, |this: &mut Self| &mut this.#ident);
        },
        None if lent => quote_spanned! { span =>
            methods.add_typed_getter(#name, |this: &#held| #copy);
        },
        None => quote_spanned! { span =>
            methods.add_field::<#ty, _>(#name, ::core::mem::offset_of!(Self, #ident), |this: &Self| {
                #copy
            });
        },
        Some(_) => {
            let getter = deprecated(quote!(this: &#held), copy);
            quote_spanned!(span => methods.add_typed_getter(#name, #getter);)
        }
    });
    let write = field.write.then(|| match (&field.validate, &field.deprecated) {
        (None, None) if !lent => quote_spanned! { span =>
            methods.add_field_write::<#ty, _>(#name, ::core::mem::offset_of!(Self, #ident), |this: &mut Self, value: #ty| {
                this.#ident = value;
            });
        },
        (validate, note) => {
            let valid = validate.as_ref().map(|path| {
                quote_spanned!(at(path.span()) => let value = #private::valid::<#held, _, _>(#name, value, #path)?;)
            });
            let assign = quote_spanned!(span => this.#ident = value);
            let assign = if lent {
                lent::inside(true, true, span, assign)
            } else {
                quote_spanned!(span => #assign; #luna::Result::Ok(()))
            };
            let body = quote_spanned!(span => { #valid #assign });
            let setter = match note {
                Some(_) => deprecated(quote!(this: &mut #held, value: #ty), body),
                None => quote_spanned!(span => |this: &mut #held, value: #ty| #body),
            };
            quote_spanned!(span => methods.add_typed_setter(#name, #setter);)
        }
    });
    quote! { #read #write }
}
