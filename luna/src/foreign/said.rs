//! What is said of an item before it is registered, as attributes are written before what they are of.

use luna_core::vm::{
    FieldInfo, FunctionInfo, FunctionKind, Kind, ParamInfo, Signature, lasting, lasting_params,
};

/// What is said of the item that comes next.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Said {
    pub(super) docs: &'static str,
    pub(super) params: Option<&'static [ParamInfo]>,
    pub(super) result: Option<&'static str>,
    pub(super) deprecated: Option<&'static str>,
    pub(super) pure: bool,
}

/// A parameter without a name.
fn unnamed(ty: &'static str) -> ParamInfo {
    ParamInfo { name: "", ty, default: None }
}

/// What a kind is in Rust, as far as it tells.
fn type_of(kind: &Kind) -> &'static str {
    match kind {
        Kind::Bool => "bool",
        Kind::Float => "f64",
        Kind::Int { .. } => "i64",
        Kind::Text => "&str",
        Kind::Bytes => "&[u8]",
        _ => "Value",
    }
}

impl Said {
    /// Names and types of parameters.
    pub(super) fn set_params(&mut self, params: &[(&str, &str)]) {
        let params: Vec<ParamInfo> = params
            .iter()
            .map(|(name, ty)| ParamInfo { name: lasting(name), ty: lasting(ty), default: None })
            .collect();
        self.params = Some(lasting_params(&params));
    }

    /// What tools learn of a function.
    pub(super) fn function(
        &self,
        kind: FunctionKind,
        name: &'static str,
        signature: &Signature,
    ) -> FunctionInfo {
        let receiver = match kind {
            FunctionKind::Function | FunctionKind::Constructor => 0,
            _ => 1,
        };
        let args = signature.args.get(receiver..).unwrap_or_default();
        let rest = matches!(args.last(), Some(Kind::Rest));
        let unnamed = || {
            let params: Vec<ParamInfo> = args.iter().map(|kind| unnamed(type_of(kind))).collect();
            lasting_params(&params)
        };
        let result = match kind {
            FunctionKind::Constructor => "Self",
            FunctionKind::Setter => "",
            _ if matches!(signature.result, Kind::Nothing) => "",
            _ => type_of(&signature.result),
        };
        FunctionInfo {
            name,
            docs: self.docs,
            kind,
            params: self.params.unwrap_or_else(unnamed),
            result: self.result.unwrap_or(result),
            variadic: rest && self.params.is_none(),
            named: false,
            nil_err: false,
            pure: self.pure,
            waits: false,
            deprecated: self.deprecated,
        }
    }

    /// What tools learn of a constant.
    pub(super) fn constant(&self, name: &'static str, ty: &'static str) -> FieldInfo {
        FieldInfo {
            name,
            docs: self.docs,
            ty: self.result.unwrap_or(ty),
            readable: true,
            writable: false,
            deprecated: self.deprecated,
        }
    }
}
