//! `#[lua_module]`

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ItemMod, parse_quote};

use super::call::closure_of;
use super::describe;
use super::methods::at;
use crate::attr::plain;
use crate::check;
use crate::ctxt::Ctxt;
use crate::model::methods::{Item, Role};
use crate::model::module::Module;

/// Expands the attribute: the module as it is, with a function that makes the table.
pub(crate) fn attribute(args: TokenStream, mut module: ItemMod) -> TokenStream {
    let cx = Ctxt::new();
    let model = Module::new(&cx, args, &mut module);
    check::module(&cx, &model);
    let info: syn::Item = {
        let info = describe::module(&model);
        parse_quote!(#info)
    };
    let (function, errors) = match cx.finish() {
        Ok(()) => (expand(&model), None),
        Err(errors) => (stub(&model), Some(errors)),
    };
    if let Some((_, items)) = &mut module.content {
        items.push(parse_quote!(#function));
        items.push(info);
    }
    quote! { #module #errors }
}

/// The function that makes the table.
fn expand(model: &Module) -> TokenStream {
    let luna = &model.luna;
    let items = model.items.iter().map(|item| entry(model, item));
    let modules = model.modules.iter().map(|ident| {
        let name = plain(ident);
        quote_spanned!(at(ident.span()) => table.raw_set(#name, #ident::lua_module(lua)?)?;)
    });
    let classes = model.classes.iter().map(|ty| {
        quote_spanned! { at(ty.span()) =>
            table.raw_set(<#ty as #luna::__private::LuaUserdata>::type_name(), lua.class_table::<#ty>()?)?;
        }
    });
    let describe = model.items.iter().any(|item| item.role.call().is_some()).then(|| {
        quote!(#luna::__private::describe_functions(lua, &table, &self::lua_module_info().functions)?;)
    });
    quote! {
        /// The table of the module's functions and constants.
        #[allow(unreachable_pub, reason = "how far the module is seen is not known here")]
        pub fn lua_module(lua: &#luna::Lua) -> #luna::Result<#luna::Table> {
            let table = lua.create_table()?;
            #(#items)*
            #describe
            #(#modules)*
            #(#classes)*
            #luna::Result::Ok(table)
        }
    }
}

/// The same, which makes none.
fn stub(model: &Module) -> TokenStream {
    let luna = &model.luna;
    quote! {
        /// The table of the module's functions and constants.
        #[allow(unreachable_pub, reason = "how far the module is seen is not known here")]
        pub fn lua_module(lua: &#luna::Lua) -> #luna::Result<#luna::Table> {
            lua.create_table()
        }
    }
}

/// Sets one entry.
fn entry(model: &Module, item: &Item) -> TokenStream {
    let (luna, Item { name, ident, .. }) = (&model.luna, item);
    let span = at(ident.span());
    match &item.role {
        Role::Function(call) => {
            let owner = &model.name;
            let closure =
                closure_of(luna, item, call, &quote!(self::#ident), &quote!(#owner), false);
            let create = match call.waits {
                Some(_) => quote_spanned!(span => create_async_function),
                None => quote_spanned!(span => create_function),
            };
            quote_spanned!(span => table.raw_set(#name, lua.#create(#closure)?)?;)
        }
        _ => quote_spanned!(span => table.raw_set(#name, self::#ident)?;),
    }
}
