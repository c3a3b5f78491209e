//! Expressions, by precedence climbing.

use super::Parser;
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, TableItem, UnaryOp};
use crate::syntax::lexer::Parsed;
use crate::syntax::token::Token;

/// Binding strength of unary operators.
const UNARY_PRIORITY: u8 = 12;

/// The unary operator that a token is.
fn unary_op(token: Token) -> Option<UnaryOp> {
    Some(match token {
        Token::Not => UnaryOp::Not,
        Token::Sym(b'-') => UnaryOp::Neg,
        Token::Sym(b'~') => UnaryOp::BNot,
        Token::Sym(b'#') => UnaryOp::Len,
        _ => return None,
    })
}

/// The binary operator that a token is, with its binding strength to the left and to the right.
fn binary_op(token: Token) -> Option<(BinaryOp, u8, u8)> {
    Some(match token {
        Token::Or => (BinaryOp::Or, 1, 1),
        Token::And => (BinaryOp::And, 2, 2),
        Token::Sym(b'<') => (BinaryOp::Lt, 3, 3),
        Token::Sym(b'>') => (BinaryOp::Gt, 3, 3),
        Token::Le => (BinaryOp::Le, 3, 3),
        Token::Ge => (BinaryOp::Ge, 3, 3),
        Token::Ne => (BinaryOp::Ne, 3, 3),
        Token::Eq => (BinaryOp::Eq, 3, 3),
        Token::Sym(b'|') => (BinaryOp::BOr, 4, 4),
        Token::Sym(b'~') => (BinaryOp::BXor, 5, 5),
        Token::Sym(b'&') => (BinaryOp::BAnd, 6, 6),
        Token::Shl => (BinaryOp::Shl, 7, 7),
        Token::Shr => (BinaryOp::Shr, 7, 7),
        Token::Concat => (BinaryOp::Concat, 9, 8),
        Token::Sym(b'+') => (BinaryOp::Add, 10, 10),
        Token::Sym(b'-') => (BinaryOp::Sub, 10, 10),
        Token::Sym(b'*') => (BinaryOp::Mul, 11, 11),
        Token::Sym(b'/') => (BinaryOp::Div, 11, 11),
        Token::IDiv => (BinaryOp::IDiv, 11, 11),
        Token::Sym(b'%') => (BinaryOp::Mod, 11, 11),
        Token::Sym(b'^') => (BinaryOp::Pow, 14, 13),
        _ => return None,
    })
}

impl Parser<'_> {
    /// An expression.
    pub(super) fn expr(&mut self) -> Parsed<ExprId> {
        self.sub_expr(0)
    }

    /// An expression of operators that bind stronger than `limit`.
    fn sub_expr(&mut self, limit: u8) -> Parsed<ExprId> {
        self.enter()?;
        let line = self.line();
        let mut lhs = match unary_op(self.token()) {
            Some(op) => {
                self.advance()?;
                let operand = self.sub_expr(UNARY_PRIORITY)?;
                self.add(ExprKind::Unary { op, operand, op_line: line }, line)
            }
            None => self.simple_expr()?,
        };
        while let Some((op, left, right)) = binary_op(self.token()) {
            if left <= limit {
                break;
            }
            let op_line = self.line();
            self.advance()?;
            let rhs = self.sub_expr(right)?;
            lhs = self.add(ExprKind::Binary { op, lhs, rhs, op_line }, line);
        }
        self.leave(1);
        Ok(lhs)
    }

    /// An operand.
    fn simple_expr(&mut self) -> Parsed<ExprId> {
        let line = self.line();
        let kind = match self.token() {
            Token::Float(f) => ExprKind::Float(f),
            Token::Int(i) => ExprKind::Int(i),
            Token::Str(id) => ExprKind::Str(id),
            Token::Nil => ExprKind::Nil,
            Token::True => ExprKind::True,
            Token::False => ExprKind::False,
            Token::Dots if self.func.is_vararg => ExprKind::Vararg,
            Token::Dots => return Err(self.error("cannot use '...' outside a vararg function")),
            Token::Sym(b'{') => return self.constructor(),
            Token::Function => {
                self.advance()?;
                let at = self.line();
                let body = self.function_body(false, at)?;
                return Ok(self.add(ExprKind::Function(body), line));
            }
            _ => return self.suffixed_expr(),
        };
        self.advance()?;
        Ok(self.add(kind, line))
    }

    /// A name or a parenthesised expression.
    fn primary_expr(&mut self) -> Parsed<ExprId> {
        let line = self.line();
        match self.token() {
            Token::Name(id) => {
                self.advance()?;
                Ok(self.add(ExprKind::Name(id), line))
            }
            Token::Sym(b'(') => {
                self.advance()?;
                let inner = self.expr()?;
                self.expect_match(Token::Sym(b')'), Token::Sym(b'('), line)?;
                Ok(self.add(ExprKind::Paren(inner), line))
            }
            _ => Err(self.error("unexpected symbol")),
        }
    }

    /// A primary expression with what follows it: fields, indices, calls.
    pub(super) fn suffixed_expr(&mut self) -> Parsed<ExprId> {
        let line = self.line();
        let mut object = self.primary_expr()?;
        loop {
            let kind = match self.token() {
                Token::Sym(b'.') => self.field(object)?,
                Token::Sym(b'[') => ExprKind::Index { object, key: self.bracketed()? },
                Token::Sym(b':') => {
                    self.advance()?;
                    let name = self.name()?;
                    let name_line = self.last_line;
                    let open_line = self.line();
                    ExprKind::MethodCall {
                        object,
                        name,
                        args: self.call_args()?,
                        name_line,
                        open_line,
                    }
                }
                Token::Sym(b'(' | b'{') | Token::Str(_) => {
                    let open_line = self.line();
                    ExprKind::Call { callee: object, args: self.call_args()?, open_line }
                }
                _ => return Ok(object),
            };
            object = self.add(kind, line);
        }
    }

    /// A dot or colon and the name after it.
    pub(super) fn field(&mut self, object: ExprId) -> Parsed<ExprKind> {
        self.advance()?;
        Ok(ExprKind::Field { object, name: self.name()? })
    }

    /// `[ expr ]`
    fn bracketed(&mut self) -> Parsed<ExprId> {
        self.advance()?;
        let key = self.expr()?;
        self.expect(Token::Sym(b']'))?;
        Ok(key)
    }

    /// The arguments of a call.
    fn call_args(&mut self) -> Parsed<Vec<ExprId>> {
        let line = self.line();
        match self.token() {
            Token::Sym(b'(') => {
                self.advance()?;
                let args =
                    if self.token() == Token::Sym(b')') { Vec::new() } else { self.expr_list()? };
                self.expect_match(Token::Sym(b')'), Token::Sym(b'('), line)?;
                Ok(args)
            }
            Token::Sym(b'{') => Ok(vec![self.constructor()?]),
            Token::Str(id) => {
                self.advance()?;
                Ok(vec![self.add(ExprKind::Str(id), line)])
            }
            _ => Err(self.error("function arguments expected")),
        }
    }

    /// Expressions with commas between.
    pub(super) fn expr_list(&mut self) -> Parsed<Vec<ExprId>> {
        let mut list = vec![self.expr()?];
        while self.accept(Token::Sym(b','))? {
            list.push(self.expr()?);
        }
        Ok(list)
    }

    /// A table constructor.
    fn constructor(&mut self) -> Parsed<ExprId> {
        let line = self.line();
        self.advance()?;
        let mut items = Vec::new();
        while self.token() != Token::Sym(b'}') {
            items.push(self.table_item()?);
            if !self.accept(Token::Sym(b','))? && !self.accept(Token::Sym(b';'))? {
                break;
            }
        }
        self.expect_match(Token::Sym(b'}'), Token::Sym(b'{'), line)?;
        Ok(self.add(ExprKind::Table(items), line))
    }

    /// One entry of a table constructor.
    fn table_item(&mut self) -> Parsed<TableItem> {
        match self.token() {
            Token::Name(name) if self.look_ahead()? == Token::Sym(b'=') => {
                self.advance()?;
                let line = self.last_line;
                self.expect(Token::Sym(b'='))?;
                Ok(TableItem::Named { name, line, value: self.expr()? })
            }
            Token::Sym(b'[') => {
                let key = self.bracketed()?;
                self.expect(Token::Sym(b'='))?;
                Ok(TableItem::Keyed { key, value: self.expr()? })
            }
            _ => Ok(TableItem::Positional(self.expr()?)),
        }
    }
}
