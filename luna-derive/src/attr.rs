//! The `#[lua(..)]` grammar.

use quote::ToTokens;
use syn::ext::IdentExt;
use syn::meta::ParseNestedMeta;
use syn::parse::{Parse, ParseBuffer};
use syn::{Attribute, Error, Expr, Ident, LitStr, Path, Result, Token, Type, parenthesized};

use crate::ctxt::Ctxt;
use crate::model::concrete::Concrete;
use crate::model::impls::{Implemented, implemented};
use crate::{messages, rename};

/// An event: the identifier of `MetaMethod`, at the place where it was named.
pub(crate) type Event = Ident;

/// The events by the names of `MetaMethod`.
pub(crate) const EVENTS: &[&str] = &[
    "Add", "Sub", "Mul", "Div", "Mod", "Pow", "IDiv", "Unm", "BAnd", "BOr", "BXor", "Shl", "Shr",
    "BNot", "Concat", "Len", "Eq", "Lt", "Le", "Index", "NewIndex", "Call", "ToString", "Pairs",
    "Close", "Gc",
];

/// What may be said of a class.
pub(crate) const TYPE_KEYS: &[&str] = &[
    "name",
    "rename_all",
    "frozen",
    "strict",
    "clone",
    "methods",
    "impls",
    "new",
    "callable",
    "extends",
    "from_table",
    "into_table",
    "serde",
    "variants",
    "concrete",
    "crate",
];

/// What may be said of a field of a class.
pub(crate) const FIELD_KEYS: &[&str] = &[
    "get",
    "set",
    "readonly",
    "skip",
    "name",
    "trace",
    "default",
    "validate",
    "deprecated",
    "by_ref",
    "base",
    "flatten",
];

/// Everything an attribute may say; each place accepts some of it.
#[derive(Default)]
pub(crate) struct Attrs {
    /// `name = ".."`
    pub(crate) name: Option<LitStr>,
    /// `rename_all = ".."`
    pub(crate) rename_all: Option<LitStr>,
    /// `crate = path`
    pub(crate) krate: Option<Path>,
    /// `meta = Event`
    pub(crate) meta: Option<Event>,
    /// `methods(a, b)`
    pub(crate) blocks: Vec<Ident>,
    /// `classes(Vec2, Unit)`
    pub(crate) classes: Vec<Type>,
    /// `impls(Display, Add(Self, f64))`
    pub(crate) impls: Vec<Implemented>,
    /// `defaults(count = 1)`
    pub(crate) defaults: Vec<(Ident, Expr)>,
    /// `deprecated`, `deprecated = ".."`: the note, empty without one.
    pub(crate) deprecated: Option<String>,
    /// `concrete(Vec2<f32>)`
    pub(crate) concrete: Vec<Concrete>,
    /// `extends = Base`
    pub(crate) extends: Option<Type>,
    /// `repr = "int"`
    pub(crate) repr: Option<LitStr>,
    /// `tag = "type"`
    pub(crate) tag: Option<LitStr>,
    /// `validate = path`
    pub(crate) validate: Option<Path>,
    /// Single words.
    words: Vec<Ident>,
}

impl Attrs {
    /// Reads the attributes of an item that accepts the given keys.
    pub(crate) fn parse(cx: &Ctxt, attributes: &[Attribute], accepted: &[&str]) -> Attrs {
        let mut attrs = Attrs::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("lua")) {
            let parsed = attribute.parse_nested_meta(|meta| attrs.key(cx, &meta, accepted));
            if let Err(error) = parsed {
                cx.add(error);
            }
        }
        attrs
    }

    /// Reads one key.
    pub(crate) fn key(
        &mut self,
        cx: &Ctxt,
        meta: &ParseNestedMeta<'_>,
        accepted: &[&str],
    ) -> Result<()> {
        let key = meta.path.get_ident().map(Ident::to_string).unwrap_or_default();
        if !accepted.contains(&&*key) {
            let written = meta.path.to_token_stream().to_string();
            cx.error(&meta.path, messages::unknown_key(&written, accepted));
            return skip_value(meta);
        }
        let again = match &*key {
            "name" => self.name.replace(meta.value()?.parse()?).is_some(),
            "rename_all" => self.rename_all.replace(rule(cx, meta)?).is_some(),
            "crate" => self.krate.replace(meta.value()?.parse()?).is_some(),
            "meta" => {
                let event = event(cx, meta)?;
                let again = self.meta.is_some();
                self.meta = event.or(self.meta.take());
                again
            }
            "methods" | "defaults" | "classes" | "concrete" | "impls" => {
                let list;
                parenthesized!(list in meta.input);
                self.list(cx, &key, &list)?;
                false
            }
            "deprecated" => {
                let note = if meta.input.peek(Token![=]) {
                    meta.value()?.parse::<LitStr>()?.value()
                } else {
                    String::new()
                };
                self.deprecated.replace(note).is_some()
            }
            "extends" => self.extends.replace(meta.value()?.parse()?).is_some(),
            "repr" => self.repr.replace(meta.value()?.parse()?).is_some(),
            "tag" => self.tag.replace(meta.value()?.parse()?).is_some(),
            "validate" => self.validate.replace(path(meta)?).is_some(),
            _ if meta.input.peek(Token![=]) || meta.input.peek(syn::token::Paren) => {
                cx.error(&meta.path, messages::no_value(&key));
                return skip_value(meta);
            }
            _ => {
                let again = self.has(&key);
                self.words.extend(meta.path.get_ident().cloned());
                again
            }
        };
        if again {
            cx.error(&meta.path, messages::twice(&key));
        }
        Ok(())
    }

    /// Reads the list of one key.
    fn list(&mut self, cx: &Ctxt, key: &str, list: &ParseBuffer<'_>) -> Result<()> {
        match key {
            "methods" => self.blocks.extend(list.parse_terminated(Ident::parse_any, Token![,])?),
            "defaults" => self.defaults.extend(list.parse_terminated(default, Token![,])?),
            "classes" => self.classes.extend(list.parse_terminated(Type::parse, Token![,])?),
            "concrete" => self.concrete.extend(list.parse_terminated(Concrete::parse, Token![,])?),
            _ => implemented(cx, list, &mut self.impls)?,
        }
        Ok(())
    }

    /// Whether a single word was written.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.word(word).is_some()
    }

    /// Where a single word was written.
    pub(crate) fn word(&self, word: &str) -> Option<&Ident> {
        self.words.iter().find(|written| *written == word)
    }

    /// Refuses all but these words, and a name.
    pub(crate) fn only(&self, cx: &Ctxt, words: &[&str], message: &str) {
        let accepted = |written: &Ident| words.iter().any(|word| written == word);
        for other in self.words.iter().filter(|other| !accepted(other)) {
            cx.error(other, message);
        }
        if let Some(name) = &self.name {
            cx.error(name, message);
        }
        if let Some(event) = &self.meta {
            cx.error(event, message);
        }
    }

    /// The Lua name of an item by these attributes and the rule around them.
    pub(crate) fn name_or(&self, ident: &Ident, rule: Option<&LitStr>) -> String {
        match &self.name {
            Some(name) => name.value(),
            None => {
                let rule = rule.map(LitStr::value);
                rename::rename(&plain(ident), rule.as_deref())
            }
        }
    }
}

/// An identifier's text without `r#`.
pub(crate) fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Skips what an unknown key is given, so that what follows is read.
pub(crate) fn skip_value(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.peek(Token![=]) {
        meta.value()?.parse::<Expr>()?;
    } else if meta.input.peek(syn::token::Paren) {
        let list;
        parenthesized!(list in meta.input);
        list.parse::<proc_macro2::TokenStream>()?;
    }
    Ok(())
}

/// A parameter and what nil stands for.
fn default(input: syn::parse::ParseStream<'_>) -> Result<(Ident, Expr)> {
    let name = input.call(Ident::parse_any)?;
    input.parse::<Token![=]>()?;
    Ok((name, input.parse()?))
}

/// A path, as it is or in a string.
fn path(meta: &ParseNestedMeta<'_>) -> Result<Path> {
    let value = meta.value()?;
    if value.peek(LitStr) { value.parse::<LitStr>()?.parse() } else { value.parse() }
}

/// A known renaming rule.
fn rule(cx: &Ctxt, meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let rule: LitStr = meta.value()?.parse()?;
    if !rename::RULES.contains(&&*rule.value()) {
        cx.error(&rule, messages::unknown_rule(&rule.value(), rename::RULES));
    }
    Ok(rule)
}

/// A known event, named as in `MetaMethod` or as in Lua.
fn event(cx: &Ctxt, meta: &ParseNestedMeta<'_>) -> Result<Option<Event>> {
    let value = meta.value()?;
    let (text, span) = if value.peek(LitStr) {
        let literal: LitStr = value.parse()?;
        (literal.value(), literal.span())
    } else {
        let ident: Ident = value.parse()?;
        (ident.to_string(), ident.span())
    };
    let lower = text.trim_start_matches("__").to_lowercase();
    let found = EVENTS
        .iter()
        .find(|event| **event == text || (text.starts_with("__") && event.to_lowercase() == lower));
    if found.is_none() {
        cx.add(Error::new(span, messages::unknown_event(&text, EVENTS)));
    }
    Ok(found.map(|event| Ident::new(event, span)))
}

/// Removes our attributes from an item that stays.
pub(crate) fn strip(attributes: &mut Vec<Attribute>) {
    attributes.retain(|attribute| !attribute.path().is_ident("lua"));
}
