//! What errors say: what is wrong, and what to write instead.

use crate::suggest;

/// A function gives an exclusive reference.
pub(crate) const EXCLUSIVE_RESULT: &str = "what is returned goes to Lua by value: return nothing, a copy, or `&mut Self`, which gives the object the method was called on";
/// A derive of userdata on a generic type.
pub(crate) const GENERIC_CLASS: &str = "a Lua class is one type: list those that are wanted, as in `#[lua(concrete(Vec2<f32>, Vec2<f64>))]`";
/// `concrete` on a type without parameters.
pub(crate) const NOT_GENERIC: &str = "the type has no parameters: remove `concrete`";
/// `concrete` on a block whose type is no path.
pub(crate) const NO_PATH: &str = "write `concrete` on a block of a type with a name";
/// A second lifetime.
pub(crate) const LENT_LIFETIMES: &str =
    "a type that is lent has one lifetime: write the same one for all that it borrows";
/// Other parameters than a lifetime.
pub(crate) const LENT_PARAMETERS: &str =
    "a type that is lent has one lifetime and no other parameters: write a concrete type";
/// `concrete` on a type with a lifetime.
pub(crate) const LENT_CONCRETE: &str =
    "a type with a lifetime is one class for all lifetimes: remove `concrete`";
/// `frozen` on a type with a lifetime.
pub(crate) const LENT_FROZEN: &str =
    "remove `frozen`: lend the value with `create_lent_ref` where nothing may be written";
/// A type with a lifetime that Lua makes values of.
pub(crate) const LENT_MADE: &str = "Lua makes no values that borrow: remove this, and lend those that Rust makes with `Scope::create_lent`";
/// `into_table` on a type with a lifetime.
pub(crate) const LENT_TABLE: &str =
    "what is lent gives no tables: remove `into_table`, and write a method that gives one";
/// A part of a type with a lifetime.
pub(crate) const LENT_PART: &str =
    "what is lent has no parts of other classes: remove this, and write methods for the field";
/// `trace` in a type with a lifetime.
pub(crate) const LENT_TRACE: &str =
    "what is lent is not Lua's, and keeps its handles alive itself: remove `trace`";
/// A trait that no event of a type with a lifetime stands for.
pub(crate) const LENT_IMPLS: &str = "of what is lent events stand for `Display`, `Debug` and `PartialEq` alone: write a method with `#[lua(meta = ..)]`";
/// A field that borrows something that has no copy.
pub(crate) const LENT_FIELD: &str = "Lua reads a copy of what a shared reference borrows, and nothing else that borrows: write `#[lua(skip)]`, and a method";
/// A borrowed field that Lua would write.
pub(crate) const LENT_WRITE: &str =
    "what Lua gives does not live as long as what the field borrows: remove this";
/// A block for one lifetime.
pub(crate) const LENT_STATIC: &str =
    "a value that is lent does not live as long as the program: write `'_`";
/// A receiver by value of a type with a lifetime.
pub(crate) const LENT_SELF: &str = "the scope keeps what it lends: write `&self` or `&mut self`, or `#[lua(skip)]` on the function";
/// A receiver that is borrowed too long.
pub(crate) const LENT_RECEIVER: &str =
    "Lua lends the object only for the length of the call: remove this lifetime";
/// A parameter with the lifetime of the type.
pub(crate) const LENT_ARGUMENT: &str =
    "what Lua gives lives only as long as the call: write another lifetime, or none";
/// A function that makes a value with a lifetime.
pub(crate) const LENT_RESULT: &str = "Lua makes no values that borrow: write `#[lua(skip)]`, and lend what the function gives with `Scope::create_lent`";
/// A derive of `FromLua` on a type that borrows.
pub(crate) const BORROWING_VALUE: &str =
    "what comes from Lua owns its data: write `String` for `&str`, `Vec<T>` for `&[T]`";
/// A field that holds the state.
pub(crate) const STATE_FIELD: &str =
    "a userdata that owns the state would keep it open: write `WeakLua`";
/// An attribute on a field without a name.
pub(crate) const UNNAMED_FIELD: &str = "Lua sees fields by their names: name this one";
/// An attribute on part of an enum.
pub(crate) const ENUM_PART: &str =
    "Lua does not see into an enum: write a `#[lua(getter)]` in a `#[lua_methods]` block";
/// A union.
pub(crate) const UNION: &str = "a union cannot be seen by Lua: write a struct or an enum";
/// A block of methods for a trait, or a generic one.
pub(crate) const BLOCK: &str = "write `#[lua_methods]` on an `impl Type` block, without a trait";
/// A block of methods with lifetimes.
pub(crate) const BORROWING_BLOCK: &str = "the type has no lifetime: write the block without one";
/// A generic block of methods.
pub(crate) const GENERIC_BLOCK: &str =
    "list the types that Lua knows, as in `#[lua_methods(concrete(Vec2<f32>, Vec2<f64>))]`";
/// A writable field of a frozen type.
pub(crate) const FROZEN_SET: &str =
    "nothing of a `frozen` type is written: remove `set` here, or `frozen` from the type";
/// A method that changes a frozen value.
pub(crate) const FROZEN_METHOD: &str =
    "a `frozen` type is never borrowed mutably: write `&self`, or remove `frozen` from the type";
/// An item with two roles.
pub(crate) const ONE_ROLE: &str =
    "an item is one of `ctor`, `getter`, `setter` and `meta`: remove this, or the other";
/// A name for a handler.
pub(crate) const META_NAME: &str = "the event is the name: remove `name`";
/// A receiver of another form than the three.
pub(crate) const RECEIVER: &str = "write `&self`, `&mut self` or `self`";
/// A generic function.
pub(crate) const GENERIC_FUNCTION: &str =
    "Lua calls one function, not a family of them: write concrete types, or `#[lua(skip)]`";
/// An `impl Trait` parameter.
pub(crate) const IMPL_TRAIT: &str =
    "write a concrete type instead of `impl Trait`, or `#[lua(skip)]` on the function";
/// An async method that would keep its object from everybody as long as it waits.
pub(crate) const ASYNC_RECEIVER: &str = "others use the object while an async method waits: write `&self`, and change what is in a `Cell` or `RefCell`";
/// An async function with `&Lua`.
pub(crate) const ASYNC_STATE: &str =
    "an async function outlives the call that lends it the state: write `WeakLua`";
/// An async function that borrows an argument.
pub(crate) const ASYNC_PARAMETER: &str = "an async function outlives what its arguments are borrowed from: take `String`, `Vec<T>`, `UserdataRef<T>`";
/// An async function with a word that is not for it.
pub(crate) const ASYNC_WORD: &str =
    "this is not for an async function: remove it, or `async` from the function";
/// An async handler.
pub(crate) const ASYNC_META: &str =
    "an operator does not wait: remove `meta`, or `async` from the function";
/// An async function that is deprecated.
pub(crate) const ASYNC_DEPRECATED: &str =
    "an async function has no `deprecated`: say it in its documentation";
/// An async function of a type with a lifetime.
pub(crate) const ASYNC_LENT: &str =
    "a value that is lent is not there while somebody waits: remove `async`";
/// A function with a contract.
pub(crate) const CONTRACT: &str =
    "a script keeps no promises: write a function that needs none, or `#[lua(skip)]`";
/// `Lua` by value.
pub(crate) const OWNED_LUA: &str =
    "a function that owns the state would keep it open: write `&Lua`";
/// More than one `&Lua`.
pub(crate) const TWO_STATES: &str = "one `&Lua` is enough: remove this parameter";
/// More parameters than natives have.
pub(crate) const TOO_MANY: &str =
    "a Lua function takes at most 16 parameters: group some in a struct";
/// A wrong getter.
pub(crate) const GETTER: &str = "a getter is `fn name(&self) -> Value`, possibly with `&Lua`";
/// A wrong setter.
pub(crate) const SETTER: &str =
    "a setter is `fn set_name(&mut self, value: Value)`, possibly with `&Lua`";
/// A wrong constructor.
pub(crate) const CTOR: &str = "a constructor has no receiver and gives `Self` or `Result<Self, E>`";
/// A default of something that cannot have one.
pub(crate) const DEFAULT: &str = "nil stands for a default only where a value or `&str` is wanted: write `T` for `Option<T>` and `&T`, or remove the default";
/// `nil_err` on a function that cannot fail.
pub(crate) const NIL_ERR: &str = "nothing fails here: remove `nil_err`, or give a `Result<T, E>`";
/// `pure` on a method that changes or takes its object.
pub(crate) const PURE_RECEIVER: &str =
    "a pure method leaves its object as it is: write `&self`, or remove `pure`";
/// `pure` on a function that changes an argument.
pub(crate) const PURE_PARAMETER: &str =
    "a pure function changes none of its arguments: write `&T`, or remove `pure`";
/// `variadic` without a place for the arguments.
pub(crate) const VARIADIC: &str =
    "all further arguments go into the last parameter: write it as `Vec<T>` or `&[T]`";
/// `named` without names.
pub(crate) const NAMED: &str = "a table has no place for this function's arguments: remove `named`";
/// `named` with a pattern.
pub(crate) const NAMED_PATTERN: &str =
    "the fields of the table are the parameters' names: write names, not patterns";
/// Two bases.
pub(crate) const TWO_BASES: &str = "a type extends one other: write `#[lua(flatten)]` here";
/// A base without `extends`.
pub(crate) const BASE_OF_NOTHING: &str =
    "write `#[lua(extends = Type)]` on the struct, or `#[lua(flatten)]` here";
/// A base of another type.
pub(crate) const OTHER_BASE: &str = "the field with `#[lua(base)]` has another type: write that";
/// `extends` without a base.
pub(crate) const NO_BASE: &str = "write `#[lua(base)]` on the field that holds the base";
/// `variants` on a struct.
pub(crate) const VARIANTS: &str = "a struct has no variants: write `new`";
/// Something for structs on an enum.
pub(crate) const MADE_OF_VARIANTS: &str =
    "a value of an enum is one of its variants: write `variants`";
/// A table without names.
pub(crate) const UNNAMED_TABLE: &str = "a table has names for its fields: name them";
/// `from_table` together with `serde`.
pub(crate) const TWO_TABLES: &str = "`serde` reads tables already: remove this, or `serde`";
/// `by_ref` on a field that is not read.
pub(crate) const UNREAD_CHILD: &str =
    "a part is reached by reading it: write `get` too, or make the field `pub`";
/// `validate` on a field that is not written.
pub(crate) const VALIDATE: &str =
    "only what is written is validated: write `set` too, or remove `validate`";
/// `callable` without a constructor.
pub(crate) const CALLABLE: &str = "`callable` calls the function `new`: write `new` too, or an `fn new` in the block of methods without a name";
/// An enum with data.
pub(crate) const ENUM_DATA: &str = "only variants without data become strings: write `#[lua(tag = \"type\")]` on the enum to make tables, in which that field names the variant";
/// A module without its items.
pub(crate) const EMPTY_MODULE: &str =
    "the items have to be seen: write `mod name { .. }` with them in braces";
/// An attribute on an item that is not `pub`.
pub(crate) const PRIVATE_ITEM: &str = "Lua sees what is `pub`: write that, or remove the attribute";
/// `#[lua_module]` on something else.
pub(crate) const MODULE: &str = "write `#[lua_module]` on a `mod name { .. }`";
/// An unknown representation.
pub(crate) const REPR: &str =
    "write `repr = \"int\"` for the discriminant as a number, or nothing for strings";
/// `repr` together with `tag`.
pub(crate) const REPR_AND_TAG: &str = "an enum is numbers or tables: remove `tag`, or `repr`";
/// A tuple struct of several fields.
pub(crate) const TUPLE: &str =
    "a struct becomes a table by its field names: name the fields, or wrap just one value";
/// A unit struct.
pub(crate) const UNIT: &str = "there is nothing to convert: give the struct fields";
/// Two texts for `tostring`.
pub(crate) const TWO_TEXTS: &str = "`tostring` shows one text: write one of `Display` and `Debug`";
/// A reversed operand that does not end with the type itself.
pub(crate) const REVERSED: &str = "write the type itself on the right: `f64 * Self`";
/// `name` on a skipped item.
pub(crate) const SKIPPED: &str = "what is skipped needs nothing else: remove this, or `skip`";
/// `readonly` together with `set`.
pub(crate) const READONLY_SET: &str = "a field is `readonly` or has `set`: remove one of them";

/// A parameter of a type with a lifetime that has the lifetime of the receiver.
pub(crate) fn lent_other(ty: &str) -> String {
    format!("another object borrows for another time: write `{ty}<'_>`")
}

/// A field that holds a handle.
pub(crate) fn root_field(handle: &str, parameters: &str) -> String {
    format!(
        "a handle in a field keeps its value alive for ever if that refers back: write `luna::Traced<{handle}{parameters}>` (a type of your own with this name: write `self::` before it)"
    )
}

/// An unknown key.
pub(crate) fn unknown_key(key: &str, accepted: &[&str]) -> String {
    format!("`{key}` has no meaning here; {}", choice(key, accepted))
}

/// A word that was given a value.
pub(crate) fn no_value(key: &str) -> String {
    format!("`{key}` takes no value: write `#[lua({key})]`")
}

/// What to write: the one that was meant, or one of all.
fn choice(written: &str, choices: &[&str]) -> String {
    match suggest::closest(written, choices) {
        Some(meant) => format!("write `{meant}`"),
        None => format!("write one of: {}", choices.join(", ")),
    }
}

/// A concrete type of another one.
pub(crate) fn other_concrete(pattern: &str) -> String {
    format!("this is no `{pattern}` with all parameters given: write one")
}

/// A default for a parameter there is not.
pub(crate) fn no_parameter(name: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return format!("there is no parameter `{name}`: remove this");
    }
    format!("there is no parameter `{name}`; {}", choice(name, names))
}

/// A trait that no event stands for.
pub(crate) fn unknown_trait(written: &str, traits: &[&str]) -> String {
    format!("no event of Lua stands for this trait; {}", choice(written, traits))
}

/// A reversed operand with another operator than the trait's.
pub(crate) fn other_operator(name: &str, operator: &str) -> String {
    format!("the operator of `{name}` is another: write `{operator}`")
}

/// A trait that takes no operands.
pub(crate) fn no_operands(name: &str) -> String {
    format!("`{name}` has no second operand: write `{name}` alone")
}

/// An indexing trait without the type of its keys.
pub(crate) fn no_keys(name: &str) -> String {
    format!("write the type of the keys: `{name}(usize)`, `{name}(&str)`")
}

/// A reversed operand of an operator that has none.
pub(crate) fn not_reversed(name: &str) -> String {
    format!("`{name}` takes its operands in both orders already: write the type alone")
}

/// A key given twice.
pub(crate) fn twice(key: &str) -> String {
    format!("`{key}` is there twice: remove one")
}

/// An unknown renaming rule.
pub(crate) fn unknown_rule(rule: &str, rules: &[&str]) -> String {
    format!("there is no such rule; {}", choice(rule, rules))
}

/// An unknown event.
pub(crate) fn unknown_event(event: &str, events: &[&str]) -> String {
    format!("there is no such event; {}", choice(event.trim_start_matches("__"), events))
}

/// A Lua name used twice.
pub(crate) fn same_name(name: &str) -> String {
    format!("`{name}` is there already: give this one another name with `#[lua(name = \"..\")]`")
}
