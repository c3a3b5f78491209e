//! `require` and the package library. Modules are Lua files or preloaded functions; C libraries cannot be loaded.

use super::{chunk, loaded_table, optional_text, registry_table, text};
use crate::host::native::buffer::Buffer;
use crate::host::native::view::{Kind, TableRef, Val};
use crate::host::native::{Cx, Raise, Ret, StdFn};

/// The functions of the library.
pub(crate) const FUNCTIONS: &[(&str, StdFn)] = &[("loadlib", loadlib), ("searchpath", searchpath)];

/// The searchers, in order.
const SEARCHERS: [StdFn; 4] = [search_preload, search_lua, search_native, search_native_root];

/// Separator, path mark and the like, one a line.
const CONFIG: &[u8] = b"/\n;\n?\n!\n-\n";

/// Registry key of `package.preload`.
const PRELOAD: &str = "_PRELOAD";

/// Sets the fields of the library and the global `require`.
pub(crate) fn open(cx: &Cx<'_>, lib: TableRef<'_>) -> Result<(), Raise> {
    let version = cx.rules().version_name.trim_start_matches("Lua ");
    let suffix = version.replace('.', "_");
    let (share, lib_dir) =
        (format!("/usr/local/share/lua/{version}/"), format!("/usr/local/lib/lua/{version}/"));
    let lua_path = format!(
        "{share}?.lua;{share}?/init.lua;{lib_dir}?.lua;{lib_dir}?/init.lua;./?.lua;./?/init.lua"
    );
    let native_path = format!("{lib_dir}?.so;{lib_dir}loadall.so;./?.so");
    for (field, variable, default) in
        [("path", "LUA_PATH", lua_path), ("cpath", "LUA_CPATH", native_path)]
    {
        let path = path_setting(cx, variable, &suffix, default.as_bytes())?;
        lib.set_name(cx, field, cx.str(&path))?;
    }
    lib.set_name(cx, "config", cx.str(CONFIG))?;
    lib.set_name(cx, "loaded", loaded_table(cx)?.val())?;
    lib.set_name(cx, "preload", registry_table(cx, PRELOAD)?.val())?;
    let searchers = cx.new_table(SEARCHERS.len(), 0);
    for (searcher, i) in SEARCHERS.into_iter().zip(1..) {
        searchers.set_int(cx, i, cx.new_native("searcher", searcher, &[lib.val()]))?;
    }
    lib.set_name(cx, "searchers", searchers.val())?;
    cx.globals().set_name(cx, "require", cx.new_native("require", require, &[lib.val()]))
}

/// A path from the environment, `;;` in it replaced by the default, or else the default.
fn path_setting(
    cx: &Cx<'_>,
    variable: &str,
    suffix: &str,
    default: &[u8],
) -> Result<Vec<u8>, Raise> {
    let versioned = format!("{variable}_{suffix}");
    let value =
        cx.ask(|io| io.env(versioned.as_bytes()).or_else(|| io.env(variable.as_bytes())))?;
    let Some(value) = value else { return Ok(default.to_vec()) };
    Ok(match super::pattern::find_plain(&value, b";;") {
        None => value,
        Some(at) => {
            let parts = [&value[..at], default, &value[at + 2..]];
            parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(&b';')
        }
    })
}

/// The first readable file of a path, or the message that there is none.
fn search(
    cx: &mut Cx<'_>,
    name: &[u8],
    path: &[u8],
    separator: &[u8],
    directory: &[u8],
) -> Result<Result<Buffer, Buffer>, Raise> {
    let name = replace(cx, name, separator, directory)?;
    let mut tried = cx.buffer();
    for template in path.split(|&c| c == b';') {
        let file = replace(cx, template, b"?", name.bytes())?;
        if is_readable(cx, file.bytes())? {
            return Ok(Ok(file));
        }
        tried.write(cx, file.bytes().len() + 16, |_, tried| {
            if !tried.is_empty() {
                tried.extend_from_slice(b"\n\t");
            }
            tried.extend_from_slice(b"no file '");
            tried.extend_from_slice(file.bytes());
            tried.push(b'\'');
            Ok(())
        })?;
    }
    Ok(Err(tried))
}

/// Whether a file can be read.
fn is_readable(cx: &Cx<'_>, file: &[u8]) -> Result<bool, Raise> {
    match cx.io(|io| io.open(file, b"r")) {
        Ok(_) => Ok(true),
        Err(error) => cx.raise_host_panic(&error).map(|()| false),
    }
}

/// `text` with each `from` replaced; an empty `from` stands nowhere.
fn replace(cx: &mut Cx<'_>, text: &[u8], from: &[u8], to: &[u8]) -> Result<Buffer, Raise> {
    let mut out = cx.buffer();
    let mut rest = text;
    let next = |rest| super::pattern::find_plain(rest, from).filter(|_| !from.is_empty());
    while let Some(at) = next(rest) {
        cx.charge(1 + to.len() as u64 / 16)?;
        out.add(cx, &rest[..at])?;
        out.add(cx, to)?;
        rest = &rest[at + from.len()..];
    }
    out.add(cx, rest)?;
    Ok(out)
}

/// `package.searchpath(name, path [, sep [, rep]])`
fn searchpath(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let (separator, directory) = (optional_text(cx, 2)?, optional_text(cx, 3)?);
    let (name, path) = (text(cx, 0)?, text(cx, 1)?);
    let separator = separator.as_ref().map_or(b".".as_slice(), Buffer::bytes);
    let directory = directory.as_ref().map_or(b"/".as_slice(), Buffer::bytes);
    match search(cx, name.bytes(), path.bytes(), separator, directory)? {
        Ok(file) => Ok(cx.ret(cx.str(file.bytes()))),
        Err(tried) => Ok(cx.ret2(Val::NIL, cx.str(tried.bytes()))),
    }
}

/// `package.loadlib(libname, funcname)`: never works.
fn loadlib(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_str(0)?;
    cx.check_str(1)?;
    cx.push(Val::NIL)?;
    cx.push(cx.str(b"dynamic libraries not enabled"))?;
    cx.push(cx.str(b"absent"))?;
    Ok(cx.ret_top(3))
}

/// Looks for a module on a path that is a field of the library.
fn find_file(cx: &mut Cx<'_>, name: &[u8], field: &str) -> Result<Result<Buffer, Buffer>, Raise> {
    let size = path_field(cx, field)?.len();
    let mut path = cx.buffer();
    path.write(cx, size, |cx, path| {
        path.extend_from_slice(path_field(cx, field)?);
        Ok(())
    })?;
    search(cx, name, path.bytes(), b".", b"/")
}

/// A path that is a field of the library.
fn path_field<'c>(cx: &'c Cx<'_>, field: &str) -> Result<&'c [u8], Raise> {
    let path = cx.upvalue(0).as_table().map_or(Val::NIL, |lib| lib.get_name(cx, field));
    path.as_str().ok_or_else(|| cx.error(format_args!("'package.{field}' must be a string")))
}

/// The searcher of `package.preload`.
fn search_preload(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = cx.check_str(0)?;
    let loader = registry_table(cx, PRELOAD)?.get(cx, cx.arg(0));
    if loader.is_nil() {
        let text = [b"no field package.preload['", name, b"']"].concat();
        return Ok(cx.ret(cx.str(&text)));
    }
    Ok(cx.ret2(loader, cx.str(b":preload:")))
}

/// The searcher of Lua files.
fn search_lua(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = text(cx, 0)?;
    let file = match find_file(cx, name.bytes(), "path")? {
        Ok(file) => file,
        Err(tried) => return Ok(cx.ret(cx.str(tried.bytes()))),
    };
    if chunk::load_file(cx, Some(file.bytes()), None)? {
        cx.push(cx.str(file.bytes()))?;
        return Ok(cx.ret_top(2));
    }
    let reason = cx.get(cx.count() - 1).as_str().unwrap_or_default();
    Err(cx.error_bytes(&load_failure(name.bytes(), file.bytes(), reason)))
}

/// The message that a file was found but not loaded.
fn load_failure(name: &[u8], file: &[u8], reason: &[u8]) -> Vec<u8> {
    [b"error loading module '", name, b"' from file '", file, b"':\n\t", reason].concat()
}

/// The searcher of C libraries: it finds them but cannot load them.
fn search_native(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = text(cx, 0)?;
    native_file(cx, name.bytes(), name.bytes())
}

/// The searcher of C libraries that hold submodules.
fn search_native_root(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let name = text(cx, 0)?;
    let name = name.bytes();
    match memchr::memchr(b'.', name) {
        None => Ok(cx.ret0()),
        Some(dot) => native_file(cx, name, &name[..dot]),
    }
}

/// What is to be said about the C library of a module.
fn native_file(cx: &mut Cx<'_>, name: &[u8], root: &[u8]) -> Result<Ret, Raise> {
    match find_file(cx, root, "cpath")? {
        Err(tried) => Ok(cx.ret(cx.str(tried.bytes()))),
        Ok(file) => {
            let reason = b"dynamic libraries not enabled; check your Lua installation";
            Err(cx.error_bytes(&load_failure(name, file.bytes(), reason)))
        }
    }
}

/// `require(modname)`
fn require(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    cx.check_str(0)?;
    let known = loaded_table(cx)?.get(cx, cx.arg(0));
    if known.truthy() {
        return Ok(cx.ret(known));
    }
    cx.set_count(1)?;
    find_loader(cx)?;
    // The loader is at position 1, its data at 2.
    cx.push(cx.get(1))?;
    cx.push(cx.arg(0))?;
    cx.push(cx.get(2))?;
    cx.call_n(2, 1)?;
    let loaded = loaded_table(cx)?;
    let result = cx.get(3);
    if !result.is_nil() {
        loaded.set(cx, cx.arg(0), result)?;
    } else if loaded.get(cx, cx.arg(0)).is_nil() {
        loaded.set(cx, cx.arg(0), Val::bool(true))?;
    }
    Ok(cx.ret2(loaded.get(cx, cx.arg(0)), cx.get(2)))
}

/// Leaves a module's loader and its data at positions 1 and 2; the module's name is at 0.
fn find_loader(cx: &mut Cx<'_>) -> Result<(), Raise> {
    let searchers = cx.upvalue(0).as_table().map_or(Val::NIL, |lib| lib.get_name(cx, "searchers"));
    if searchers.as_table().is_none() {
        return Err(cx.error_bytes(b"'package.searchers' must be a table"));
    }
    let mut message = cx.buffer();
    let size = cx.check_str(0)?.len();
    message.write(cx, size + 32, |cx, message| {
        message.extend_from_slice(b"module '");
        message.extend_from_slice(cx.check_str(0)?);
        message.extend_from_slice(b"' not found:");
        Ok(())
    })?;
    for i in 1.. {
        let searchers =
            cx.upvalue(0).as_table().map_or(Val::NIL, |lib| lib.get_name(cx, "searchers"));
        let searcher = searchers.as_table().map_or(Val::NIL, |t| t.get_int(i));
        if searcher.is_nil() {
            break;
        }
        cx.push(searcher)?;
        cx.push(cx.arg(0))?;
        cx.call_n(1, 2)?;
        let size = match cx.get(1).kind() {
            Kind::Function => return Ok(()),
            Kind::Str(text) => Some(text.len()),
            _ => None,
        };
        if let Some(size) = size {
            message.write(cx, size + 2, |cx, message| {
                message.extend_from_slice(b"\n\t");
                message.extend_from_slice(cx.get(1).as_str().unwrap_or_default());
                Ok(())
            })?;
        }
        cx.set_count(1)?;
    }
    Err(cx.error_bytes(message.bytes()))
}
