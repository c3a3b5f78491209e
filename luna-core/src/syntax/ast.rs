//! The syntax tree: what the parser hands to the compiler.
//!
//! Expressions live in one arena ([`Ast::exprs`]) and refer to each other by [`ExprId`], so that a chain
//! of a hundred thousand operands costs no recursion to build or to free. Statements nest by blocks, whose depth
//! the parser limits. Names and string literals are interned once per chunk in [`Ast::strings`].
//!
//! Lines: error positions must equal the reference's, whose single-pass compiler stamps an
//! instruction with the line of the token consumed last. Nodes therefore carry the lines of the tokens the
//! compiler needs to replay this: where a node starts, where it ends, and where its operator, opening parenthesis or
//! keyword stands.

use super::error::SyntaxError;

/// Index of an expression in [`Ast::exprs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ExprId(pub(crate) u32);

/// Index of a name or string literal in [`Ast::strings`]; equal text has the same index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct StrId(pub(crate) u32);

/// A parsed chunk.
#[derive(Debug)]
pub(crate) struct Ast {
    /// All expressions.
    pub(crate) exprs: Vec<Expr>,
    /// All distinct names and string literals.
    pub(crate) strings: Vec<Box<[u8]>>,
    /// The main function: variadic, no parameters, `line_defined` 0.
    pub(crate) main: FuncBody,
    /// The error at which the tree ends.
    pub(crate) error: Option<Box<SyntaxError>>,
}

impl Ast {
    /// The expression behind an id.
    pub(crate) fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize]
    }

    /// The bytes behind an id.
    pub(crate) fn str(&self, id: StrId) -> &[u8] {
        &self.strings[id.0 as usize]
    }
}

/// One expression.
#[derive(Debug)]
pub(crate) struct Expr {
    /// What it is.
    pub(crate) kind: ExprKind,
    /// Line of its first token.
    pub(crate) line: u32,
    /// Line of its last token.
    pub(crate) end_line: u32,
}

/// The kinds of expression.
#[derive(Debug)]
pub(crate) enum ExprKind {
    /// `nil`
    Nil,
    /// `true`
    True,
    /// `false`
    False,
    /// `...`, with the line of the token before
    Vararg(u32),
    /// An integer literal.
    Int(i64),
    /// A float literal.
    Float(f64),
    /// A string literal.
    Str(StrId),
    /// A name, not yet resolved to local, upvalue or global.
    Name(StrId),
    /// `object[key]`
    Index {
        /// The indexed expression.
        object: ExprId,
        /// The key.
        key: ExprId,
    },
    /// `object.name`
    Field {
        /// The indexed expression.
        object: ExprId,
        /// The field's name.
        name: StrId,
    },
    /// `callee(args)`, also with a string or table argument
    Call {
        /// The called expression.
        callee: ExprId,
        /// The arguments.
        args: Vec<ExprId>,
        /// Line of the token that opens the arguments.
        open_line: u32,
    },
    /// `object:name(args)`
    MethodCall {
        /// The receiver.
        object: ExprId,
        /// The method's name.
        name: StrId,
        /// The arguments after the receiver.
        args: Vec<ExprId>,
        /// Line of the name token.
        name_line: u32,
        /// Line of the token that opens the arguments.
        open_line: u32,
    },
    /// `function (..) .. end`
    Function(Box<FuncBody>),
    /// `op operand`
    Unary {
        /// The operator.
        op: UnaryOp,
        /// Its operand.
        operand: ExprId,
        /// Line of the operator token.
        op_line: u32,
    },
    /// `lhs op rhs`, `and` and `or` included
    Binary {
        /// The operator.
        op: BinaryOp,
        /// The left operand.
        lhs: ExprId,
        /// The right operand.
        rhs: ExprId,
        /// Line of the operator token.
        op_line: u32,
    },
    /// `(inner)`: cuts multiple results to one
    Paren(ExprId),
    /// `{ items }`
    Table {
        /// The entries.
        items: Vec<TableItem>,
        /// Line of the token before.
        before_line: u32,
    },
    /// An expression with a comma after it that stands on another line
    Comma {
        /// The expression.
        inner: ExprId,
        /// Line of the comma.
        line: u32,
    },
    /// The end of the tree, after an expression or in place of one.
    Cut(Option<ExprId>),
}

/// One entry of a table constructor.
#[derive(Debug)]
pub(crate) enum TableItem {
    /// `value`
    Positional(ExprId),
    /// `name = value`
    Named {
        /// The field's name.
        name: StrId,
        /// Line of the name token.
        line: u32,
        /// The value.
        value: ExprId,
    },
    /// `[key] = value`
    Keyed {
        /// The key.
        key: ExprId,
        /// The value.
        value: ExprId,
    },
}

/// Unary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    /// `-`
    Neg,
    /// `~`
    BNot,
    /// `not`
    Not,
    /// `#`
    Len,
}

/// Binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mul,
    /// `%`
    Mod,
    /// `^`
    Pow,
    /// `/`
    Div,
    /// `//`
    IDiv,
    /// `&`
    BAnd,
    /// `|`
    BOr,
    /// `~`
    BXor,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `..`
    Concat,
    /// `==`
    Eq,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `~=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `and`
    And,
    /// `or`
    Or,
}

/// A function's parameters and body.
#[derive(Debug)]
pub(crate) struct FuncBody {
    /// Named parameters, `self` first where the method syntax adds it.
    pub(crate) params: Vec<StrId>,
    /// Whether the parameter list ends in `...`.
    pub(crate) is_vararg: bool,
    /// The name after `...`, where the dialect has named varargs.
    pub(crate) vararg_name: Option<StrId>,
    /// The statements.
    pub(crate) body: Block,
    /// Line of `function`; 0 for the main chunk.
    pub(crate) line_defined: u32,
    /// Line of `end`; for the main chunk the line of the end of file.
    pub(crate) last_line: u32,
}

/// A sequence of statements with a scope of its own.
#[derive(Debug)]
pub(crate) struct Block {
    /// The statements.
    pub(crate) stats: Vec<Stat>,
    /// Line of the token before the block (`do`, `then`, `else`, `repeat`, `)`); 1 for the main chunk.
    pub(crate) start_line: u32,
    /// Line of the token that ends the block (`end`, `else`, `until`, end of file).
    pub(crate) end_line: u32,
}

/// One statement.
#[derive(Debug)]
pub(crate) struct Stat {
    /// What it is.
    pub(crate) kind: StatKind,
    /// Line of its first token.
    pub(crate) line: u32,
    /// Line of its last token.
    pub(crate) end_line: u32,
}

/// An attribute of a declared variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attrib {
    /// None.
    Regular,
    /// `<const>`
    Const,
    /// `<close>`
    Close,
}

/// A declared variable with its attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Declared {
    /// The name.
    pub(crate) name: StrId,
    /// Its attribute, a prefix attribute of the list already applied.
    pub(crate) attrib: Attrib,
}

/// The kinds of statement.
#[derive(Debug)]
pub(crate) enum StatKind {
    /// A call as a statement.
    Call(ExprId),
    /// `targets = values`
    Assign {
        /// Names, fields or index expressions.
        targets: Vec<ExprId>,
        /// The values.
        values: Vec<ExprId>,
    },
    /// `local names = values`
    Local {
        /// The variables.
        names: Vec<Declared>,
        /// The values, empty without `=`.
        values: Vec<ExprId>,
    },
    /// `local function name body`
    LocalFunction {
        /// The variable.
        name: StrId,
        /// The function.
        body: Box<FuncBody>,
    },
    /// `global names = values`
    Global {
        /// The variables.
        names: Vec<Declared>,
        /// The values; `None` without `=`.
        values: Option<Vec<ExprId>>,
    },
    /// `global *`, `global <const> *`
    GlobalAll(Attrib),
    /// `global function name body`
    GlobalFunction {
        /// The variable.
        name: StrId,
        /// Line of the name.
        name_line: u32,
        /// The function.
        body: Box<FuncBody>,
    },
    /// `function a.b.c:m body`; `target` is the name or field expression assigned to
    Function {
        /// What the function is assigned to.
        target: ExprId,
        /// The function, `self` among its parameters for the method form.
        body: Box<FuncBody>,
    },
    /// `do .. end`
    Do(Block),
    /// `while cond do .. end`
    While {
        /// The condition.
        cond: ExprId,
        /// The body.
        body: Block,
    },
    /// `repeat .. until cond`; the condition sees the body's locals
    Repeat {
        /// The body.
        body: Block,
        /// The condition.
        cond: ExprId,
    },
    /// `if .. then .. elseif .. else .. end`
    If {
        /// Conditions with their blocks, in order.
        arms: Vec<(ExprId, Block)>,
        /// The block after `else`.
        otherwise: Option<Block>,
    },
    /// `for name = start, limit, step do .. end`
    NumericFor {
        /// The loop variable.
        name: StrId,
        /// First value.
        start: ExprId,
        /// Last value.
        limit: ExprId,
        /// Increment; 1 where absent.
        step: Option<ExprId>,
        /// The body.
        body: Block,
    },
    /// `for names in values do .. end`
    GenericFor {
        /// The loop variables.
        names: Vec<StrId>,
        /// The iterator expressions.
        values: Vec<ExprId>,
        /// The body.
        body: Block,
    },
    /// `goto name`
    Goto(StrId),
    /// `break`
    Break,
    /// `::name::`; comes after the labels that follow it at once, as it is declared after them
    Label {
        /// The name.
        name: StrId,
        /// Whether the block ends after it.
        is_last: bool,
    },
    /// `return values`
    Return(Vec<ExprId>),
    /// The end of the tree.
    Cut,
}
