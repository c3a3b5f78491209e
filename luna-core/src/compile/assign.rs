//! Assignments and declarations with values.

use super::desc::{ExprDesc, Value};
use super::scope::kind_of;
use super::{Compiler, Step};
use crate::bytecode::insn::Insn;
use crate::bytecode::op::Op;
use crate::bytecode::operand::Reg;
use crate::bytecode::proto::VarKind;
use crate::syntax::ast::{Attrib, Declared, ExprId, ExprKind, FuncBody, StrId};

impl Compiler<'_> {
    /// Makes a list of `have` expressions, of which `last` is not in a register yet, fill the next `want` registers.
    pub(super) fn adjust(&mut self, want: usize, have: usize, last: &mut ExprDesc) -> Step<()> {
        let missing = want.saturating_sub(have);
        self.check_stack(missing)?;
        if last.is_multi() {
            self.set_results(last, Some((want + 1).saturating_sub(have)))?;
        } else {
            if !matches!(last.value, Value::Absent) {
                self.place_next(last)?;
            }
            if missing > 0 {
                self.load_nil(Reg(self.cur.free_reg), missing);
            }
        }
        self.reserve(missing)?;
        self.cur.free_reg -= have.saturating_sub(want) as u8;
        Ok(())
    }

    /// What is assigned to.
    pub(super) fn target(&mut self, id: ExprId) -> Step<ExprDesc> {
        let expr = self.ast.expr(id);
        let ExprKind::Name(name) = expr.kind else { return self.stored_field(id) };
        self.cur.line = expr.end_line;
        let (var, read_only) = self.variable(name)?;
        if read_only { Err(self.read_only(name)) } else { Ok(var) }
    }

    /// A field or element that is stored to: one of the vararg parameter needs the table.
    fn stored_field(&mut self, id: ExprId) -> Step<ExprDesc> {
        if let ExprKind::Index { object, .. } | ExprKind::Field { object, .. } =
            self.ast.expr(id).kind
            && let ExprKind::Name(name) = self.ast.expr(object).kind
            && self.own_vararg(name).is_some()
        {
            self.cur.vararg_used = true;
        }
        self.expr(id)
    }

    /// The error that a variable cannot be assigned to.
    fn read_only(&self, name: StrId) -> Box<super::CompileError> {
        self.error_about("attempt to assign to const variable '", name, "'")
    }

    /// `targets = values`
    pub(super) fn assign_stat(&mut self, targets: &[ExprId], values: &[ExprId]) -> Step<()> {
        let bottom = self.targets.len();
        for &id in targets {
            let target = self.target(id)?;
            if self.targets.len() > bottom {
                self.avoid_conflict(bottom, &target)?;
            }
            self.meter.push(&mut self.targets, target);
        }
        let mut last = self.expr_list(values)?;
        if targets.len() == values.len() {
            self.set_one_result(&mut last);
            if let Some(target) = self.targets.pop() {
                self.store(target, &mut last)?;
            }
        } else {
            self.adjust(targets.len(), values.len(), &mut last)?;
        }
        while self.targets.len() > bottom {
            let Some(target) = self.targets.pop() else { break };
            self.store_top(target)?;
        }
        Ok(())
    }

    /// Stores the last register in `target` and frees it.
    fn store_top(&mut self, target: ExprDesc) -> Step<()> {
        let mut top = ExprDesc::new(Value::Fixed(Reg(self.cur.free_reg - 1)));
        self.store(target, &mut top)
    }

    /// If a variable is assigned to that an earlier target of the same assignment uses as table or key, makes that
    /// target use a copy.
    fn avoid_conflict(&mut self, bottom: usize, var: &ExprDesc) -> Step<()> {
        let copy = Reg(self.cur.free_reg);
        let mut conflict = false;
        for target in &mut self.targets[bottom..] {
            match (&mut target.value, var.value) {
                (Value::UpvalField { table, key }, Value::Upval(upval)) if *table == upval => {
                    target.value = Value::Field { table: copy, key: *key };
                    conflict = true;
                }
                (
                    Value::Element { table, .. } | Value::Field { table, .. },
                    Value::Local(local),
                ) if *table == local => {
                    *table = copy;
                    conflict = true;
                }
                (Value::Indexed { table, key }, Value::Local(local)) => {
                    for operand in [table, key] {
                        if *operand == local {
                            *operand = copy;
                            conflict = true;
                        }
                    }
                }
                _ => {}
            }
        }
        if conflict {
            match var.value {
                Value::Local(local) => _ = self.emit_abc(Op::Move, copy.0, local.0, 0),
                Value::Upval(upval) => _ = self.emit_abc(Op::GetUpval, copy.0, upval.0, 0),
                _ => {}
            }
            self.reserve(1)?;
        }
        Ok(())
    }

    /// `local names = values`
    pub(super) fn local_stat(&mut self, names: &[Declared], values: &[ExprId]) -> Step<()> {
        let mut last = self.expr_list(values)?;
        let Some((last_name, others)) = names.split_last() else { return Ok(()) };
        if names.len() == values.len() && last_name.attrib == Attrib::Const && is_literal(&last) {
            for declared in others {
                self.add_local(declared.name, kind_of(declared.attrib));
            }
            self.add_literal(last_name.name, last.value);
        } else {
            self.adjust(names.len(), values.len(), &mut last)?;
            for declared in names {
                self.add_local(declared.name, kind_of(declared.attrib));
            }
        }
        if let Some(tbc) = names.iter().position(|d| d.attrib == Attrib::Close) {
            self.mark_tbc();
            let in_regs = names.len()
                - usize::from(last_name.attrib == Attrib::Const && self.last_is_literal());
            let reg = usize::from(self.cur.active_regs) - in_regs + tbc;
            self.emit_abc(Op::Tbc, reg as u8, 0, 0);
        }
        Ok(())
    }

    /// Whether the variable added last takes no register.
    fn last_is_literal(&self) -> bool {
        self.vars.last().is_some_and(|v| matches!(v.place, super::scope::VarPlace::Literal(_)))
    }

    /// `local function name body`
    pub(super) fn local_function_stat(&mut self, name: StrId, body: &FuncBody) -> Step<()> {
        self.check_stack(1)?;
        self.add_local(name, VarKind::Regular);
        let mut function = self.function(body)?;
        self.place_next(&mut function)?;
        self.delay_last_local();
        Ok(())
    }

    /// `function target body`
    pub(super) fn function_stat(&mut self, target: ExprId, body: &FuncBody, line: u32) -> Step<()> {
        let expr = self.ast.expr(target);
        let (var, read_only) = match expr.kind {
            ExprKind::Name(name) => {
                self.cur.line = expr.end_line;
                self.variable(name)?
            }
            _ => (self.stored_field(target)?, false),
        };
        if let (ExprKind::Name(name), true) =
            (&expr.kind, read_only && !self.rules.semantic_errors_at_next_token)
        {
            return Err(self.read_only(*name));
        }
        let mut function = self.function(body)?;
        if let (ExprKind::Name(name), true) = (&expr.kind, read_only) {
            return Err(self.read_only(*name));
        }
        // A store of its own, even to a local: it has the line where the function starts.
        self.place_next(&mut function)?;
        self.store(var, &mut function)?;
        self.fix_line(line);
        Ok(())
    }

    /// `global names = values`
    pub(super) fn global_stat(
        &mut self,
        names: &[Declared],
        values: Option<&[ExprId]>,
    ) -> Step<()> {
        if let Some(values) = values {
            let line = values.first().map_or(self.cur.line, |&v| self.ast.expr(v).line);
            let bottom = self.targets.len();
            for declared in names {
                self.check_meter()?;
                let target = self.global(declared.name)?;
                self.meter.push(&mut self.targets, target);
            }
            let mut last = self.expr_list(values)?;
            self.adjust(names.len(), values.len(), &mut last)?;
            for declared in names.iter().rev() {
                let Some(target) = self.targets.pop() else { break };
                self.check_undefined(declared.name, line)?;
                self.store_top(target)?;
            }
            debug_assert_eq!(bottom, self.targets.len());
        }
        for declared in names {
            self.check_meter()?;
            self.add_global(declared.name, declared.attrib == Attrib::Const);
        }
        Ok(())
    }

    /// `global function name body`
    pub(super) fn global_function_stat(
        &mut self,
        name: StrId,
        name_line: u32,
        body: &FuncBody,
        line: u32,
    ) -> Step<()> {
        self.add_global(name, false);
        self.cur.line = name_line;
        let var = self.global(name)?;
        let mut function = self.function(body)?;
        self.place_next(&mut function)?;
        self.check_undefined(name, line)?;
        self.store(var, &mut function)?;
        self.fix_line(line);
        Ok(())
    }

    /// Emits the check that a global is not defined yet.
    fn check_undefined(&mut self, name: StrId, line: u32) -> Step<()> {
        let mut var = self.global(name)?;
        let index = self.string_constant(name)?;
        let reg = self.place_any(&mut var)?;
        self.fix_line(line);
        // A name beyond the operand's range is not worth a form of its own.
        let bx = u16::try_from(index.0).unwrap_or(0);
        self.emit(Insn::abx(Op::ErrNNil, reg.0, bx));
        self.fix_line(line);
        self.free_expr(&var);
        Ok(())
    }
}

/// Whether an expression is a constant known at compile time.
fn is_literal(e: &ExprDesc) -> bool {
    !e.has_jumps()
        && matches!(
            e.value,
            Value::Nil
                | Value::True
                | Value::False
                | Value::Int(_)
                | Value::Float(_)
                | Value::Str(_)
        )
}
