//! The world outside a Vm, played by a host.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};
use std::rc::Rc;
use std::time::Duration;

use luna_core::version::LuaVersion;
use luna_core::vm::{ExitReport, HostFile, HostIo, Vm};

/// What the played world holds, shared with the test.
#[derive(Default)]
struct World {
    files: HashMap<Vec<u8>, Vec<u8>>,
    out: Vec<Vec<u8>>,
    err: Vec<u8>,
    input: Cursor<Vec<u8>>,
    exits: Vec<i32>,
    buffering: Vec<(Vec<u8>, usize)>,
}

#[derive(Clone, Default)]
struct Memory(Rc<RefCell<World>>);

/// An open file; what is written to it is in the world at once.
struct MemoryFile {
    world: Memory,
    path: Vec<u8>,
    data: Cursor<Vec<u8>>,
    report: Option<ExitReport>,
}

impl Read for MemoryFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.data.read(buffer)
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.data.write(bytes)?;
        self.world.0.borrow_mut().files.insert(self.path.clone(), self.data.get_ref().clone());
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for MemoryFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.data.seek(to)
    }
}

impl HostFile for MemoryFile {
    fn close(&mut self) -> io::Result<Option<ExitReport>> {
        Ok(self.report)
    }

    fn set_buffering(&mut self, mode: &[u8], size: usize) {
        self.world.0.borrow_mut().buffering.push((mode.to_vec(), size));
    }
}

impl Memory {
    fn file(&self, path: &[u8], data: Vec<u8>, report: Option<ExitReport>) -> Box<dyn HostFile> {
        let world = self.clone();
        Box::new(MemoryFile { world, path: path.to_vec(), data: Cursor::new(data), report })
    }
}

impl HostIo for Memory {
    fn stdout(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().out.push(bytes.to_vec());
        Ok(())
    }

    fn stderr(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.borrow_mut().err.extend_from_slice(bytes);
        Ok(())
    }

    fn stdin(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().input.read(buffer)
    }

    fn open(&mut self, path: &[u8], mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        assert_ne!(path, b"/panic", "this path");
        let known = self.0.borrow().files.get(path).cloned();
        match (mode.first(), known) {
            (Some(b'w'), _) => Ok(self.file(path, Vec::new(), None)),
            (_, Some(data)) => Ok(self.file(path, data, None)),
            _ => Err(ErrorKind::NotFound.into()),
        }
    }

    fn popen(&mut self, command: &[u8], _mode: &[u8]) -> io::Result<Box<dyn HostFile>> {
        Ok(self.file(command, command.to_vec(), Some(ExitReport::Exit(3))))
    }

    fn execute(&mut self, command: Option<&[u8]>) -> io::Result<ExitReport> {
        Ok(match command {
            Some(b"die") => ExitReport::Signal(9),
            _ => ExitReport::Exit(0),
        })
    }

    fn remove(&mut self, path: &[u8]) -> io::Result<()> {
        let removed = self.0.borrow_mut().files.remove(path);
        removed.map(|_| ()).ok_or_else(|| ErrorKind::NotFound.into())
    }

    fn rename(&mut self, _from: &[u8], _to: &[u8]) -> io::Result<()> {
        Err(io::Error::other("renaming is beyond this host"))
    }

    fn env(&self, name: &[u8]) -> Option<Vec<u8>> {
        match name {
            b"HOME" => Some(b"/nowhere".to_vec()),
            b"LUA_PATH" => Some(b"/mods/?.lua".to_vec()),
            _ => None,
        }
    }

    fn now(&self) -> Duration {
        Duration::from_secs(86_400)
    }

    fn cpu_time(&self) -> Duration {
        Duration::from_millis(1500)
    }

    fn utc_offset(&self, _at: i64) -> i32 {
        3600
    }

    fn exit(&mut self, code: i32) {
        self.0.borrow_mut().exits.push(code);
    }
}

/// The text that a chunk returns, or its error.
fn eval(vm: &mut Vm, source: &str) -> String {
    let source = format!(
        "local t = table.pack((function() {source} end)()) \
         for i = 1, t.n do t[i] = tostring(t[i]) end return table.concat(t, ' ')"
    );
    match vm.eval_chunk(&source, "=t") {
        Ok(values) => vm.str_utf8(values[0]).expect("text").to_owned(),
        Err(error) => format!("!{}", vm.error_text(&error)),
    }
}

/// A Vm in the played world.
fn played() -> (Memory, Vm) {
    let world = Memory::default();
    let mut vm = Vm::sandbox(LuaVersion::Lua54)
        .open_base()
        .open_string()
        .open_table()
        .open_math()
        .open_os_io()
        .open_package()
        .open_debug()
        .open_utf8()
        .build_with(Box::new(world.clone()));
    vm.collect_garbage();
    (world, vm)
}

#[test]
fn output_goes_to_the_host() {
    let (world, mut vm) = played();
    eval(&mut vm, "print(1, 'a', nil) io.write('x', 2) io.stderr:write('oops')");
    assert_eq!(world.0.borrow().out.concat(), b"1\ta\tnil\nx2");
    assert_eq!(world.0.borrow().out[0], b"1\ta\tnil\n");
    assert_eq!(world.0.borrow().err, b"oops");
}

#[test]
fn sinks_take_lines_and_warnings() {
    let (world, mut vm) = played();
    let lines = Rc::new(RefCell::new(Vec::new()));
    let (printed, warned) = (Rc::clone(&lines), Rc::clone(&lines));
    vm.set_print_sink(Some(Box::new(move |line| printed.borrow_mut().push(line.to_vec()))));
    vm.set_warn_sink(Some(Box::new(move |text| warned.borrow_mut().push(text.to_vec()))));
    eval(&mut vm, "print('one', 2) warn('off') warn('@on') warn('a', 'b')");
    assert_eq!(*lines.borrow(), [b"one\t2\n".to_vec(), b"ab".to_vec()]);
    assert_eq!(vm.warn_log_take(), [b"off".to_vec(), b"ab".to_vec()]);
    assert_eq!(world.0.borrow().out.len(), 0);
    vm.set_print_sink(None);
    vm.set_warn_sink(None);
    eval(&mut vm, "print('two') warn('c')");
    assert_eq!(world.0.borrow().out.concat(), b"two\n");
    assert_eq!(world.0.borrow().err, b"Lua warning: c\n");
    eval(&mut vm, "for i = 1, 1100 do warn('w' .. i) end");
    let log = vm.warn_log_take();
    assert_eq!((log.len(), log[1023].as_slice()), (1024, b"w1100".as_slice()));
}

#[test]
fn files_are_the_hosts() {
    let (world, mut vm) = played();
    world.0.borrow_mut().input = Cursor::new(b"12 rest\nmore".to_vec());
    for (source, expected) in [
        (
            "local f = io.open('/a', 'w') f:write('hello\\n', 3) f:close() return io.open('/a'):read('l', 'n')",
            "hello 3",
        ),
        ("return io.open('/none')", "nil /none: No such file or directory 2"),
        ("return io.read('n', 'l', 'a')", "12  rest more"),
        ("for line in io.lines('/a') do return line end", "hello"),
        ("local f = io.open('/a') f:seek('set', 2) return f:read(3), f:seek()", "llo 5"),
        ("return io.open('/a'):setvbuf('full', 77)", "true"),
        ("return io.popen('echo'):read('a')", "echo"),
        ("return io.popen('echo'):close()", "nil exit 3"),
        ("return os.remove('/a')", "true"),
        ("return os.remove('/a')", "nil /a: No such file or directory 2"),
        ("return os.rename('/a', '/b')", "nil renaming is beyond this host 0"),
        ("return io.tmpfile()", "nil Permission denied 13"),
        ("return pcall(os.tmpname)", "false unable to generate a unique filename"),
        ("return os.execute(), os.execute('die')", "true nil signal 9"),
        ("return os.getenv('HOME'), os.getenv('PATH')", "/nowhere nil"),
        ("return os.time(), os.clock(), os.date('%H:%M')", "86400 1.5 01:00"),
        ("return package.path", "/mods/?.lua"),
        (
            "return pcall(io.open, '/panic')",
            "false native panic: assertion `left != right` failed: this path",
        ),
    ] {
        let got = eval(&mut vm, source);
        assert!(got.starts_with(expected), "{source}: {got}");
    }
    assert_eq!(world.0.borrow().buffering, [(b"full".to_vec(), 77)]);
}

#[test]
fn modules_and_chunks_come_from_the_host() {
    let (world, mut vm) = played();
    for (path, text) in
        [("/mods/m.lua", "return {...}"), ("/c.lua", "#!x\nreturn 7"), ("/bad.lua", "return +")]
    {
        world.0.borrow_mut().files.insert(path.into(), text.into());
    }
    for (source, expected) in [
        ("return require('m')[2]", "/mods/m.lua"),
        ("return dofile('/c.lua'), loadfile('/c.lua')()", "7 7"),
        ("return loadfile('/bad.lua')", "nil /bad.lua:1: unexpected symbol near '+'"),
        ("return loadfile('/none')", "nil cannot open /none: No such file or directory"),
        ("return package.searchpath('m', '/?.lua;/mods/?.lua')", "/mods/m.lua"),
        (
            "return package.searchpath('n', '/?.lua;/mods/?.lua')",
            "nil no file '/n.lua'\n\tno file '/mods/n.lua'",
        ),
    ] {
        assert_eq!(eval(&mut vm, source), expected, "{source}");
    }
}

#[test]
fn exit_asks_the_host() {
    let (world, mut vm) = played();
    eval(&mut vm, "kept = io.open('/kept', 'w') kept:write('held back')");
    let got = eval(&mut vm, "pcall(os.exit, 4) reached = true");
    assert_eq!(eval(&mut vm, "return reached"), "nil");
    assert_eq!(got, "!os.exit not available");
    assert_eq!(world.0.borrow().exits, [4]);
    assert_eq!(world.0.borrow().files[b"/kept".as_slice()], b"held back");
}

#[test]
fn a_sandbox_reaches_nothing() {
    let mut vm =
        Vm::sandbox(LuaVersion::Lua55).open_base().open_table().open_string().open_os_io().build();
    for (source, expected) in [
        ("print('lost') return io.read()", "nil"),
        ("return io.open('/etc/passwd')", "nil /etc/passwd: Permission denied 13"),
        ("return os.time(), os.clock(), os.getenv('PATH')", "0 0.0 nil"),
        ("return os.execute(), os.execute('true')", "false nil Permission denied 13"),
        ("return loadfile('/x')", "nil cannot open /x: Permission denied"),
        (
            "return load(string.dump(function() end))",
            "nil attempt to load a binary chunk (bytecode loading disabled)",
        ),
    ] {
        assert_eq!(eval(&mut vm, source), expected, "{source}");
    }
    let mut open = Vm::sandbox(LuaVersion::Lua55)
        .open_base()
        .open_table()
        .open_string()
        .allow_bytecode_loading()
        .build();
    assert_eq!(eval(&mut open, "return load(string.dump(function() return 5 end))()"), "5");
}

#[test]
fn long_chunks_are_refused() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    assert_eq!(vm.loader_input_budget(), Vm::DEFAULT_LOADER_INPUT_BUDGET);
    let closure = vm.load(b"local n = 0 return load(function() n = n + 1 return ' ' end)", b"=t");
    vm.set_loader_input_budget(100);
    let values = vm
        .call_value(luna_core::runtime::Value::Closure(closure.expect("loads")), &[])
        .expect("load reports");
    assert_eq!(vm.str_utf8(values[1]), Some("not enough memory"));
    let refused = vm.load(&[b' '; 101], b"=t").expect_err("too long");
    assert_eq!((refused.line, refused.to_string().as_str()), (0, "not enough memory"));
    vm.set_loader_input_budget(0);
    assert!(vm.load(b"", b"=t").is_ok());
    assert!(vm.load(b" ", b"=t").is_err());
}
