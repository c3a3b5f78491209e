//! The `#[lua(..)]` grammar.

use syn::spanned::Spanned;
use syn::{Attribute, Error, Ident, LitStr, Result};

/// Everything an attribute may say; each place accepts some of it.
#[derive(Default)]
pub(crate) struct Attrs {
    /// `name = ".."`
    pub(crate) name: Option<LitStr>,
    /// `meta = Event`
    pub(crate) meta: Option<Ident>,
    /// Single words.
    words: Vec<Ident>,
}

impl Attrs {
    /// Reads the attributes of an item that accepts the given keys.
    pub(crate) fn parse(attributes: &[Attribute], accepted: &[&str]) -> Result<Attrs> {
        let mut attrs = Attrs::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("lua")) {
            attribute.parse_nested_meta(|meta| {
                let Some(key) = meta.path.get_ident() else {
                    return Err(Error::new(
                        meta.path.span(),
                        format!("write one of: {}", accepted.join(", ")),
                    ));
                };
                if !accepted.iter().any(|accepted| key == accepted) {
                    return Err(Error::new(
                        key.span(),
                        format!(
                            "`{key}` has no meaning here; write one of: {}",
                            accepted.join(", ")
                        ),
                    ));
                }
                if key == "name" {
                    attrs.name = Some(meta.value()?.parse()?);
                } else if key == "meta" {
                    attrs.meta = Some(meta.value()?.parse()?);
                } else {
                    attrs.words.push(key.clone());
                }
                Ok(())
            })?;
        }
        Ok(attrs)
    }

    /// Whether a single word was written.
    pub(crate) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|written| written == word)
    }

    /// The Lua name of an item.
    pub(crate) fn name_or(&self, ident: &Ident) -> String {
        match &self.name {
            Some(name) => name.value(),
            None => ident.to_string().trim_start_matches("r#").to_owned(),
        }
    }
}
