//! Gives a loaded module the functions of a newer version of it, in place.
//!
//! Nothing is collected meanwhile, for no Lua runs: raw values stay good.

use std::collections::{HashMap, HashSet};

use luna_core::Vm;
use luna_core::runtime::Value as RawValue;
use luna_core::vm::{Captured, LuaError};

use crate::loader::Reloaded;

/// The identity of an object.
fn identity(value: RawValue) -> Option<u64> {
    match value {
        RawValue::Table(table) => Some(table.as_ptr().addr() as u64),
        RawValue::Closure(closure) => Some(closure.as_ptr().addr() as u64),
        _ => None,
    }
}

/// What is found to belong together.
#[derive(Default)]
struct Matches {
    /// Old and new functions.
    functions: Vec<(RawValue, RawValue)>,
    /// Old and new tables.
    tables: Vec<(RawValue, RawValue)>,
    /// The old object for each new one that was matched.
    old_of: HashMap<u64, RawValue>,
    /// Old objects that were matched.
    taken: HashSet<u64>,
    /// Other modules: they are not this one's to change.
    foreign: HashSet<u64>,
    /// New functions that were seen, matched or not.
    seen: HashSet<u64>,
    /// New functions, matched or not.
    all: Vec<RawValue>,
    /// For each new variable the function and index of the old one that it is to be.
    cells: HashMap<u64, (RawValue, usize)>,
    /// What is still to be looked at.
    pending: Vec<(RawValue, RawValue)>,
}

/// What a function has captured; that of the one behind it, if it only leads there.
fn captured(vm: &Vm, function: RawValue) -> (RawValue, Vec<Captured>) {
    let own = vm.captured(function);
    match own.first() {
        Some(only) if own.len() == 1 && only.name == "_ENV" => match only.value {
            target @ RawValue::Closure(_) => (target, vm.captured(target)),
            _ => (function, own),
        },
        _ => (function, own),
    }
}

impl Matches {
    /// Notes that two objects belong together; whether that is new.
    fn note(&mut self, old: RawValue, new: RawValue) -> bool {
        let (Some(was), Some(is)) = (identity(old), identity(new)) else { return false };
        let known = self.old_of.contains_key(&is) || self.foreign.contains(&is);
        if known || was == is || !self.taken.insert(was) {
            return false;
        }
        self.old_of.insert(is, old);
        true
    }

    /// Looks at all that is reached from a pair.
    fn walk(&mut self, vm: &mut Vm, old: RawValue, new: RawValue) {
        self.pending.push((old, new));
        while let Some((old, new)) = self.pending.pop() {
            match (old, new) {
                (RawValue::Table(_), RawValue::Table(_)) => self.tables(vm, old, new),
                (RawValue::Closure(_), RawValue::Closure(_)) => self.functions(vm, old, new),
                (_, RawValue::Closure(_)) => self.reach(vm, new),
                _ => {}
            }
        }
    }

    /// Matches the entries of two tables.
    fn tables(&mut self, vm: &mut Vm, old: RawValue, new: RawValue) {
        if !self.note(old, new) {
            return;
        }
        self.tables.push((old, new));
        if let (Some(old), Some(new)) = (vm.metatable(old), vm.metatable(new)) {
            self.pending.push((RawValue::Table(old), RawValue::Table(new)));
        }
        let (RawValue::Table(old), RawValue::Table(new)) = (old, new) else { return };
        for (key, value) in vm.table_entries(new).unwrap_or_default() {
            self.pending.push((vm.raw_get(old, key), value));
        }
    }

    /// Matches the variables of two functions.
    fn functions(&mut self, vm: &Vm, old: RawValue, new: RawValue) {
        if !self.note(old, new) {
            return;
        }
        self.functions.push((old, new));
        let (holder, before) = captured(vm, old);
        for now in vm.captured(new) {
            let at = before.iter().position(|was| was.name == now.name && !now.name.is_empty());
            let Some(at) = at.filter(|_| !self.cells.contains_key(&now.cell)) else { continue };
            let was = before[at].value;
            let foreign = identity(now.value).is_some_and(|id| self.foreign.contains(&id));
            // A variable that held something else than a function, or now does, is what the new version makes it; so is one with another module.
            if is_function(was) == is_function(now.value) && !foreign {
                self.cells.insert(now.cell, (holder, at));
            }
            self.pending.push((was, now.value));
        }
        self.reach(vm, new);
    }

    /// Notes a new function and those it refers to.
    fn reach(&mut self, vm: &Vm, new: RawValue) {
        if !identity(new).is_some_and(|id| self.seen.insert(id)) {
            return;
        }
        self.all.push(new);
        for now in vm.captured(new) {
            if is_function(now.value) {
                self.pending.push((RawValue::Nil, now.value));
            }
        }
    }

    /// Lets the new functions use the old variables and tables.
    fn connect(&self, vm: &mut Vm) {
        for &function in &self.all {
            for (index, now) in vm.captured(function).into_iter().enumerate() {
                if let Some((from, at)) = self.cells.get(&now.cell) {
                    vm.share_captured(function, index, *from, *at);
                } else if let RawValue::Table(_) = now.value
                    && let Some(old) = identity(now.value).and_then(|id| self.old_of.get(&id))
                {
                    vm.set_captured(function, index, *old);
                }
            }
        }
    }
}

/// Whether a value is a Lua function.
fn is_function(value: RawValue) -> bool {
    matches!(value, RawValue::Closure(_))
}

/// Gives a module the functions of its newer version; `loaded` has all modules.
pub(crate) fn exchange(
    vm: &mut Vm,
    loaded: RawValue,
    old: RawValue,
    new: RawValue,
) -> Result<Reloaded, LuaError> {
    let mut matches = Matches::default();
    if let RawValue::Table(loaded) = loaded {
        let modules = vm.table_entries(loaded).unwrap_or_default();
        matches.foreign.extend(modules.iter().filter_map(|(_, value)| identity(*value)));
    }
    matches.walk(vm, old, new);
    matches.connect(vm);
    let mut done = Reloaded::default();
    // New functions that the old ones could not be made, by those.
    let mut instead = HashMap::new();
    for &(old, new) in &matches.functions {
        if vm.replace_function(old, new) || lead(vm, old, new) {
            done.swapped += 1;
        } else {
            done.kept += 1;
            instead.extend(identity(old).map(|id| (id, new)));
        }
    }
    for &function in &matches.all {
        for (index, now) in vm.captured(function).into_iter().enumerate() {
            if let Some(new) = identity(now.value).and_then(|id| instead.get(&id)) {
                vm.set_captured(function, index, *new);
            }
        }
    }
    for &(old, new) in &matches.tables {
        let (RawValue::Table(old), RawValue::Table(new)) = (old, new) else { continue };
        for (key, value) in vm.table_entries(new).unwrap_or_default() {
            let before = vm.raw_get(old, key);
            if before.is_nil() || is_function(before) || is_function(value) {
                done.added += usize::from(before.is_nil());
                let same = identity(value).and_then(|id| matches.old_of.get(&id)).copied();
                let same =
                    same.filter(|old| !identity(*old).is_some_and(|id| instead.contains_key(&id)));
                vm.raw_set(old, key, same.unwrap_or(value))?;
            }
        }
    }
    Ok(done)
}

/// Makes a function one that only calls another, for which it needs room for one variable.
fn lead(vm: &mut Vm, from: RawValue, to: RawValue) -> bool {
    // The variable that the chunk calls its globals is the function.
    let Ok(stub) = vm.load(b"return _ENV(...)", b"=reloaded") else { return false };
    let stub = RawValue::Closure(stub);
    vm.set_captured(stub, 0, to) && vm.replace_function(from, stub)
}
