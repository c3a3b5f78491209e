//! Checked descriptions of what the macros are given.

pub(crate) mod call;
pub(crate) mod concrete;
pub(crate) mod convert;
pub(crate) mod impls;
pub(crate) mod lent;
pub(crate) mod methods;
pub(crate) mod module;
pub(crate) mod userdata;

use quote::quote;
use syn::Path;

/// Where luna is.
pub(crate) fn luna(krate: Option<&Path>) -> proc_macro2::TokenStream {
    krate.map_or_else(|| quote!(::luna), |path| quote!(#path))
}
