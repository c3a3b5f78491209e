//! `#[lua_methods]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Error, FnArg, ImplItem, ImplItemConst, ImplItemFn, ItemImpl, Result, ReturnType, Type};

use crate::attr::Attrs;

/// Expands the attribute: the block as it is, and a registration beside it.
pub(crate) fn expand(mut block: ItemImpl) -> TokenStream {
    let mut registrations = TokenStream::new();
    let mut errors: Option<Error> = None;
    if !block.generics.params.is_empty() || block.trait_.is_some() {
        errors = Some(Error::new(
            block.impl_token.span,
            "write `#[lua_methods]` on an `impl Type` block without parameters",
        ));
    }
    for item in &mut block.items {
        let registration = match item {
            ImplItem::Fn(function) => expand_function(function),
            ImplItem::Const(constant) => expand_constant(constant),
            _ => continue,
        };
        match (registration, &mut errors) {
            (Ok(tokens), _) => registrations.extend(tokens),
            (Err(error), Some(errors)) => errors.combine(error),
            (Err(error), None) => errors = Some(error),
        }
    }
    let ty = &block.self_ty;
    if let Some(errors) = errors {
        let errors = errors.into_compile_error();
        return quote! { #block #errors };
    }
    quote! {
        #block

        #[automatically_derived]
        impl ::luna::__private::MethodBlock for #ty {
            fn register<M: ::luna::__private::UserdataMethods<Self>>(methods: &mut M) {
                #registrations
            }
        }
    }
}

/// A constant of the class.
fn expand_constant(constant: &mut ImplItemConst) -> Result<TokenStream> {
    let attrs = Attrs::parse(&constant.attrs, &["name", "skip"])?;
    constant.attrs.retain(|attribute| !attribute.path().is_ident("lua"));
    if attrs.has("skip") {
        return Ok(TokenStream::new());
    }
    let (ident, name) = (&constant.ident, attrs.name_or(&constant.ident));
    Ok(quote! { methods.add_constant(#name, Self::#ident); })
}

/// What a function returns: itself, or something with itself in it.
enum Returned {
    /// Anything but the type itself.
    Other,
    /// `Self`
    Own,
    /// `Result<Self, E>`
    OwnResult,
}

/// Looks at a return type.
fn returned(output: &ReturnType) -> Returned {
    let ReturnType::Type(_, ty) = output else { return Returned::Other };
    if is_self(ty) {
        return Returned::Own;
    }
    if let Type::Path(path) = &**ty
        && let Some(last) = path.path.segments.last()
        && last.ident == "Result"
        && let syn::PathArguments::AngleBracketed(arguments) = &last.arguments
        && let Some(syn::GenericArgument::Type(first)) = arguments.args.first()
        && is_self(first)
    {
        return Returned::OwnResult;
    }
    Returned::Other
}

/// Whether a type is `Self`.
fn is_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
}

/// The registration of a function.
fn expand_function(function: &mut ImplItemFn) -> Result<TokenStream> {
    let attrs = Attrs::parse(&function.attrs, &["name", "skip", "getter", "setter", "meta"])?;
    function.attrs.retain(|attribute| !attribute.path().is_ident("lua"));
    if attrs.has("skip") {
        return Ok(TokenStream::new());
    }
    let signature = &function.sig;
    let (ident, name) = (&signature.ident, attrs.name_or(&signature.ident));
    let mut receiver = None;
    let (mut names, mut types) = (Vec::new(), Vec::new());
    for (i, argument) in signature.inputs.iter().enumerate() {
        match argument {
            FnArg::Receiver(this) if this.reference.is_none() => {
                return Err(Error::new_spanned(
                    this,
                    "Lua keeps the object: write `&self` or `&mut self`",
                ));
            }
            FnArg::Receiver(this) => {
                receiver =
                    Some(if this.mutability.is_some() { quote!(&mut Self) } else { quote!(&Self) })
            }
            FnArg::Typed(typed) => {
                names.push(format_ident!("a{i}"));
                types.push(&typed.ty);
            }
        }
    }
    let this = receiver.as_ref().map(|_| quote!(this,));
    let call = quote! { Self::#ident(#this #(#names),*) };
    let call = match returned(&signature.output) {
        Returned::Other => call,
        Returned::Own => quote! { ::luna::__private::Ud(#call) },
        Returned::OwnResult => quote! { #call.map(::luna::__private::Ud) },
    };
    let ok = quote!(::core::result::Result::Ok);
    if attrs.has("getter") {
        return Ok(quote! { methods.add_field_method_get(#name, |_, this: &Self| #ok(#call)); });
    }
    if attrs.has("setter") {
        let name = name.strip_prefix("set_").unwrap_or(&name);
        return Ok(quote! {
            methods.add_field_method_set(#name, |_, this: &mut Self, (#(#names,)*): (#(#types,)*)| {
                #call;
                #ok(())
            });
        });
    }
    if let Some(event) = &attrs.meta {
        let event = quote!(::luna::__private::MetaMethod::#event);
        let arguments =
            if names.is_empty() { quote!((): ()) } else { quote!((#(#names,)*): (#(#types,)*)) };
        return Ok(match receiver {
            Some(this) => {
                quote! { methods.add_meta_method(#event, |_, this: #this, #arguments| #ok(#call)); }
            }
            None => quote! { methods.add_meta_function(#event, |_, #arguments| #ok(#call)); },
        });
    }
    let this = receiver.map(|this| quote!(this: #this,));
    Ok(quote! { methods.add_typed(#name, |#this #(#names: #types),*| #call); })
}
