//! Rules that span several items.

use std::collections::HashSet;

use syn::Error;

use crate::ctxt::Ctxt;
use crate::messages::same_name;
use crate::model::convert::{Converted, Shape, TaggedField};
use crate::model::methods::{Methods, Role};
use crate::model::module::Module;
use crate::model::userdata::Userdata;

/// No two fields of a class have one name.
pub(crate) fn userdata(cx: &Ctxt, model: &Userdata) {
    let mut seen = HashSet::new();
    for field in &model.fields {
        if !seen.insert(&field.name) {
            cx.error(&field.ident, same_name(&field.name));
        }
    }
}

/// No two items of a block have one name where they are looked for.
pub(crate) fn methods(cx: &Ctxt, model: &Methods) {
    let mut seen = HashSet::new();
    for item in &model.items {
        let (place, name) = match &item.role {
            Role::Constant | Role::Function(_) => ("class", item.name.clone()),
            Role::Getter(_) => ("getter", item.name.clone()),
            Role::Setter(_) => ("setter", item.name.clone()),
            Role::Meta(event, _) => ("meta", event.to_string()),
        };
        if !seen.insert((place, name.clone())) {
            cx.add(Error::new(item.span, same_name(&name)));
        }
    }
}

/// No two items of a module have one name.
pub(crate) fn module(cx: &Ctxt, model: &Module) {
    let mut seen = HashSet::new();
    for item in &model.items {
        if !seen.insert(&item.name) {
            cx.add(Error::new(item.span, same_name(&item.name)));
        }
    }
}

/// No two fields or variants have one name.
pub(crate) fn converted(cx: &Ctxt, model: &Converted) {
    let mut seen = HashSet::new();
    let mut check = |ident, name: &str| {
        if !seen.insert(name.to_owned()) {
            cx.error(ident, same_name(name));
        }
    };
    match &model.shape {
        Shape::Table(fields) => {
            fields.iter().filter(|field| !field.skip).for_each(|f| check(&f.ident, &f.name));
        }
        Shape::Names(names) => names.iter().for_each(|(ident, name)| check(ident, name)),
        Shape::Tagged(tag, variants) => {
            variants.iter().for_each(|variant| check(&variant.ident, &variant.name));
            for (_, field) in variants.iter().flat_map(|variant| &variant.fields) {
                if let TaggedField::Named(field) = field
                    && field.name == tag.value()
                {
                    cx.error(&field.ident, same_name(&field.name));
                }
            }
        }
        Shape::Newtype(_) | Shape::Numbers(_) | Shape::Refused => {}
    }
}
