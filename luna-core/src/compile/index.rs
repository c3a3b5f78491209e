//! Indexing: fields, elements, methods, globals.

use super::desc::{ExprDesc, Value};
use super::scope::Meaning;
use super::{Compiler, Step};
use crate::bytecode::op::Op;
use crate::bytecode::operand::{ConstIndex, Reg};
use crate::syntax::ast::StrId;

impl Compiler<'_> {
    /// Makes `table` the expression `table[key]`. The table is in a register, a local or an upvalue.
    pub(super) fn indexed(&mut self, table: &mut ExprDesc, key: &mut ExprDesc) -> Step<()> {
        if let Value::Fixed(reg) | Value::Local(reg) = table.value
            && self.cur.vararg_reg == Some(reg)
        {
            // Whether there is a table is settled at the end of the function.
            table.value = Value::Indexed { table: reg, key: self.place_any(key)? };
            return Ok(());
        }
        let mut short_key = None;
        if let Value::Str(id) = key.value
            && !key.has_jumps()
        {
            let index = self.string_constant(id)?;
            key.value = Value::Const(index);
            short_key = self.as_short_key(index);
        }
        if let Value::Upval(upval) = table.value {
            if let Some(key) = short_key {
                table.value = Value::UpvalField { table: upval, key };
                return Ok(());
            }
            self.place_any(table)?;
        }
        let reg = match table.value {
            Value::Fixed(reg) | Value::Local(reg) => reg,
            _ => self.place_any(table)?,
        };
        table.value = match (short_key, key.value) {
            (Some(key), _) => Value::Field { table: reg, key },
            (None, Value::Int(i)) if !key.has_jumps() && u8::try_from(i).is_ok() => {
                Value::Element { table: reg, key: i as u8 }
            }
            _ => Value::Indexed { table: reg, key: self.place_any(key)? },
        };
        Ok(())
    }

    /// Makes `object` the method of that name with the object as first argument, in the next two registers.
    pub(super) fn method(&mut self, object: &mut ExprDesc, name: StrId) -> Step<()> {
        let from = self.place_any(object)?;
        self.free_expr(object);
        let base = Reg(self.cur.free_reg);
        self.reserve(2)?;
        let index = self.string_constant(name)?;
        if let Some(key) = self.as_short_key(index) {
            self.emit_abc(Op::SelfK, base.0, from.0, key);
        } else {
            let key = self.reserve_one()?;
            // Messages tell a method by the order of these.
            if self.rules.far_methods_named {
                self.load_constant(key, index);
            }
            self.emit_abc(Op::Move, base.0 + 1, from.0, 0);
            if !self.rules.far_methods_named {
                self.load_constant(key, index);
            }
            self.emit_abc(Op::GetTable, base.0, from.0, key.0);
            self.free(key);
        }
        *object = ExprDesc::new(Value::Fixed(base));
        Ok(())
    }

    /// The global variable of that name: a field of what `_ENV` means here.
    pub(super) fn global(&mut self, name: StrId) -> Step<ExprDesc> {
        let env = match self.env_name {
            Some(env_name) if self.innermost[env_name.0 as usize] != super::scope::NO_VAR => {
                match self.resolve(env_name)? {
                    Meaning::Local { reg, .. } => Value::Local(reg),
                    Meaning::Upval { index, .. } => Value::Upval(index),
                    Meaning::Literal(value) => value,
                    Meaning::Global { .. } | Meaning::Undeclared => {
                        let before = "_ENV is global when accessing variable '";
                        return Err(self.error_about(before, name, "'"));
                    }
                }
            }
            _ => Value::Upval(self.capture_env()?),
        };
        let mut table = ExprDesc::new(env);
        self.place_unless_upval(&mut table)?;
        self.indexed(&mut table, &mut ExprDesc::new(Value::Str(name)))?;
        Ok(table)
    }

    /// The variable of that name, and whether it cannot be assigned to.
    pub(super) fn variable(&mut self, name: StrId) -> Step<(ExprDesc, bool)> {
        if self.env_name == Some(name) && self.innermost[name.0 as usize] == super::scope::NO_VAR {
            return Ok((ExprDesc::new(Value::Upval(self.capture_env()?)), false));
        }
        Ok(match self.resolve(name)? {
            Meaning::Local { reg, read_only } => (ExprDesc::new(Value::Local(reg)), read_only),
            Meaning::Upval { index, read_only } => (ExprDesc::new(Value::Upval(index)), read_only),
            Meaning::Literal(value) => (ExprDesc::new(value), true),
            Meaning::Global { read_only } => (self.global(name)?, read_only),
            Meaning::Undeclared => {
                return Err(self.error_about("variable '", name, "' not declared"));
            }
        })
    }

    /// Emits `var := value`.
    pub(super) fn store(&mut self, var: ExprDesc, value: &mut ExprDesc) -> Step<()> {
        match var.value {
            Value::Local(reg) => {
                self.free_expr(value);
                return self.place(value, reg);
            }
            Value::Upval(upval) => {
                let reg = self.place_any(value)?;
                self.emit_abc(Op::SetUpval, reg.0, upval.0, 0);
            }
            Value::UpvalField { table, key } => {
                self.store_in(value, [Op::SetTabUp, Op::SetTabUpK], table.0, key)?;
            }
            Value::Element { table, key } => {
                self.store_in(value, [Op::SetI, Op::SetIK], table.0, key)?
            }
            Value::Field { table, key } => {
                self.store_in(value, [Op::SetField, Op::SetFieldK], table.0, key)?;
            }
            Value::Indexed { table, key } => {
                self.store_in(value, [Op::SetTable, Op::SetTableK], table.0, key.0)?;
            }
            _ => unreachable!("the parser lets only variables be assigned to"),
        }
        self.free_expr(value);
        Ok(())
    }

    /// Emits the store of a register or a constant into a table.
    fn store_in(
        &mut self,
        value: &mut ExprDesc,
        [reg_op, const_op]: [Op; 2],
        table: u8,
        key: u8,
    ) -> Step<()> {
        let (op, c) = match self.as_const_operand(value)? {
            Some(c) => (const_op, c),
            None => (reg_op, self.place_any(value)?.0),
        };
        self.emit_abc(op, table, key, c);
        Ok(())
    }

    /// Makes a literal a constant that a byte can name, if it is one; else leaves the expression alone.
    pub(super) fn as_const_operand(&mut self, e: &mut ExprDesc) -> Step<Option<u8>> {
        use super::consts::ConstKey;
        if e.has_jumps() {
            return Ok(None);
        }
        let key = match e.value {
            Value::Nil => ConstKey::Nil,
            Value::True => ConstKey::Bool(true),
            Value::False => ConstKey::Bool(false),
            Value::Int(i) => ConstKey::Int(i),
            Value::Float(f) => ConstKey::Float(f.to_bits()),
            Value::Str(id) => ConstKey::Str(id.0),
            Value::Const(ConstIndex(index)) => return Ok(u8::try_from(index).ok()),
            _ => return Ok(None),
        };
        let index = self.constant(key)?;
        let byte = u8::try_from(index.0).ok();
        if byte.is_some() {
            e.value = Value::Const(index);
        }
        Ok(byte)
    }
}
