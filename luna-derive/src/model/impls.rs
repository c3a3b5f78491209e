//! `impls(..)`: which events stand for Rust traits of the type.

use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{BinOp, Ident, Result, Token, Type, parenthesized, parse_quote};

use crate::ctxt::Ctxt;
use crate::messages;

/// A trait, and what stands on the other side of its operator.
pub(crate) struct Implemented {
    /// Where it is named.
    pub(crate) span: Span,
    /// The trait.
    pub(crate) rust: Trait,
    /// The second operands, in the order they are tried in.
    pub(crate) operands: Vec<Type>,
    /// First operands, with the value second.
    pub(crate) reversed: Vec<Type>,
}

/// A trait that an event stands for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trait {
    /// An operator of two operands: the event, the method, and the operator.
    Binary(&'static str, &'static str, &'static str, &'static str),
    /// An operator of one operand: the trait, the event, and the method.
    Unary(&'static str, &'static str, &'static str),
    /// `Display`
    Display,
    /// `Debug`
    Debug,
    /// `PartialEq`
    Eq,
    /// `PartialOrd`
    Ord,
    /// `Index`
    Index,
    /// `IndexMut`
    IndexMut,
    /// `Clone`
    Clone,
    /// `Default`
    Default,
}

/// The traits by name.
const TRAITS: &[(&str, Trait)] = &[
    ("Add", Trait::Binary("Add", "Add", "add", "+")),
    ("Sub", Trait::Binary("Sub", "Sub", "sub", "-")),
    ("Mul", Trait::Binary("Mul", "Mul", "mul", "*")),
    ("Div", Trait::Binary("Div", "Div", "div", "/")),
    ("Rem", Trait::Binary("Rem", "Mod", "rem", "%")),
    ("BitAnd", Trait::Binary("BitAnd", "BAnd", "bitand", "&")),
    ("BitOr", Trait::Binary("BitOr", "BOr", "bitor", "|")),
    ("BitXor", Trait::Binary("BitXor", "BXor", "bitxor", "^")),
    ("Shl", Trait::Binary("Shl", "Shl", "shl", "<<")),
    ("Shr", Trait::Binary("Shr", "Shr", "shr", ">>")),
    ("Neg", Trait::Unary("Neg", "Unm", "neg")),
    ("Not", Trait::Unary("Not", "BNot", "not")),
    ("Display", Trait::Display),
    ("Debug", Trait::Debug),
    ("PartialEq", Trait::Eq),
    ("PartialOrd", Trait::Ord),
    ("Index", Trait::Index),
    ("IndexMut", Trait::IndexMut),
    ("Clone", Trait::Clone),
    ("Default", Trait::Default),
];

impl Trait {
    /// Whether there is a second operand.
    fn has_operand(self) -> bool {
        matches!(self, Trait::Binary(..) | Trait::Eq | Trait::Ord | Trait::Index | Trait::IndexMut)
    }
}

/// Reads the list of traits.
pub(crate) fn implemented(
    cx: &Ctxt,
    list: ParseStream<'_>,
    into: &mut Vec<Implemented>,
) -> Result<()> {
    while !list.is_empty() {
        let name = Ident::parse_any(list)?;
        let text = name.to_string();
        let found = TRAITS.iter().find(|(known, _)| *known == text);
        let names: Vec<&str> = TRAITS.iter().map(|(known, _)| *known).collect();
        if found.is_none() {
            cx.error(&name, messages::unknown_trait(&text, &names));
        }
        let rust = found.map_or(Trait::Display, |(_, rust)| *rust);
        let mut one =
            Implemented { span: name.span(), rust, operands: Vec::new(), reversed: Vec::new() };
        if list.peek(syn::token::Paren) {
            if found.is_some() && !rust.has_operand() {
                cx.error(&name, messages::no_operands(&text));
            }
            operands(cx, list, &text, &mut one)?;
        } else if matches!(rust, Trait::Index | Trait::IndexMut) {
            cx.error(&name, messages::no_keys(&text));
        } else if rust.has_operand() {
            one.operands.push(parse_quote!(Self));
        }
        if found.is_some() {
            add(cx, &name, one, into);
        }
        if !list.is_empty() {
            list.parse::<Token![,]>()?;
        }
    }
    Ok(())
}

/// Adds a trait that is not there yet.
fn add(cx: &Ctxt, name: &Ident, one: Implemented, into: &mut Vec<Implemented>) {
    let text = |rust: Trait| matches!(rust, Trait::Display | Trait::Debug);
    if into.iter().any(|known| known.rust == one.rust) {
        cx.error(name, messages::twice(&name.to_string()));
    } else if text(one.rust) && into.iter().any(|known| text(known.rust)) {
        cx.error(name, messages::TWO_TEXTS);
    }
    into.push(one);
}

/// Reads the operands of a trait.
fn operands(cx: &Ctxt, input: ParseStream<'_>, name: &str, one: &mut Implemented) -> Result<()> {
    let list;
    parenthesized!(list in input);
    while !list.is_empty() {
        let ty: Type = list.parse()?;
        if list.is_empty() || list.peek(Token![,]) {
            one.operands.push(ty);
        } else {
            let operator: BinOp = list.parse()?;
            let this: Type = list.parse()?;
            match one.rust {
                Trait::Binary(.., expected) => {
                    if operator.to_token_stream().to_string() != expected {
                        cx.error(operator, messages::other_operator(name, expected));
                    }
                }
                _ => cx.error(operator, messages::not_reversed(name)),
            }
            if !matches!(&this, Type::Path(path) if path.path.is_ident("Self")) {
                cx.error(&this, messages::REVERSED);
            }
            one.reversed.push(ty);
        }
        if !list.is_empty() {
            list.parse::<Token![,]>()?;
        }
    }
    Ok(())
}
