//! Types as they are written in Rust.

/// A Rust type.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum RustType<'t> {
    /// A path by its last name, with the types it is given.
    Named(&'t str, Vec<RustType<'t>>),
    /// A tuple; the unit type is the empty one.
    Tuple(Vec<RustType<'t>>),
    /// A slice.
    Slice(Box<RustType<'t>>),
    /// An array.
    Array(Box<RustType<'t>>),
    /// A function: its parameters, which may have names, and its result.
    Function(Vec<(&'t str, RustType<'t>)>, Box<RustType<'t>>),
    /// What says nothing to Lua.
    Unknown,
}

impl<'t> RustType<'t> {
    /// Reads a type.
    pub(super) fn parse(text: &'t str) -> RustType<'t> {
        Reader { rest: text }.ty()
    }

    /// The type without paths, references and lifetimes.
    pub(super) fn simple(&self) -> String {
        let list = |types: &[RustType<'_>]| {
            types.iter().map(RustType::simple).collect::<Vec<String>>().join(", ")
        };
        match self {
            RustType::Named(name, given) if given.is_empty() => (*name).to_owned(),
            RustType::Named(name, given) => format!("{name}<{}>", list(given)),
            RustType::Tuple(parts) => format!("({})", list(parts)),
            RustType::Slice(element) | RustType::Array(element) => {
                format!("[{}]", element.simple())
            }
            RustType::Function(..) => "fn".to_owned(),
            RustType::Unknown => "_".to_owned(),
        }
    }
}

/// What is left to be read.
struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    /// Takes a text, if it comes next.
    fn take(&mut self, text: &str) -> bool {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word; empty if none comes next.
    fn word(&mut self) -> &'t str {
        self.rest = self.rest.trim_start();
        let rest = self.rest.strip_prefix("r#").unwrap_or(self.rest);
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        if end > 0 {
            self.rest = &rest[end..];
        }
        &rest[..end]
    }

    /// Takes a word, if it comes next as a whole.
    fn take_word(&mut self, word: &str) -> bool {
        let before = self.rest;
        let found = self.word() == word;
        if !found {
            self.rest = before;
        }
        found
    }

    /// Takes a lifetime, if one comes next.
    fn lifetime(&mut self) -> bool {
        self.take("'") && !self.word().is_empty()
    }

    /// Takes all up to a closing bracket and that; an opening one is taken.
    fn skip_to(&mut self, close: char) {
        let mut depth = 0_usize;
        let mut before = ' ';
        for (at, c) in self.rest.char_indices() {
            match c {
                '>' if before == '-' => {}
                c if c == close && depth == 0 => {
                    self.rest = &self.rest[at + c.len_utf8()..];
                    return;
                }
                '(' | '[' | '{' | '<' => depth += 1,
                ')' | ']' | '}' | '>' => depth = depth.saturating_sub(1),
                _ => {}
            }
            before = c;
        }
        self.rest = "";
    }

    /// Reads a type.
    fn ty(&mut self) -> RustType<'t> {
        while self.take("&") {
            self.lifetime();
            self.take_word("mut");
        }
        if self.take("(") {
            return self.tuple();
        }
        if self.take("[") {
            let element = Box::new(self.ty());
            let array = self.take(";");
            self.skip_to(']');
            return if array { RustType::Array(element) } else { RustType::Slice(element) };
        }
        if self.take("<") {
            self.skip_to('>');
            while self.take("::") {
                self.named();
            }
            return RustType::Unknown;
        }
        if self.take("*") {
            let _ = self.take_word("const") || self.take_word("mut");
            self.ty();
            return RustType::Unknown;
        }
        if self.take_word("dyn") || self.take_word("impl") {
            return self.bounds();
        }
        if self.take_word("for") && self.take("<") {
            self.skip_to('>');
        }
        self.take_word("unsafe");
        if self.take_word("extern") && self.take("\"") {
            self.skip_to('"');
        }
        if self.take_word("fn") {
            return if self.take("(") { self.function() } else { RustType::Unknown };
        }
        self.take("::");
        let mut ty = self.named();
        while self.take("::") {
            ty = self.named();
        }
        ty
    }

    /// Reads what follows `dyn` or `impl`: a function, if its first trait is one.
    fn bounds(&mut self) -> RustType<'t> {
        let mut first = RustType::Unknown;
        let mut count = 0;
        loop {
            if !self.lifetime() {
                let bound = self.ty();
                if count == 0 && matches!(bound, RustType::Function(..)) {
                    first = bound;
                }
            }
            count += 1;
            if !self.take("+") {
                return first;
            }
        }
    }

    /// Reads a part of a path.
    fn named(&mut self) -> RustType<'t> {
        let name = self.word();
        if name.is_empty() {
            return RustType::Unknown;
        }
        if self.rest.trim_start().starts_with("::<") {
            self.take("::");
        }
        if self.take("<") {
            return RustType::Named(name, self.given());
        }
        if matches!(name, "Fn" | "FnMut" | "FnOnce") && self.take("(") {
            return self.function();
        }
        RustType::Named(name, Vec::new())
    }

    /// Reads what a path is given in angle brackets: the types among it.
    fn given(&mut self) -> Vec<RustType<'t>> {
        let mut types = Vec::new();
        while !self.take(">") && !self.rest.is_empty() {
            let constant = |c: char| c.is_ascii_digit() || matches!(c, '{' | '-' | '"');
            if self.lifetime() {
            } else if self.rest.trim_start().starts_with(constant) {
                self.rest = self.rest.trim_start();
                let end = self.rest.find([',', '>']).unwrap_or(self.rest.len());
                self.rest = &self.rest[end..];
            } else {
                let before = self.rest;
                let ty = self.ty();
                if self.take("=") {
                    self.ty();
                } else {
                    types.push(ty);
                }
                if self.rest == before {
                    self.skip_to('>');
                    return types;
                }
            }
            self.take(",");
        }
        types
    }

    /// Reads a tuple, or a type in parentheses.
    fn tuple(&mut self) -> RustType<'t> {
        let mut parts = Vec::new();
        let mut comma = false;
        while !self.take(")") && !self.rest.is_empty() {
            let before = self.rest;
            parts.push(self.ty());
            comma = self.take(",");
            if self.rest == before {
                self.skip_to(')');
                return RustType::Unknown;
            }
        }
        match parts.pop() {
            Some(only) if parts.is_empty() && !comma => only,
            last => {
                parts.extend(last);
                RustType::Tuple(parts)
            }
        }
    }

    /// Reads a function from its parameters on.
    fn function(&mut self) -> RustType<'t> {
        let mut params = Vec::new();
        while !self.take(")") && !self.rest.is_empty() {
            let before = self.rest;
            let mut name = self.word();
            if name.is_empty() || self.rest.trim_start().starts_with("::") || !self.take(":") {
                self.rest = before;
                name = "";
            }
            params.push((name, self.ty()));
            self.take(",");
            if self.rest == before {
                self.skip_to(')');
                break;
            }
        }
        let result = if self.take("->") { self.ty() } else { RustType::Tuple(Vec::new()) };
        RustType::Function(params, Box::new(result))
    }
}

#[cfg(test)]
mod tests {
    use super::RustType;

    #[test]
    fn types_are_read() {
        for (text, simple) in [
            ("f64", "f64"),
            ("&'a mut crate::Unit", "Unit"),
            ("Option<&str>", "Option<str>"),
            ("std::collections::HashMap<String, Vec<Vec<u8>>>", "HashMap<String, Vec<Vec<u8>>>"),
            ("Vec2::<f32>", "Vec2<f32>"),
            ("[f64; 3]", "[f64]"),
            ("&[(i64, &str)]", "[(i64, str)]"),
            ("(i64,)", "(i64)"),
            ("(i64)", "i64"),
            ("()", "()"),
            ("Cow<'_, str>", "Cow<str>"),
            ("Grid<3, f64>", "Grid<f64>"),
            ("<T as Iterator>::Item", "_"),
            ("Box<dyn Fn(i64)->bool + Send>", "Box<fn>"),
            ("impl Iterator<Item=f64>", "_"),
            ("*const u8", "_"),
            ("r#type", "type"),
            ("", "_"),
            ("Option<", "Option"),
            ("[", "[_]"),
            ("(((", "()"),
            ("fn(", "fn"),
            ("é<ü", "é<ü>"),
        ] {
            assert_eq!(RustType::parse(text).simple(), simple, "{text}");
        }
        let RustType::Function(params, result) = RustType::parse("fn(a: u8, crate::B) -> bool")
        else {
            panic!("a function");
        };
        assert_eq!(params[0], ("a", RustType::Named("u8", Vec::new())));
        assert_eq!(params[1], ("", RustType::Named("B", Vec::new())));
        assert_eq!(*result, RustType::Named("bool", Vec::new()));
    }
}
