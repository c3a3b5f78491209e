//! Tokens to syntax tree: the cursor, the limits, and functions with their parameters.
//!
//! The parser knows names only as text; it counts local variables, because the message about too many of them shows
//! the token that follows.
//!
//! # Errors
//!
//! A single-pass compiler reports the first error of a chunk, whether of grammar or of meaning, so an error of grammar must
//! leave behind what stands before it. After the first error the parser sees the end of the chunk and nothing else, accepts
//! whatever is missing, and marks in the tree where it ends: by [`ExprKind::Cut`] and [`StatKind::Cut`]. The compiler,
//! which walks the tree in the order of the tokens, stops at the mark unless it has found an error by then.

mod expr;
mod stmt;

use super::SyntaxError;
use super::ast::{Ast, Block, Expr, ExprId, ExprKind, FuncBody, Stat, StatKind, StrId};
use super::lexer::Lexer;
use super::token::{Lexed, Token};
use crate::dialect::Rules;
use crate::meter::Meter;

/// Nested constructs a chunk may have: the reference's 200 C levels without those it needs to get here.
const MAX_NESTING: u32 = 197;

/// Local variables a function may have at a time.
const MAX_LOCALS: u32 = 200;

/// The expression that stands for all that an error kept from being read.
const MISSING: ExprId = ExprId(0);

/// Parses a chunk. A first line that starts with `#` is not skipped.
///
/// # Errors
///
/// The first violation of the grammar or of a limit.
pub(crate) fn parse(src: &[u8], chunk_name: &[u8], rules: &Rules) -> Result<Ast, SyntaxError> {
    let mut ast = parse_part(src, chunk_name, rules, &mut Meter::unlimited(), u32::MAX);
    match ast.error.take() {
        Some(error) => Err(*error),
        None => Ok(ast),
    }
}

/// Parses a chunk up to its first error, which goes into the tree; `tokens` tokens at most, as if what comes after those
/// were an error. Stops early when the meter refuses something.
pub(crate) fn parse_part(
    src: &[u8],
    chunk_name: &[u8],
    rules: &Rules,
    meter: &mut Meter,
    tokens: u32,
) -> Ast {
    Parser::new(src, chunk_name, rules, meter, tokens).chunk()
}

/// What the parser knows of a function it is inside of.
#[derive(Debug)]
struct FuncScope {
    /// Whether `...` is allowed.
    is_vararg: bool,
    /// Line of the function, 0 for the main chunk.
    line: u32,
    /// Local variables in scope.
    locals: u32,
}

/// The parser's state.
#[derive(Debug)]
struct Parser<'s> {
    /// Where tokens come from. Its line is that of the end of the last token read.
    lexer: Lexer<'s>,
    /// The dialect.
    rules: &'s Rules,
    /// The current token; the end of the chunk after an error.
    current: Lexed,
    /// The token after it, if it was looked at.
    ahead: Option<Lexed>,
    /// Line of the token consumed last.
    last_line: u32,
    /// Tokens that may still be consumed.
    tokens_left: u32,
    /// Nesting of statements and expressions.
    depth: u32,
    /// The expressions so far, [`MISSING`] first.
    exprs: Vec<Expr>,
    /// The function being parsed.
    func: FuncScope,
    /// The first error.
    failure: Option<Box<SyntaxError>>,
}

impl<'s> Parser<'s> {
    /// A parser at the first token.
    fn new(
        src: &'s [u8],
        chunk_name: &'s [u8],
        rules: &'s Rules,
        meter: &'s mut Meter,
        tokens: u32,
    ) -> Parser<'s> {
        let mut parser = Parser {
            lexer: Lexer::new(src, chunk_name, meter),
            rules,
            current: Lexed { token: Token::Eof, start: 0, end: 0 },
            ahead: None,
            last_line: 1,
            tokens_left: tokens,
            depth: 0,
            exprs: Vec::new(),
            func: FuncScope { is_vararg: true, line: 0, locals: 0 },
            failure: None,
        };
        parser.add(ExprKind::Cut(None), 0);
        if u32::try_from(src.len()).is_err() {
            parser.fail(Box::new(SyntaxError::out_of_memory()));
        } else {
            parser.read();
        }
        parser
    }

    /// The whole chunk.
    fn chunk(mut self) -> Ast {
        let mut body = self.block();
        if self.token() != Token::Eof {
            self.fail_expected(Token::Eof);
            self.cut_block(&mut body);
        }
        let main = FuncBody {
            params: Vec::new(),
            is_vararg: true,
            vararg_name: None,
            body,
            line_defined: 0,
            last_line: self.line(),
        };
        Ast {
            exprs: self.exprs,
            strings: self.lexer.strings.into_items(),
            main,
            error: self.failure,
        }
    }

    /// The current token.
    fn token(&self) -> Token {
        self.current.token
    }

    /// Line of the end of the current token (or of the one looked at).
    fn line(&self) -> u32 {
        self.lexer.line
    }

    /// Whether there was an error.
    #[inline]
    fn failed(&self) -> bool {
        self.failure.is_some()
    }

    /// Notes an error, if it is the first, and sees the end of the chunk from now on.
    #[cold]
    fn fail(&mut self, error: Box<SyntaxError>) {
        self.failure.get_or_insert(error);
        self.current.token = Token::Eof;
        self.ahead = None;
        self.lexer.skip_all();
    }

    /// Reads the token after the current one from the source.
    fn read(&mut self) {
        match self.lexer.next_token() {
            Ok(token) => self.current = token,
            Err(error) => self.fail(error),
        }
    }

    /// Consumes the current token.
    fn advance(&mut self) {
        if self.tokens_left == 0 {
            // Who limits the tokens wants to know how far they lead, not that they end.
            return self.fail(self.lexer.error_unplaced(""));
        }
        self.tokens_left -= 1;
        self.last_line = self.lexer.line;
        match self.ahead.take() {
            Some(token) => self.current = token,
            None => self.read(),
        }
    }

    /// The token after the current one.
    fn look_ahead(&mut self) -> Token {
        if self.ahead.is_none() {
            match self.lexer.next_token() {
                Ok(token) => self.ahead = Some(token),
                Err(error) => self.fail(error),
            }
        }
        self.ahead.map_or(Token::Eof, |ahead| ahead.token)
    }

    /// Consumes the current token if it is `token`; false if that fails.
    fn accept(&mut self, token: Token) -> bool {
        if self.token() != token || token == Token::Eof {
            return false;
        }
        self.advance();
        !self.failed()
    }

    /// Consumes `token`.
    fn expect(&mut self, token: Token) {
        if !self.accept(token) {
            self.fail_expected(token);
        }
    }

    /// Consumes `what`, which closes the `who` on line `line`.
    fn expect_match(&mut self, what: Token, who: Token, line: u32) {
        if self.accept(what) {
            return;
        }
        if line == self.line() {
            return self.fail_expected(what);
        }
        let (what, who) = (what.describe(), who.describe());
        self.fail_near(&format!("{what} expected (to close {who} at line {line})"));
    }

    /// Consumes a name.
    fn name(&mut self) -> StrId {
        let Token::Name(id) = self.token() else {
            self.fail_near("<name> expected");
            return StrId(0);
        };
        self.advance();
        id
    }

    /// Fails because `token` is missing.
    #[cold]
    fn fail_expected(&mut self, token: Token) {
        self.fail_near(&format!("{} expected", token.describe()));
    }

    /// Fails near the current token. A NUL byte is no token that the reference would show.
    #[cold]
    fn fail_near(&mut self, msg: &str) {
        let error = if self.token() == Token::Sym(0) {
            self.lexer.error(msg)
        } else {
            self.lexer.error_near(msg, &self.lexer.token_text(self.current))
        };
        self.fail(error);
    }

    /// Fails with an error of meaning, which has no token.
    #[cold]
    fn fail_meaning(&mut self, msg: impl Into<Vec<u8>>) {
        let at_next = self.rules.semantic_errors_at_next_token;
        let line = if at_next { self.line() } else { self.last_line };
        self.fail(self.lexer.error_at(line, msg));
    }

    /// Enters a nested construct.
    fn enter(&mut self) {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            self.fail(self.lexer.error_unplaced("C stack overflow"));
        }
    }

    /// Leaves `levels` nested constructs.
    fn leave(&mut self, levels: u32) {
        self.depth -= levels;
    }

    /// Appends to a list of the tree.
    #[inline]
    fn push<T>(&mut self, list: &mut Vec<T>, item: T) {
        self.lexer.meter.push(list, item);
        self.check_meter();
    }

    /// Adds an expression that started on `line` and ends at the token consumed last.
    fn add(&mut self, kind: ExprKind, line: u32) -> ExprId {
        let id = u32::try_from(self.exprs.len()).expect("a chunk is shorter than 4 GiB");
        self.lexer.meter.push(&mut self.exprs, Expr { kind, line, end_line: self.last_line });
        self.check_meter();
        ExprId(id)
    }

    /// Fails if the meter has refused something.
    #[inline]
    fn check_meter(&mut self) {
        if self.lexer.meter.is_refused() {
            self.fail(self.lexer.error_unplaced("not enough memory"));
        }
    }

    /// The expression, with the mark after it that the tree ends there if there was an error.
    fn unless_cut(&mut self, id: ExprId) -> ExprId {
        if self.failed() { self.add(ExprKind::Cut(Some(id)), 0) } else { id }
    }

    /// Marks that the tree ends after the statements of a block.
    fn cut_block(&mut self, block: &mut Block) {
        self.push(&mut block.stats, Stat { kind: StatKind::Cut, line: 0, end_line: 0 });
    }

    /// Notes that a local variable was named, where the dialect counts names.
    fn declare_local(&mut self) {
        if self.rules.locals_limited_by_name {
            self.count_local();
        }
    }

    /// Notes that `count` variables got registers, where the dialect counts those.
    fn activate_locals(&mut self, count: u32) {
        if !self.rules.locals_limited_by_name {
            for _ in 0..count {
                self.count_local();
            }
        }
    }

    /// Counts one more local variable.
    fn count_local(&mut self) {
        self.func.locals += 1;
        if self.func.locals > MAX_LOCALS {
            let place = match self.func.line {
                0 => "main function".to_owned(),
                line => format!("function at line {line}"),
            };
            let text = format!("too many local variables (limit is {MAX_LOCALS}) in {place}");
            self.fail_near(&text);
        }
    }

    /// Whether the current token ends a block.
    fn at_block_end(&self) -> bool {
        matches!(self.token(), Token::Else | Token::Elseif | Token::End | Token::Eof | Token::Until)
    }

    /// Statements up to the end of a block; its variables go out of scope.
    fn block(&mut self) -> Block {
        let locals = self.func.locals;
        let block = self.open_block();
        self.func.locals = locals;
        block
    }

    /// Statements up to the end of a block, whose variables stay in scope.
    fn open_block(&mut self) -> Block {
        let start_line = self.last_line;
        let mut block = Block { stats: Vec::new(), start_line, end_line: 0 };
        while !self.at_block_end() {
            let last = self.token() == Token::Return;
            self.statement(&mut block.stats);
            if last {
                break;
            }
        }
        if self.failed() {
            self.cut_block(&mut block);
        }
        block.end_line = self.line();
        block
    }

    /// A function after its keyword and name, which stood on `line`.
    fn function_body(&mut self, is_method: bool, line: u32) -> Box<FuncBody> {
        let inner = FuncScope { is_vararg: false, line, locals: 0 };
        let outer = std::mem::replace(&mut self.func, inner);
        self.expect(Token::Sym(b'('));
        let mut params = Vec::new();
        if is_method {
            let name = self.lexer.intern(b"self");
            self.push(&mut params, name);
            self.declare_local();
            self.activate_locals(1);
        }
        let vararg_name = self.parameters(&mut params);
        self.expect(Token::Sym(b')'));
        let mut body = self.block();
        let last_line = self.line();
        self.expect_match(Token::End, Token::Function, line);
        if self.failed() {
            self.cut_block(&mut body);
        }
        let scope = std::mem::replace(&mut self.func, outer);
        self.lexer.meter.charge(size_of::<FuncBody>());
        Box::new(FuncBody {
            params,
            is_vararg: scope.is_vararg,
            vararg_name,
            body,
            line_defined: line,
            last_line,
        })
    }

    /// The parameters up to the closing parenthesis; the result is the name after `...`.
    fn parameters(&mut self, params: &mut Vec<StrId>) -> Option<StrId> {
        let mut vararg_name = None;
        let mut named = 0;
        while self.token() != Token::Sym(b')') || named > 0 {
            match self.token() {
                Token::Name(id) => {
                    self.advance();
                    self.declare_local();
                    self.push(params, id);
                    named += 1;
                }
                Token::Dots => {
                    self.advance();
                    self.func.is_vararg = true;
                    if self.rules.named_vararg
                        && let Token::Name(id) = self.token()
                    {
                        self.advance();
                        vararg_name = Some(id);
                    }
                }
                _ => {
                    self.fail_near("<name> or '...' expected");
                    break;
                }
            }
            if self.func.is_vararg || !self.accept(Token::Sym(b',')) {
                break;
            }
        }
        self.activate_locals(named + u32::from(self.func.is_vararg));
        vararg_name
    }
}

#[cfg(test)]
mod tests;
