//! The trace compiler of luna; nothing of it is built yet.
//!
//! What it asks of `luna-core` is kept there from the start: `repr(C)` layouts of values, tables, frames and the state; split array
//! parts of tables; slow paths as free functions over the state; immutable bytecode.
