//! Derives for luna: Rust types and their methods as Lua userdata.

#![forbid(unsafe_code)]

mod attr;
mod methods;
mod userdata;

use proc_macro::TokenStream;

/// Makes a struct a userdata. Its `pub` fields can be read and, unless the type is `frozen`, written from Lua.
///
/// On the type: `#[lua(name = "Name")]`, `#[lua(frozen)]`. On a field: `#[lua(name = "name")]`, `#[lua(readonly)]`, `#[lua(skip)]`,
/// `#[lua(get)]` for a field that is not `pub`. Methods come from a `#[lua_methods]` block, if there is one.
#[proc_macro_derive(LuaUserdata, attributes(lua))]
pub fn derive_userdata(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    userdata::expand(&input).unwrap_or_else(syn::Error::into_compile_error).into()
}

/// Registers the functions and constants of an `impl` block: `&self` and `&mut self` make methods, no receiver a function of the class.
///
/// On an item: `#[lua(name = "name")]`, `#[lua(skip)]`, `#[lua(getter)]`, `#[lua(setter)]`, `#[lua(meta = Add)]`.
#[proc_macro_attribute]
pub fn lua_methods(_args: TokenStream, item: TokenStream) -> TokenStream {
    let block = syn::parse_macro_input!(item as syn::ItemImpl);
    methods::expand(block).into()
}
