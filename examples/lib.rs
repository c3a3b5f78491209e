//! The game behind the `arena` example: a Rust engine whose units are led by Lua mods.

#![forbid(unsafe_code)]

pub mod arena;
