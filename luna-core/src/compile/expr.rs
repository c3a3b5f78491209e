//! Expressions.
//!
//! The chain of leftmost operands is walked with a stack of its own; recursion is as deep as the other operands nest,
//! which the parser limits.

use super::desc::{ExprDesc, Value};
use super::{CompileError, Compiler, Step};
use crate::bytecode::insn::{Insn, MAX_AX};
use crate::bytecode::op::Op;
use crate::bytecode::operand::Reg;
use crate::syntax::ast::{ExprId, ExprKind, TableItem};

/// The largest size hint for the node part of a new table: 2^24 entries.
const MAX_NODE_HINT: u8 = 25;

/// What a table constructor counts before it starts.
#[derive(Clone, Copy, Debug, Default)]
struct TableShape {
    /// Elements whose number is known.
    elements: u32,
    /// Entries with a key.
    keyed: u32,
}

impl Compiler<'_> {
    /// Compiles an expression.
    pub(super) fn expr(&mut self, id: ExprId) -> Step<ExprDesc> {
        self.check_meter()?;
        let ast = self.ast;
        let bottom = self.spine.len();
        let mut leftmost = id;
        loop {
            let next = match ast.expr(leftmost).kind {
                ExprKind::Binary { lhs, .. } => lhs,
                ExprKind::Index { object, .. }
                | ExprKind::Field { object, .. }
                | ExprKind::MethodCall { object, .. } => object,
                ExprKind::Call { callee, .. } => callee,
                _ => break,
            };
            self.meter.push(&mut self.spine, leftmost);
            self.check_meter()?;
            leftmost = next;
        }
        let mut e = self.operand(leftmost, bottom)?;
        while self.spine.len() > bottom {
            let Some(node) = self.spine.pop() else { break };
            self.extend(node, &mut e)?;
        }
        Ok(e)
    }

    /// Compiles an expression that has no leftmost operand. What it is the leftmost operand of lies above `bottom` in the spine.
    fn operand(&mut self, id: ExprId, bottom: usize) -> Step<ExprDesc> {
        let ast = self.ast;
        let expr = ast.expr(id);
        let value = match &expr.kind {
            ExprKind::Nil => Value::Nil,
            ExprKind::True => Value::True,
            ExprKind::False => Value::False,
            ExprKind::Int(i) => Value::Int(*i),
            ExprKind::Float(f) => Value::Float(*f),
            ExprKind::Str(id) => Value::Str(*id),
            ExprKind::Vararg(before) => {
                self.cur.line = *before;
                Value::Vararg(self.emit_abc(Op::VarArg, 0, 0, 2))
            }
            ExprKind::Name(name) => {
                self.cur.line = expr.end_line;
                if let Some(reg) = self.own_vararg(*name)
                    && self.spine.len() > bottom
                    && let Some(&node) = self.spine.last()
                    && let ExprKind::Index { .. } | ExprKind::Field { .. } = ast.expr(node).kind
                {
                    return Ok(ExprDesc::new(Value::Local(reg)));
                }
                return Ok(self.variable(*name)?.0);
            }
            ExprKind::Function(body) => return self.function(body),
            ExprKind::Unary { op, operand, op_line } => {
                self.cur.line = *op_line;
                let mut e = self.expr(*operand)?;
                self.unary(*op, &mut e, *op_line)?;
                return Ok(e);
            }
            ExprKind::Paren(inner) => {
                self.cur.line = expr.line;
                let mut e = self.expr(*inner)?;
                self.cur.line = expr.end_line;
                self.discharge(&mut e);
                return Ok(e);
            }
            ExprKind::Table { items, before_line } => {
                self.cur.line = *before_line;
                return self.table(items, expr.line, expr.end_line);
            }
            ExprKind::Comma { inner, line } => {
                let e = self.expr(*inner)?;
                self.cur.line = *line;
                return Ok(e);
            }
            ExprKind::Cut(before) => {
                if let Some(before) = *before {
                    self.expr(before)?;
                }
                return Err(Box::new(CompileError::Cut));
            }
            ExprKind::Index { .. }
            | ExprKind::Field { .. }
            | ExprKind::Call { .. }
            | ExprKind::MethodCall { .. }
            | ExprKind::Binary { .. } => unreachable!("these have a leftmost operand"),
        };
        self.cur.line = expr.end_line;
        Ok(ExprDesc::new(value))
    }

    /// Compiles the rest of an expression whose leftmost operand is `e`.
    fn extend(&mut self, id: ExprId, e: &mut ExprDesc) -> Step<()> {
        let ast = self.ast;
        let expr = ast.expr(id);
        match &expr.kind {
            ExprKind::Binary { op, rhs, op_line, .. } => {
                self.cur.line = *op_line;
                self.infix(*op, e)?;
                let mut right = self.expr(*rhs)?;
                self.binary(*op, e, &mut right, *op_line)
            }
            ExprKind::Field { name, .. } => {
                self.place_unless_upval(e)?;
                self.cur.line = expr.end_line;
                self.indexed(e, &mut ExprDesc::new(Value::Str(*name)))
            }
            ExprKind::Index { key, .. } => {
                self.place_unless_upval(e)?;
                self.cur.line = ast.expr(*key).line;
                let mut key = self.expr(*key)?;
                self.settle(&mut key)?;
                self.cur.line = expr.end_line;
                self.indexed(e, &mut key)
            }
            ExprKind::Call { args, open_line, .. } => {
                self.place_next(e)?;
                self.call(e, args, *open_line, expr.end_line)
            }
            ExprKind::MethodCall { name, args, name_line, open_line, .. } => {
                self.cur.line = *name_line;
                self.method(e, *name)?;
                self.call(e, args, *open_line, expr.end_line)
            }
            _ => unreachable!("only these have a leftmost operand"),
        }
    }

    /// Makes `callee`, which is in the last register (with the object after it, for a method), the call of it.
    fn call(
        &mut self,
        callee: &mut ExprDesc,
        args: &[ExprId],
        open_line: u32,
        end_line: u32,
    ) -> Step<()> {
        let Value::Fixed(base) = callee.value else {
            unreachable!("a callee is put in a register first");
        };
        self.cur.line = open_line;
        let mut open = false;
        if let Some((&last, before)) = args.split_last() {
            for &arg in before {
                let mut e = self.expr(arg)?;
                self.place_next(&mut e)?;
            }
            let mut e = self.expr(last)?;
            self.cur.line = end_line;
            open = e.is_multi();
            if open {
                self.set_results(&e, None)?;
            } else {
                self.place_next(&mut e)?;
            }
        }
        self.cur.line = end_line;
        let b = if open { 0 } else { self.cur.free_reg - base.0 };
        let pc = self.emit_abc(Op::Call, base.0, b, 2);
        self.fix_line(open_line);
        self.cur.free_reg = base.0 + 1;
        *callee = ExprDesc::new(Value::Call(pc));
        Ok(())
    }

    /// Compiles a list of expressions, all but the last into the next registers; the last is the result.
    pub(super) fn expr_list(&mut self, list: &[ExprId]) -> Step<ExprDesc> {
        let Some((&last, before)) = list.split_last() else {
            return Ok(ExprDesc::new(Value::Absent));
        };
        for &id in before {
            let mut e = self.expr(id)?;
            self.place_next(&mut e)?;
        }
        self.expr(last)
    }

    /// Compiles a table constructor.
    fn table(&mut self, items: &[TableItem], line: u32, end_line: u32) -> Step<ExprDesc> {
        let table = Reg(self.cur.free_reg);
        self.new_table(table, self.shape(items));
        self.reserve(1)?;
        self.cur.line = line;
        let batch = self.elements_per_store();
        let (mut pending, mut stored) = (0u8, 0u32);
        for (i, item) in items.iter().enumerate() {
            let is_last = i + 1 == items.len();
            let TableItem::Positional(value) = *item else {
                self.keyed_item(table, item)?;
                continue;
            };
            let mut e = self.expr(value)?;
            if is_last {
                self.cur.line = end_line;
            }
            if is_last && e.is_multi() {
                self.set_results(&e, None)?;
                self.store_elements(table, None, stored);
                pending = 0;
                break;
            }
            self.place_next(&mut e)?;
            pending += 1;
            if pending >= batch && !is_last {
                self.store_elements(table, Some(pending), stored);
                stored += u32::from(pending);
                pending = 0;
            }
        }
        self.cur.line = end_line;
        if pending > 0 {
            self.store_elements(table, Some(pending), stored);
        }
        Ok(ExprDesc::new(Value::Fixed(table)))
    }

    /// Counts the entries of a constructor.
    fn shape(&self, items: &[TableItem]) -> TableShape {
        let mut shape = TableShape::default();
        for item in items {
            match item {
                TableItem::Positional(_) => shape.elements += 1,
                TableItem::Named { .. } | TableItem::Keyed { .. } => shape.keyed += 1,
            }
        }
        if let Some(TableItem::Positional(last)) = items.last() {
            let kind = &self.ast.expr(*last).kind;
            if matches!(
                kind,
                ExprKind::Call { .. } | ExprKind::MethodCall { .. } | ExprKind::Vararg(_)
            ) {
                shape.elements -= 1;
            }
        }
        shape
    }

    /// Emits the creation of a table of this shape.
    fn new_table(&mut self, Reg(reg): Reg, shape: TableShape) {
        let nodes = match shape.keyed {
            0 => 0,
            n => ((u32::BITS - (n - 1).leading_zeros()) as u8 + 1).min(MAX_NODE_HINT),
        };
        if let Ok(elements) = u8::try_from(shape.elements) {
            self.emit_abc(Op::NewTable, reg, nodes, elements);
        } else {
            self.emit_abc(Op::NewTableX, reg, nodes, 0);
            self.emit(Insn::ax(Op::ExtraArg, shape.elements.min(MAX_AX)));
        }
    }

    /// How many elements to gather in registers before they are stored: fewer as registers run short.
    fn elements_per_store(&self) -> u8 {
        match u8::MAX - self.cur.free_reg {
            lots @ 160.. => lots / 5,
            80.. => 10,
            _ => 1,
        }
    }

    /// Emits the store of elements, `count` or all up to the top, after the first `stored`.
    fn store_elements(&mut self, Reg(table): Reg, count: Option<u8>, stored: u32) {
        let b = count.unwrap_or(0);
        if let Ok(c) = u8::try_from(stored) {
            self.emit_abc(Op::SetList, table, b, c);
        } else {
            self.emit_abc(Op::SetListX, table, b, 0);
            self.emit(Insn::ax(Op::ExtraArg, stored.min(MAX_AX)));
        }
        self.cur.free_reg = table + 1;
    }

    /// Compiles an entry with a key.
    fn keyed_item(&mut self, table: Reg, item: &TableItem) -> Step<()> {
        let free_reg = self.cur.free_reg;
        let (mut key, value) = match *item {
            TableItem::Named { name, line, value } => {
                self.cur.line = line;
                (ExprDesc::new(Value::Str(name)), value)
            }
            TableItem::Keyed { key, value } => {
                self.cur.line = self.ast.expr(key).line;
                let mut e = self.expr(key)?;
                self.settle(&mut e)?;
                (e, value)
            }
            TableItem::Positional(_) => return Ok(()),
        };
        let mut field = ExprDesc::new(Value::Fixed(table));
        self.indexed(&mut field, &mut key)?;
        let mut value = self.expr(value)?;
        self.store(field, &mut value)?;
        self.cur.free_reg = free_reg;
        Ok(())
    }
}
