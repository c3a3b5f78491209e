//! With a world that leaves nothing to chance a program does the same in every process.

use std::process::Command;

use luna_core::vm::{MemoryIo, SystemIo};
use luna_core::{LuaVersion, Vm};

/// A program that looks at whatever differs between two runs: addresses, orders, chance, clocks, finalizers.
const PROGRAM: &str = r#"
    local log = {}
    local function note(...) log[#log + 1] = table.concat({...}, ' ') end
    note(tostring({}), tostring(print), string.format('%p', {}), tostring(coroutine.create(print)))
    note(tostring(io.stdout))
    math.randomseed()
    note(math.random(0), math.random(1000), tostring(math.random()))
    note(os.time(), os.clock(), os.date('!%c', os.time()))
    local keys = {}
    for i = 1, 2000 do keys['key' .. i * 7919 % 10007] = i end
    for i = 1, 300 do keys[{}] = i keys[function() return i end] = i end
    local order = {}
    for key, value in pairs(keys) do order[#order + 1] = tostring(key) .. value end
    note(table.concat(order, ','))
    for round = 1, 30 do
        local junk = {}
        for i = 1, 500 do
            junk[i] = setmetatable({}, {__gc = function(o) if i % 97 == 0 then note('gc', round, i, tostring(o)) end end})
            junk['x' .. i] = ('y'):rep(i % 60)
        end
        for key in pairs(junk) do junk[key] = nil end
    end
    local weak = setmetatable({}, {__mode = 'k'})
    for i = 1, 1000 do weak[{}] = i end
    collectgarbage('step', 100)
    local left = 0
    for _ in pairs(weak) do left = left + 1 end
    note('left', left, collectgarbage('count'))
    print(table.concat(log, '\n'))
"#;

/// Runs a program that is expected to succeed.
fn succeed(vm: &mut Vm, program: &str) {
    if let Err(error) = vm.eval(program) {
        panic!("{}", vm.error_text(&error));
    }
}

/// What the program prints in a world of a kind.
fn output(kind: &str) -> Vec<u8> {
    let memory = MemoryIo::with_seed(11);
    let mut vm = match kind {
        "memory" => Vm::sandbox(LuaVersion::Lua55).build_with(Box::new(memory.clone())),
        _ => Vm::sandbox(LuaVersion::Lua55).build_with(Box::new(SystemIo::with_seed(11))),
    };
    vm.open_all_libs();
    if kind == "memory" {
        succeed(&mut vm, PROGRAM);
        return memory.take_stdout();
    }
    // The clock is the system's.
    let program = PROGRAM.replace("note(os.time(), os.clock(), os.date('!%c', os.time()))", "");
    succeed(&mut vm, &program);
    Vec::new()
}

/// The process in which the program prints, when it is started by the test below.
#[test]
fn child() {
    if let Ok(kind) = std::env::var("LUNA_DETERMINISTIC") {
        use std::io::Write;
        let bytes = output(&kind);
        std::io::stdout().write_all(&bytes).unwrap();
    }
}

/// What a new process prints.
fn run(kind: &str) -> String {
    let child = std::env::current_exe().expect("it has a path");
    let output = Command::new(child)
        .args(["--exact", "child", "--nocapture", "--test-threads=1"])
        .env("LUNA_DETERMINISTIC", kind)
        .output()
        .expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.contains("left "), "{text}");
    let from = text.find("table: 0x").expect("it is there");
    let to = text.rfind("left ").expect("it is there");
    text[from..to].to_owned()
}

#[test]
fn two_processes_print_the_same_bytes() {
    for kind in ["memory", "system"] {
        let (first, second) = (run(kind), run(kind));
        assert!(first.len() > 20_000, "{}", first.len());
        assert!(first == second, "{kind}: {first}\n---\n{second}");
        assert!(first.contains("gc 1 97 table: 0x"), "{first}");
    }
}

#[test]
fn files_in_memory_are_files() {
    let io = MemoryIo::new();
    let sandbox =
        Vm::sandbox(LuaVersion::Lua55).open_base().open_string().open_package().open_os_io();
    let mut vm = sandbox.build_with(Box::new(io.clone()));
    io.write_file("./mods/hello.lua", "return {say = 'hello'}");
    io.set_stdin("one\ntwo\n");
    io.set_env("HOME", Some("/home/me"));
    io.set_now(std::time::Duration::from_secs(86_400));
    succeed(
        &mut vm,
        r#"
        package.path = './mods/?.lua'
        assert(require('hello').say == 'hello')
        assert(dofile('mods//hello.lua').say == 'hello')
        assert(io.read('n', 'l') == nil and io.read('l', 'l', 'l') == 'one' and io.read() == nil)
        assert(os.getenv('HOME') == '/home/me' and not os.getenv('PATH'))
        assert(os.time() == 86400 and os.date('!%Y-%m-%d') == '1970-01-02')
        assert(select(2, io.open('none')) == 'none: No such file or directory')
        local f = assert(io.open('a/b.txt', 'w'))
        f:write('hello ', 12, '\n', 'world')
        assert(f:seek('set', 2) == 2 and f:write('LL') and f:seek('end') == 14)
        assert(select(2, f:read(1)) == 'Bad file descriptor')
        f:close()
        local g = io.open('./a/../a/b.txt', 'r+')
        assert(g:read('l') == 'heLLo 12' and g:read('a') == 'world' and g:read(0) == nil)
        g:close()
        for line in io.lines('a/b.txt') do assert(#line > 4) end
        local h = io.open('a/b.txt', 'a+')
        h:seek('set') h:write('!') h:seek('set', 13)
        assert(h:read('a') == 'd!')
        assert(os.rename('a/b.txt', '/c') and not io.open('a/b.txt'))
        assert(select(2, os.rename('nothing', 'x')) == 'No such file or directory')
        h:write('?') h:close()
        local t = io.tmpfile() t:write('x') t:seek('set') assert(t:read('a') == 'x') t:close()
        local name = os.tmpname() io.open(name, 'w'):close() assert(os.remove(name))
        assert(not os.remove(name))
        assert(not pcall(os.execute, 'ls') or os.execute() == false)
        io.stderr:write('oops')
        print('done')
        "#,
    );
    assert_eq!(io.read_file("/c").unwrap(), b"heLLo 12\nworld!?");
    assert_eq!(io.paths(), [b"/c".to_vec(), b"mods/hello.lua".to_vec()]);
    assert_eq!((io.take_stdout(), io.take_stderr()), (b"done\n".to_vec(), b"oops".to_vec()));
    let error = vm.eval("os.exit(3)").unwrap_err();
    assert_eq!(
        (vm.error_text(&error).as_str(), io.exit_code()),
        ("os.exit not available", Some(3))
    );
}

#[test]
fn memory_for_files_is_bounded() {
    let io = MemoryIo::new();
    let sandbox = Vm::sandbox(LuaVersion::Lua55).open_base().open_string().open_os_io();
    let mut vm = sandbox.build_with(Box::new(io.clone()));
    io.set_capacity(Some(10_000));
    succeed(
        &mut vm,
        r#"
        local f = io.open('big', 'w') f:setvbuf('no')
        assert(f:write(('x'):rep(9000)))
        assert(select(2, f:write(('x'):rep(2000))) == 'No space left on device')
        f:close() os.remove('big')
        local g = io.open('big', 'w') g:setvbuf('no')
        assert(g:write(('x'):rep(9000)))
        os.remove('big') local o = io.open('other', 'w') o:setvbuf('no') assert(not o:write(('x'):rep(2000)))
        g:close() collectgarbage()
        local h = io.open('gap', 'w') h:setvbuf('no')
        assert(h:seek('set', 1 << 50) and not h:write('x'))
        h:seek('set', 5) assert(h:write('x')) h:close()
        "#,
    );
    assert_eq!(io.read_file("gap").unwrap(), b"\0\0\0\0\0x");
    io.set_capacity(None);
    succeed(
        &mut vm,
        "local f = io.open('far', 'w') f:setvbuf('no') f:seek('set', 1 << 62)
         assert(select(2, f:write('x')) == 'No space left on device')",
    );
    // Names count.
    io.set_capacity(Some(30_000));
    succeed(
        &mut vm,
        "for i = 1, 1000 do local f = io.open(('n'):rep(1000) .. i, 'w') if not f then full = true break end end assert(full)",
    );
}
