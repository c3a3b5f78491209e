//! What is accepted and what is refused, with the reference's words.

use super::parse;
use crate::dialect::{LuaVersion, Rules};
use crate::syntax::ast::{Ast, ExprKind, StatKind, TableItem};

/// The error text of a chunk called `=x`, without `x:`; empty if it parses.
fn outcome(src: &[u8], version: LuaVersion) -> String {
    match parse(src, b"=x", version.rules()) {
        Ok(_) => String::new(),
        Err(e) => e.to_string().trim_start_matches("x:").to_owned(),
    }
}

/// Checks one chunk.
fn check(src: &[u8], version: LuaVersion, want: &[u8]) {
    let want = String::from_utf8_lossy(want);
    assert_eq!(outcome(src, version), want, "{version:?}: {}", String::from_utf8_lossy(src));
}

/// Chunks on which 5.4.8 and 5.5.1 agree, with what they say of them; made by running both.
#[rustfmt::skip]
const SAME: &[(&[u8], &[u8])] = &[
    (b"x = }", b"1: unexpected symbol near '}'"),
    (b"x = 'a\\q\\'", b"1: invalid escape sequence near ''a\\q'"),
    (b"x='abc", b"1: unfinished string near <eof>"),
    (b"x=[[abc\n", b"2: unfinished long string (starting at line 1) near <eof>"),
    (b"x=[==x", b"1: invalid long string delimiter near '[=='"),
    (b"--[[ abc\n\n", b"3: unfinished long comment (starting at line 1) near <eof>"),
    (b"x = 0x", b"1: malformed number near '0x'"),
    (b"x=3in", b"1: malformed number near '3i'"),
    (b"x = 1..2", b"1: malformed number near '1..2'"),
    (b"for x do", b"1: '=' or 'in' expected near 'do'"),
    (b"if x then\n\n", b"3: 'end' expected (to close 'if' at line 1) near <eof>"),
    (b"x = '\\300\\'", b"1: decimal escape too large near ''\\300\\'"),
    (b"x='\\xZ\\'", b"1: hexadecimal digit expected near ''\\xZ'"),
    (b"x='\\u{110000000}\\'", b"1: UTF-8 value too large near ''\\u{110000000'"),
    (b"x='\\u{zz}\\'", b"1: hexadecimal digit expected near ''\\u{z'"),
    (b"x='\\u123\\'", b"1: missing '{' near ''\\u1'"),
    (b"goto", b"1: <name> expected near <eof>"),
    (b"local a <foo> = 1", b"1: unknown attribute 'foo'"),
    (b"local a <close>, b <close> = 1,2", b"1: multiple to-be-closed variables in local list"),
    (b"a", b"1: syntax error near <eof>"),
    (b"a.b", b"1: syntax error near <eof>"),
    (b"a:b", b"1: function arguments expected near <eof>"),
    (b"a:b = 1", b"1: function arguments expected near '='"),
    (b"f() = 1", b"1: syntax error near '='"),
    (b"x = 'a\\0b' 'c' = 1", b"1: unexpected symbol near ''c''"),
    (b"x = 1 'a\\0b' = 1", b"1: unexpected symbol near ''a'"),
    (b"return return", b"1: unexpected symbol near 'return'"),
    (b"return 1 x", b"1: <eof> expected near 'x'"),
    (b"x = \x01", b"1: unexpected symbol near '<\\1>'"),
    (b"x = \xc8", b"1: unexpected symbol near '<\\200>'"),
    (b"local function f.a() end", b"1: '(' expected near '.'"),
    (b"function f(a,) end", b"1: <name> or '...' expected near ')'"),
    (b"function f(a b) end", b"1: ')' expected near 'b'"),
    (b"function f(..., a) end", b"1: ')' expected near ','"),
    (b"function f() return ... end", b"1: cannot use '...' outside a vararg function near '...'"),
    (b"x = [[a\nb]] [[\nc\nd]] = 1", b"4: unexpected symbol near '[[c\nd]]'"),
    (b"x = 1 [==[\r\nc\n\rd]]==]", b"3: unexpected symbol near '[==[c\nd]]==]'"),
    (b"x = {1,2\n", b"2: '}' expected (to close '{' at line 1) near <eof>"),
    (b"x={a=}", b"1: unexpected symbol near '}'"),
    (b"f(\n1", b"2: ')' expected (to close '(' at line 1) near <eof>"),
    (b"x=(1\n", b"2: ')' expected (to close '(' at line 1) near <eof>"),
    (b"local 1", b"1: <name> expected near '1'"),
    (b"::a", b"1: '::' expected near <eof>"),
    (b"x=$", b"1: unexpected symbol near '$'"),
    (b"x=a~", b"1: unexpected symbol near <eof>"),
    (b"x = a . b . 1", b"1: <name> expected near '1'"),
    (b"a.1=1", b"1: syntax error near '.1'"),
    (b"a['x'] b", b"1: syntax error near 'b'"),
    (b"\"abc\ndef\"", b"1: unfinished string near '\"abc'"),
    (b"x='\\\nabc", b"2: unfinished string near <eof>"),
    (b"do\nend end", b"2: <eof> expected near 'end'"),
    (b"global = 1", b""),
    (b"global.x = 1", b""),
    (b"global()", b""),
    (b"global 'x'", b""),
    (b"local global = 1", b""),
    (b"global\n\n= }", b"3: unexpected symbol near '}'"),
    (b"for global = 1, 2 do end", b""),
    (b"global: x()", b""),
    (b"x = \"a\\\n\\z   \n\n  b\" }", b"4: unexpected symbol near '}'"),
    (b"x = 0x1p4 0x1p", b"1: malformed number near '0x1p'"),
    (b"x = 3e 4", b"1: malformed number near '3e'"),
    (b"x=08.5.5", b"1: malformed number near '08.5.5'"),
    (b"x = 1e+", b"1: malformed number near '1e+'"),
    (b"return 'a' .. 5 5", b"1: <eof> expected near '5'"),
    (b"a = 1 = 2", b"1: unexpected symbol near '='"),
    (b"if a = 1 then end", b"1: 'then' expected near '='"),
    (b"for i = 1 do end", b"1: ',' expected near 'do'"),
    (b"for i,j = 1 do end", b"1: 'in' expected near '='"),
    (b"for 1", b"1: <name> expected near '1'"),
    (b"x = function", b"1: '(' expected near <eof>"),
    (b"x = function( end", b"1: <name> or '...' expected near 'end'"),
    (b"return function() ", b"1: 'end' expected near <eof>"),
    (b"x = {[1] 2}", b"1: '=' expected near '2'"),
    (b"x = {[1 = 2}", b"1: ']' expected near '='"),
    (b"x=not", b"1: unexpected symbol near <eof>"),
    (b"local x = 'a\tb' 'c\tb'", b"1: unexpected symbol near ''c\tb''"),
    (b"x.y.z", b"1: syntax error near <eof>"),
    (b"(a) = 1 b", b"1: syntax error near '='"),
    (b"(a) 'x' = 1", b"1: syntax error near '='"),
    (b"x='\\u{7FFFFFFF}' y='\\u{80000000}\\'", b"1: UTF-8 value too large near ''\\u{80000000'"),
    (b"x='\\u{12", b"1: missing '}' near ''\\u{12'"),
    (b"x='\\x1", b"1: hexadecimal digit expected near ''\\x1'"),
    (b"x = '\\", b"1: unfinished string near <eof>"),
    (b"x='abc\\z   ", b"1: unfinished string near <eof>"),
    (b"local function", b"1: <name> expected near <eof>"),
    (b"while 1 \n do \n", b"3: 'end' expected (to close 'while' at line 1) near <eof>"),
    (b"repeat\n", b"2: 'until' expected (to close 'repeat' at line 1) near <eof>"),
    (b"repeat until", b"1: unexpected symbol near <eof>"),
    (b"x = 'a\rb'", b"1: unfinished string near ''a'"),
    (b"a,b", b"1: '=' expected near <eof>"),
    (b"a,f() = 1", b"1: syntax error near '='"),
    (b"a, = 1", b"1: unexpected symbol near '='"),
    (b"@", b"1: unexpected symbol near '@'"),
    (b"x = ~", b"1: unexpected symbol near <eof>"),
    (b"# comment", b"1: unexpected symbol near '#'"),
    (b"a\x00b", b"1: syntax error"),
    (b"goto 1", b"1: <name> expected near '1'"),
    (b"return;;", b"1: <eof> expected near ';'"),
    (b"x = a b", b"1: syntax error near <eof>"),
    (b"local a.b", b"1: unexpected symbol near '.'"),
    (b"return ... , ", b"1: unexpected symbol near <eof>"),
    (b"a = [=[ ] =]", b"1: unfinished long string (starting at line 1) near <eof>"),
    (b"a=]", b"1: unexpected symbol near ']'"),
    (b"a=1 else", b"1: <eof> expected near 'else'"),
    (b"until x", b"1: <eof> expected near 'until'"),
    (b"x = {a\n,b\n}}", b"3: unexpected symbol near '}'"),
    (b"x = {f\n\n", b"3: '}' expected (to close '{' at line 1) near <eof>"),
    (b"x = {f\n\n=\n\n}}", b"5: unexpected symbol near '}'"),
    (b"f{\n}\n)", b"3: unexpected symbol near ')'"),
    (b"f\"x\" = 1", b"1: syntax error near '='"),
    (b"return", b""),
    (b"return;", b""),
    (b"local a <const>", b""),
    (b"local a <const", b"1: '>' expected near <eof>"),
    (b"local a <", b"1: <name> expected near <eof>"),
    (b"local a <close> = nil", b""),
    (b"local a <const>, b <close> = 1", b""),
    (b"local x <const> = 1 2", b"1: unexpected symbol near '2'"),
    (b"x = a.b:c\"d\".e", b""),
    (b"x = -2^2 .. \"a\" and b or not c == #d ~ ~e", b""),
    (b"while true do if x then break end end", b""),
    (b"goto = 1", b"1: <name> expected near '='"),
    (b"::a:: ::b:: ; ::c::", b""),
    (b"a.b[\"c\"].d, e = 1", b""),
    (b"function a.b.c:d(...) return ... end", b""),
    (b"function a:b.c() end", b"1: '(' expected near '.'"),
    (b"function 1() end", b"1: <name> expected near '1'"),
    (b"function () end", b"1: <name> expected near '('"),
    (b"local function () end", b"1: <name> expected near '('"),
    (b"x = function(a, ...) return ... end", b""),
    (b"repeat local x until x", b""),
    (b"for i = 1, 2, 3, 4 do end", b"1: 'do' expected near ','"),
    (b"for i = 1, 2, do end", b"1: unexpected symbol near 'do'"),
    (b"for a, b, c in pairs(x) do end", b""),
    (b"for a, b, in x do end", b"1: <name> expected near 'in'"),
    (b"for a in do end", b"1: unexpected symbol near 'do'"),
    (b"for a.b in x do end", b"1: '=' or 'in' expected near '.'"),
    (b"if x", b"1: 'then' expected near <eof>"),
    (b"if x then elseif", b"1: unexpected symbol near <eof>"),
    (b"if x then else elseif y then end", b"1: 'end' expected near 'elseif'"),
    (b"if x then else else end", b"1: 'end' expected near 'else'"),
    (b"do", b"1: 'end' expected near <eof>"),
    (b"while x", b"1: 'do' expected near <eof>"),
    (b"local x =", b"1: unexpected symbol near <eof>"),
    (b"local x = 1,", b"1: unexpected symbol near <eof>"),
    (b"x =", b"1: unexpected symbol near <eof>"),
    (b"x", b"1: syntax error near <eof>"),
    (b"x, y", b"1: '=' expected near <eof>"),
    (b"x:", b"1: <name> expected near <eof>"),
    (b"x:y", b"1: function arguments expected near <eof>"),
    (b"x:1", b"1: <name> expected near '1'"),
    (b"x[", b"1: unexpected symbol near <eof>"),
    (b"x[1", b"1: ']' expected near <eof>"),
    (b"x[1]", b"1: syntax error near <eof>"),
    (b"x{", b"1: unexpected symbol near <eof>"),
    (b"x(", b"1: unexpected symbol near <eof>"),
    (b"x(,)", b"1: unexpected symbol near ','"),
    (b"x(1,)", b"1: unexpected symbol near ')'"),
    (b"x(1 2)", b"1: ')' expected near '2'"),
    (b"((x))", b"1: syntax error near <eof>"),
    (b"((x)).y = 1", b""),
    (b"(x).y = 1", b""),
    (b"(x)()", b""),
    (b"{}", b"1: unexpected symbol near '{'"),
    (b"{} = 1", b"1: unexpected symbol near '{'"),
    (b"'a'", b"1: unexpected symbol near ''a''"),
    (b"('a'):rep(2)", b""),
    (b"'a':rep(2)", b"1: unexpected symbol near ''a''"),
    (b"nil = 1", b"1: unexpected symbol near 'nil'"),
    (b"x = nil.y", b"1: unexpected symbol near '.'"),
    (b"x = {}.y", b"1: unexpected symbol near '.'"),
    (b"x = function() end()", b"1: unexpected symbol near ')'"),
    (b"x = ...", b""),
    (b"x = ... 1", b"1: unexpected symbol near '1'"),
    (b"return 1,", b"1: unexpected symbol near <eof>"),
    (b"return,", b"1: unexpected symbol near ','"),
    (b"end", b"1: <eof> expected near 'end'"),
    (b"elseif", b"1: <eof> expected near 'elseif'"),
    (b"then", b"1: unexpected symbol near 'then'"),
    (b"=", b"1: unexpected symbol near '='"),
    (b"==", b"1: unexpected symbol near '=='"),
    (b"<<", b"1: unexpected symbol near '<<'"),
    (b"x = 1 >> 2 << 3", b""),
    (b"x = 1 // 2", b""),
    (b"x != 1", b"1: syntax error near '!'"),
    (b"x = !y", b"1: unexpected symbol near '!'"),
    (b"x = y ? 1 : 2", b"1: unexpected symbol near '?'"),
    (b"x += 1", b"1: syntax error near '+'"),
    (b"x = 1 +", b"1: unexpected symbol near <eof>"),
    (b"x = + 1", b"1: unexpected symbol near '+'"),
    (b"x = 0xep1", b""),
    (b"x = 0xg", b"1: malformed number near '0xg'"),
    (b"x = 0x.", b"1: malformed number near '0x.'"),
    (b"x = 1e", b"1: malformed number near '1e'"),
    (b"x = 1.e", b"1: malformed number near '1.e'"),
    (b"x = .e1", b"1: unexpected symbol near '.'"),
    (b"x = 1.5e+x", b"1: malformed number near '1.5e+x'"),
    (b"x = 1__2", b"1: malformed number near '1_'"),
    (b"x = 5L", b"1: malformed number near '5L'"),
    (b"x = 0b1", b"1: malformed number near '0b1'"),
    (b"x = 3..4", b"1: malformed number near '3..4'"),
    (b"x = 3 ..4", b""),
    (b"x = 'a' 'b'", b"1: unexpected symbol near ''b''"),
    (b"x = \"a'b\" }", b"1: unexpected symbol near '}'"),
    (b"x = 'a\"b' }", b"1: unexpected symbol near '}'"),
    (b"x = '\\a\\b\\f\\n\\r\\t\\v\\\\\\\"\\'' }", b"1: unexpected symbol near '}'"),
    (b"x = '\\065\\x41\\u{41}' }", b"1: unexpected symbol near '}'"),
    (b"x = '\\25", b"1: unfinished string near <eof>"),
    (b"x = '\\256' ", b"1: decimal escape too large near ''\\256''"),
    (b"x = '\\x4' ", b"1: hexadecimal digit expected near ''\\x4''"),
    (b"x = '\\x", b"1: hexadecimal digit expected near ''\\x'"),
    (b"x = '\\u", b"1: missing '{' near ''\\u'"),
    (b"x = '\\u{}' ", b"1: hexadecimal digit expected near ''\\u{}'"),
    (b"x = '\\u{' ", b"1: hexadecimal digit expected near ''\\u{''"),
    (b"x = '\\u{12 ' ", b"1: missing '}' near ''\\u{12 '"),
    (b"x = '\\u{7fffffff}' }", b"1: unexpected symbol near '}'"),
    (b"x = '\\u{80000000}' }", b"1: UTF-8 value too large near ''\\u{80000000'"),
    (b"x = [=", b"1: invalid long string delimiter near '[='"),
    (b"x = [=[", b"1: unfinished long string (starting at line 1) near <eof>"),
    (b"x = [==[ ]=] ]==]", b""),
    (b"x = [[ [[ ]]", b""),
    (b"x = [[]]]", b"1: unexpected symbol near ']'"),
    (b"--[==[ x", b"1: unfinished long comment (starting at line 1) near <eof>"),
    (b"--[=x\nx = }", b"2: unexpected symbol near '}'"),
    (b"--[[x]] x = }", b"1: unexpected symbol near '}'"),
    (b"--[[\n\n]] x = }", b"3: unexpected symbol near '}'"),
    (b"-- x\r\nx = }", b"2: unexpected symbol near '}'"),
    (b"-- x\n\rx = }", b"2: unexpected symbol near '}'"),
    (b"\r\r\nx = }", b"3: unexpected symbol near '}'"),
    (b"x = \"a\\\r\nb\" }", b"2: unexpected symbol near '}'"),
    (b"x = [[\n\ra\r\n\rb]] }", b"4: unexpected symbol near '}'"),
    (b"\t\x0b\x0c x = }", b"1: unexpected symbol near '}'"),
    (b"x = \\", b"1: unexpected symbol near '\\'"),
    (b"x = `", b"1: unexpected symbol near '`'"),
    (b"x\x7f", b"1: syntax error near '<\\127>'"),
    (b"\xe9 = 1", b"1: unexpected symbol near '<\\233>'"),
    (b"x = \"\xe9\" }", b"1: unexpected symbol near '}'"),
    (b"# !\nx = 1", b"1: unexpected symbol near '#'"),
    (b"x = a.\nb\n.c.d\n:e \"f\"\n..", b"5: unexpected symbol near <eof>"),
    (b"f\n(\n)\n\n=1", b"5: syntax error near '='"),
    (b"return function() return function() return ... end end", b"1: cannot use '...' outside a vararg function near '...'"),
    (b"function f(...) return function() return ... end end", b"1: cannot use '...' outside a vararg function near '...'"),
    (b"local function f(self) end function f.g:h(self) end", b""),
    (b"if true then return else return end", b""),
    (b"do return end x()", b""),
    (b"x = {1, 2; 3, [4] = 5, a = 6, f(), g(),}", b""),
    (b"x = {,}", b"1: unexpected symbol near ','"),
    (b"x = {;}", b"1: unexpected symbol near ';'"),
    (b"x = {1,,2}", b"1: unexpected symbol near ','"),
    (b"x = {a=1 b=2}", b"1: '}' expected near 'b'"),
    (b"x = {[a] = }", b"1: unexpected symbol near '}'"),
    (b"x = {a = 1, [b] 2}", b"1: '=' expected near '2'"),
    (b"x = {...}", b""),
    (b"x = {function() end, a}", b""),
    (b"local a, b <const>, c <close> = 1, 2", b""),
    (b"local a <const> <close> = 1", b"1: unexpected symbol near '<'"),
    (b"local a<const>=1", b"1: '>' expected near '>='"),
    (b"goto a.b", b"1: unexpected symbol near '.'"),
    (b"::1::", b"1: <name> expected near '1'"),
    (b"::a:", b"1: '::' expected near ':'"),
    (b"local ::a::", b"1: <name> expected near '::'"),
    (b"x = \"unfinished\n", b"1: unfinished string near '\"unfinished'"),
    (b"x = 'unfinished\\", b"1: unfinished string near <eof>"),
    (b"x = 'unfinished\\z\n\n  ", b"3: unfinished string near <eof>"),
    (b"x = '\\z' }", b"1: unexpected symbol near '}'"),
    (b"x = a and", b"1: unexpected symbol near <eof>"),
    (b"x = a and or b", b"1: unexpected symbol near 'or'"),
    (b"x = not not", b"1: unexpected symbol near <eof>"),
    (b"x = (a", b"1: ')' expected near <eof>"),
    (b"x = (a\n", b"2: ')' expected (to close '(' at line 1) near <eof>"),
    (b"x = (a,b)", b"1: ')' expected near ','"),
    (b"x = ()", b"1: unexpected symbol near ')'"),
    (b"x = a(b\n\nc", b"3: ')' expected (to close '(' at line 1) near 'c'"),
    (b"x = {\n\na b", b"3: '}' expected (to close '{' at line 1) near 'b'"),
    (b"do\n\nwhile x do\nend", b"4: 'end' expected (to close 'do' at line 1) near <eof>"),
    (b"repeat\n\nx = 1\nend", b"4: 'until' expected (to close 'repeat' at line 1) near 'end'"),
    (b"function f(\n", b"2: <name> or '...' expected near <eof>"),
    (b"function f(a\n) x", b"2: syntax error near <eof>"),
    (b"x = function(a,\n\nend", b"3: <name> or '...' expected near 'end'"),
];

/// Chunks on which 5.4.8 and 5.5.1 differ.
#[rustfmt::skip]
const DIFFERENT: &[(&[u8], &[u8], &[u8])] = &[
    (b"local <const> x = 1", b"1: <name> expected near '<'", b""),
    (b"function f(...t) end", b"1: ')' expected near 't'", b""),
    (b"global x, y", b"1: syntax error near 'x'", b""),
    (b"global x <close>", b"1: syntax error near 'x'", b"1: global variables cannot be to-be-closed"),
    (b"global *", b"1: syntax error near '*'", b""),
    (b"global <const> *", b"1: syntax error near '<'", b""),
    (b"global function f() end", b"1: syntax error near 'function'", b""),
    (b"local <close> a, b = 1", b"1: <name> expected near '<'", b"1: multiple to-be-closed variables in local list"),
    (b"local <close> a <const>, b = 1", b"1: <name> expected near '<'", b""),
    (b"global <close> *", b"1: syntax error near '<'", b"1: global variables cannot be to-be-closed"),
    (b"global a <foo>", b"1: syntax error near 'a'", b"1: unknown attribute 'foo'"),
    (b"global <const> x = 1", b"1: syntax error near '<'", b""),
    (b"global function f.a() end", b"1: syntax error near 'function'", b"1: '(' expected near '.'"),
    (b"global function 1", b"1: syntax error near 'function'", b"1: <name> expected near '1'"),
    (b"global <", b"1: syntax error near '<'", b"1: <name> expected near <eof>"),
    (b"global <const>", b"1: syntax error near '<'", b"1: <name> expected near <eof>"),
    (b"global a,", b"1: syntax error near 'a'", b"1: <name> expected near <eof>"),
    (b"global a, b = 1, 2", b"1: syntax error near 'a'", b""),
    (b"global <const> * a", b"1: syntax error near '<'", b"1: syntax error near <eof>"),
    (b"global function", b"1: syntax error near 'function'", b"1: <name> expected near <eof>"),
];

#[test]
fn messages_are_the_references() {
    for &(src, want) in SAME {
        check(src, LuaVersion::Lua54, want);
        check(src, LuaVersion::Lua55, want);
    }
    for &(src, want54, want55) in DIFFERENT {
        check(src, LuaVersion::Lua54, want54);
        check(src, LuaVersion::Lua55, want55);
    }
}

/// `a1,a2,..`
fn names(count: usize) -> String {
    (1..=count).map(|i| format!("a{i}")).collect::<Vec<_>>().join(",")
}

/// Checks a chunk about the limit on locals.
fn check_locals(src: &str, want54: &str, want55: &str) {
    for (version, want) in [(LuaVersion::Lua54, want54), (LuaVersion::Lua55, want55)] {
        let want = match want.split_once('|') {
            Some((place, near)) => {
                format!("1: too many local variables (limit is 200) in {place} near '{near}'")
            }
            None => String::new(),
        };
        check(src.as_bytes(), version, want.as_bytes());
    }
}

#[test]
fn locals_are_limited() {
    let (main, f) = ("main function", "function at line 1");
    let at = |place: &str, near: &str| format!("{place}|{near}");
    let case = |src: &str, want54: &str, want55: &str| check_locals(src, want54, want55);
    case(&format!("function f({}) end", names(201)), &at(f, ")"), &at(f, ")"));
    case(&format!("function a:b({}) end", names(200)), &at(f, ")"), &at(f, ")"));
    case(&format!("function f({}, ...) end", names(200)), "", &at(f, ")"));
    case(&format!("function f({}, ...) end", names(199)), "", "");
    case(&format!("local {} = 1 print()", names(201)), &at(main, "="), &at(main, "print"));
    case(&format!("local {} for i=1,2 do print(2) end", names(197)), &at(main, "="), "");
    case(
        &format!("local {} for i=1,2 do print(2) end", names(198)),
        &at(main, "="),
        &at(main, "print"),
    );
    case(&format!("local {} for i in a do print(2) end", names(196)), &at(main, "in"), "");
    case(
        &format!("local {} for i in a do print(2) end", names(197)),
        &at(main, "in"),
        &at(main, "print"),
    );
    case(
        &format!("do local {} end local {} do local x end", names(200), names(200)),
        &at(main, "end"),
        &at(main, "end"),
    );
    case(&format!("repeat local {} until a1 local {}", names(200), names(200)), "", "");
    case(
        &format!("local {} function f() local {} end", names(200), names(201)),
        &at(f, "end"),
        &at(f, "end"),
    );
    case(&format!("local {} local function x() end", names(200)), &at(main, "("), &at(main, "("));
    let consts: String = (0..210).map(|i| format!("local a{i} <const> = {i} ")).collect();
    case(&consts, &at(main, "<"), "");
}

#[test]
fn nesting_is_limited() {
    let overflows = |src: String| {
        for version in [LuaVersion::Lua54, LuaVersion::Lua55] {
            let result = parse(src.as_bytes(), b"=x", version.rules()).map_err(|e| e.to_string());
            if result.as_ref().is_err_and(|e| e == "C stack overflow") {
                return true;
            }
            assert!(result.is_ok(), "{result:?}");
        }
        false
    };
    let nested =
        |open: &str, mid: &str, close: &str, n: usize| open.repeat(n) + mid + &close.repeat(n);
    for n in [100, 195] {
        assert!(!overflows(format!("return {}", nested("(", "1", ")", n))));
        assert!(!overflows(nested("do ", "", "end ", n)));
        assert!(!overflows(format!("return {}", nested("{", "", "}", n))));
        assert!(!overflows(format!("x = {}1", "- ".repeat(n))));
        assert!(!overflows(format!("x = {}1", "2^".repeat(n))));
        assert!(!overflows(format!("{}a = 1", "a,".repeat(n))));
    }
    for n in [198, 100_000] {
        assert!(overflows(format!("return {}", nested("(", "1", ")", n))));
        assert!(overflows(nested("do ", "", "end ", n)));
        assert!(overflows(format!("return {}", nested("{", "", "}", n))));
        assert!(overflows(format!("x = {}1", "- ".repeat(n))));
        assert!(overflows(format!("x = {}1", "a..".repeat(n))));
        assert!(overflows(format!("{}a = 1", "a,".repeat(n))));
        assert!(overflows(nested("function f() ", "", "end ", n)));
        assert!(overflows(nested("return function() ", "", "end ", n)));
    }
    assert!(!overflows(format!("x = {}1", "1+".repeat(100_000))));
    assert!(!overflows(format!("x{}()", ".a".repeat(100_000))));
    assert!(!overflows(format!("x{}", "()".repeat(100_000))));
    assert!(!overflows(";".repeat(100_000)));
}

/// Parses a good 5.5 chunk.
fn good(src: &str) -> Ast {
    let rules: &Rules = LuaVersion::Lua55.rules();
    parse(src.as_bytes(), b"=x", rules).unwrap()
}

#[test]
fn nodes_carry_the_lines_of_their_tokens() {
    let ast = good("f(\n  a\n  .b,\n  2)\nlocal x = -\n  y");
    let StatKind::Call(call) = ast.main.body.stats[0].kind else { panic!("a call") };
    let call = ast.expr(call);
    assert_eq!((call.line, call.end_line), (1, 4));
    let ExprKind::Call { args, open_line, .. } = &call.kind else { panic!("a call") };
    assert_eq!(*open_line, 1);
    assert_eq!((ast.expr(args[0]).line, ast.expr(args[0]).end_line), (2, 3));
    let local = &ast.main.body.stats[1];
    assert_eq!((local.line, local.end_line, ast.main.last_line), (5, 6, 6));
    let StatKind::Local { values, .. } = &local.kind else { panic!("a local") };
    assert!(matches!(ast.expr(values[0]).kind, ExprKind::Unary { op_line: 5, .. }));
}

#[test]
fn methods_get_self_and_blocks_know_their_lines() {
    let ast = good("function a.b:c(x,\n ...t)\n return x end");
    let StatKind::Function { body, .. } = &ast.main.body.stats[0].kind else {
        panic!("a function")
    };
    let params: Vec<_> = body.params.iter().map(|&p| ast.str(p)).collect();
    assert_eq!(params, [b"self".as_slice(), b"x"]);
    assert_eq!(body.vararg_name.map(|n| ast.str(n)), Some(b"t".as_slice()));
    assert_eq!((body.line_defined, body.last_line), (1, 3));
    assert_eq!((body.body.start_line, body.body.end_line), (2, 3));
}

#[test]
fn a_name_in_a_constructor_is_stamped_with_the_line_of_the_token_after_it() {
    let ast = good("x = {\n a\n , b\n = 1}");
    let StatKind::Assign { values, .. } = &ast.main.body.stats[0].kind else {
        panic!("an assignment")
    };
    let ExprKind::Table { items, .. } = &ast.expr(values[0]).kind else { panic!("a constructor") };
    let TableItem::Positional(a) = items[0] else { panic!("a value") };
    assert_eq!(ast.expr(a).end_line, 3);
    assert!(matches!(items[1], TableItem::Named { line: 4, .. }));
}
