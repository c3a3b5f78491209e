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
mod near;
mod operator;
mod regs;
mod scope;
mod stmt;
mod upvalue;

use std::rc::Rc;

use crate::bytecode::proto::ProtoDef;
use crate::dialect::Rules;
use crate::meter::Meter;
use crate::syntax::ast::{Ast, ExprId, StrId};
use crate::syntax::{SyntaxError, parse_part};
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
    /// The chunk is at fault; the line is that of the token after what was compiled last.
    After(Vec<u8>),
    /// The same, with a message that shows the token.
    Near(String),
    /// A `for` loop is longer than its instructions can jump.
    LongLoop,
    /// The tree ends here, because of an error of grammar.
    Cut,
    /// The meter refused something.
    Memory,
}

/// Compiles a chunk. A first line that starts with `#` is not skipped.
///
/// # Errors
///
/// The first violation of the grammar, of a limit, or of what else the language asks for: known labels, no assignment to
/// constants, declared globals. If the meter has refused something, that is why there is no code.
pub(crate) fn compile(
    source: &[u8],
    chunk_name: &[u8],
    rules: &Rules,
    meter: &mut Meter,
) -> Result<ProtoDef, SyntaxError> {
    let chunk = Source { text: source, name: chunk_name, rules };
    let room = meter.left();
    chunk.compile(meter, u32::MAX).map_err(|e| match *e {
        CompileError::Syntax(e) => e.in_chunk(chunk_name),
        CompileError::After(msg) => near::place(&chunk, &msg, false, room),
        CompileError::Near(msg) => near::place(&chunk, msg.as_bytes(), true, room),
        CompileError::LongLoop | CompileError::Cut => {
            unreachable!("long loops are compiled, and a tree ends in an error of grammar")
        }
        CompileError::Memory => SyntaxError::out_of_memory(),
    })
}

/// A chunk to be compiled.
#[derive(Debug)]
struct Source<'a> {
    /// Its text.
    text: &'a [u8],
    /// Its name.
    name: &'a [u8],
    /// The dialect.
    rules: &'a Rules,
}

impl Source<'_> {
    /// Compiles the chunk, or what its first `tokens` tokens are enough for.
    fn compile(&self, meter: &mut Meter, tokens: u32) -> Step<ProtoDef> {
        let mut ast = parse_part(self.text, self.name, self.rules, meter, tokens);
        meter.charge(self.name.len());
        if meter.is_refused() {
            return Err(Box::new(CompileError::Memory));
        }
        let source: Rc<[u8]> = self.name.into();
        let mut result = Compiler::new(&ast, &source, self.rules, false, meter).chunk();
        if matches!(result, Err(ref e) if matches!(**e, CompileError::LongLoop)) {
            result = Compiler::new(&ast, &source, self.rules, true, meter).chunk();
        }
        match result {
            Err(e) if matches!(*e, CompileError::LongLoop) => {
                Err(Box::new(CompileError::Near("control structure too long".to_owned())))
            }
            Err(e) if matches!(*e, CompileError::Cut) => {
                let error = ast.error.take().expect("a tree ends in an error of grammar");
                Err(Box::new(CompileError::Syntax(*error)))
            }
            result => result,
        }
    }
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
    /// What the compilation takes of its memory.
    meter: &'a mut Meter,
}

impl<'a> Compiler<'a> {
    /// A compiler at the start of a chunk.
    fn new(
        ast: &'a Ast,
        source: &Rc<[u8]>,
        rules: &'a Rules,
        long_loops: bool,
        meter: &'a mut Meter,
    ) -> Compiler<'a> {
        let names = ast.strings.len();
        meter.charge(names * (2 * size_of::<u32>() + size_of::<Option<Rc<[u8]>>>()));
        let names = if meter.is_refused() { 0 } else { names };
        let env_name = ast.strings.iter().position(|s| &**s == b"_ENV");
        Compiler {
            ast,
            rules,
            source: Rc::clone(source),
            long_loops,
            cur: FuncState::default(),
            outer: Vec::new(),
            vars: Vec::new(),
            innermost: vec![scope::NO_VAR; names],
            collectives: Vec::new(),
            named_globals: 0,
            strings: vec![None; names],
            env_name: env_name.and_then(|i| u32::try_from(i).ok()).map(StrId),
            labels: Vec::new(),
            innermost_label: vec![scope::NO_VAR; names],
            gotos: Vec::new(),
            spine: Vec::new(),
            targets: Vec::new(),
            meter,
        }
    }

    /// Stops when the meter has refused something.
    fn check_meter(&self) -> Step<()> {
        if self.meter.is_refused() { Err(Box::new(CompileError::Memory)) } else { Ok(()) }
    }

    /// The shared copy of a string of the chunk; an empty one if the meter refuses that.
    fn string(&mut self, id: StrId) -> Rc<[u8]> {
        if let Some(text) = &self.strings[id.0 as usize] {
            return Rc::clone(text);
        }
        let text = self.ast.str(id);
        // The counts stand before the text.
        let text = if self.meter.charge(text.len() + 2 * size_of::<usize>()) { text } else { &[] };
        Rc::clone(self.strings[id.0 as usize].insert(text.into()))
    }

    /// An error at `line`.
    fn error_at(&self, line: u32, msg: impl Into<Vec<u8>>) -> Box<CompileError> {
        Box::new(CompileError::Syntax(SyntaxError::new(line, msg)))
    }

    /// An error of meaning, whose message is `before`, the name and `after`.
    fn error_about(&self, before: &str, name: StrId, after: &str) -> Box<CompileError> {
        let mut msg = before.as_bytes().to_vec();
        msg.extend_from_slice(self.ast.str(name));
        msg.extend_from_slice(after.as_bytes());
        if self.rules.semantic_errors_at_next_token {
            Box::new(CompileError::After(msg))
        } else {
            self.error_at(self.cur.line, msg)
        }
    }

    /// The error that a function has more than `limit` of `what`.
    fn too_many(&self, what: &str, limit: u32, func: &FuncState) -> Box<CompileError> {
        let place = match func.proto.line_defined {
            0 => "main function".to_owned(),
            line => format!("function at line {line}"),
        };
        Box::new(CompileError::Near(format!("too many {what} (limit is {limit}) in {place}")))
    }

    /// The error that a list of the compiler is full, which has no place.
    fn list_full(&self, what: &str, limit: u32) -> Box<CompileError> {
        self.error_at(0, format!("too many {what} (limit is {limit})"))
    }

    /// The error that a jump is out of reach.
    fn too_long(&self) -> Box<CompileError> {
        Box::new(CompileError::Near("control structure too long".to_owned()))
    }
}

#[cfg(test)]
mod tests;
