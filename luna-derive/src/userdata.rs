//! `#[derive(LuaUserdata)]`

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Result, Visibility};

use crate::attr::Attrs;

/// Expands the derive.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(
            &input.generics,
            "a Lua class is one type: write a newtype for each set of parameters",
        ));
    }
    let attrs = Attrs::parse(&input.attrs, &["name", "frozen"])?;
    let frozen = attrs.has("frozen");
    let (ty, name) = (&input.ident, attrs.name_or(&input.ident));
    let mut fields = TokenStream::new();
    let mut errors: Option<Error> = None;
    if let Data::Struct(data) = &input.data {
        for field in &data.fields {
            match expand_field(field, frozen) {
                Ok(tokens) => fields.extend(tokens),
                Err(error) => match &mut errors {
                    Some(errors) => errors.combine(error),
                    None => errors = Some(error),
                },
            }
        }
    }
    if let Some(errors) = errors {
        return Err(errors);
    }
    Ok(quote! {
        #[automatically_derived]
        impl ::luna::__private::LuaUserdata for #ty {
            const FROZEN: bool = #frozen;

            fn type_name() -> &'static str {
                #name
            }

            fn add_methods<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                #[allow(unused_imports, reason = "which of them is used depends on the type")]
                use ::luna::__private::{HasBlock as _, NoBlock as _};
                #fields
                (&::luna::__private::Block::<Self>::OF).register(methods);
            }
        }
    })
}

/// The accessors of a field.
fn expand_field(field: &Field, frozen: bool) -> Result<TokenStream> {
    let attrs = Attrs::parse(&field.attrs, &["name", "readonly", "skip", "get"])?;
    let Some(ident) = &field.ident else { return Ok(TokenStream::new()) };
    let exported = matches!(field.vis, Visibility::Public(_)) || attrs.has("get");
    if attrs.has("skip") || !exported {
        return Ok(TokenStream::new());
    }
    let (name, ty) = (attrs.name_or(ident), &field.ty);
    let getter = quote! {
        methods.add_field_method_get(#name, |_, this: &Self| {
            ::core::result::Result::Ok(::core::clone::Clone::clone(&this.#ident))
        });
    };
    if frozen || attrs.has("readonly") || attrs.has("get") {
        return Ok(getter);
    }
    Ok(quote! {
        #getter
        methods.add_field_method_set(#name, |_, this: &mut Self, value: #ty| {
            this.#ident = value;
            ::core::result::Result::Ok(())
        });
    })
}
