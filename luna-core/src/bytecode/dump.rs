//! Prototypes to binary chunks, for `string.dump`. The format stands in [`super::format`].

use std::collections::HashMap;

use super::format::{MARKER, STRIPPED, tag};
use super::proto::{Const, ProtoDef, UpvalDef, VarKind};
use crate::dialect::Rules;

/// The binary chunk of a function; with `strip`, without names, lines and source.
pub(crate) fn dump(proto: &ProtoDef, strip: bool, rules: &Rules) -> Vec<u8> {
    let mut writer = Writer { body: Vec::new(), strings: Vec::new(), index: HashMap::new(), strip };
    writer.optional(proto.source.as_deref().filter(|_| !strip));
    writer.function(proto);
    let mut out = Vec::with_capacity(writer.body.len() + 64);
    for part in rules.chunk_header {
        out.extend_from_slice(part.bytes);
    }
    out.extend_from_slice(&MARKER);
    out.push(if strip { STRIPPED } else { 0 });
    number(&mut out, writer.strings.len() as u64);
    for text in &writer.strings {
        number(&mut out, text.len() as u64);
        out.extend_from_slice(text);
    }
    out.extend_from_slice(&writer.body);
    out
}

/// Appends a number in LEB128.
fn number(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// Folds a signed number to an unsigned one: small ones stay small.
fn folded(n: i64) -> u64 {
    ((n << 1) ^ (n >> 63)).cast_unsigned()
}

/// What writes a body.
#[derive(Debug)]
struct Writer<'p> {
    /// The body after the strings.
    body: Vec<u8>,
    /// The distinct strings.
    strings: Vec<&'p [u8]>,
    /// Where each of them is.
    index: HashMap<&'p [u8], u64>,
    /// Whether debug information is left out.
    strip: bool,
}

impl<'p> Writer<'p> {
    /// Writes a byte.
    fn byte(&mut self, byte: u8) {
        self.body.push(byte);
    }

    /// Writes a number.
    fn number(&mut self, n: u64) {
        number(&mut self.body, n);
    }

    /// Writes a count.
    fn count<T>(&mut self, list: &[T]) {
        self.number(list.len() as u64);
    }

    /// The index of a string, which is added if it is new.
    fn string(&mut self, text: &'p [u8]) -> u64 {
        let next = self.strings.len() as u64;
        let index = *self.index.entry(text).or_insert(next);
        if index == next {
            self.strings.push(text);
        }
        index
    }

    /// Writes the index of a string.
    fn text(&mut self, text: &'p [u8]) {
        let index = self.string(text);
        self.number(index);
    }

    /// Writes a string that may be absent.
    fn optional(&mut self, text: Option<&'p [u8]>) {
        let code = text.map_or(0, |text| self.string(text) + 1);
        self.number(code);
    }

    /// Writes a function and those nested in it.
    fn function(&mut self, proto: &'p ProtoDef) {
        self.byte(proto.num_params);
        self.byte(u8::from(proto.is_vararg));
        self.byte(proto.max_stack);
        self.number(u64::from(proto.line_defined));
        self.number(u64::from(proto.last_line));
        self.count(&proto.code);
        for word in &proto.code {
            self.body.extend_from_slice(&word.to_le_bytes());
        }
        self.count(&proto.consts);
        for constant in &proto.consts {
            self.constant(constant);
        }
        self.count(&proto.upvals);
        for upval in &proto.upvals {
            self.upvalue(upval);
        }
        self.count(&proto.protos);
        for nested in &proto.protos {
            self.function(nested);
        }
        if !self.strip {
            self.debug_info(proto);
        }
    }

    /// Writes a constant.
    fn constant(&mut self, constant: &'p Const) {
        match constant {
            Const::Nil => self.byte(tag::NIL),
            Const::Bool(false) => self.byte(tag::FALSE),
            Const::Bool(true) => self.byte(tag::TRUE),
            Const::Int(i) => {
                self.byte(tag::INT);
                self.number(folded(*i));
            }
            Const::Float(f) => {
                self.byte(tag::FLOAT);
                self.body.extend_from_slice(&f.to_bits().to_le_bytes());
            }
            Const::Str(text) => {
                self.byte(tag::STR);
                self.text(text);
            }
        }
    }

    /// Writes how an upvalue is captured.
    fn upvalue(&mut self, upval: &'p UpvalDef) {
        let kind = match upval.kind {
            VarKind::Regular => 0,
            VarKind::Const => 1,
            VarKind::Close => 2,
        };
        self.byte(kind << 1 | u8::from(upval.in_stack));
        self.byte(upval.index);
        if !self.strip {
            self.optional(upval.name.as_deref());
        }
    }

    /// Writes lines and local variables.
    fn debug_info(&mut self, proto: &'p ProtoDef) {
        self.count(&proto.lines);
        let mut before = 0;
        for &line in &proto.lines {
            self.number(folded(i64::from(line) - before));
            before = i64::from(line);
        }
        self.count(&proto.locals);
        for local in &proto.locals {
            self.text(&local.name);
            self.byte(local.reg);
            self.number(u64::from(local.start_pc));
            self.number(u64::from(local.end_pc));
        }
    }
}
