//! Statements.

use super::{MISSING, Parser};
use crate::syntax::ast::{Attrib, Declared, ExprId, ExprKind, Stat, StatKind, StrId, UnaryOp};
use crate::syntax::token::Token;

impl Parser<'_> {
    /// One statement, added to `stats`; the empty one adds nothing.
    pub(super) fn statement(&mut self, stats: &mut Vec<Stat>) {
        let line = self.line();
        self.enter();
        if !self.accept(Token::Sym(b';')) {
            let (kind, end_line) = match self.token() {
                Token::Return => self.return_stat(),
                Token::DbColon => (self.label_stat(stats), self.last_line),
                _ => (self.statement_kind(line), self.last_line),
            };
            self.push(stats, Stat { kind, line, end_line });
        }
        self.leave(1);
    }

    /// A statement that is neither empty nor `return` nor a label, and starts on `line`.
    fn statement_kind(&mut self, line: u32) -> StatKind {
        match self.token() {
            Token::If => self.if_stat(line),
            Token::While => self.while_stat(line),
            Token::Do => {
                self.advance();
                let body = self.block();
                self.expect_match(Token::End, Token::Do, line);
                StatKind::Do(body)
            }
            Token::For => self.for_stat(line),
            Token::Repeat => self.repeat_stat(line),
            Token::Function => self.function_stat(line),
            Token::Local => {
                self.advance();
                if self.accept(Token::Function) { self.local_function() } else { self.local_stat() }
            }
            Token::Break => {
                self.advance();
                StatKind::Break
            }
            Token::Goto => {
                self.advance();
                StatKind::Goto(self.name())
            }
            Token::Name(name) if self.rules.global_decl && self.lexer.text(name) == b"global" => {
                // A word of the language only where a declaration follows.
                let next = self.look_ahead();
                if matches!(next, Token::Name(_) | Token::Sym(b'<' | b'*') | Token::Function) {
                    self.advance();
                    self.global_stat()
                } else {
                    self.expr_stat()
                }
            }
            _ => self.expr_stat(),
        }
    }

    /// A label, which is declared after the labels and empty statements that follow it.
    fn label_stat(&mut self, stats: &mut Vec<Stat>) -> StatKind {
        self.advance();
        let name = self.name();
        self.expect(Token::DbColon);
        while matches!(self.token(), Token::DbColon | Token::Sym(b';')) {
            self.statement(stats);
        }
        if self.failed() {
            return StatKind::Cut;
        }
        let is_last = self.at_block_end() && self.token() != Token::Until;
        StatKind::Label { name, is_last }
    }

    /// `return`, with the line where its values end.
    fn return_stat(&mut self) -> (StatKind, u32) {
        self.advance();
        let empty = self.at_block_end() || self.token() == Token::Sym(b';');
        let values = if empty { Vec::new() } else { self.expr_list() };
        let end_line = self.last_line;
        self.accept(Token::Sym(b';'));
        (StatKind::Return(values), end_line)
    }

    /// `if`
    fn if_stat(&mut self, line: u32) -> StatKind {
        let mut arms = Vec::new();
        loop {
            self.advance();
            let mut cond = self.expr();
            self.expect(Token::Then);
            if self.rules.fuse_if_break {
                cond = self.unless_cut(cond);
            }
            let body = self.block();
            self.push(&mut arms, (cond, body));
            if self.token() != Token::Elseif {
                break;
            }
        }
        let otherwise = if self.accept(Token::Else) { Some(self.block()) } else { None };
        self.expect_match(Token::End, Token::If, line);
        StatKind::If { arms, otherwise }
    }

    /// `while`
    fn while_stat(&mut self, line: u32) -> StatKind {
        self.advance();
        let cond = self.expr();
        self.expect(Token::Do);
        let body = self.block();
        self.expect_match(Token::End, Token::While, line);
        StatKind::While { cond, body }
    }

    /// `repeat`; the condition is still in the scope of the body.
    fn repeat_stat(&mut self, line: u32) -> StatKind {
        self.advance();
        let locals = self.func.locals;
        let body = self.open_block();
        self.expect_match(Token::Until, Token::Repeat, line);
        let cond = self.expr();
        self.func.locals = locals;
        StatKind::Repeat { body, cond }
    }

    /// `for`
    fn for_stat(&mut self, line: u32) -> StatKind {
        self.advance();
        let locals = self.func.locals;
        let name = self.name();
        let kind = match self.token() {
            Token::Sym(b'=') => self.numeric_for(name),
            Token::Sym(b',') | Token::In => self.generic_for(name),
            _ => {
                self.fail_near("'=' or 'in' expected");
                return StatKind::Cut;
            }
        };
        self.expect_match(Token::End, Token::For, line);
        self.func.locals = locals;
        kind
    }

    /// Counts the hidden variables of a loop and its first one as declared.
    fn declare_loop(&mut self, hidden: u32) {
        for _ in 0..=hidden {
            self.declare_local();
        }
    }

    /// `= start, limit, step do .. `
    fn numeric_for(&mut self, name: StrId) -> StatKind {
        self.declare_loop(3);
        self.advance();
        let start = self.expr();
        self.expect(Token::Sym(b','));
        let limit = self.expr();
        let more = self.accept(Token::Sym(b','));
        let step = if more { Some(self.expr()) } else { self.failed().then_some(MISSING) };
        self.activate_locals(2);
        self.expect(Token::Do);
        self.activate_locals(1);
        StatKind::NumericFor { name, start, limit, step, body: self.block() }
    }

    /// `, names in values do .. `
    fn generic_for(&mut self, name: StrId) -> StatKind {
        self.declare_loop(4);
        let mut names = Vec::new();
        self.push(&mut names, name);
        while self.accept(Token::Sym(b',')) {
            let name = self.name();
            self.push(&mut names, name);
            self.declare_local();
        }
        self.expect(Token::In);
        let values = self.expr_list();
        self.activate_locals(3);
        self.expect(Token::Do);
        self.activate_locals(count(&names));
        StatKind::GenericFor { names, values, body: self.block() }
    }

    /// `function a.b:c`
    fn function_stat(&mut self, line: u32) -> StatKind {
        self.advance();
        let first = self.line();
        let name = self.name();
        if self.failed() {
            return StatKind::Cut;
        }
        let mut target = self.add(ExprKind::Name(name), first);
        while self.token() == Token::Sym(b'.') {
            let kind = self.field(target);
            target = self.add(kind, first);
        }
        let is_method = self.token() == Token::Sym(b':');
        if is_method {
            let kind = self.field(target);
            target = self.add(kind, first);
        }
        StatKind::Function { target, body: self.function_body(is_method, line) }
    }

    /// `local function`
    fn local_function(&mut self) -> StatKind {
        let name = self.name();
        self.declare_local();
        self.activate_locals(1);
        let line = self.line();
        StatKind::LocalFunction { name, body: self.function_body(false, line) }
    }

    /// `<attrib>`, or `default` without one.
    fn attrib(&mut self, default: Attrib) -> Attrib {
        if !self.accept(Token::Sym(b'<')) {
            return default;
        }
        let name = self.name();
        self.expect(Token::Sym(b'>'));
        match self.lexer.text(name) {
            b"const" => Attrib::Const,
            b"close" => Attrib::Close,
            other => {
                let mut msg = b"unknown attribute '".to_vec();
                msg.extend_from_slice(other);
                msg.push(b'\'');
                self.fail_meaning(msg);
                default
            }
        }
    }

    /// `local` variables.
    fn local_stat(&mut self) -> StatKind {
        let default =
            if self.rules.prefix_attribs { self.attrib(Attrib::Regular) } else { Attrib::Regular };
        let mut names = Vec::new();
        let mut has_close = false;
        loop {
            let name = self.name();
            self.declare_local();
            let attrib = self.attrib(default);
            if attrib == Attrib::Close {
                if has_close {
                    self.fail_meaning("multiple to-be-closed variables in local list");
                }
                has_close = true;
            }
            self.push(&mut names, Declared { name, attrib });
            if !self.accept(Token::Sym(b',')) {
                break;
            }
        }
        let has_values = self.accept(Token::Sym(b'=')) || self.failed();
        let values = if has_values { self.expr_list() } else { Vec::new() };
        let constant = names.len() == values.len()
            && names.last().is_some_and(|n| n.attrib == Attrib::Const)
            && values.last().is_some_and(|&v| self.is_literal(v));
        self.activate_locals(count(&names) - u32::from(constant));
        StatKind::Local { names, values }
    }

    /// Whether an expression is a constant at sight: such a `const` variable takes no register.
    fn is_literal(&self, mut id: ExprId) -> bool {
        loop {
            match &self.exprs[id.0 as usize].kind {
                ExprKind::Nil | ExprKind::True | ExprKind::False | ExprKind::Str(_) => return true,
                ExprKind::Int(_) | ExprKind::Float(_) => return true,
                ExprKind::Unary {
                    op: UnaryOp::Neg | UnaryOp::BNot | UnaryOp::Not,
                    operand,
                    ..
                } => id = *operand,
                _ => return false,
            }
        }
    }

    /// `global`, itself consumed.
    fn global_stat(&mut self) -> StatKind {
        if self.accept(Token::Function) {
            let name = self.name();
            let (name_line, line) = (self.last_line, self.line());
            let body = self.function_body(false, line);
            return StatKind::GlobalFunction { name, name_line, body };
        }
        let default = self.global_attrib(Attrib::Regular);
        if self.accept(Token::Sym(b'*')) {
            return StatKind::GlobalAll(default);
        }
        let mut names = Vec::new();
        loop {
            let name = self.name();
            let attrib = self.global_attrib(default);
            self.push(&mut names, Declared { name, attrib });
            if !self.accept(Token::Sym(b',')) {
                break;
            }
        }
        if !self.accept(Token::Sym(b'=')) {
            return if self.failed() {
                StatKind::Cut
            } else {
                StatKind::Global { names, values: None }
            };
        }
        // The reference nests one level per variable while it reads the values.
        for _ in &names {
            self.enter();
        }
        let values = self.expr_list();
        self.leave(count(&names));
        StatKind::Global { names, values: Some(values) }
    }

    /// An attribute that a global can have.
    fn global_attrib(&mut self, default: Attrib) -> Attrib {
        match self.attrib(default) {
            Attrib::Close => {
                self.fail_meaning("global variables cannot be to-be-closed");
                default
            }
            attrib @ (Attrib::Regular | Attrib::Const) => attrib,
        }
    }

    /// A call or an assignment.
    fn expr_stat(&mut self) -> StatKind {
        let first = self.suffixed_expr();
        if !matches!(self.token(), Token::Sym(b'=' | b',')) {
            if !matches!(
                self.exprs[first.0 as usize].kind,
                ExprKind::Call { .. } | ExprKind::MethodCall { .. }
            ) {
                self.fail_near("syntax error");
            }
            return StatKind::Call(first);
        }
        self.check_target(first);
        let mut targets = Vec::new();
        self.push(&mut targets, first);
        while self.accept(Token::Sym(b',')) {
            let target = self.suffixed_expr();
            self.enter();
            self.check_target(target);
            self.push(&mut targets, target);
        }
        self.expect(Token::Sym(b'='));
        let values = self.expr_list();
        self.leave(count(&targets) - 1);
        StatKind::Assign { targets, values }
    }

    /// Refuses what cannot be assigned to.
    fn check_target(&mut self, id: ExprId) {
        if !matches!(
            self.exprs[id.0 as usize].kind,
            ExprKind::Name(_) | ExprKind::Field { .. } | ExprKind::Index { .. }
        ) {
            self.fail_near("syntax error");
        }
    }
}

/// The length of a list of things that stand in a chunk.
fn count<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).expect("a chunk is shorter than 4 GiB")
}
