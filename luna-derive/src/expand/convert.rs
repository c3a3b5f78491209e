//! `#[derive(FromLua)]` and `#[derive(IntoLua)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Ident, LitStr, parse_quote};

use super::describe;
use super::methods::at;
use crate::ctxt::Ctxt;
use crate::model::convert::{Converted, Shape, TableField, TaggedField, TaggedVariant};
use crate::{check, fallback, messages};

/// Describes the input; the errors if there are any.
fn model(input: &DeriveInput, from: bool) -> (Converted, Result<(), TokenStream>) {
    let cx = Ctxt::new();
    if from && input.generics.lifetimes().next().is_some() {
        cx.error(&input.generics, messages::BORROWING_VALUE);
    }
    let model = Converted::new(&cx, input);
    check::converted(&cx, &model);
    (model, cx.finish())
}

/// Expands the derive of `FromLua`.
pub(crate) fn derive_from(input: DeriveInput) -> TokenStream {
    let (model, errors) = model(&input, true);
    match errors {
        Ok(()) => expand_from(&model),
        Err(errors) => {
            let stub = fallback::from_lua(&model);
            quote! { #errors #stub }
        }
    }
}

/// Expands the derive of `IntoLua`.
pub(crate) fn derive_into(input: DeriveInput) -> TokenStream {
    let (model, errors) = model(&input, false);
    match errors {
        Ok(()) => expand_into(&model),
        Err(errors) => {
            let stub = fallback::into_lua(&model);
            quote! { #errors #stub }
        }
    }
}

/// The parameters, each bounded by a trait.
fn bounded(generics: &Generics, bound: &TokenStream) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(#bound));
    }
    generics
}

/// The implementation of `FromLua`.
fn expand_from(model: &Converted) -> TokenStream {
    let Converted { ident, luna, .. } = model;
    let generics = bounded(&model.generics, &quote!(#luna::__private::FromLua));
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let body = match &model.shape {
        Shape::Table(fields) => {
            let strict = model.strict.then(|| {
                let names = fields.iter().filter(|field| !field.skip).map(|field| &field.name);
                quote!(table.only(::core::stringify!(#ident), &[#(#names),*], vm)?;)
            });
            let fields = fields.iter().map(|field| read_field(luna, field));
            quote! {
                let table = #luna::__private::Fields::of(value, vm)?;
                #strict
                ::core::result::Result::Ok(Self { #(#fields,)* })
            }
        }
        Shape::Newtype(ty) => quote_spanned! { at(ty.span()) =>
            <#ty as #luna::__private::FromLua>::from_lua_value(value, vm).map(Self)
        },
        Shape::Names(names) => {
            let texts: Vec<&String> = names.iter().map(|(_, name)| name).collect();
            let variants =
                names.iter().enumerate().map(|(i, (variant, _))| quote!(#i => Self::#variant));
            quote! {
                ::core::result::Result::Ok(match #luna::__private::one_of(value, &[#(#texts),*], vm)? {
                    #(#variants,)*
                    _ => ::core::unreachable!(),
                })
            }
        }
        Shape::Numbers(variants) => {
            let arms = variants.iter().enumerate().map(|(i, variant)| quote!(#i => Self::#variant));
            quote! {
                let numbers = [#(Self::#variants as i64),*];
                ::core::result::Result::Ok(match #luna::__private::number_of(value, &numbers, vm)? {
                    #(#arms,)*
                    _ => ::core::unreachable!(),
                })
            }
        }
        Shape::Tagged(tag, variants) => read_tagged(luna, tag, variants),
        Shape::Refused => TokenStream::new(),
    };
    let describe = describe::converted(model);
    quote! {
        #[automatically_derived]
        impl #impl_generics #luna::__private::FromLua for #ident #type_generics #where_clause {
            #describe

            fn from_lua_value(
                value: #luna::__private::RawValue,
                vm: &mut #luna::__private::Vm,
            ) -> ::core::result::Result<Self, #luna::__private::ConvError> {
                #body
            }
        }
    }
}

/// A variant from a table, which names it under a tag.
fn read_tagged(luna: &TokenStream, tag: &LitStr, variants: &[TaggedVariant]) -> TokenStream {
    let names = variants.iter().map(|variant| &variant.name);
    let arms = variants.iter().enumerate().map(|(i, TaggedVariant { ident, fields, .. })| {
        let fields = fields.iter().map(|(member, field)| match field {
            TaggedField::Named(field) => read_field(luna, field),
            TaggedField::At(place, ty) => {
                quote_spanned!(at(ty.span()) => #member: table.at::<#ty>(#place, vm)?)
            }
        });
        quote!(#i => Self::#ident { #(#fields,)* })
    });
    quote! {
        let table = #luna::__private::Fields::of(value, vm)?;
        ::core::result::Result::Ok(match table.tag(#tag, &[#(#names),*], vm)? {
            #(#arms,)*
            _ => ::core::unreachable!(),
        })
    }
}

/// A field from a table.
fn read_field(luna: &TokenStream, field: &TableField) -> TokenStream {
    let TableField { ident, ty, name, .. } = field;
    let value = if field.skip {
        quote!(::core::default::Default::default())
    } else if field.default {
        quote_spanned!(at(ty.span()) => table.get::<::core::option::Option<#ty>>(#name, vm)?.unwrap_or_default())
    } else {
        quote_spanned!(at(ty.span()) => table.get::<#ty>(#name, vm)?)
    };
    let _: &TokenStream = luna;
    quote!(#ident: #value)
}

/// Writes a variant into a table.
fn write_variant(tag: &LitStr, variant: &TaggedVariant) -> TokenStream {
    let TaggedVariant { ident, name, fields } = variant;
    let parts: Vec<Ident> = (0..fields.len()).map(|i| format_ident!("part{i}")).collect();
    let patterns = fields.iter().zip(&parts).map(|((member, field), part)| match field {
        TaggedField::Named(TableField { skip: true, .. }) => quote!(#member: _),
        _ => quote!(#member: #part),
    });
    let entries = fields.iter().zip(&parts).map(|((_, field), part)| match field {
        TaggedField::Named(TableField { skip: true, .. }) => TokenStream::new(),
        TaggedField::Named(TableField { name, ty, .. }) => {
            quote_spanned!(at(ty.span()) => table.set::<#ty>(#name, #part, vm)?;)
        }
        TaggedField::At(place, ty) => {
            quote_spanned!(at(ty.span()) => table.set_at::<#ty>(#place, #part, vm)?;)
        }
    });
    quote! {
        Self::#ident { #(#patterns),* } => {
            table.set::<&str>(#tag, #name, vm)?;
            #(#entries)*
        }
    }
}

/// The implementation of `IntoLua`.
fn expand_into(model: &Converted) -> TokenStream {
    let Converted { ident, luna, .. } = model;
    let generics = bounded(&model.generics, &quote!(#luna::__private::IntoLua));
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let body = match &model.shape {
        Shape::Table(fields) => {
            let entries = fields.iter().filter(|field| !field.skip).map(|field| {
                let TableField { ident, ty, name, .. } = field;
                quote_spanned!(at(ty.span()) => table.set::<#ty>(#name, self.#ident, vm)?;)
            });
            quote! {
                let table = #luna::__private::Fields::new(vm);
                #(#entries)*
                table.value(vm)
            }
        }
        Shape::Newtype(ty) => quote_spanned! { at(ty.span()) =>
            <#ty as #luna::__private::IntoLua>::try_into_value(self.0, vm)
        },
        Shape::Names(names) => {
            let arms = names.iter().map(|(variant, name)| quote!(Self::#variant => #name));
            quote! {
                let name: &'static str = match self { #(#arms,)* };
                #luna::__private::IntoLua::try_into_value(name, vm)
            }
        }
        Shape::Numbers(_) => quote! {
            #luna::__private::IntoLua::try_into_value(self as i64, vm)
        },
        Shape::Tagged(tag, variants) => {
            let arms = variants.iter().map(|variant| write_variant(tag, variant));
            quote! {
                let table = #luna::__private::Fields::new(vm);
                match self { #(#arms)* }
                table.value(vm)
            }
        }
        Shape::Refused => TokenStream::new(),
    };
    let describe = describe::converted(model);
    quote! {
        #[automatically_derived]
        impl #impl_generics #luna::__private::IntoLua for #ident #type_generics #where_clause {
            #describe

            fn into_value(self, vm: &mut #luna::__private::Vm) -> #luna::__private::RawValue {
                #luna::__private::expect(self, vm)
            }

            fn try_into_value(
                self,
                vm: &mut #luna::__private::Vm,
            ) -> ::core::result::Result<#luna::__private::RawValue, #luna::__private::LuaError> {
                #body
            }
        }
    }
}
