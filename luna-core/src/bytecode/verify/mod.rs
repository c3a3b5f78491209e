//! Checks a prototype before it may run.
//!
//! The interpreter trusts verified code: it decodes operands without checks and works on registers through raw pointers.
//! Code that comes from a binary chunk can be anything, so what the compiler guarantees by construction is established
//! here for all code alike:
//!
//! - every operand is in range, registers that an instruction implies included ([`words`]);
//! - every jump lands on an instruction, and control cannot leave the code ([`words`]);
//! - an open list of values is used up by the instruction after the one that made it ([`words`]);
//! - `for` instructions come in matching pairs ([`words`]);
//! - a register is written before it is read, loop state is what the loop's start made of it, variables are closed
//!   before their registers are used again or given up ([`flow`]).

mod flow;
mod regset;
mod words;

use std::fmt;

use super::proto::{ProtoDef, UpvalDef};

/// Smallest frame: two registers always exist.
const MIN_STACK: u8 = 2;
/// Upvalues a function may have.
const MAX_UPVALS: usize = 255;
/// How deep functions may nest.
const MAX_NESTING: u32 = 200;

/// Why a prototype is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VerifyError {
    /// The instruction, if it is one that is wrong.
    pub(crate) pc: Option<usize>,
    /// What is wrong.
    pub(crate) reason: &'static str,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pc {
            Some(pc) => write!(f, "{} at instruction {pc}", self.reason),
            None => f.write_str(self.reason),
        }
    }
}

/// Result of a check.
type Check = Result<(), VerifyError>;

/// Requires `ok` of the whole function.
fn require(ok: bool, reason: &'static str) -> Check {
    if ok { Ok(()) } else { Err(VerifyError { pc: None, reason }) }
}

/// Requires `ok` of the instruction at `pc`.
fn require_at(ok: bool, pc: usize, reason: &'static str) -> Check {
    if ok { Ok(()) } else { Err(VerifyError { pc: Some(pc), reason }) }
}

/// Checks a prototype and all that are nested in it.
///
/// # Errors
///
/// The first fault found.
pub(crate) fn verify(proto: &ProtoDef) -> Result<(), VerifyError> {
    function(proto, 0)
}

/// Checks a function at some depth.
fn function(proto: &ProtoDef, depth: u32) -> Check {
    require(depth <= MAX_NESTING, "functions nest too deep")?;
    frame(proto)?;
    for nested in &proto.protos {
        nested.upvals.iter().try_for_each(|up| capture(proto, up))?;
    }
    let jumps = words::check(proto)?;
    flow::check(proto, &jumps)?;
    proto.protos.iter().try_for_each(|nested| function(nested, depth + 1))
}

/// Checks sizes and debug information.
fn frame(proto: &ProtoDef) -> Check {
    require(proto.max_stack >= MIN_STACK, "bad frame size")?;
    require(proto.num_params <= proto.max_stack, "more parameters than registers")?;
    require(proto.upvals.len() <= MAX_UPVALS, "too many upvalues")?;
    require(u32::try_from(proto.code.len()).is_ok_and(|n| n < 1 << 31), "too many instructions")?;
    let lines = proto.lines.len();
    require(lines == 0 || lines == proto.code.len(), "lines do not fit the code")?;
    for local in &proto.locals {
        require(local.reg < proto.max_stack, "local variable outside of the frame")?;
        let extent_ok = local.start_pc <= local.end_pc && local.end_pc as usize <= proto.code.len();
        require(extent_ok, "bad extent of a local variable")?;
    }
    Ok(())
}

/// Checks how a nested function captures an upvalue.
fn capture(parent: &ProtoDef, up: &UpvalDef) -> Check {
    if up.in_stack {
        require(up.index < parent.max_stack, "captured register outside of the frame")
    } else {
        require(usize::from(up.index) < parent.upvals.len(), "captured upvalue does not exist")
    }
}

#[cfg(test)]
mod tests;
