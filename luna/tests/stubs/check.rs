//! Reads annotations strictly: every tag, every type, every function.

use std::collections::BTreeSet;

/// Types that annotations bring.
const BUILTIN: &[&str] = &[
    "nil", "boolean", "number", "integer", "string", "table", "function", "thread", "userdata",
    "any", "true", "false",
];

/// The operators that may be declared.
const OPERATORS: &[&str] = &[
    "add", "sub", "mul", "div", "mod", "pow", "idiv", "unm", "band", "bor", "bxor", "shl", "shr",
    "bnot", "concat", "len", "call",
];

type Checked = Result<(), String>;

/// Checks a file; the first mistake.
pub(crate) fn check(text: &str) -> Checked {
    let mut file = File::default();
    for (at, line) in text.lines().enumerate() {
        file.line(line).map_err(|mistake| format!("line {}: {mistake}", at + 1))?;
    }
    let known = |name: &&String| file.types.contains(*name) || BUILTIN.contains(&name.as_str());
    match file.used.iter().find(|name| !known(name)) {
        Some(name) => Err(format!("there is no type '{name}'")),
        None => Ok(()),
    }
}

/// What has been read.
#[derive(Default)]
struct File {
    /// Types that are declared.
    types: BTreeSet<String>,
    /// Types that are named.
    used: BTreeSet<String>,
    /// Parameters described since the last line of code.
    params: Vec<String>,
    /// Whether an alias awaits its choices.
    choices: bool,
}

impl File {
    fn line(&mut self, line: &str) -> Checked {
        if let Some(tag) = line.strip_prefix("---@") {
            return self.tag(tag);
        }
        if line != line.trim_end() {
            return Err("spaces at the end".to_owned());
        }
        if let Some(choice) = line.strip_prefix("---| ") {
            if !self.choices {
                return Err("a choice of nothing".to_owned());
            }
            let mut text = self.text(choice);
            text.ty()?;
            return text.comment();
        }
        self.choices = false;
        if line.starts_with("---") || line.is_empty() {
            return Ok(());
        }
        self.code(line)
    }

    fn text<'t>(&'t mut self, rest: &'t str) -> Text<'t> {
        Text { rest, used: &mut self.used }
    }

    fn tag(&mut self, line: &str) -> Checked {
        let (tag, rest) = line.split_once(' ').unwrap_or((line, ""));
        self.choices = tag == "alias";
        let mut text = Text { rest, used: &mut self.used };
        match tag {
            "meta" | "deprecated" => text.end(),
            "class" => self.class(rest),
            "alias" => {
                self.types.insert(text.name()?);
                if text.take(" ") {
                    text.ty()?;
                }
                text.end()
            }
            "field" => {
                if text.take("[") {
                    text.ty()?;
                    text.expect("]")?;
                } else {
                    text.name()?;
                }
                text.take("?");
                text.expect(" ")?;
                text.ty()?;
                text.comment()
            }
            "param" => {
                let name = if text.take("...") { "...".to_owned() } else { text.name()? };
                text.take("?");
                text.expect(" ")?;
                text.ty()?;
                text.comment()?;
                self.params.push(name);
                Ok(())
            }
            "return" => {
                text.ty()?;
                if text.take(" ") && !text.take("...") {
                    text.name()?;
                }
                text.end()
            }
            "operator" => {
                let name = text.name()?;
                if !OPERATORS.contains(&name.as_str()) {
                    return Err(format!("unknown operator '{name}'"));
                }
                if text.take("(") {
                    text.ty()?;
                    text.expect(")")?;
                }
                text.expect(": ")?;
                text.ty()?;
                text.end()
            }
            "overload" => {
                if !text.rest.starts_with("fun(") {
                    return Err("a function expected".to_owned());
                }
                text.ty()?;
                text.end()
            }
            "type" => {
                text.ty()?;
                text.end()
            }
            _ => Err(format!("unknown tag '{tag}'")),
        }
    }

    fn class(&mut self, rest: &str) -> Checked {
        let mut text = Text { rest, used: &mut self.used };
        self.types.insert(text.name()?);
        if text.take(" : ") {
            loop {
                let base = text.name()?;
                text.used.insert(base);
                if !text.take(", ") {
                    break;
                }
            }
        }
        text.end()
    }

    fn code(&mut self, line: &str) -> Checked {
        let described = std::mem::take(&mut self.params);
        let function = line
            .strip_prefix("function ")
            .or_else(|| line.split_once(" = function").map(|(_, f)| f));
        let Some(function) = function else {
            let (_, value) = line.split_once(" = ").ok_or("an assignment expected")?;
            return if matches!(value, "{}" | "nil") {
                Ok(())
            } else {
                Err("what is this?".to_owned())
            };
        };
        let params = function
            .split_once('(')
            .and_then(|(_, params)| params.strip_suffix(") end"))
            .ok_or("a function with an empty body expected")?;
        let mut params: Vec<&str> = params.split(", ").filter(|name| !name.is_empty()).collect();
        if line.contains("] = function(self") {
            params.remove(0);
        }
        if described == params {
            return Ok(());
        }
        let (described, params) = (described.join(", "), params.join(", "));
        Err(format!("parameters {described} are described, {params} are there"))
    }
}

/// What is left of a line.
struct Text<'t> {
    rest: &'t str,
    used: &'t mut BTreeSet<String>,
}

impl Text<'_> {
    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, text: &str) -> Checked {
        if self.take(text) { Ok(()) } else { Err(format!("'{text}' expected at '{}'", self.rest)) }
    }

    fn end(&self) -> Checked {
        if self.rest.is_empty() { Ok(()) } else { Err(format!("too much: '{}'", self.rest)) }
    }

    /// A comment, which cannot be read as part of a type.
    fn comment(&mut self) -> Checked {
        let plain = |c: char| c.is_alphanumeric();
        if self.rest.is_empty()
            || self.take(" # ")
            || self.take(" ") && self.rest.starts_with(plain)
        {
            return Ok(());
        }
        Err(format!("a comment expected at '{}'", self.rest))
    }

    fn name(&mut self) -> Result<String, String> {
        let part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let end = self.rest.find(|c| !part(c)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return Err(format!("a name expected at '{}'", self.rest));
        }
        self.rest = rest;
        Ok(name.to_owned())
    }

    fn ty(&mut self) -> Checked {
        self.primary()?;
        loop {
            if self.take("[]") || self.take("?") {
                continue;
            }
            if !self.take("|") {
                return Ok(());
            }
            self.primary()?;
        }
    }

    fn primary(&mut self) -> Checked {
        if self.take("(") {
            self.ty()?;
            return self.expect(")");
        }
        if self.take("fun(") {
            self.named(")")?;
            if self.take(": ") {
                self.ty()?;
                while self.take(", ") {
                    self.ty()?;
                }
            }
            return Ok(());
        }
        if self.take("{ ") {
            return self.named(" }");
        }
        if self.take("{") {
            return self.named("}");
        }
        if self.take("\"") {
            let end = self.rest.find('"').ok_or("an open string")?;
            self.rest = &self.rest[end + 1..];
            return Ok(());
        }
        let digits = self.rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-');
        if digits.len() < self.rest.len() {
            self.rest = digits;
            return Ok(());
        }
        let name = self.name()?;
        self.used.insert(name);
        if self.take("<") {
            self.ty()?;
            while self.take(", ") {
                self.ty()?;
            }
            return self.expect(">");
        }
        Ok(())
    }

    /// Names with types, up to what closes them.
    fn named(&mut self, close: &str) -> Checked {
        if self.take(close) {
            return Ok(());
        }
        loop {
            if self.take("[") {
                self.ty()?;
                self.expect("]")?;
            } else if !self.take("...") {
                self.name()?;
            }
            self.take("?");
            self.expect(":")?;
            self.expect(" ")?;
            self.ty()?;
            if !self.take(", ") {
                return self.expect(close);
            }
        }
    }
}
