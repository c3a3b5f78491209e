//! Where values of a class come from: constructors, tables, variants.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::methods::at;
use crate::messages;
use crate::model::userdata::{ClassVariant, Make, Userdata};

/// Registers the functions that make values, and what makes tables of them.
pub(super) fn registrations(model: &Userdata) -> TokenStream {
    let luna = &model.luna;
    let new = model.new.then(|| constructor(model));
    let callable = model.callable.map(|span| quote_spanned!(at(span) => methods.make_callable();));
    let variants: TokenStream =
        model.variants.iter().map(|variant| variant_function(luna, variant)).collect();
    let kind = (!model.variants.is_empty()).then(|| variant_name(&model.variants));
    let to_table = (model.into_table || model.serde).then(|| to_table(model));
    quote! { #new #callable #variants #kind #to_table }
}

/// The constructor from all fields.
fn constructor(model: &Userdata) -> TokenStream {
    let luna = &model.luna;
    let private = quote!(#luna::__private);
    let names: Vec<Ident> = (0..model.makes.len()).map(|i| format_ident!("a{i}")).collect();
    let given = || model.makes.iter().zip(&names).filter(|(make, _)| make.name.is_some());
    let parameters = given().map(|(Make { ty, default, .. }, name)| {
        if *default { quote!(#name: ::core::option::Option<#ty>) } else { quote!(#name: #ty) }
    });
    let fields = model.makes.iter().zip(&names).map(|(make, name)| {
        let value = if make.default { quote!(#name.unwrap_or_default()) } else { quote!(#name) };
        field(&private, "valid", make, value)
    });
    let value = quote!(#private::Ud(Self { #(#fields,)* }));
    let checked = given().any(|(make, _)| make.validate.is_some());
    let body = if checked { quote!(#luna::Result::Ok(#value)) } else { value };
    quote! { methods.add_constructor("new", |#(#parameters),*| #body); }
}

/// A field of a new value.
fn field(private: &TokenStream, valid: &str, make: &Make, value: TokenStream) -> TokenStream {
    let Make { member, ty, .. } = make;
    let span = at(ty.span());
    let Some(name) = &make.name else {
        return quote_spanned!(span => #member: ::core::default::Default::default());
    };
    match &make.validate {
        None => quote_spanned!(span => #member: #value),
        Some(path) => {
            let valid = format_ident!("{valid}");
            let valid = quote_spanned!(at(path.span()) => #private::#valid::<Self, _, _>(#name, #value, #path)?);
            quote_spanned!(span => #member: #valid)
        }
    }
}

/// The function or constant that gives a variant.
fn variant_function(luna: &TokenStream, variant: &ClassVariant) -> TokenStream {
    let ClassVariant { ident, name, fields } = variant;
    if fields.is_empty() {
        return quote!(methods.add_constant(#name, Self::#ident {}););
    }
    let names: Vec<Ident> = (0..fields.len()).map(|i| format_ident!("a{i}")).collect();
    let (members, types): (Vec<_>, Vec<_>) = fields.iter().map(|(m, ty)| (m, ty)).unzip();
    quote! {
        methods.add_constructor(#name, |#(#names: #types),*| #luna::__private::Ud(Self::#ident { #(#members: #names),* }));
    }
}

/// The getter of a variant's name.
fn variant_name(variants: &[ClassVariant]) -> TokenStream {
    let arms = variants
        .iter()
        .map(|ClassVariant { ident, name, .. }| quote!(Self::#ident { .. } => #name));
    quote! {
        methods.add_typed_getter("variant", |this: &Self| -> &'static str { match this { #(#arms,)* } });
    }
}

/// The method that makes a table.
fn to_table(model: &Userdata) -> TokenStream {
    let luna = &model.luna;
    let private = quote!(#luna::__private);
    if model.serde {
        return quote! {
            methods.add_typed("to_table", |lua: &#luna::Lua, this: &Self| lua.to_value(this));
        };
    }
    let fields = model.fields.iter().filter(|field| field.read).map(|field| {
        let (ident, ty, name) = (&field.ident, &field.ty, &field.name);
        quote_spanned! { at(ty.span()) =>
            table.set::<#ty>(#name, #private::copy::<#ty>(&this.#ident), vm)?;
        }
    });
    quote! {
        methods.add_typed("to_table", |vm: &mut #private::Vm, this: &Self| -> ::core::result::Result<#private::RawValue, #private::LuaError> {
            let table = #private::Fields::new(vm);
            #(#fields)*
            table.value(vm)
        });
    }
}

/// The conversion to a value: a copy out of a userdata, or what a table says.
pub(super) fn from_lua(model: &Userdata) -> Option<TokenStream> {
    let Userdata { ty, luna, .. } = model;
    let private = quote!(#luna::__private);
    if !(model.clone || model.from_table || model.serde) {
        return None;
    }
    let table = if model.serde {
        let checks = model.fields.iter().filter_map(|field| {
            let (ident, name, path) = (&field.ident, &field.name, field.validate.as_ref()?);
            Some(quote_spanned! { at(path.span()) =>
                #private::valid_entry::<Self, _, _>(#name, &made.#ident, |field| #path(*field))?;
            })
        });
        Some(quote! {
            if let #private::RawValue::Table(_) = value {
                let made: Self = #private::read_table(value, vm)?;
                #(#checks)*
                return ::core::result::Result::Ok(made);
            }
        })
    } else if model.from_table {
        let fields = model.makes.iter().map(|make| table_field(&private, make));
        let names = model.makes.iter().filter_map(|make| make.name.as_ref());
        let strict = model.strict.then(|| {
            let name = quote!(<Self as #private::LuaUserdata>::type_name());
            quote!(table.only(#name, &[#(#names),*], vm)?;)
        });
        Some(quote! {
            if let #private::RawValue::Table(_) = value {
                let table = #private::Fields::of(value, vm)?;
                #strict
                return ::core::result::Result::Ok(Self { #(#fields,)* });
            }
        })
    } else {
        None
    };
    Some(quote_spanned! { at(ty.span()) =>
        #[automatically_derived]
        impl #private::FromLua for #ty {
            fn from_lua_value(
                value: #private::RawValue,
                vm: &mut #private::Vm,
            ) -> ::core::result::Result<Self, #private::ConvError> {
                #table
                vm.clone_userdata::<Self>(value)
            }
        }
    })
}

/// A field that a table gives.
fn table_field(private: &TokenStream, make: &Make) -> TokenStream {
    let Make { ty, name, .. } = make;
    let Some(name) = name else { return field(private, "valid_entry", make, TokenStream::new()) };
    let value = if make.default {
        quote!(table.get::<::core::option::Option<#ty>>(#name, vm)?.unwrap_or_default())
    } else {
        quote!(table.get::<#ty>(#name, vm)?)
    };
    field(private, "valid_entry", make, value)
}

/// What stands for a value where its data is wanted.
pub(super) fn data(model: &Userdata) -> Option<TokenStream> {
    let luna = &model.luna;
    let private = quote!(#luna::__private);
    model.serde.then(|| {
        quote! {
            fn make_data<'id>(
                &self,
                maker: &mut #private::Maker<'id>,
            ) -> ::core::option::Option<::core::result::Result<#private::Made<'id>, ::std::string::String>> {
                ::core::option::Option::Some(#private::make_data(self, maker))
            }
        }
    })
}

/// The check that a callable class has something to call.
pub(super) fn callable(model: &Userdata) -> Option<TokenStream> {
    let Userdata { ty, luna, .. } = model;
    let span = model.callable.filter(|_| !model.new)?;
    let message = messages::CALLABLE;
    Some(quote_spanned! { at(span) =>
        const _: () = ::core::assert!(<#ty as #luna::__private::MethodBlock>::NEW, #message);
    })
}
