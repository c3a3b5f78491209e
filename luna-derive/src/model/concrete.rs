//! `concrete(..)`: the sets of parameters that a generic type is a class with.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::visit_mut::{VisitMut, visit_expr_mut, visit_type_mut};
use syn::{
    Expr, GenericArgument, GenericParam, Generics, Ident, LitStr, PathArguments, Result, Token,
    Type, TypePath,
};

use crate::ctxt::Ctxt;
use crate::messages;

/// A type with its parameters.
pub(crate) struct Concrete {
    /// The type.
    pub(crate) ty: TypePath,
    /// Its Lua name, if it is given.
    pub(crate) name: Option<LitStr>,
}

impl Concrete {
    /// Reads `Vec2<f32>` or `Vec2<f32> = "Vec2f"`.
    pub(crate) fn parse(input: ParseStream<'_>) -> Result<Concrete> {
        let ty = input.parse()?;
        let name = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Concrete { ty, name })
    }

    /// The Lua name: as it is given, or as the type is written.
    pub(crate) fn lua_name(&self) -> String {
        match &self.name {
            Some(name) => name.value(),
            None => self.ty.to_token_stream().to_string().replace(' ', ""),
        }
    }
}

/// What stands for the parameters of a type.
pub(crate) struct Substitution(HashMap<Ident, TokenStream>);

impl Substitution {
    /// What `concrete` has where `pattern` has the parameters; `None` if they do not match.
    pub(crate) fn new(
        pattern: &TypePath,
        concrete: &TypePath,
        generics: &Generics,
    ) -> Option<Substitution> {
        let (Some(open), Some(closed)) =
            (pattern.path.segments.last(), concrete.path.segments.last())
        else {
            return None;
        };
        let (open_args, closed_args) = (arguments(&open.arguments), arguments(&closed.arguments));
        if open.ident != closed.ident || open_args.len() != closed_args.len() {
            return None;
        }
        let mut map = HashMap::new();
        for (open, closed) in open_args.iter().zip(closed_args) {
            let written = open.to_token_stream().to_string();
            let parameter = generics.params.iter().find_map(|parameter| match parameter {
                GenericParam::Type(ty) if ty.ident == written => Some(&ty.ident),
                GenericParam::Const(value) if value.ident == written => Some(&value.ident),
                _ => None,
            });
            if let Some(parameter) = parameter {
                map.insert(parameter.clone(), closed.to_token_stream());
            }
        }
        (map.len() == generics.params.len()).then_some(Substitution(map))
    }

    /// As [`Substitution::new`], or an error at the type.
    pub(crate) fn checked(
        cx: &Ctxt,
        pattern: &TypePath,
        concrete: &Concrete,
        generics: &Generics,
    ) -> Option<Substitution> {
        let substitution = Substitution::new(pattern, &concrete.ty, generics);
        if substitution.is_none() {
            let written = pattern.to_token_stream().to_string().replace(' ', "");
            cx.error(&concrete.ty, messages::other_concrete(&written));
        }
        substitution
    }
}

/// The arguments of a path.
fn arguments(arguments: &PathArguments) -> Vec<&GenericArgument> {
    match arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.iter().collect(),
        _ => Vec::new(),
    }
}

impl VisitMut for Substitution {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty
            && let Some(name) = path.path.get_ident()
            && let Some(concrete) = self.0.get(name)
        {
            *ty = Type::Verbatim(concrete.clone());
            return;
        }
        visit_type_mut(self, ty);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Path(path) = expr
            && let Some(name) = path.path.get_ident()
            && let Some(concrete) = self.0.get(name)
        {
            *expr = Expr::Verbatim(concrete.clone());
            return;
        }
        visit_expr_mut(self, expr);
    }
}
