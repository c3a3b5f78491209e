//! The closures that call functions.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Expr, Ident, Lit, Type};

use super::lent;
use super::methods::at;
use crate::model::call::{Call, Output, Param, Receiver, is_text, list_element, type_argument};
use crate::model::lent::{LentBlock, LentParam};
use crate::model::methods::{Item, Methods};

/// The closure that calls a function of a type's own.
pub(super) fn closure(model: &Methods, item: &Item, call: &Call) -> TokenStream {
    let (luna, ident) = (&model.luna, &item.ident);
    let this = lent::held(luna, model.lent.is_some());
    let owner = quote!(<#this as #luna::__private::LuaUserdata>::type_name());
    let function = match &model.lent {
        Some(LentBlock { path, .. }) => quote!(#path::#ident),
        None => quote!(Self::#ident),
    };
    closure_of(luna, item, call, &function, &owner, model.lent.is_some())
}

/// The closure that calls a function, which `owner` names the owner of; of a type with a lifetime if it is `lent`.
pub(super) fn closure_of(
    luna: &TokenStream,
    item: &Item,
    call: &Call,
    function: &TokenStream,
    owner: &TokenStream,
    lent: bool,
) -> TokenStream {
    if call.waits.is_some() {
        return waiting_closure(luna, item, call, function);
    }
    let span = at(item.ident.span());
    let held = lent::held(luna, lent);
    let names: Vec<Ident> = (0..call.params.len()).map(|i| format_ident!("a{i}")).collect();
    let owned = call.receiver == Receiver::Owned;
    let needs_state = owned || call.named || call.deprecated.is_some();
    let state = match &call.state {
        Some((_, ty)) => Some(quote!(lua: #ty,)),
        None => needs_state.then(|| quote!(lua: &#luna::Lua,)),
    };
    let this = match call.receiver {
        Receiver::None => None,
        Receiver::Shared => Some(quote!(this: &#held,)),
        Receiver::Exclusive => Some(quote!(this: &mut #held,)),
        Receiver::Owned => Some(quote!(this: #luna::AnyUserdata,)),
    };
    let parameters = if call.named {
        quote!(named: ::core::option::Option<#luna::Table>)
    } else {
        let types = call.params.iter().enumerate().map(|(i, p)| parameter_type(luna, call, i, p));
        quote!(#(#names: #types),*)
    };
    let pass = if call.named { pass_named } else { pass };
    let mut arguments: Vec<TokenStream> = names
        .iter()
        .zip(&call.params)
        .enumerate()
        .map(|(i, (name, param))| pass(call, i, name, param))
        .collect();
    if let Some((at, _)) = &call.state {
        arguments.insert(*at, quote!(lua));
    }
    if call.receiver != Receiver::None {
        arguments.insert(0, quote!(this));
    }
    let mut body = result(luna, call, quote_spanned!(span => #function(#(#arguments),*)));
    for (name, param) in names.iter().zip(&call.params).rev() {
        if let Some(param) = LentParam::of(&param.ty) {
            body = lent::argument(luna, name, &param, call.named, body);
        }
    }
    if matches!(call.receiver, Receiver::Shared | Receiver::Exclusive) {
        body = lent::inside(lent, call.receiver == Receiver::Exclusive, span, body);
    }
    let taken = owned.then(|| {
        quote! {
            #[allow(unused_imports, reason = "which of them is used depends on the type")]
            use #luna::__private::{ByCopy as _, ByTaking as _};
            let this = (&#luna::__private::Receiver::<Self>::OF).receive(lua, &this)?;
        }
    });
    let named = call.named.then(|| named_arguments(luna, item, call, &names));
    if owned || call.named {
        body = quote! {{ #named #taken #luna::Result::Ok(#body) }};
    }
    match &call.deprecated {
        None => quote_spanned! { span => |#state #this #parameters| #body },
        Some(note) => {
            let name = &item.name;
            quote_spanned! { span => {
                let warned = ::core::cell::Cell::new(false);
                move |#state #this #parameters| {
                    #luna::__private::deprecated(lua, &warned, #owner, #name, #note);
                    #body
                }
            }}
        }
    }
}

/// The closure that calls an async function.
fn waiting_closure(
    luna: &TokenStream,
    item: &Item,
    call: &Call,
    function: &TokenStream,
) -> TokenStream {
    let span = at(item.ident.span());
    let names: Vec<Ident> = (0..call.params.len()).map(|i| format_ident!("a{i}")).collect();
    let types = call.params.iter().enumerate().map(|(i, p)| parameter_type(luna, call, i, p));
    let (this, receiver) = match call.receiver {
        Receiver::None => (None, None),
        _ => (Some(quote!(this: #luna::UserdataRef<Self>,)), Some(quote!(&this,))),
    };
    let state = call.state.as_ref().map(|(_, ty)| quote!(lua: #ty,));
    let mut arguments: Vec<TokenStream> = names
        .iter()
        .zip(&call.params)
        .enumerate()
        .map(|(i, (name, param))| pass(call, i, name, param))
        .collect();
    if let Some((at, _)) = &call.state {
        arguments.insert(*at, quote!(lua));
    }
    let body = quote_spanned!(span => #function(#receiver #(#arguments),*).await);
    let body = result(luna, call, body);
    quote_spanned!(span => |#state #this #(#names: #types),*| async move { #body })
}

/// The type of a closure's parameter.
fn parameter_type(luna: &TokenStream, call: &Call, i: usize, param: &Param) -> TokenStream {
    let ty = &param.ty;
    if call.variadic && i + 1 == call.params.len() {
        let element = list_element(ty);
        return quote!(#luna::Variadic<#element>);
    }
    if let Some(LentParam { family, exclusive, optional }) = LentParam::of(ty) {
        let exclusive = exclusive.then(|| quote!(mut));
        let ticket = quote!(&#exclusive #luna::Lent<#family>);
        return if optional { quote!(::core::option::Option<#ticket>) } else { ticket };
    }
    match param.default {
        Some(_) => quote!(::core::option::Option<#ty>),
        None => quote!(#ty),
    }
}

/// What a parameter is given.
fn pass(call: &Call, i: usize, name: &Ident, param: &Param) -> TokenStream {
    if call.variadic && i + 1 == call.params.len() {
        return match param.ty {
            Type::Reference(_) => quote!(&#name.0),
            _ => quote!(#name.0),
        };
    }
    match &param.default {
        Some(value) if matches!(param.ty, Type::Reference(_)) => quote!(#name.unwrap_or(#value)),
        Some(value) => {
            let value = owned(value);
            quote!(#name.unwrap_or_else(|| #value))
        }
        None => name.to_token_stream(),
    }
}

/// A default as a value of its own: text becomes a string.
fn owned(value: &Expr) -> TokenStream {
    match value {
        Expr::Lit(literal) if matches!(literal.lit, Lit::Str(_)) => {
            quote!(::core::convert::From::from(#value))
        }
        _ => quote!(#value),
    }
}

/// What a parameter is given that was read from a table.
fn pass_named(_call: &Call, _i: usize, name: &Ident, param: &Param) -> TokenStream {
    match &param.ty {
        ty if LentParam::of(ty).is_some() => name.to_token_stream(),
        Type::Reference(reference) if reference.mutability.is_some() => quote!(&mut *#name),
        Type::Reference(_) => quote!(&*#name),
        Type::Path(path) if optional_reference(path).is_some() => quote!(#name.as_deref()),
        _ => name.to_token_stream(),
    }
}

/// The reference in an `Option<&T>`.
fn optional_reference(path: &syn::TypePath) -> Option<&syn::TypeReference> {
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    match type_argument(last) {
        Some(Type::Reference(reference)) => Some(reference),
        _ => None,
    }
}

/// Reads the parameters from a table.
fn named_arguments(luna: &TokenStream, item: &Item, call: &Call, names: &[Ident]) -> TokenStream {
    let known = call.params.iter().map(|param| &param.name);
    let reads = names.iter().zip(&call.params).map(|(ident, param)| {
        let Param { name, ty, default } = param;
        let (kept, exclusive) = match ty {
            ty if let Some(param) = LentParam::of(ty) => held_ticket(luna, &param),
            Type::Reference(reference) => held(luna, reference),
            Type::Path(path) => match optional_reference(path) {
                Some(reference) => {
                    let (kept, exclusive) = held(luna, reference);
                    (quote!(::core::option::Option<#kept>), exclusive)
                }
                None => (quote!(#ty), false),
            },
            _ => (quote!(#ty), false),
        };
        let exclusive = exclusive.then(|| quote!(mut));
        match default {
            None => quote!(let #exclusive #ident = named.get::<#kept>(#name)?;),
            Some(value) => {
                let value = owned(value);
                quote! { let #exclusive #ident = named.get::<::core::option::Option<#kept>>(#name)?.unwrap_or_else(|| #value); }
            }
        }
    });
    let function = &item.name;
    quote! {
        let named = #luna::__private::Named::new(lua, named, #function, &[#(#known),*])?;
        #(#reads)*
    }
}

/// What is held while a parameter borrows a value with a lifetime, and whether exclusively.
fn held_ticket(luna: &TokenStream, param: &LentParam) -> (TokenStream, bool) {
    let LentParam { family, exclusive, optional } = param;
    let guard = if *exclusive { quote!(UserdataRefMut) } else { quote!(UserdataRef) };
    let guard = quote!(#luna::#guard<#luna::Lent<#family>>);
    let kept = if *optional { quote!(::core::option::Option<#guard>) } else { guard };
    (kept, *exclusive)
}

/// What is held while a parameter borrows it, and whether exclusively.
fn held(luna: &TokenStream, reference: &syn::TypeReference) -> (TokenStream, bool) {
    let elem = &reference.elem;
    match &**elem {
        Type::Path(path) if path.path.is_ident("str") => (quote!(::std::string::String), false),
        Type::Slice(slice) if is_text(elem) => {
            let byte = &slice.elem;
            (quote!(::std::vec::Vec<#byte>), false)
        }
        _ if reference.mutability.is_some() => (quote!(#luna::UserdataRefMut<#elem>), true),
        _ => (quote!(#luna::UserdataRef<#elem>), false),
    }
}

/// A call's result as Lua gets it.
fn result(luna: &TokenStream, call: &Call, body: TokenStream) -> TokenStream {
    // A failure leaves the closure itself, unless another one is around the call.
    let leaves = call.receiver == Receiver::Owned
        && call.params.iter().all(|param| LentParam::of(&param.ty).is_none());
    let body = if call.text_error && !call.nil_err {
        quote! { #body.map_err(#luna::Error::new) }
    } else {
        body
    };
    let body = match call.output {
        Output::Plain => body,
        Output::Own => quote! { #luna::__private::Ud(#body) },
        Output::OwnResult if leaves && !call.nil_err => {
            quote! { #body.map(#luna::__private::Ud).map_err(#luna::Error::external)? }
        }
        Output::OwnResult => quote! { #body.map(#luna::__private::Ud) },
        Output::Borrowed => quote! { ::std::borrow::ToOwned::to_owned(#body) },
        Output::BorrowedOption => quote! { #body.map(::std::borrow::ToOwned::to_owned) },
        Output::Receiver => quote! {{
            let _ = #body;
            #luna::__private::SameObject
        }},
        Output::ReceiverResult => quote! { #body.map(|_| #luna::__private::SameObject) },
    };
    if call.nil_err {
        quote! { #luna::__private::nil_err(#body) }
    } else {
        body
    }
}
