//! Tokens to syntax tree: the cursor, the limits, and functions with their parameters.
//!
//! The parser knows names only as text; it counts local variables, because the message about too many of them shows
//! the token that follows.

mod expr;
mod stmt;

use super::SyntaxError;
use super::ast::{Ast, Block, Expr, ExprId, ExprKind, FuncBody, StrId};
use super::lexer::{Lexer, Parsed};
use super::token::{Lexed, Token};
use crate::dialect::Rules;

/// Nested constructs a chunk may have: the reference's 200 C levels without those it needs to get here.
const MAX_NESTING: u32 = 197;

/// Local variables a function may have at a time.
const MAX_LOCALS: u32 = 200;

/// Parses a chunk. A first line that starts with `#` is not skipped.
///
/// # Errors
///
/// The first violation of the grammar or of a limit.
pub(crate) fn parse(src: &[u8], chunk_name: &[u8], rules: &Rules) -> Result<Ast, SyntaxError> {
    if u32::try_from(src.len()).is_err() {
        return Err(SyntaxError::new(0, "not enough memory"));
    }
    Parser::new(src, chunk_name, rules).and_then(Parser::chunk).map_err(|e| *e)
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
    /// The current token.
    current: Lexed,
    /// The token after it, if it was looked at.
    ahead: Option<Lexed>,
    /// Line of the token consumed last.
    last_line: u32,
    /// Nesting of statements and expressions.
    depth: u32,
    /// The expressions so far.
    exprs: Vec<Expr>,
    /// The function being parsed.
    func: FuncScope,
}

impl<'s> Parser<'s> {
    /// A parser at the first token.
    fn new(src: &'s [u8], chunk_name: &'s [u8], rules: &'s Rules) -> Parsed<Parser<'s>> {
        let mut lexer = Lexer::new(src, chunk_name);
        let current = lexer.next_token()?;
        Ok(Parser {
            lexer,
            rules,
            current,
            ahead: None,
            last_line: 1,
            depth: 0,
            exprs: Vec::new(),
            func: FuncScope { is_vararg: true, line: 0, locals: 0 },
        })
    }

    /// The whole chunk.
    fn chunk(mut self) -> Parsed<Ast> {
        let body = self.block()?;
        if self.token() != Token::Eof {
            return Err(self.expected(Token::Eof));
        }
        let main = FuncBody {
            params: Vec::new(),
            is_vararg: true,
            vararg_name: None,
            body,
            line_defined: 0,
            last_line: self.line(),
        };
        Ok(Ast { exprs: self.exprs, strings: self.lexer.strings.into_items(), main })
    }

    /// The current token.
    fn token(&self) -> Token {
        self.current.token
    }

    /// Line of the end of the current token (or of the one looked at).
    fn line(&self) -> u32 {
        self.lexer.line
    }

    /// Consumes the current token.
    fn advance(&mut self) -> Parsed<()> {
        self.last_line = self.lexer.line;
        self.current = match self.ahead.take() {
            Some(token) => token,
            None => self.lexer.next_token()?,
        };
        Ok(())
    }

    /// The token after the current one.
    fn look_ahead(&mut self) -> Parsed<Token> {
        let token = match self.ahead {
            Some(token) => token,
            None => self.lexer.next_token()?,
        };
        self.ahead = Some(token);
        Ok(token.token)
    }

    /// Consumes the current token if it is `token`.
    fn accept(&mut self, token: Token) -> Parsed<bool> {
        let found = self.token() == token;
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    /// Consumes `token`.
    fn expect(&mut self, token: Token) -> Parsed<()> {
        if self.accept(token)? { Ok(()) } else { Err(self.expected(token)) }
    }

    /// Consumes `what`, which closes the `who` on line `line`.
    fn expect_match(&mut self, what: Token, who: Token, line: u32) -> Parsed<()> {
        if self.accept(what)? {
            return Ok(());
        }
        if line == self.line() {
            return Err(self.expected(what));
        }
        let (what, who) = (what.describe(), who.describe());
        Err(self.error(&format!("{what} expected (to close {who} at line {line})")))
    }

    /// Consumes a name.
    fn name(&mut self) -> Parsed<StrId> {
        let Token::Name(id) = self.token() else {
            return Err(self.error("<name> expected"));
        };
        self.advance()?;
        Ok(id)
    }

    /// The error that `token` is missing.
    fn expected(&self, token: Token) -> Box<SyntaxError> {
        self.error(&format!("{} expected", token.describe()))
    }

    /// An error near the current token. A NUL byte is no token that the reference would show.
    fn error(&self, msg: &str) -> Box<SyntaxError> {
        if self.token() == Token::Sym(0) {
            return self.lexer.error(msg);
        }
        self.lexer.error_near(msg, &self.lexer.token_text(self.current))
    }

    /// An error of meaning, which has no token.
    fn semantic_error(&self, msg: impl Into<Vec<u8>>) -> Box<SyntaxError> {
        let at_next = self.rules.semantic_errors_at_next_token;
        self.lexer.error_at(if at_next { self.line() } else { self.last_line }, msg)
    }

    /// Enters a nested construct.
    fn enter(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            Err(self.lexer.error_unplaced("C stack overflow"))
        } else {
            Ok(())
        }
    }

    /// Leaves `levels` nested constructs.
    fn leave(&mut self, levels: u32) {
        self.depth -= levels;
    }

    /// Adds an expression that started on `line` and ends at the token consumed last.
    fn add(&mut self, kind: ExprKind, line: u32) -> ExprId {
        let id = u32::try_from(self.exprs.len()).expect("a chunk is shorter than 4 GiB");
        self.exprs.push(Expr { kind, line, end_line: self.last_line });
        ExprId(id)
    }

    /// Notes that a local variable was named, where the dialect counts names.
    fn declare_local(&mut self) -> Parsed<()> {
        if self.rules.locals_limited_by_name { self.count_local() } else { Ok(()) }
    }

    /// Notes that `count` variables got registers, where the dialect counts those.
    fn activate_locals(&mut self, count: u32) -> Parsed<()> {
        if !self.rules.locals_limited_by_name {
            for _ in 0..count {
                self.count_local()?;
            }
        }
        Ok(())
    }

    /// Counts one more local variable.
    fn count_local(&mut self) -> Parsed<()> {
        self.func.locals += 1;
        if self.func.locals <= MAX_LOCALS {
            return Ok(());
        }
        let place = match self.func.line {
            0 => "main function".to_owned(),
            line => format!("function at line {line}"),
        };
        Err(self.error(&format!("too many local variables (limit is {MAX_LOCALS}) in {place}")))
    }

    /// Whether the current token ends a block.
    fn at_block_end(&self) -> bool {
        matches!(self.token(), Token::Else | Token::Elseif | Token::End | Token::Eof | Token::Until)
    }

    /// Statements up to the end of a block; its variables go out of scope.
    fn block(&mut self) -> Parsed<Block> {
        let locals = self.func.locals;
        let block = self.open_block()?;
        self.func.locals = locals;
        Ok(block)
    }

    /// Statements up to the end of a block, whose variables stay in scope.
    fn open_block(&mut self) -> Parsed<Block> {
        let start_line = self.last_line;
        let mut stats = Vec::new();
        while !self.at_block_end() {
            let last = self.token() == Token::Return;
            self.statement(&mut stats)?;
            if last {
                break;
            }
        }
        Ok(Block { stats, start_line, end_line: self.line() })
    }

    /// A function after its keyword and name, which stood on `line`.
    fn function_body(&mut self, is_method: bool, line: u32) -> Parsed<Box<FuncBody>> {
        let inner = FuncScope { is_vararg: false, line, locals: 0 };
        let outer = std::mem::replace(&mut self.func, inner);
        self.expect(Token::Sym(b'('))?;
        let mut params = Vec::new();
        if is_method {
            params.push(self.lexer.strings.intern(b"self"));
            self.declare_local()?;
            self.activate_locals(1)?;
        }
        let vararg_name = self.parameters(&mut params)?;
        self.expect(Token::Sym(b')'))?;
        let body = self.block()?;
        let last_line = self.line();
        self.expect_match(Token::End, Token::Function, line)?;
        let scope = std::mem::replace(&mut self.func, outer);
        Ok(Box::new(FuncBody {
            params,
            is_vararg: scope.is_vararg,
            vararg_name,
            body,
            line_defined: line,
            last_line,
        }))
    }

    /// The parameters up to the closing parenthesis; the result is the name after `...`.
    fn parameters(&mut self, params: &mut Vec<StrId>) -> Parsed<Option<StrId>> {
        let mut vararg_name = None;
        let mut named = 0;
        while self.token() != Token::Sym(b')') || named > 0 {
            match self.token() {
                Token::Name(id) => {
                    self.advance()?;
                    self.declare_local()?;
                    params.push(id);
                    named += 1;
                }
                Token::Dots => {
                    self.advance()?;
                    self.func.is_vararg = true;
                    if self.rules.named_vararg
                        && let Token::Name(id) = self.token()
                    {
                        self.advance()?;
                        vararg_name = Some(id);
                    }
                }
                _ => return Err(self.error("<name> or '...' expected")),
            }
            if self.func.is_vararg || !self.accept(Token::Sym(b','))? {
                break;
            }
        }
        self.activate_locals(named + u32::from(self.func.is_vararg))?;
        Ok(vararg_name)
    }
}

#[cfg(test)]
mod tests;
