//! Events that stand for Rust traits.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Type;

use super::lent;
use super::methods::at;
use crate::model::impls::{Implemented, Trait};

/// Registers what stands for a trait of a type, which has a lifetime if it is `lent`.
pub(crate) fn events(luna: &TokenStream, one: &Implemented, lent: bool) -> TokenStream {
    let span = at(one.span);
    let held = lent::held(luna, lent);
    let private = quote!(#luna::__private);
    let meta = |event: &str, handler: TokenStream| {
        let event = format_ident!("{event}");
        quote_spanned! { span => methods.add_typed_meta(#private::MetaMethod::#event, #handler); }
    };
    match one.rust {
        Trait::Binary(rust, event, method, _) => {
            let call = format_ident!("{method}");
            let rust = format_ident!("{rust}");
            let operation = |forward: bool| {
                let operands = if forward { quote!(this, other) } else { quote!(other, this) };
                quote_spanned!(span => #private::apply(vm, this, |this: Self| ::core::ops::#rust::#call(#operands)))
            };
            let forward = one.operands.iter().map(|ty| attempt(&private, ty, &operation(true)));
            let reversed = one.reversed.iter().map(|ty| attempt(&private, ty, &operation(false)));
            let kind = format_ident!("{event}");
            meta(
                event,
                quote_spanned! { span =>
                    |vm: &mut #private::Vm, a: #private::RawValue, b: #private::RawValue| #private::operator::<Self, _>(
                        vm, #private::MetaMethod::#kind, [a, b], &[#(#forward),*], &[#(#reversed),*],
                    )
                },
            )
        }
        Trait::Unary(rust, event, method) => {
            let (rust, method) = (format_ident!("{rust}"), format_ident!("{method}"));
            meta(
                event,
                quote_spanned!(span => |this: &Self| ::core::ops::#rust::#method(::core::clone::Clone::clone(this))),
            )
        }
        Trait::Display => {
            let text = quote_spanned!(span => ::std::string::ToString::to_string(this));
            let text = lent::inside(lent, false, span, text);
            meta("ToString", quote_spanned!(span => |this: &#held| #text))
        }
        Trait::Debug => {
            let text = quote_spanned!(span => ::std::format!("{:?}", this));
            let text = lent::inside(lent, false, span, text);
            meta("ToString", quote_spanned!(span => |this: &#held| #text))
        }
        Trait::Eq if lent => {
            let attempt = quote_spanned!(span => |vm, this, other, _| #private::compare_lent::<Self, _>(vm, this, other, |this, other| ::core::cmp::PartialEq::eq(this, other)));
            equality(&private, one, &[attempt])
        }
        Trait::Eq => {
            let attempts = comparisons(&private, one, &quote!(::core::cmp::PartialEq::eq));
            equality(&private, one, &attempts)
        }
        Trait::Ord => order(&private, one),
        Trait::Index => index(&private, one),
        Trait::IndexMut => index_mut(&private, one),
        Trait::Clone => quote_spanned! { span =>
            methods.add_typed("clone", |this: &Self| #private::Ud(::core::clone::Clone::clone(this)));
        },
        Trait::Default => quote_spanned! { span =>
            methods.add_typed("default", || #private::Ud(<Self as ::core::default::Default>::default()));
        },
    }
}

/// The function that tries one type of operand: `then` has `vm`, `this` and the converted `other`.
fn attempt(private: &TokenStream, ty: &Type, then: &TokenStream) -> TokenStream {
    let (take, other) = match ty {
        Type::Reference(reference) if is_str(&reference.elem) => {
            (quote!(::std::string::String), quote!(&*other))
        }
        Type::Path(path) if path.path.is_ident("usize") => {
            (quote!(#private::Position), quote!(other.0))
        }
        _ => (quote!(#ty), quote!(other)),
    };
    let taken = match ty {
        Type::Path(path) if path.path.is_ident("Self") => {
            quote!(vm.clone_userdata::<Self>(other)?)
        }
        _ => quote! {{
            #[allow(unused_imports, reason = "which of them is used depends on the type")]
            use #private::{OperandByCopy as _, OperandFromLua as _};
            (&#private::Operand::<#take>::OF).take(vm, other)?
        }},
    };
    quote! {
        |vm, this, other, _value| {
            let other = #taken;
            let other = #other;
            #then
        }
    }
}

/// Whether a type is `str`.
fn is_str(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("str"))
}

/// Whether a type is `Self`.
fn is_self(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.is_ident("Self"))
}

/// The functions that try a comparison, without copies of the type itself.
fn comparisons(
    private: &TokenStream,
    one: &Implemented,
    compare: &TokenStream,
) -> Vec<TokenStream> {
    let span = at(one.span);
    let attempt = |ty: &Type| {
        if is_self(ty) {
            quote_spanned!(span => |vm, this, other, _| #private::compare(vm, this, other, |this: &Self, other: &Self| #compare(this, other)))
        } else {
            let then = quote_spanned!(span => #private::look(vm, this, |this: &Self| #compare(this, &other)));
            attempt(private, ty, &then)
        }
    };
    one.operands.iter().map(attempt).collect()
}

/// `==`
fn equality(private: &TokenStream, one: &Implemented, attempts: &[TokenStream]) -> TokenStream {
    quote_spanned! { at(one.span) =>
        methods.add_typed_meta(
            #private::MetaMethod::Eq,
            |vm: &mut #private::Vm, a: #private::RawValue, b: #private::RawValue| #private::equal(vm, [a, b], &[#(#attempts),*]),
        );
    }
}

/// `<` and `<=`
fn order(private: &TokenStream, one: &Implemented) -> TokenStream {
    let span = at(one.span);
    let attempts = comparisons(private, one, &quote!(::core::cmp::PartialOrd::partial_cmp));
    let count = attempts.len();
    let handlers = [("Lt", "is_lt"), ("Le", "is_le")].map(|(event, test)| {
        let (event, test) = (format_ident!("{event}"), format_ident!("{test}"));
        quote_spanned! { span =>
            methods.add_typed_meta(
                #private::MetaMethod::#event,
                move |vm: &mut #private::Vm, a: #private::RawValue, b: #private::RawValue| #private::order::<Self>(
                    vm, #private::MetaMethod::#event, [a, b], &attempts, ::core::cmp::Ordering::#test,
                ),
            );
        }
    });
    quote_spanned! { span =>
        let attempts: [#private::Attempt<::core::option::Option<::core::cmp::Ordering>>; #count] = [#(#attempts),*];
        #(#handlers)*
    }
}

/// `this[key]`
fn index(private: &TokenStream, one: &Implemented) -> TokenStream {
    let span = at(one.span);
    let then = quote_spanned! { span =>
        #private::look(vm, this, |this: &Self| ::core::clone::Clone::clone(::core::ops::Index::index(this, other)))
            .map(|element| #private::IntoLua::try_into_value(element, vm))
    };
    let attempts = one.operands.iter().map(|ty| attempt(private, ty, &then));
    quote_spanned! { span =>
        methods.add_typed_meta(
            #private::MetaMethod::Index,
            |vm: &mut #private::Vm, a: #private::RawValue, b: #private::RawValue| #private::operator::<Self, _>(
                vm, #private::MetaMethod::Index, [a, b], &[#(#attempts),*], &[],
            ),
        );
    }
}

/// `this[key] = value`
fn index_mut(private: &TokenStream, one: &Implemented) -> TokenStream {
    let span = at(one.span);
    let then = quote_spanned! { span =>
        #private::change(vm, this, _value, |this: &mut Self, value| *::core::ops::IndexMut::index_mut(this, other) = value)
    };
    let attempts = one.operands.iter().map(|ty| attempt(private, ty, &then));
    quote_spanned! { span =>
        methods.add_typed_meta(
            #private::MetaMethod::NewIndex,
            |vm: &mut #private::Vm, a: #private::RawValue, b: #private::RawValue, value: #private::RawValue| {
                #private::assign::<Self>(vm, [a, b, value], &[#(#attempts),*])
            },
        );
    }
}
