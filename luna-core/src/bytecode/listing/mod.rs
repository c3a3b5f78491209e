//! Text form of prototypes, for goldens and for reading.

use std::fmt::Write as _;

use super::insn::Insn;
use super::op::Op;
use super::operand::{ConstIndex, Operand, Reg, Upval, operands};
use super::proto::{Const, ProtoDef, VarKind};

/// The listing of a prototype and of those nested in it.
pub(crate) fn listing(proto: &ProtoDef) -> String {
    let mut out = String::new();
    function(proto, "main", &mut out);
    out
}

/// Lists one function, then the nested ones.
fn function(proto: &ProtoDef, name: &str, out: &mut String) {
    let vararg = if proto.is_vararg { ", vararg" } else { "" };
    put(
        out,
        format_args!(
            "{name} <{},{}> ({} instructions, {} registers, {} parameters{vararg})\n",
            proto.line_defined,
            proto.last_line,
            proto.code.len(),
            proto.max_stack,
            proto.num_params,
        ),
    );
    for pc in 0..proto.code.len() {
        instruction(proto, pc, out);
    }
    for (i, k) in proto.consts.iter().enumerate() {
        put(out, format_args!("  constant {i} = {}\n", constant(k)));
    }
    for (i, local) in proto.locals.iter().enumerate() {
        let name = String::from_utf8_lossy(&local.name);
        put(
            out,
            format_args!(
                "  local {i} = {name} R{} from {} to {}\n",
                local.reg, local.start_pc, local.end_pc
            ),
        );
    }
    for (i, up) in proto.upvals.iter().enumerate() {
        let name = up.name.as_deref().map_or("-".into(), String::from_utf8_lossy);
        let from = if up.in_stack { 'R' } else { 'U' };
        let kind = match up.kind {
            VarKind::Regular => "",
            VarKind::Const => " const",
            VarKind::Close => " close",
        };
        put(out, format_args!("  upvalue {i} = {name} {from}{}{kind}\n", up.index));
    }
    for (i, nested) in proto.protos.iter().enumerate() {
        function(nested, &format!("{name}.{i}"), out);
    }
}

/// Appends formatted text.
fn put(out: &mut String, args: std::fmt::Arguments<'_>) {
    out.write_fmt(args).expect("writing to a string does not fail");
}

/// Lists the instruction at `pc`.
fn instruction(proto: &ProtoDef, pc: usize, out: &mut String) {
    let insn = Insn(proto.code[pc]);
    put(out, format_args!("  {pc:3} "));
    if let Some(line) = proto.lines.get(pc) {
        put(out, format_args!("[{line}] "));
    }
    let Some(op) = insn.op() else {
        put(out, format_args!("? {:#010x}\n", insn.0));
        return;
    };
    out.push_str(op.name());
    let mut notes = String::new();
    for operand in operands(op, insn) {
        match operand {
            Operand::Reg(Reg(r)) => put(out, format_args!(" R{r}")),
            Operand::Upval(Upval(u)) => put(out, format_args!(" U{u}")),
            Operand::Proto(p) => put(out, format_args!(" P{p}")),
            Operand::Unsigned(n) => put(out, format_args!(" {n}")),
            Operand::Signed(n) => put(out, format_args!(" {n}")),
            Operand::Unused(0) => {}
            Operand::Unused(n) => put(out, format_args!(" !{n}")),
            Operand::Const(ConstIndex(k))
            | Operand::ShortStr(ConstIndex(k))
            | Operand::Number(ConstIndex(k)) => {
                put(out, format_args!(" K{k}"));
                notes.push(' ');
                notes.push_str(&proto.consts.get(k as usize).map_or("?".into(), constant));
            }
        }
    }
    if let Some(target) = jump_target(op, insn, pc) {
        put(&mut notes, format_args!(" to {target}"));
    }
    if !notes.is_empty() {
        out.push_str(" ;");
        out.push_str(&notes);
    }
    out.push('\n');
}

/// Where the instruction at `pc` may go instead of to the next one.
fn jump_target(op: Op, insn: Insn, pc: usize) -> Option<i64> {
    let next = i64::try_from(pc).ok()? + 1;
    let bx = i64::from(insn.bx());
    match op {
        Op::Jmp => Some(next + i64::from(insn.get_sj())),
        Op::ForPrep => Some(next + bx + 1),
        Op::TForPrep => Some(next + bx),
        Op::ForLoop | Op::TForLoop => Some(next - bx),
        _ => None,
    }
}

/// The text of a constant.
fn constant(k: &Const) -> String {
    match k {
        Const::Nil => "nil".into(),
        Const::Bool(b) => b.to_string(),
        Const::Int(i) => i.to_string(),
        Const::Float(f) => format!("{f:?}"),
        Const::Str(s) => format!("\"{}\"", s.escape_ascii()),
    }
}

#[cfg(test)]
mod tests;
