//! Expressions, by precedence climbing.

use super::{MISSING, Parser};
use crate::syntax::ast::{BinaryOp, ExprId, ExprKind, TableItem, UnaryOp};
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
    pub(super) fn expr(&mut self) -> ExprId {
        self.sub_expr(0)
    }

    /// An expression of operators that bind stronger than `limit`.
    fn sub_expr(&mut self, limit: u8) -> ExprId {
        self.enter();
        let line = self.line();
        let mut lhs = match unary_op(self.token()) {
            Some(op) => {
                self.advance();
                let operand = self.sub_expr(UNARY_PRIORITY);
                self.add(ExprKind::Unary { op, operand, op_line: line }, line)
            }
            None => self.simple_expr(),
        };
        while let Some((op, left, right)) = binary_op(self.token()) {
            if left <= limit {
                break;
            }
            let op_line = self.line();
            self.advance();
            if self.failed() {
                lhs = self.unless_cut(lhs);
                break;
            }
            let rhs = self.sub_expr(right);
            lhs = self.add(ExprKind::Binary { op, lhs, rhs, op_line }, line);
        }
        self.leave(1);
        lhs
    }

    /// An operand.
    fn simple_expr(&mut self) -> ExprId {
        let line = self.line();
        let kind = match self.token() {
            Token::Float(f) => ExprKind::Float(f),
            Token::Int(i) => ExprKind::Int(i),
            Token::Str(id) => ExprKind::Str(id),
            Token::Nil => ExprKind::Nil,
            Token::True => ExprKind::True,
            Token::False => ExprKind::False,
            Token::Dots if self.func.is_vararg => ExprKind::Vararg(self.last_line),
            Token::Dots => {
                self.fail_near("cannot use '...' outside a vararg function");
                return MISSING;
            }
            Token::Sym(b'{') => return self.constructor(),
            Token::Function => {
                self.advance();
                let at = self.line();
                let body = self.function_body(false, at);
                return self.add(ExprKind::Function(body), line);
            }
            _ => return self.suffixed_expr(),
        };
        self.leaf(kind, line)
    }

    /// An expression that is the current token.
    fn leaf(&mut self, kind: ExprKind, line: u32) -> ExprId {
        self.advance();
        if self.failed() { MISSING } else { self.add(kind, line) }
    }

    /// A name or a parenthesised expression.
    fn primary_expr(&mut self) -> ExprId {
        let line = self.line();
        match self.token() {
            Token::Name(id) => self.leaf(ExprKind::Name(id), line),
            Token::Sym(b'(') => {
                self.advance();
                let inner = self.expr();
                self.expect_match(Token::Sym(b')'), Token::Sym(b'('), line);
                let inner = self.unless_cut(inner);
                self.add(ExprKind::Paren(inner), line)
            }
            _ => {
                self.fail_near("unexpected symbol");
                MISSING
            }
        }
    }

    /// A primary expression with what follows it: fields, indices, calls.
    pub(super) fn suffixed_expr(&mut self) -> ExprId {
        let line = self.line();
        let mut object = self.primary_expr();
        loop {
            let kind = match self.token() {
                Token::Sym(b'.') => self.field(object),
                Token::Sym(b'[') => ExprKind::Index { object, key: self.bracketed() },
                Token::Sym(b':') => {
                    self.advance();
                    let name = self.name();
                    if self.failed() {
                        return self.unless_cut(object);
                    }
                    let name_line = self.last_line;
                    let open_line = self.line();
                    ExprKind::MethodCall {
                        object,
                        name,
                        args: self.call_args(),
                        name_line,
                        open_line,
                    }
                }
                Token::Sym(b'(' | b'{') | Token::Str(_) => {
                    let open_line = self.line();
                    ExprKind::Call { callee: object, args: self.call_args(), open_line }
                }
                _ => return object,
            };
            object = self.add(kind, line);
        }
    }

    /// A dot or colon and the name after it.
    pub(super) fn field(&mut self, object: ExprId) -> ExprKind {
        self.advance();
        let name = self.name();
        if self.failed() {
            ExprKind::Index { object, key: MISSING }
        } else {
            ExprKind::Field { object, name }
        }
    }

    /// `[ expr ]`
    fn bracketed(&mut self) -> ExprId {
        self.advance();
        let key = self.expr();
        self.expect(Token::Sym(b']'));
        self.unless_cut(key)
    }

    /// The arguments of a call.
    fn call_args(&mut self) -> Vec<ExprId> {
        let line = self.line();
        let mut args = Vec::new();
        match self.token() {
            Token::Sym(b'(') => {
                self.advance();
                if self.token() != Token::Sym(b')') {
                    args = self.expr_list();
                }
                self.expect_match(Token::Sym(b')'), Token::Sym(b'('), line);
                self.end_list(&mut args);
            }
            Token::Sym(b'{') => {
                let table = self.constructor();
                self.push(&mut args, table);
            }
            Token::Str(id) => {
                let text = self.leaf(ExprKind::Str(id), line);
                self.push(&mut args, text);
            }
            _ => {
                self.fail_near("function arguments expected");
                self.end_list(&mut args);
            }
        }
        args
    }

    /// Expressions with commas between.
    pub(super) fn expr_list(&mut self) -> Vec<ExprId> {
        let mut list = Vec::new();
        loop {
            let expr = self.expr();
            let more = self.accept(Token::Sym(b','));
            let expr = if more { self.before_comma(expr) } else { expr };
            self.push(&mut list, expr);
            if !more {
                break;
            }
        }
        self.end_list(&mut list);
        list
    }

    /// The expression before the comma just consumed.
    fn before_comma(&mut self, inner: ExprId) -> ExprId {
        let line = self.last_line;
        if self.exprs[inner.0 as usize].end_line == line {
            return inner;
        }
        self.add(ExprKind::Comma { inner, line }, line)
    }

    /// If there was an error, marks that the tree ends after a list, or in it if that is empty.
    fn end_list(&mut self, list: &mut Vec<ExprId>) {
        if self.failed() {
            let last = list.pop().unwrap_or(MISSING);
            let last = self.unless_cut(last);
            list.push(last);
        }
    }

    /// A table constructor.
    fn constructor(&mut self) -> ExprId {
        let (line, before_line) = (self.line(), self.last_line);
        self.advance();
        let mut items = Vec::new();
        while self.token() != Token::Sym(b'}') {
            let mut item = self.table_item();
            let more = self.accept(Token::Sym(b',')) || self.accept(Token::Sym(b';'));
            if let (TableItem::Positional(value), true) = (&mut item, more)
                && self.token() != Token::Sym(b'}')
            {
                *value = self.before_comma(*value);
            }
            self.push(&mut items, item);
            if !more {
                break;
            }
        }
        self.expect_match(Token::Sym(b'}'), Token::Sym(b'{'), line);
        if self.failed() {
            if let Some(TableItem::Positional(last)) = items.last_mut() {
                *last = self.unless_cut(*last);
            }
            self.push(&mut items, TableItem::Positional(MISSING));
        }
        self.add(ExprKind::Table { items, before_line }, line)
    }

    /// One entry of a table constructor.
    fn table_item(&mut self) -> TableItem {
        match self.token() {
            Token::Name(name) if self.look_ahead() == Token::Sym(b'=') => {
                self.advance();
                let line = self.last_line;
                self.expect(Token::Sym(b'='));
                TableItem::Named { name, line, value: self.expr() }
            }
            Token::Sym(b'[') => {
                let key = self.bracketed();
                self.expect(Token::Sym(b'='));
                TableItem::Keyed { key, value: self.expr() }
            }
            _ => TableItem::Positional(self.expr()),
        }
    }
}
