//! What tools may ask of a class.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::lent;
use super::methods::at;
use crate::describe::{optional, shown};
use crate::model::call::{Call, Output, Receiver};
use crate::model::convert::{Converted, Shape, TableField, TaggedField};
use crate::model::impls::{Implemented, Trait};
use crate::model::methods::{Item, Methods, Role};
use crate::model::module::Module;
use crate::model::userdata::{Make, Userdata};

/// The function that describes a block of methods.
pub(super) fn block_function(block: &Ident) -> Ident {
    format_ident!("__luna_describe_{}", block)
}

/// Describes a class.
pub(super) fn class(model: &Userdata) -> TokenStream {
    let luna = &model.luna;
    let private = quote!(#luna::__private);
    let (docs, blocks) = (&model.docs, model.blocks.iter().map(block_function));
    let bases = model.bases.iter().map(|base| {
        let ty = &base.ty;
        quote_spanned! { at(ty.span()) =>
            info.add_base(
                <#ty as #private::LuaUserdata>::type_name(),
                ::core::any::type_name::<#ty>(),
                |info| <#ty as #private::LuaUserdata>::describe_class(info),
            );
        }
    });
    let fields = model.fields.iter().map(|field| {
        let (docs, deprecated) = (&field.docs, optional(field.deprecated.as_deref()));
        entry(
            &private,
            &field.name,
            docs,
            &shown(&field.ty),
            [field.read, field.write],
            &deprecated,
        )
    });
    let new = model.new.then(|| constructor(&private, "new", model.makes.iter()));
    let constants =
        model.variants.iter().filter(|variant| variant.fields.is_empty()).map(|variant| {
            entry(&private, &variant.name, "", "Self", [true, false], &optional(None))
        });
    let variants =
        model.variants.iter().filter(|variant| !variant.fields.is_empty()).map(|variant| {
            let params: Vec<(String, String)> =
                variant.fields.iter().map(|(member, ty)| (field_name(member), shown(ty))).collect();
            function(&private, &variant.name, "", "Constructor", &params, "Self")
        });
    let operators = model.impls.iter().filter_map(|one| operator(&private, one));
    let held = lent::held(luna, model.lent.is_some());
    quote! {
        fn describe_class(info: &mut #private::ClassInfo) {
            #[allow(unused_imports, reason = "which of them is used depends on the type")]
            use #private::{HasBlock as _, NoBlock as _};
            info.docs = #docs;
            #(#bases)*
            info.fields.extend_from_slice(&[#(#fields),*]);
            info.constants.extend_from_slice(&[#(#constants),*]);
            info.functions.extend_from_slice(&[#new #(#variants),*]);
            info.operators.extend_from_slice(&[#(#operators),*]);
            (&#private::Block::<#held>::OF).describe(info);
            #( Self::#blocks(info); )*
        }
    }
}

/// A field's name, or none.
fn field_name(member: &syn::Member) -> String {
    match member {
        syn::Member::Named(ident) => crate::attr::plain(ident),
        syn::Member::Unnamed(_) => String::new(),
    }
}

/// A field or a constant.
fn entry(
    private: &TokenStream,
    name: &str,
    docs: &str,
    ty: &str,
    [read, write]: [bool; 2],
    deprecated: &TokenStream,
) -> TokenStream {
    quote! {
        #private::FieldInfo {
            name: #name,
            docs: #docs,
            ty: #ty,
            readable: #read,
            writable: #write,
            deprecated: #deprecated,
        }
    }
}

/// A constructor from fields.
fn constructor<'m>(
    private: &TokenStream,
    name: &str,
    makes: impl Iterator<Item = &'m Make>,
) -> TokenStream {
    let params: Vec<(String, String)> = makes
        .filter_map(|make| {
            let name = make.name.as_ref()?;
            let ty = shown(&make.ty);
            let ty = if make.default { format!("Option<{ty}>") } else { ty };
            Some((name.clone(), ty))
        })
        .collect();
    let function = function(private, name, "", "Constructor", &params, "Self");
    quote!(#function,)
}

/// A function of which no more is known than this.
fn function(
    private: &TokenStream,
    name: &str,
    docs: &str,
    kind: &str,
    params: &[(String, String)],
    result: &str,
) -> TokenStream {
    let kind = format_ident!("{kind}");
    let params = params.iter().map(|(name, ty)| {
        quote!(#private::ParamInfo { name: #name, ty: #ty, default: ::core::option::Option::None })
    });
    quote! {
        #private::FunctionInfo {
            name: #name,
            docs: #docs,
            kind: #private::FunctionKind::#kind,
            params: &[#(#params),*],
            result: #result,
            variadic: false,
            named: false,
            nil_err: false,
            pure: false,
            waits: false,
            deprecated: ::core::option::Option::None,
        }
    }
}

/// An operator.
fn operator(private: &TokenStream, one: &Implemented) -> Option<TokenStream> {
    let event = match one.rust {
        Trait::Binary(_, event, ..) | Trait::Unary(_, event, _) => event,
        Trait::Display | Trait::Debug => "ToString",
        Trait::Eq => "Eq",
        Trait::Ord => "Lt",
        Trait::Index => "Index",
        Trait::IndexMut => "NewIndex",
        Trait::Clone | Trait::Default => return None,
    };
    let event = format_ident!("{event}");
    let (operands, reversed) = (one.operands.iter().map(shown), one.reversed.iter().map(shown));
    let results = operator_results(one);
    Some(quote! {
        #private::OperatorInfo {
            event: #private::MetaMethod::#event,
            operands: &[#(#operands),*],
            reversed: &[#(#reversed),*],
            results: ::std::vec![#(#results),*],
        }
    })
}

/// The types of an operator's results, as expressions.
fn operator_results(one: &Implemented) -> Vec<TokenStream> {
    let span = at(one.span);
    let name = |ty| quote_spanned!(span => ::core::any::type_name::<#ty>());
    operator_outputs(one).into_iter().map(name).collect()
}

/// The types of an operator's results.
fn operator_outputs(one: &Implemented) -> Vec<TokenStream> {
    let span = at(one.span);
    let (operands, reversed) = (one.operands.iter(), one.reversed.iter());
    match one.rust {
        Trait::Binary(rust, ..) => {
            let rust = format_ident!("{rust}");
            let forward = operands
                .map(|ty| quote_spanned!(span => <Self as ::core::ops::#rust<#ty>>::Output));
            let reversed = reversed
                .map(|ty| quote_spanned!(span => <#ty as ::core::ops::#rust<Self>>::Output));
            forward.chain(reversed).collect()
        }
        Trait::Unary(rust, ..) => {
            let rust = format_ident!("{rust}");
            vec![quote_spanned!(span => <Self as ::core::ops::#rust>::Output)]
        }
        Trait::Index | Trait::IndexMut => operands
            .map(|ty| quote_spanned!(span => <Self as ::core::ops::Index<#ty>>::Output))
            .collect(),
        _ => Vec::new(),
    }
}

/// Describes a type that is converted by value.
pub(super) fn converted(model: &Converted) -> TokenStream {
    let Converted { ident, luna, docs, variant_docs, .. } = model;
    let private = quote!(#luna::__private);
    let shape = match &model.shape {
        Shape::Table(fields) => {
            let fields =
                fields.iter().filter(|field| !field.skip).map(|field| table_entry(&private, field));
            quote!(Table(::std::vec![#(#fields),*]))
        }
        Shape::Newtype(ty) => {
            let ty = shown(ty);
            quote!(Wraps(#ty))
        }
        Shape::Names(names) => {
            let names = names.iter().map(|(_, name)| name);
            quote!(Strings(::std::vec![#((#names, #variant_docs)),*]))
        }
        Shape::Numbers(variants) => {
            let names = variants.iter().map(crate::attr::plain);
            quote!(Numbers(::std::vec![#((Self::#variants as i64, #names, #variant_docs)),*]))
        }
        Shape::Tagged(tag, variants) => {
            let variants = variants.iter().zip(variant_docs).map(|(variant, docs)| {
                let name = &variant.name;
                let fields = variant.fields.iter().filter_map(|(_, field)| match field {
                    TaggedField::Named(field) if field.skip => None,
                    TaggedField::Named(field) => Some(table_entry(&private, field)),
                    TaggedField::At(_, ty) => {
                        Some(entry(&private, "", "", &shown(ty), [true; 2], &optional(None)))
                    }
                });
                quote! {
                    #private::VariantInfo {
                        name: #name,
                        docs: #docs,
                        fields: ::std::vec![#(#fields),*],
                    }
                }
            });
            quote!(Tagged(#tag, ::std::vec![#(#variants),*]))
        }
        Shape::Refused => return TokenStream::new(),
    };
    let name = crate::attr::plain(ident);
    quote! {
        fn describe_type() -> ::core::option::Option<#private::TypeInfo> {
            ::core::option::Option::Some(#private::TypeInfo {
                name: #name,
                path: ::core::any::type_name::<Self>(),
                docs: #docs,
                shape: #private::TypeShape::#shape,
            })
        }
    }
}

/// A field of a table.
fn table_entry(private: &TokenStream, field: &TableField) -> TokenStream {
    let ty = shown(&field.ty);
    let ty = if field.default { format!("Option<{ty}>") } else { ty };
    entry(private, &field.name, &field.docs, &ty, [true; 2], &optional(None))
}

/// What describes the items of a block.
pub(super) fn block(model: &Methods) -> TokenStream {
    items(&model.luna, &model.items)
}

/// Describes a module.
pub(super) fn module(model: &Module) -> TokenStream {
    let Module { name, docs, luna, .. } = model;
    let items = items(luna, &model.items);
    quote! {
        /// What the source says of the module.
        #[allow(dead_code, unreachable_pub, reason = "who asks is not known here")]
        #[must_use]
        pub fn lua_module_info() -> #luna::ClassInfo {
            let mut info =
                #luna::ClassInfo { name: #name, docs: #docs, ..::core::default::Default::default() };
            #items
            info
        }
    }
}

/// What describes some items.
fn items(luna: &TokenStream, items: &[Item]) -> TokenStream {
    let private = quote!(#luna::__private);
    let constants = items.iter().filter(|item| item.role.call().is_none()).map(|item| {
        let ty = item.ty.as_ref().map(shown).unwrap_or_default();
        entry(&private, &item.name, &item.docs, &ty, [true, false], &optional(None))
    });
    let functions = items.iter().filter_map(|item| Some(method(&private, item, item.role.call()?)));
    quote! {
        info.constants.extend_from_slice(&[#(#constants),*]);
        info.functions.extend_from_slice(&[#(#functions),*]);
    }
}

/// A function of a block.
fn method(private: &TokenStream, item: &Item, call: &Call) -> TokenStream {
    let kind = match &item.role {
        Role::Getter(_) => "Getter",
        Role::Setter(_) => "Setter",
        Role::Meta(..) => "Meta",
        _ if call.receiver != Receiver::None => "Method",
        _ if matches!(call.output, Output::Own | Output::OwnResult) => "Constructor",
        _ => "Function",
    };
    let kind = format_ident!("{kind}");
    let name = match &item.role {
        Role::Meta(event, _) => event.to_string(),
        _ => item.name.clone(),
    };
    let params = call.params.iter().map(|param| {
        let (name, ty) = (&param.name, shown(&param.ty).replace("'_ ", ""));
        let default = optional(param.default.as_ref().map(shown).as_deref());
        quote!(#private::ParamInfo { name: #name, ty: #ty, default: #default })
    });
    let (docs, result) = (&item.docs, call.result.as_ref().map(shown).unwrap_or_default());
    let (variadic, named, nil_err, pure) = (call.variadic, call.named, call.nil_err, call.pure);
    let (waits, deprecated) = (call.waits.is_some(), optional(call.deprecated.as_deref()));
    quote! {
        #private::FunctionInfo {
            name: #name,
            docs: #docs,
            kind: #private::FunctionKind::#kind,
            params: &[#(#params),*],
            result: #result,
            variadic: #variadic,
            named: #named,
            nil_err: #nil_err,
            pure: #pure,
            waits: #waits,
            deprecated: #deprecated,
        }
    }
}
