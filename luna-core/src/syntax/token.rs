//! Tokens and keywords.

use super::ast::StrId;

/// A token with its meaning.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Token {
    /// End of the chunk.
    Eof,
    /// An identifier.
    Name(StrId),
    /// A string literal.
    Str(StrId),
    /// An integer numeral.
    Int(i64),
    /// A float numeral.
    Float(f64),
    /// `and`
    And,
    /// `break`
    Break,
    /// `do`
    Do,
    /// `else`
    Else,
    /// `elseif`
    Elseif,
    /// `end`
    End,
    /// `false`
    False,
    /// `for`
    For,
    /// `function`
    Function,
    /// `goto`
    Goto,
    /// `if`
    If,
    /// `in`
    In,
    /// `local`
    Local,
    /// `nil`
    Nil,
    /// `not`
    Not,
    /// `or`
    Or,
    /// `repeat`
    Repeat,
    /// `return`
    Return,
    /// `then`
    Then,
    /// `true`
    True,
    /// `until`
    Until,
    /// `while`
    While,
    /// `//`
    IDiv,
    /// `..`
    Concat,
    /// `...`
    Dots,
    /// `==`
    Eq,
    /// `>=`
    Ge,
    /// `<=`
    Le,
    /// `~=`
    Ne,
    /// `<<`
    Shl,
    /// `>>`
    Shr,
    /// `::`
    DbColon,
    /// Any other single byte, whether the grammar knows it or not.
    Sym(u8),
}

/// A token with its place in the source.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lexed {
    /// The token.
    pub(crate) token: Token,
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Offset after its last byte.
    pub(crate) end: u32,
}

/// The keyword spelled so.
pub(crate) fn keyword(name: &[u8]) -> Option<Token> {
    Some(match name {
        b"and" => Token::And,
        b"break" => Token::Break,
        b"do" => Token::Do,
        b"else" => Token::Else,
        b"elseif" => Token::Elseif,
        b"end" => Token::End,
        b"false" => Token::False,
        b"for" => Token::For,
        b"function" => Token::Function,
        b"goto" => Token::Goto,
        b"if" => Token::If,
        b"in" => Token::In,
        b"local" => Token::Local,
        b"nil" => Token::Nil,
        b"not" => Token::Not,
        b"or" => Token::Or,
        b"repeat" => Token::Repeat,
        b"return" => Token::Return,
        b"then" => Token::Then,
        b"true" => Token::True,
        b"until" => Token::Until,
        b"while" => Token::While,
        _ => return None,
    })
}

impl Token {
    /// The token's fixed spelling; names, literals and single bytes have none.
    fn spelling(self) -> Option<&'static str> {
        Some(match self {
            Token::Eof
            | Token::Name(_)
            | Token::Str(_)
            | Token::Int(_)
            | Token::Float(_)
            | Token::Sym(_) => {
                return None;
            }
            Token::And => "and",
            Token::Break => "break",
            Token::Do => "do",
            Token::Else => "else",
            Token::Elseif => "elseif",
            Token::End => "end",
            Token::False => "false",
            Token::For => "for",
            Token::Function => "function",
            Token::Goto => "goto",
            Token::If => "if",
            Token::In => "in",
            Token::Local => "local",
            Token::Nil => "nil",
            Token::Not => "not",
            Token::Or => "or",
            Token::Repeat => "repeat",
            Token::Return => "return",
            Token::Then => "then",
            Token::True => "true",
            Token::Until => "until",
            Token::While => "while",
            Token::IDiv => "//",
            Token::Concat => "..",
            Token::Dots => "...",
            Token::Eq => "==",
            Token::Ge => ">=",
            Token::Le => "<=",
            Token::Ne => "~=",
            Token::Shl => "<<",
            Token::Shr => ">>",
            Token::DbColon => "::",
        })
    }

    /// How messages name the token when they say that it is expected.
    pub(crate) fn describe(self) -> String {
        match self {
            Token::Eof => "<eof>".to_owned(),
            Token::Name(_) => "<name>".to_owned(),
            Token::Str(_) => "<string>".to_owned(),
            Token::Int(_) => "<integer>".to_owned(),
            Token::Float(_) => "<number>".to_owned(),
            Token::Sym(c @ b' '..=b'~') => format!("'{}'", char::from(c)),
            Token::Sym(c) => format!("'<\\{c}>'"),
            other => format!("'{}'", other.spelling().unwrap_or_default()),
        }
    }
}
