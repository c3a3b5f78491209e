//! Names, types and documentation as text, for tools.

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The documentation comment of an item.
pub(crate) fn docs(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    });
    let lines: Vec<String> =
        lines.map(|line| line.strip_prefix(' ').unwrap_or(&line).to_owned()).collect();
    lines.join("\n")
}

/// Tokens as one would write them.
pub(crate) fn shown(tokens: impl ToTokens) -> String {
    let mut text = String::new();
    let mut after_word = false;
    for token in tokens.into_token_stream() {
        let (part, word) = match &token {
            TokenTree::Group(group) => {
                let inner = shown(group.stream());
                let (open, close) = match group.delimiter() {
                    proc_macro2::Delimiter::Parenthesis => ("(", ")"),
                    proc_macro2::Delimiter::Bracket => ("[", "]"),
                    proc_macro2::Delimiter::Brace => ("{ ", " }"),
                    proc_macro2::Delimiter::None => ("", ""),
                };
                (format!("{open}{inner}{close}"), false)
            }
            TokenTree::Punct(punct) if matches!(punct.as_char(), ',' | ';') => {
                (format!("{} ", punct.as_char()), false)
            }
            TokenTree::Punct(punct) => (punct.as_char().to_string(), false),
            word => (word.to_string(), true),
        };
        if word && after_word {
            text.push(' ');
        }
        text.push_str(&part);
        after_word = word;
    }
    text.trim_end().to_owned()
}

/// A text that may be missing.
pub(crate) fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(#text)),
        None => quote!(::core::option::Option::None),
    }
}
