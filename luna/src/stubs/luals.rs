//! Annotations in the format of LuaLS.

use std::collections::{BTreeMap, BTreeSet};

use luna_core::vm::{
    ClassInfo, FieldInfo, FunctionInfo, FunctionKind, MetaMethod, OperatorInfo, TypeInfo,
    TypeShape, VariantInfo,
};

use super::function::Signature;
use super::lua_type::Types;
use super::{Class, Entry, Stubs, names};

/// Writes the annotations.
pub(super) fn write(stubs: &Stubs) -> String {
    let classes = stubs.all_classes();
    let mut types = Types::default();
    let mut taken = BTreeSet::new();
    let mut name_of = BTreeMap::new();
    let paths = classes.iter().map(|class| (class.info.path, class.info.name));
    for (path, name) in paths.chain(stubs.types.iter().map(|info| (info.path, info.name))) {
        let plain = names::of_type(name);
        let mut name = plain.clone();
        let mut number = 1;
        while !taken.insert(name.clone()) {
            number += 1;
            name = format!("{plain}_{number}");
        }
        types.add(path, &name);
        name_of.insert(path, name);
    }
    let mut writer = Writer { out: "---@meta\n".to_owned(), types, declared: BTreeSet::new() };
    for info in &stubs.types {
        writer.described(info, &name_of[info.path]);
    }
    for (path, info) in &stubs.modules {
        writer.module(path, info);
    }
    for class in &classes {
        writer.class(class, &name_of);
    }
    for entry in &stubs.functions {
        writer.single_function(entry);
    }
    for entry in &stubs.globals {
        writer.global(entry);
    }
    writer.out
}

/// What is written.
struct Writer {
    out: String,
    types: Types,
    /// Tables that are there.
    declared: BTreeSet<String>,
}

/// What is said about a field.
struct Field {
    name: String,
    ty: String,
    docs: String,
}

impl Writer {
    /// Writes a line.
    fn line(&mut self, line: &str) {
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// Writes documentation.
    fn docs(&mut self, docs: &str, deprecated: Option<&str>) {
        for line in docs.lines() {
            // What starts with an at sign would be a tag.
            let text = line.trim_end();
            let escape = if text.trim_start().starts_with(['@', '|']) { "\\" } else { "" };
            self.line(&format!("---{escape}{text}"));
        }
        if let Some(note) = deprecated {
            self.line(&format!("---{}", deprecation(note)));
            self.line("---@deprecated");
        }
    }

    /// Makes sure that the tables are there in which something is.
    fn parents(&mut self, path: &str) {
        for (at, _) in path.match_indices('.') {
            let table = &path[..at];
            if self.declared.insert(table.to_owned()) {
                self.out.push('\n');
                self.line(&format!("{table} = {{}}"));
            }
        }
    }

    /// Writes fields.
    fn fields(&mut self, fields: impl IntoIterator<Item = Field>) {
        for Field { name, ty, docs } in fields {
            self.line(&format!("---@field {name} {ty}{}", comment(&docs)));
        }
    }

    /// Writes a type that is converted by value.
    fn described(&mut self, info: &TypeInfo, name: &str) {
        self.out.push('\n');
        self.docs(info.docs, None);
        match &info.shape {
            TypeShape::Table(fields) => {
                self.line(&format!("---@class {name}"));
                let fields: Vec<Field> = fields.iter().map(|field| self.entry(field)).collect();
                self.fields(fields);
            }
            TypeShape::Wraps(ty) => {
                let ty = self.types.text(ty);
                self.line(&format!("---@alias {name} {ty}"));
            }
            TypeShape::Strings(texts) => {
                self.line(&format!("---@alias {name}"));
                for (text, docs) in texts {
                    self.line(&format!("---| {}{}", names::quoted(text), remark(docs)));
                }
            }
            TypeShape::Numbers(numbers) => {
                self.line(&format!("---@alias {name}"));
                for (number, text, docs) in numbers {
                    let docs = if docs.is_empty() { *text } else { *docs };
                    self.line(&format!("---| {number}{}", remark(docs)));
                }
            }
            TypeShape::Tagged(tag, variants) => {
                self.line(&format!("---@alias {name}"));
                for variant in variants {
                    let table = self.variant(tag, variant);
                    self.line(&format!("---| {table}{}", remark(variant.docs)));
                }
            }
        }
    }

    /// The table that is a variant.
    fn variant(&self, tag: &str, variant: &VariantInfo) -> String {
        let mut fields = vec![format!("{}: {}", names::field(tag), names::quoted(variant.name))];
        for (at, field) in variant.fields.iter().enumerate() {
            let ty = self.types.text(field.ty);
            let name = if field.name.is_empty() {
                format!("[{}]", at + 1)
            } else {
                names::field(field.name)
            };
            fields.push(match ty.strip_suffix('?') {
                Some(ty) => format!("{name}?: {ty}"),
                None => format!("{name}: {ty}"),
            });
        }
        format!("{{ {} }}", fields.join(", "))
    }

    /// A field of a table or a constant.
    fn entry(&self, field: &FieldInfo) -> Field {
        let docs = join(field.docs, field.deprecated.map(deprecation).as_deref());
        let ty = self.types.text(field.ty);
        // A field that may be missing is marked at its name.
        match ty.strip_suffix('?') {
            Some(ty) => {
                Field { name: format!("{}?", names::field(field.name)), ty: ty.to_owned(), docs }
            }
            None => Field { name: names::field(field.name), ty, docs },
        }
    }

    /// Writes a module.
    fn module(&mut self, path: &str, info: &ClassInfo) {
        self.parents(path);
        self.out.push('\n');
        self.docs(info.docs, None);
        self.line(&format!("---@class {}", names::of_type(path)));
        let constants: Vec<Field> = info.constants.iter().map(|field| self.entry(field)).collect();
        self.fields(constants);
        if self.declared.insert(path.to_owned()) {
            self.line(&format!("{path} = {{}}"));
        }
        let types = self.types.clone();
        for function in &info.functions {
            self.function(&types, function, path);
        }
    }

    /// Writes a class.
    fn class(&mut self, class: &Class, name_of: &BTreeMap<&str, String>) {
        let info = &class.info;
        let name = &name_of[info.path];
        if let Some(place) = &class.place {
            self.parents(place);
        }
        let outside = self.types.clone();
        let types = outside.within(name);
        self.types = types.clone();
        self.out.push('\n');
        self.docs(info.docs, None);
        let bases: Vec<&str> =
            info.base_classes.iter().filter_map(|base| Some(&**name_of.get(base.path)?)).collect();
        let bases =
            if bases.is_empty() { String::new() } else { format!(" : {}", bases.join(", ")) };
        self.line(&format!("---@class {name}{bases}"));
        let fields = self.class_fields(info);
        self.fields(fields);
        self.operators(info, name, class.callable);
        let callable = |function: &&FunctionInfo| {
            use FunctionKind::{Constructor, Function, Method};
            matches!(function.kind, Method | Function | Constructor)
        };
        let functions: Vec<&FunctionInfo> = info.functions.iter().filter(callable).collect();
        let table = class.place.clone().unwrap_or_else(|| names::plain(&name.replace('.', "_")));
        match &class.place {
            Some(place) => {
                self.declared.insert(place.clone());
                self.line(&format!("{place} = {{}}"));
            }
            None if functions.is_empty() => {}
            None => self.line(&format!("local {table} = {{}}")),
        }
        for function in functions {
            self.function(&types, function, &table);
        }
        self.types = outside;
    }

    /// The fields and constants of a class, those with accessors among them.
    fn class_fields(&self, info: &ClassInfo) -> Vec<Field> {
        let access = |readable: bool, writable: bool| match (readable, writable) {
            (true, false) => Some("Read-only."),
            (false, true) => Some("Write-only."),
            _ => None,
        };
        let mut fields = Vec::new();
        for field in &info.fields {
            let mut entry = self.entry(field);
            entry.docs = join(&entry.docs, access(field.readable, field.writable));
            fields.push(entry);
        }
        let accessors =
            |kind| info.functions.iter().filter(move |f: &&FunctionInfo| f.kind == kind);
        for get in accessors(FunctionKind::Getter) {
            let writable = accessors(FunctionKind::Setter).any(|set| set.name == get.name);
            let ty = self.types.results(get.result, false).into_iter().next();
            let ty = ty.map_or_else(|| "nil".to_owned(), |result| result.ty);
            let docs = join(get.docs, access(true, writable));
            let docs = join(&docs, get.deprecated.map(deprecation).as_deref());
            fields.push(Field { name: names::field(get.name), ty, docs });
        }
        for set in accessors(FunctionKind::Setter) {
            if accessors(FunctionKind::Getter).any(|get| set.name == get.name) {
                continue;
            }
            let ty = set.params.last().map_or_else(|| "any".to_owned(), |p| self.types.text(p.ty));
            let docs = join(set.docs, access(false, true));
            let docs = join(&docs, set.deprecated.map(deprecation).as_deref());
            fields.push(Field { name: names::field(set.name), ty, docs });
        }
        fields.extend(info.constants.iter().map(|field| self.entry(field)));
        fields
    }

    /// Writes what operators do with a class's objects, and what calls of it and them are.
    fn operators(&mut self, info: &ClassInfo, class: &str, callable: bool) {
        let mut lines = Vec::new();
        for operator in &info.operators {
            self.trait_operator(operator, &mut lines);
        }
        for function in info.functions.iter().filter(|f| f.kind == FunctionKind::Meta) {
            lines.extend(self.handler(function, class));
        }
        if let Some(new) = Signature::constructor(&self.types, info).filter(|_| callable) {
            lines.push(format!("---@overload {}", new.inline()));
        }
        let mut written = BTreeSet::new();
        for line in lines {
            if written.insert(line.clone()) {
                self.line(&line);
            }
        }
    }

    /// The lines for an operator that stands for a trait.
    fn trait_operator(&self, operator: &OperatorInfo, lines: &mut Vec<String>) {
        let result = |at: usize| {
            operator.results.get(at).map_or_else(|| "any".to_owned(), |ty| self.types.text(ty))
        };
        let operands = operator.operands.iter().chain(operator.reversed).enumerate();
        match operator.event {
            MetaMethod::Index | MetaMethod::NewIndex => lines.extend(
                operands
                    .map(|(at, ty)| format!("---@field [{}] {}", self.types.text(ty), result(at))),
            ),
            event => {
                let Some(name) = operator_name(event.name()) else { return };
                if is_unary(name) {
                    lines.push(format!("---@operator {name}: {}", result(0)));
                }
                lines.extend(operands.map(|(at, ty)| {
                    format!("---@operator {name}({}): {}", self.types.text(ty), result(at))
                }));
            }
        }
    }

    /// The line for a handler of an event.
    fn handler(&self, function: &FunctionInfo, class: &str) -> Option<String> {
        let event = format!("__{}", function.name.trim_start_matches("__").to_lowercase());
        let results = self.types.results(function.result, false);
        let result = results.first().map_or("nil", |result| &*result.ty);
        // Of a handler without receiver, one operand is the object.
        let operand = || {
            let mut types = function.params.iter().map(|param| self.types.text(param.ty));
            match (types.next(), types.next()) {
                (Some(first), Some(second)) if second == class => first,
                (_, Some(second)) => second,
                (first, None) => first.unwrap_or_else(|| "any".to_owned()),
            }
        };
        match &*event {
            "__call" => {
                Some(format!("---@overload {}", Signature::of(&self.types, function).inline()))
            }
            "__index" => Some(format!("---@field [{}] {result}", operand())),
            _ => {
                let name = operator_name(&event)?;
                let operand =
                    if is_unary(name) { String::new() } else { format!("({})", operand()) };
                Some(format!("---@operator {name}{operand}: {result}"))
            }
        }
    }

    /// Writes a function of a table.
    fn function(&mut self, types: &Types, function: &FunctionInfo, table: &str) {
        self.out.push('\n');
        self.docs(function.docs, function.deprecated);
        if function.waits {
            self.line("---@async");
        }
        let signature = Signature::of(types, function);
        self.signature(&signature, function.nil_err);
        let (name, params) = (function.name, signature.names());
        let method = function.kind == FunctionKind::Method;
        if names::is_name(name) {
            let dot = if method { ':' } else { '.' };
            self.line(&format!("function {table}{dot}{name}({params}) end"));
        } else {
            let this = match (method, params.is_empty()) {
                (false, _) => "",
                (true, true) => "self",
                (true, false) => "self, ",
            };
            let member = names::member(table, name);
            self.line(&format!("{member} = function({this}{params}) end"));
        }
    }

    /// Writes parameters and results.
    fn signature(&mut self, signature: &Signature, nil_err: bool) {
        for param in &signature.params {
            let mark = if param.optional { "?" } else { "" };
            let note = comment(&param.note);
            self.line(&format!("---@param {}{mark} {}{note}", param.name, param.ty));
        }
        let last = signature.results.len().saturating_sub(1);
        for (at, result) in signature.results.iter().enumerate() {
            let name = match (result.many, nil_err && at == last) {
                (true, _) => " ...",
                (false, true) => " error",
                (false, false) => "",
            };
            self.line(&format!("---@return {}{name}", result.ty));
        }
    }

    /// Writes a function that stands alone.
    fn single_function(&mut self, entry: &Entry) {
        self.parents(&entry.path);
        self.out.push('\n');
        self.docs(&entry.docs, None);
        let signature = Signature::parse(&self.types, &entry.ty);
        self.signature(&signature, false);
        self.line(&format!("function {}({}) end", entry.path, signature.names()));
    }

    /// Writes a value.
    fn global(&mut self, entry: &Entry) {
        self.parents(&entry.path);
        self.out.push('\n');
        self.docs(&entry.docs, None);
        let ty = self.types.text(&entry.ty);
        self.line(&format!("---@type {ty}"));
        self.line(&format!("{} = nil", entry.path));
    }
}

/// The name of an operator in annotations, which have not all.
fn operator_name(event: &str) -> Option<&str> {
    let name = event.strip_prefix("__")?;
    let known = matches!(
        name,
        "add"
            | "sub"
            | "mul"
            | "div"
            | "mod"
            | "pow"
            | "idiv"
            | "unm"
            | "band"
            | "bor"
            | "bxor"
            | "shl"
            | "shr"
            | "bnot"
            | "concat"
            | "len"
    );
    known.then_some(name)
}

/// Whether an operator has one operand.
fn is_unary(name: &str) -> bool {
    matches!(name, "unm" | "bnot" | "len")
}

/// What is said of something deprecated.
fn deprecation(note: &str) -> String {
    let note = note.trim_end_matches('.');
    if note.is_empty() { "Deprecated.".to_owned() } else { format!("Deprecated: {note}.") }
}

/// Two texts as one.
fn join(first: &str, second: Option<&str>) -> String {
    match second {
        None => first.to_owned(),
        Some(second) if first.is_empty() => second.to_owned(),
        Some(second) => format!("{first} {second}"),
    }
}

/// Documentation in one line.
fn one_line(docs: &str) -> String {
    docs.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// Documentation behind a type.
fn comment(docs: &str) -> String {
    let docs = one_line(docs);
    match docs.chars().next() {
        None => docs,
        // What starts with a sign could be read as part of the type.
        Some(c) if c.is_alphanumeric() => format!(" {docs}"),
        Some(_) => format!(" # {docs}"),
    }
}

/// Documentation behind a choice.
fn remark(docs: &str) -> String {
    let docs = one_line(docs);
    if docs.is_empty() { docs } else { format!(" # {docs}") }
}
