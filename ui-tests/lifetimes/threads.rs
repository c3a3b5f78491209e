use luna::{Error, Function, Lua, Table, Value};

fn needs_send<T: Send>() {}

fn main() {
    needs_send::<Lua>();
    needs_send::<Table>();
    needs_send::<Function>();
    needs_send::<Value>();
    needs_send::<Error>();
}
