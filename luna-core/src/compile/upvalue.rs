//! Capturing variables of enclosing functions.

use std::rc::Rc;

use super::func::FuncState;
use super::scope::{NO_VAR, VarPlace};
use super::{Compiler, Step};
use crate::bytecode::operand::{Reg, Upval};
use crate::bytecode::proto::{UpvalDef, VarKind};

/// Upvalues a function may have.
const MAX_UPVALS: usize = 255;

/// Stands for `_ENV` of the main function, which no declaration is about.
const ENV: u32 = NO_VAR;

impl Compiler<'_> {
    /// The state of the function with `level` functions around it.
    fn func_at(&mut self, level: u32) -> &mut FuncState {
        match self.outer.get_mut(level as usize) {
            Some(func) => func,
            None => &mut self.cur,
        }
    }

    /// Notes that the local in `reg` of a function is used, in case it is its vararg table.
    pub(super) fn note_vararg_use(&mut self, level: u32, reg: Reg) {
        let func = self.func_at(level);
        if func.vararg_reg == Some(reg) {
            func.vararg_used = true;
        }
    }

    /// The upvalue of the current function that is the variable `index` of an enclosing one.
    pub(super) fn capture(&mut self, index: u32) -> Step<Upval> {
        if let Some(known) = known_upval(&self.cur, index) {
            return Ok(known);
        }
        let var = self.vars[index as usize];
        let VarPlace::Local { reg, kind, .. } = var.place else {
            unreachable!("only locals are captured");
        };
        let owner = self.func_at(var.level);
        owner.needs_close = true;
        if let Some(block) = owner.blocks.iter_mut().rev().find(|b| b.first_var <= index) {
            block.has_upvals = true;
        }
        let name = var.name.map(|id| self.string(id));
        let first = UpvalDef { name, in_stack: true, index: reg.0, kind };
        self.thread_through(index, var.level + 1, first)
    }

    /// The upvalue that is `_ENV` of the main function.
    pub(super) fn capture_env(&mut self) -> Step<Upval> {
        if let Some(known) = self.cur.env_upval {
            return Ok(known);
        }
        let name = Some(Rc::from(b"_ENV".as_slice()));
        let first = UpvalDef { name, in_stack: true, index: 0, kind: VarKind::Regular };
        let index = self.thread_through(ENV, 0, first)?;
        self.cur.env_upval = Some(index);
        Ok(index)
    }

    /// Makes the variable `index` an upvalue of all functions from `level` to the current one. `def` is how the first of
    /// them captures it.
    fn thread_through(&mut self, index: u32, level: u32, mut def: UpvalDef) -> Step<Upval> {
        let mut found = Upval(0);
        for level in level..=self.level() {
            let func = self.func_at(level);
            found = match known_upval(func, index) {
                Some(known) => known,
                None if func.proto.upvals.len() >= MAX_UPVALS => {
                    let limit = MAX_UPVALS as u32;
                    let func =
                        if level == self.level() { &self.cur } else { &self.outer[level as usize] };
                    return Err(self.too_many("upvalues", limit, func));
                }
                None => {
                    func.proto.upvals.push(def.clone());
                    func.upval_vars.push(index);
                    Upval(func.proto.upvals.len() as u8 - 1)
                }
            };
            def.in_stack = false;
            def.index = found.0;
        }
        Ok(found)
    }
}

/// The upvalue of `func` that is the variable `index`, if it has been captured.
fn known_upval(func: &FuncState, index: u32) -> Option<Upval> {
    func.upval_vars.iter().position(|&v| v == index).map(|i| Upval(i as u8))
}
