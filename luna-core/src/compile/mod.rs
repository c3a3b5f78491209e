//! Syntax tree to bytecode, in one walk.
//!
//! The tree is walked in source order and code comes out as it goes; forward jumps are patched through lists. Values
//! stay symbolic ([`desc::ExprDesc`]) until something needs them in a register, so locals are used in place and results
//! land where they are wanted. The line of each instruction is that of the token which a single-pass parser would have
//! consumed last ([`line`]).

mod arith;
mod assign;
mod consts;
mod control;
mod desc;
mod expr;
mod fold;
mod func;
mod index;
mod jump;
mod label;
mod line;
mod operator;
mod regs;
mod scope;
mod stmt;
mod upvalue;

use std::rc::Rc;

use crate::bytecode::proto::ProtoDef;
use crate::dialect::Rules;
use crate::syntax::SyntaxError;
use crate::syntax::ast::{Ast, ExprId, StrId};
use desc::ExprDesc;
use func::FuncState;
use label::{Label, PendingGoto};
use scope::Var;

/// Result of a step that can find the chunk at fault; boxed to keep the good case small.
type Step<T> = Result<T, Box<CompileError>>;

/// Why compilation stopped.
#[derive(Debug)]
enum CompileError {
    /// The chunk is at fault.
    Syntax(SyntaxError),
    /// A `for` loop is longer than its instructions can jump.
    LongLoop,
}

/// Compiles a chunk.
///
/// # Errors
///
/// What the grammar allows but the language does not: unknown labels, assignment to constants, undeclared globals;
/// and the limits of an instruction's fields.
pub(crate) fn compile(
    ast: &Ast,
    chunk_name: &[u8],
    rules: &Rules,
) -> Result<ProtoDef, SyntaxError> {
    let source: Rc<[u8]> = chunk_name.into();
    let mut result = Compiler::new(ast, &source, rules, false).chunk();
    if matches!(result, Err(ref e) if matches!(**e, CompileError::LongLoop)) {
        result = Compiler::new(ast, &source, rules, true).chunk();
    }
    result.map_err(|e| match *e {
        CompileError::Syntax(e) => e.in_chunk(chunk_name),
        CompileError::LongLoop => {
            SyntaxError::new(0, "control structure too long").in_chunk(chunk_name)
        }
    })
}

/// The state of a compilation.
#[derive(Debug)]
struct Compiler<'a> {
    /// The chunk.
    ast: &'a Ast,
    /// The dialect.
    rules: &'a Rules,
    /// The chunk's name.
    source: Rc<[u8]>,
    /// Whether `for` instructions stand apart from the body they repeat.
    long_loops: bool,
    /// The function being compiled.
    cur: FuncState,
    /// The functions around it, outermost first.
    outer: Vec<FuncState>,
    /// All active variables, those of enclosing functions included.
    vars: Vec<Var>,
    /// For each string of the chunk, the innermost active variable of that name.
    innermost: Vec<u32>,
    /// The active declarations of all globals at once, innermost last.
    collectives: Vec<u32>,
    /// Number of active declarations of single globals.
    named_globals: u32,
    /// Shared copies of the chunk's strings.
    strings: Vec<Option<Rc<[u8]>>>,
    /// `_ENV`, if the chunk mentions it.
    env_name: Option<StrId>,
    /// Visible labels, those of enclosing functions included.
    labels: Vec<Label>,
    /// For each string of the chunk, the visible label of that name.
    innermost_label: Vec<u32>,
    /// Jumps whose label is not known yet, those of enclosing functions included.
    gotos: Vec<PendingGoto>,
    /// Expressions whose leftmost operand is being compiled.
    spine: Vec<ExprId>,
    /// Targets of the assignments being compiled.
    targets: Vec<ExprDesc>,
}

impl<'a> Compiler<'a> {
    /// A compiler at the start of a chunk.
    fn new(ast: &'a Ast, source: &Rc<[u8]>, rules: &'a Rules, long_loops: bool) -> Compiler<'a> {
        let env_name = ast.strings.iter().position(|s| &**s == b"_ENV");
        Compiler {
            ast,
            rules,
            source: Rc::clone(source),
            long_loops,
            cur: FuncState::default(),
            outer: Vec::new(),
            vars: Vec::new(),
            innermost: vec![scope::NO_VAR; ast.strings.len()],
            collectives: Vec::new(),
            named_globals: 0,
            strings: vec![None; ast.strings.len()],
            env_name: env_name.and_then(|i| u32::try_from(i).ok()).map(StrId),
            labels: Vec::new(),
            innermost_label: vec![scope::NO_VAR; ast.strings.len()],
            gotos: Vec::new(),
            spine: Vec::new(),
            targets: Vec::new(),
        }
    }

    /// The shared copy of a string of the chunk.
    fn string(&mut self, id: StrId) -> Rc<[u8]> {
        let text = self.ast.str(id);
        Rc::clone(self.strings[id.0 as usize].get_or_insert_with(|| text.into()))
    }

    /// An error at `line`.
    fn error_at(&self, line: u32, msg: impl Into<Vec<u8>>) -> Box<CompileError> {
        Box::new(CompileError::Syntax(SyntaxError::new(line, msg)))
    }

    /// An error of meaning, whose message is `before`, the name and `after`. `next_line` is the line of the token after
    /// what is wrong; some dialects report that one.
    fn error_about(
        &self,
        before: &str,
        name: StrId,
        after: &str,
        next_line: u32,
    ) -> Box<CompileError> {
        let line = if self.rules.semantic_errors_at_next_token { next_line } else { self.cur.line };
        let mut msg = before.as_bytes().to_vec();
        msg.extend_from_slice(self.ast.str(name));
        msg.extend_from_slice(after.as_bytes());
        self.error_at(line, msg)
    }

    /// The error that a function has more than `limit` of `what`.
    fn too_many(&self, what: &str, limit: u32, func: &FuncState) -> Box<CompileError> {
        let place = match func.proto.line_defined {
            0 => "main function".to_owned(),
            line => format!("function at line {line}"),
        };
        self.error_at(self.cur.line, format!("too many {what} (limit is {limit}) in {place}"))
    }

    /// The error that a jump is out of reach.
    fn too_long(&self) -> Box<CompileError> {
        self.error_at(self.cur.line, "control structure too long")
    }
}

#[cfg(test)]
mod tests;
