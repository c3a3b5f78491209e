//! Values with a lifetime, which Lua holds as tickets.

use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Ident;

use crate::model::lent::LentParam;

/// The type that Lua holds: the class itself, or the ticket for one with a lifetime.
pub(super) fn held(luna: &TokenStream, lent: bool) -> TokenStream {
    if lent { quote!(#luna::Lent<Self>) } else { quote!(Self) }
}

/// What is done with the value of the object `this`: if that is a ticket, `this` is the value inside.
pub(super) fn inside(lent: bool, exclusive: bool, span: Span, body: TokenStream) -> TokenStream {
    match (lent, exclusive) {
        (false, _) => body,
        (true, false) => quote_spanned!(span => this.with(|this| #body)),
        (true, true) => quote_spanned!(span => this.with_mut(|this| #body)),
    }
}

/// What is done with the value of an argument that is a ticket, or, if the arguments are `named`, a guard of one.
pub(super) fn argument(
    luna: &TokenStream,
    name: &Ident,
    param: &LentParam,
    named: bool,
    body: TokenStream,
) -> TokenStream {
    let span = name.span();
    match (param.optional, param.exclusive) {
        (false, false) => quote_spanned!(span => #name.with(|#name| #body)),
        (false, true) => quote_spanned!(span => #name.with_mut(|#name| #body)),
        (true, false) => {
            let given = if named { quote!(#name.as_deref()) } else { quote!(#name) };
            quote_spanned!(span => #luna::__private::optional(#given, |#name| #body))
        }
        (true, true) => {
            let given = if named { quote!(#name.as_deref_mut()) } else { quote!(#name) };
            quote_spanned!(span => #luna::__private::optional_mut(#given, |#name| #body))
        }
    }
}
