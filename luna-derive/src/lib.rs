//! Derives for luna: Rust types and their methods as Lua userdata, structs and enums as Lua values.
//!
//! The data path: `attr` reads `#[lua(..)]`, `model` describes the input, `check` applies the rules that span several attributes, `expand`
//! quotes. All errors are reported at once, with a stub from `fallback` so that they bring no others along.

#![forbid(unsafe_code)]

mod attr;
mod check;
mod ctxt;
mod describe;
mod expand;
mod fallback;
mod messages;
mod model;
mod rename;
mod suggest;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a struct or an enum a userdata. The `pub` fields of a struct can be read and, unless the type is `frozen`, written from Lua.
///
/// On the type, in `#[lua(..)]`:
/// - `name = "Name"`: the name scripts see in messages;
/// - `rename_all = "camelCase"`: how field names are changed;
/// - `frozen`: nothing is ever written, so no borrow can fail;
/// - `strict`: reading or writing a name there is not is an error;
/// - `clone`: functions may take the type by value, as a copy;
/// - `new`, `callable`: a constructor from all fields; calling the class calls `new`;
/// - `impls(Display, PartialEq, Add(Self, f64), Mul(f64 * Self), Index(usize))`: events from Rust traits, with the operands they take;
/// - `extends = Base`: with `#[lua(base)]` on the field that holds it, the methods and fields of another class, and `&Base` arguments;
/// - `from_table`, `into_table`, `serde`: tables are taken where a value is wanted, and `to_table` makes one;
/// - `variants`: of an enum, constants and constructors of its variants;
/// - `concrete(Vec2<f32>, Vec2<f64> = "Vec2d")`: of a generic type, the types that are classes;
/// - `methods(a, b)`: names of further `#[lua_methods(a)]` blocks;
/// - `crate = path`: where luna is, if not at `::luna`.
///
/// On a field: `name = "name"`, `readonly`, `skip`, and for fields that are not `pub` `get` and `set`; `by_ref` (a part that is changed in
/// place), `flatten` (its methods and fields are also this type's), `validate = path` (to a function that gives a `Result`), `default`
/// (where nil is given), `deprecated`, `trace`.
///
/// Methods come from a `#[lua_methods]` block, if there is one.
///
/// A type with a lifetime is lent by a scope, as a value or by reference; Lua makes no values of it.
#[proc_macro_derive(LuaUserdata, attributes(lua))]
pub fn derive_userdata(input: TokenStream) -> TokenStream {
    expand::userdata::derive(syn::parse_macro_input!(input as syn::DeriveInput)).into()
}

/// Registers the functions and constants of an `impl` block. `&self`, `&mut self` and `self` make methods, no receiver a function of the
/// class; `self` takes the value out of its userdata, or copies one of a `clone` type. A parameter `&Lua` gets the state.
///
/// On the block: `#[lua_methods(rename_all = "camelCase")]`, a name as in `#[lua_methods(combat)]` for a block beyond the first,
/// `crate = path`.
///
/// On an item, in `#[lua(..)]`: `name = "name"`, `skip`, `ctor` (a function that makes a value, `new` to Lua if nothing else is said),
/// `getter`, `setter`, `meta = Add`; how it is called: `defaults(count = 1)`, `variadic` (the last `Vec<T>` or `&[T]` gets all further
/// arguments), `named` (one table has all arguments), `nil_err` (a failure gives nil and a message), `pure` (it has no side effects),
/// `deprecated = "use .."`.
///
/// A generic block lists the types it is for: `#[lua_methods(concrete(Vec2<f32>))]`. That of a type with a lifetime is for all lifetimes:
/// `impl View<'_>`.
#[proc_macro_attribute]
pub fn lua_methods(args: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    match syn::parse2(item.clone()) {
        Ok(block) => expand::methods::attribute(args.into(), block).into(),
        Err(error) => fallback::no_block(item, &error).into(),
    }
}

/// Makes a function `lua_module(&Lua) -> luna::Result<Table>` inside a module, which gives a table of its `pub` functions and constants, and
/// of the `pub` modules inside it that have the attribute too.
///
/// On the module: `#[lua_module(rename_all = "camelCase")]`, `classes(Vec2, Unit)` for the class tables that go with it, `crate = path`.
///
/// On an item, in `#[lua(..)]`: `name = "name"`, `skip`, and of functions `defaults(..)`, `variadic`, `named`, `nil_err`, `pure`,
/// `deprecated`.
#[proc_macro_attribute]
pub fn lua_module(args: TokenStream, item: TokenStream) -> TokenStream {
    let item = proc_macro2::TokenStream::from(item);
    match syn::parse2(item.clone()) {
        Ok(module) => expand::module::attribute(args.into(), module).into(),
        Err(error) => fallback::no_module(item, &error).into(),
    }
}

/// Makes a type come from Lua: a struct from a table, a newtype from what it wraps, an enum without data from a string, or from a number if
/// `repr = "int"`; with `tag = "type"` any enum from a table, in which that field names the variant.
///
/// On the type: `rename_all = "camelCase"`, `crate = path`. On a field: `name = "name"`, `default` (nil gives the default), `skip` (always
/// the default). On a variant: `name = "name"`.
#[proc_macro_derive(FromLua, attributes(lua))]
pub fn derive_from_lua(input: TokenStream) -> TokenStream {
    expand::convert::derive_from(syn::parse_macro_input!(input as syn::DeriveInput)).into()
}

/// Makes a type go to Lua: a struct as a table, a newtype as what it wraps, an enum without data as a string.
///
/// Attributes as for the derive of `FromLua`.
#[proc_macro_derive(IntoLua, attributes(lua))]
pub fn derive_into_lua(input: TokenStream) -> TokenStream {
    expand::convert::derive_into(syn::parse_macro_input!(input as syn::DeriveInput)).into()
}
