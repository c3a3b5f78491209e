//! Variables and the blocks they live in.

use std::rc::Rc;

use super::desc::Value;
use super::{Compiler, Step};
use crate::bytecode::operand::{Reg, Upval};
use crate::bytecode::proto::{LocalDef, VarKind};
use crate::syntax::ast::{Attrib, StrId};

/// No variable.
pub(super) const NO_VAR: u32 = u32::MAX;

/// What a variable is.
#[derive(Clone, Copy, Debug)]
pub(super) enum VarPlace {
    /// A local in a register.
    Local {
        /// The register.
        reg: Reg,
        /// How it may be used.
        kind: VarKind,
        /// Its entry in the prototype's list, or [`NO_VAR`].
        debug: u32,
    },
    /// A constant known at compile time, which takes no register.
    Literal(Value),
    /// A declared global.
    Global {
        /// Whether it is read-only.
        read_only: bool,
    },
    /// The declaration of all globals.
    AllGlobals {
        /// Whether they are read-only.
        read_only: bool,
    },
}

/// An active variable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Var {
    /// Its name; hidden locals and collective declarations have none.
    pub(super) name: Option<StrId>,
    /// What it is.
    pub(super) place: VarPlace,
    /// The function it belongs to: the number of functions around that.
    pub(super) level: u32,
    /// The variable of the same name that it hides.
    hides: u32,
}

/// An open block.
#[derive(Debug)]
pub(super) struct BlockScope {
    /// Active variables outside.
    pub(super) first_var: u32,
    /// Registers of active variables outside.
    pub(super) regs: u8,
    /// Visible labels outside.
    pub(super) first_label: usize,
    /// Pending jumps outside.
    pub(super) first_goto: usize,
    /// Whether a variable of the block is captured or to be closed.
    pub(super) has_upvals: bool,
    /// Whether `break` ends it.
    pub(super) is_loop: bool,
    /// Whether a to-be-closed variable is in scope.
    pub(super) inside_tbc: bool,
    /// What is wrong with a jump to a label of the block, where that is said at the block's end.
    pub(super) goto_error: Option<Vec<u8>>,
}

/// What a name means at some place.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// A local variable of the current function.
    Local {
        /// Its register.
        reg: Reg,
        /// Whether it cannot be assigned to.
        read_only: bool,
    },
    /// A local variable of an enclosing function.
    Upval {
        /// The upvalue.
        index: Upval,
        /// Whether it cannot be assigned to.
        read_only: bool,
    },
    /// A constant known at compile time.
    Literal(Value),
    /// A global variable.
    Global {
        /// Whether it cannot be assigned to.
        read_only: bool,
    },
    /// A global variable that had to be declared.
    Undeclared,
}

/// The kind of a variable with this attribute.
pub(super) fn kind_of(attrib: Attrib) -> VarKind {
    match attrib {
        Attrib::Regular => VarKind::Regular,
        Attrib::Const => VarKind::Const,
        Attrib::Close => VarKind::Close,
    }
}

impl Compiler<'_> {
    /// Number of functions around the current one.
    pub(super) fn level(&self) -> u32 {
        self.outer.len() as u32
    }

    /// Number of active variables.
    pub(super) fn var_count(&self) -> u32 {
        self.vars.len() as u32
    }

    /// Starts the scope of a variable.
    fn add_var(&mut self, name: Option<StrId>, place: VarPlace) {
        let index = self.var_count();
        let hides = match name {
            Some(id) => std::mem::replace(&mut self.innermost[id.0 as usize], index),
            None => NO_VAR,
        };
        let var = Var { name, place, level: self.level(), hides };
        self.meter.push(&mut self.vars, var);
    }

    /// Starts the scope of a local in the next register, which the caller has reserved; `text` is its name for debugging.
    fn add_local_named(
        &mut self,
        name: Option<StrId>,
        text: Option<Rc<[u8]>>,
        kind: VarKind,
    ) -> Reg {
        let reg = self.cur.active_regs;
        self.cur.active_regs += 1;
        let mut debug = NO_VAR;
        if let Some(name) = text {
            debug = self.cur.proto.locals.len() as u32;
            let start_pc = self.pc();
            let local = LocalDef { name, reg, start_pc, end_pc: start_pc };
            self.meter.push(&mut self.cur.proto.locals, local);
        }
        self.add_var(name, VarPlace::Local { reg: Reg(reg), kind, debug });
        Reg(reg)
    }

    /// Starts the scope of a local in the next register, which the caller has reserved.
    pub(super) fn add_local(&mut self, name: StrId, kind: VarKind) -> Reg {
        let text = self.string(name);
        self.add_local_named(Some(name), Some(text), kind)
    }

    /// Starts the scope of a local that has no name in the program; without `text` it is also hidden from debuggers.
    pub(super) fn add_hidden(&mut self, text: Option<&[u8]>) -> Reg {
        self.add_local_named(None, text.map(Rc::from), VarKind::Regular)
    }

    /// Starts the scope of a constant known at compile time.
    pub(super) fn add_literal(&mut self, name: StrId, value: Value) {
        self.add_var(Some(name), VarPlace::Literal(value));
    }

    /// Starts the scope of a global declaration.
    pub(super) fn add_global(&mut self, name: StrId, read_only: bool) {
        self.named_globals += 1;
        self.add_var(Some(name), VarPlace::Global { read_only });
    }

    /// Starts the scope of a declaration of all globals.
    pub(super) fn add_all_globals(&mut self, read_only: bool) {
        let index = self.var_count();
        self.meter.push(&mut self.collectives, index);
        self.add_var(None, VarPlace::AllGlobals { read_only });
    }

    /// Lets the local added last be seen by debuggers only from here on.
    pub(super) fn delay_last_local(&mut self) {
        let pc = self.pc();
        if let Some(local) = self.cur.proto.locals.last_mut() {
            local.start_pc = pc;
        }
    }

    /// Ends the scope of all variables but the first `count`; `regs` registers stay in use by locals.
    pub(super) fn remove_vars(&mut self, count: u32, regs: u8) {
        let pc = self.pc();
        while self.var_count() > count {
            let Some(var) = self.vars.pop() else { break };
            if let Some(id) = var.name {
                self.innermost[id.0 as usize] = var.hides;
            }
            match var.place {
                VarPlace::Local { debug, .. } if debug != NO_VAR => {
                    self.cur.proto.locals[debug as usize].end_pc = pc;
                }
                VarPlace::Global { .. } => self.named_globals -= 1,
                VarPlace::AllGlobals { .. } => _ = self.collectives.pop(),
                VarPlace::Local { .. } | VarPlace::Literal(_) => {}
            }
        }
        self.cur.active_regs = regs;
    }

    /// What a name means here; captures the variable if an enclosing function has it.
    pub(super) fn resolve(&mut self, name: StrId) -> Step<Meaning> {
        let index = self.innermost[name.0 as usize];
        if index == NO_VAR {
            return Ok(self.undeclared_global());
        }
        let var = self.vars[index as usize];
        Ok(match var.place {
            VarPlace::Literal(value) => Meaning::Literal(value),
            VarPlace::Global { read_only } | VarPlace::AllGlobals { read_only } => {
                Meaning::Global { read_only }
            }
            VarPlace::Local { reg, kind, .. } => {
                self.note_vararg_use(var.level, reg);
                let read_only = kind != VarKind::Regular;
                if var.level == self.level() {
                    Meaning::Local { reg, read_only }
                } else {
                    Meaning::Upval { index: self.capture(index)?, read_only }
                }
            }
        })
    }

    /// The register of the current function's vararg parameter, if the name means that.
    pub(super) fn own_vararg(&self, name: StrId) -> Option<Reg> {
        let var = self.vars.get(self.innermost[name.0 as usize] as usize)?;
        match var.place {
            VarPlace::Local { reg, .. } if var.level == self.level() => {
                self.cur.vararg_reg.filter(|&vararg| vararg == reg)
            }
            _ => None,
        }
    }

    /// What a name means that no declaration is about.
    fn undeclared_global(&self) -> Meaning {
        match self.collectives.last().map(|&i| self.vars[i as usize].place) {
            Some(VarPlace::AllGlobals { read_only }) => Meaning::Global { read_only },
            _ if self.named_globals > 0 => Meaning::Undeclared,
            _ => Meaning::Global { read_only: false },
        }
    }

    /// Opens a block.
    pub(super) fn enter_block(&mut self, is_loop: bool) {
        let inside_tbc = self.cur.blocks.last().is_some_and(|b| b.inside_tbc);
        self.cur.blocks.push(BlockScope {
            first_var: self.var_count(),
            regs: self.cur.active_regs,
            first_label: self.labels.len(),
            first_goto: self.gotos.len(),
            has_upvals: false,
            is_loop,
            inside_tbc,
            goto_error: None,
        });
    }

    /// The innermost block.
    pub(super) fn block_mut(&mut self) -> &mut BlockScope {
        self.cur.blocks.last_mut().expect("a function has a block while it is compiled")
    }

    /// Says that the innermost block has a variable to be closed.
    pub(super) fn mark_tbc(&mut self) {
        self.cur.needs_close = true;
        let block = self.block_mut();
        block.has_upvals = true;
        block.inside_tbc = true;
    }
}
