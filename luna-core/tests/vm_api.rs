//! The host API: what embedders write against it.

use luna_core::runtime::Value;
use luna_core::version::LuaVersion;
use luna_core::vm::{LuaError, LuaUserdata, MetaMethod, UserdataMethods, Varargs, Vm};

#[derive(Debug)]
struct Tally(i64);
impl LuaUserdata for Tally {}

// In the zeal builds what a Vm does depends on what others of the process have done.
#[cfg(not(any(gc_zeal, stack_zeal)))]
#[test]
fn pairs_visits_objects_in_the_same_order_in_every_run() {
    let source = "local t, order = {}, {}
        for i = 1, 200 do t[i % 3 == 0 and function() return i end or {}] = i end
        for _, i in pairs(t) do order[#order + 1] = i end
        return table.concat(order, ' ')";
    let run = || {
        // Memory that another program has in use shifts where the heap lies.
        let held = vec![0_u8; 1 << 20];
        let mut vm = Vm::sandbox(LuaVersion::Lua55).open_base().open_table().build();
        let order = vm.eval(source).unwrap()[0];
        let order = vm.str_utf8(order).unwrap().to_owned();
        (order, vm, held)
    };
    let (first, second) = (run(), run());
    assert_eq!(first.0, second.0);
}

#[test]
fn documented_uses_pass_as_they_stand() {
    let mut vm = Vm::sandbox(LuaVersion::Lua55).open_base().build();
    vm.set_global("width", 640).unwrap();
    vm.set_global("scale", 1.5_f64).unwrap();
    vm.set_global("title", "arena").unwrap();
    assert_eq!(vm.eval("return width, scale, title").unwrap().len(), 3);

    let mul = vm.native_typed(|a: i64, b: i64| -> i64 { a * b });
    vm.set_global("mul", mul).unwrap();
    assert!(matches!(vm.eval("return mul(6, 7)").unwrap()[0], Value::Int(42)));

    let ud = vm.create_userdata(Tally(7));
    vm.set_global("tally", ud).unwrap();
    match ud {
        // SAFETY: the object was created just above, is a global, and nothing runs or collects while the reference lives.
        Value::Userdata(g) => assert_eq!(unsafe { &*g.as_ptr() }.downcast::<Tally>().unwrap().0, 7),
        _ => unreachable!(),
    }
    let point = vm.table_of([("x", 1), ("y", 2)]);
    vm.set_global("point", point).unwrap();
    let ticket = vm.pin_host(Value::Table(point));
    assert!(vm.read_host(ticket).is_some());
    vm.unpin(ticket).unwrap();
    assert!(vm.read_host(ticket).is_none());
    assert_eq!(vm.host_root_count(), 0);
}

/// Runs `source` and shows its results, or the error.
fn show(vm: &mut Vm, source: &str) -> String {
    match vm.eval_chunk(source, "=t") {
        Ok(values) => values.iter().map(|v| shown(vm, *v)).collect::<Vec<_>>().join(" "),
        Err(error) => format!("!{error}"),
    }
}

fn shown(vm: &Vm, value: Value) -> String {
    match value {
        Value::Nil => "nil".to_owned(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(f) => format!("{f:?}"),
        Value::Str(_) => vm.str_utf8(value).expect("the script gives UTF-8").to_owned(),
        other => other.type_name().to_owned(),
    }
}

#[derive(Debug, PartialEq)]
struct Point {
    x: f64,
    y: f64,
}

impl LuaUserdata for Point {
    fn add_methods<M: UserdataMethods<Self>>(m: &mut M) {
        m.add_function("new", |vm, (x, y): (f64, f64)| Ok(vm.create_userdata(Point { x, y })));
        m.add_typed("len", |p: &Point| p.x.hypot(p.y));
        m.add_method_mut("shift", |_, p, (dx, dy): (f64, Option<f64>)| {
            p.x += dx;
            p.y += dy.unwrap_or(0.0);
            Ok(())
        });
        m.add_method_mut("visit", |vm, p, f: Value| {
            p.x += 1.0;
            vm.call_value(f, &[]).map(Varargs)
        });
        m.add_field_method_get("x", |_, p| Ok(p.x));
        m.add_field_method_set("x", |_, p, x: f64| {
            p.x = x;
            Ok(())
        });
        m.add_field_method_get("y", |_, p| Ok(p.y));
        m.add_constant("DIM", 2);
        m.add_meta_function(MetaMethod::Add, |vm, (a, b): (Value, Value)| {
            let (a, b) = (vm.borrow_userdata::<Point>(a)?, vm.borrow_userdata::<Point>(b)?);
            let sum = Point { x: a.x + b.x, y: a.y + b.y };
            Ok(vm.create_userdata(sum))
        });
        m.add_meta_method(MetaMethod::ToString, |_, p, ()| Ok(format!("({}, {})", p.x, p.y)));
    }
}

#[test]
fn classes_behave() {
    let mut vm = Vm::new(LuaVersion::Lua54);
    vm.set_class::<Point>("Point").unwrap();
    for (source, expected) in [
        ("return Point.new(3, 4):len()", "5.0"),
        (
            "local p = Point.new(1, 2) p.x = 10 p:shift(1) return p.x, p.y, p.DIM, p.none",
            "11.0 2.0 2 nil",
        ),
        ("return tostring(Point.new(1, 2) + Point.new(3, 4))", "(4, 6)"),
        ("local p = Point.new(1, 2) p.y = 3", "!t:1: field 'y' of Point is read-only"),
        ("local p = Point.new(1, 2) p.z = 3", "!t:1: cannot set field 'z' of Point"),
        ("Point.new(1)", "!t:1: bad argument #2 to 'new' (number expected, got no value)"),
        ("Point.new(1, {})", "!t:1: bad argument #2 to 'new' (number expected, got table)"),
        ("return Point.len(5)", "!t:1: bad argument #1 to 'len' (Point expected, got number)"),
        (
            "local p = Point.new(1, 2) return p:visit(function() return p:len() end)",
            "!t:1: cannot borrow Point in 'len': already mutably borrowed by 'visit'",
        ),
        (
            "local p = Point.new(1, 2) return p:visit(function() p:shift(1) end)",
            "!t:1: cannot borrow Point mutably in 'shift': already borrowed by 'visit'",
        ),
        ("local p = Point.new(1, 2) return p:visit(function() return 1, 2 end)", "1 2"),
        ("local p = Point.new(1, 2) pcall(p.visit, p, error) return p:len() > 0", "true"),
        ("return getmetatable(Point.new(1, 2))", "false"),
    ] {
        assert_eq!(show(&mut vm, source), expected, "{source}");
    }
}

#[test]
fn what_is_done_to_a_metatable_counts() {
    let through_debug = "local mt = debug.getmetatable(p)";
    let through_host = "local mt = mt";
    for (expose, get) in [(true, through_debug), (false, through_debug), (true, through_host)] {
        let mut vm = Vm::new(LuaVersion::Lua55);
        vm.set_class::<Point>("Point").unwrap();
        vm.set_userdata("p", Point { x: 1.0, y: 2.0 }).unwrap();
        let p = vm.get_global("p");
        assert_eq!(show(&mut vm, "return p.x, p:len() > 2, getmetatable(p)"), "1.0 true false");
        if expose {
            let mt = vm.metatable(p).unwrap();
            vm.set_global_value("mt", Value::Table(mt)).unwrap();
        }
        // Nothing has changed yet, and the class may still be added to.
        let added = format!("{get} Point.more = 7 p.x = 5 return p.x, p.more, p:len() > 5");
        assert_eq!(show(&mut vm, &added), "5.0 7 true");
        let getter = format!(
            "{get} local getters = select(2, debug.getupvalue(mt.__index, 1))
             getters.own = getters.x return p.own"
        );
        assert_eq!(show(&mut vm, &getter), "5.0");
        let changed = format!(
            "{get} local old = mt.__index mt.__index = function(_, k) return 'no ' .. k end
             local x, len = p.x, p.len mt.__index = old return x, len, p.x"
        );
        assert_eq!(show(&mut vm, &changed), "no x no len 5.0");
        let stored = format!(
            "{get} local seen mt.__newindex = function(_, k, v) seen = k .. '=' .. v end
             p.x = 3 return seen, p.x"
        );
        assert_eq!(show(&mut vm, &stored), "x=3 5.0");
    }
}

#[test]
fn payloads_are_taken_destroyed_and_kept() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    vm.set_userdata("p", Point { x: 1.0, y: 2.0 }).unwrap();
    let p = vm.get_global("p");
    let guard = vm.borrow_userdata::<Point>(p).unwrap();
    let error = vm.take_userdata::<Point>(p).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot borrow Point mutably in 'take_userdata': already borrowed"
    );
    drop(guard);
    vm.userdata_borrow_mut::<Point>("p").unwrap().x = 9.0;
    assert_eq!(vm.take_userdata::<Point>(p).unwrap(), Point { x: 9.0, y: 2.0 });
    assert_eq!(show(&mut vm, "return p:len()"), "!t:1: Point has been destroyed");

    vm.set_userdata("q", Point { x: 5.0, y: 0.0 }).unwrap();
    let q = vm.get_global("q");
    vm.set_user_value(q, 1, Value::Int(11)).unwrap();
    vm.collect_garbage();
    assert!(matches!(vm.user_value(q, 1), Value::Int(11)));
    let guard = vm.borrow_userdata::<Point>(q).unwrap();
    drop(vm);
    assert_eq!(guard.x, 5.0);
}

#[test]
fn signatures_of_all_sorts() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let f = vm.native_typed(|name: &str, bytes: &[u8], rest: Varargs<i64>| {
        format!("{name} {} {}", bytes.len(), rest.iter().sum::<i64>())
    });
    vm.set_global("f", f).unwrap();
    let g = vm.native_typed(|vm: &mut Vm, f: Value, text: &str| -> Result<i64, LuaError> {
        let results = vm.call_value(f, &[])?;
        vm.collect_garbage();
        Ok(vm.convert::<i64>(results[0])? + text.len() as i64)
    });
    vm.set_global("g", g).unwrap();
    let h = vm.native_typed(|a: &mut Tally, b: Option<&Tally>| a.0 += b.map_or(1, |b| b.0));
    vm.set_global("h", h).unwrap();
    let boom = vm.native_typed(|| -> () { panic!("no {}", 1) });
    vm.set_global("boom", boom).unwrap();
    let parse = vm.native_typed(|s: String| s.parse::<i32>());
    vm.set_global("parse", parse).unwrap();
    let pair = vm.native_typed(|v: Vec<u8>, n: u8| (v, n, Some(true)));
    vm.set_global("pair", pair).unwrap();
    vm.set_userdata("a", Tally(1)).unwrap();
    vm.set_userdata("b", Tally(5)).unwrap();
    for (source, expected) in [
        ("return f('x', 'yz', 1, 2, 3)", "x 2 6"),
        (
            "return f('x', 'yz', 1, 'u')",
            "!t:1: bad argument #4 to 'f' (number expected, got string)",
        ),
        ("return f('\\xff', '')", "!t:1: bad argument #1 to 'f' (invalid UTF-8)"),
        ("return g(function() return 40 end, 'ab' .. 1 .. 2 * 3)", "44"),
        ("return g(function() error('deep', 0) end, '')", "!deep"),
        ("h(a) h(a, b) return h(b, a)", ""),
        (
            "h(a, a)",
            "!t:1: cannot borrow Tally in 'h': already mutably borrowed by another argument",
        ),
        ("boom()", "!native panic: no 1"),
        ("return pcall(boom)", "false native panic: no 1"),
        ("return parse('12')", "12"),
        ("return parse('zz')", "!t:1: invalid digit found in string"),
        ("return pair('abc', 255)", "abc 255 true"),
        ("return pair({1, 2, 3.0}, 7)", "\u{1}\u{2}\u{3} 7 true"),
        ("return pair('', 256)", "!t:1: bad argument #2 to 'pair' (number out of range for u8)"),
        (
            "return pair({1, 2, 3.5}, 256)",
            "!t:1: bad argument #1 to 'pair' (table element [3]: number has no integer representation)",
        ),
    ] {
        assert_eq!(show(&mut vm, source), expected, "{source}");
    }
    assert_eq!(vm.userdata_borrow::<Tally>("a").unwrap().0, 7);
}

#[test]
fn raw_natives_keep_arguments_apart_from_results() {
    fn swap(vm: &mut Vm, slot: u32, nargs: u32) -> Result<u32, LuaError> {
        let (a, b) = (vm.nat_arg(slot, nargs, 0), vm.nat_arg(slot, nargs, 1));
        let up = vm.nat_upval(slot, 0);
        vm.nat_return(slot, &[b, a, up]);
        assert!(vm.nat_arg(slot, nargs, 0).same(a));
        Ok(4)
    }
    let mut vm = Vm::new(LuaVersion::Lua55);
    let native = vm.native_with(swap, Box::new([Value::Int(9)]));
    vm.set_global("swap", native).unwrap();
    assert_eq!(show(&mut vm, "return swap(1, 2)"), "2 1 9 nil");
    assert_eq!(show(&mut vm, "return (swap(1))"), "nil");
}

#[test]
fn values_convert_both_ways() {
    use std::collections::BTreeMap;
    let mut vm = Vm::new(LuaVersion::Lua55);
    let map = BTreeMap::from([("a", vec![1, 2]), ("b", vec![])]);
    vm.set_global("map", map).unwrap();
    assert_eq!(show(&mut vm, "return #map.a, #map.b, map.a[2]"), "2 0 2");
    let back = vm.get_global("map");
    let map: BTreeMap<String, Vec<i64>> = vm.convert(back).unwrap();
    assert_eq!(map["a"], [1, 2]);
    let error = vm.convert::<BTreeMap<String, Vec<String>>>(back).unwrap_err();
    assert_eq!(
        error.to_string(),
        "table field 'a': table element [1]: string expected, got number"
    );
    assert!(vm.set_global("big", u64::MAX).is_err());
}

#[test]
fn a_vm_moved_out_of_its_own_run_is_harmless() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let swap = vm.native_typed(|vm: &mut Vm| {
        drop(std::mem::replace(vm, Vm::new_minimal(LuaVersion::Lua54)))
    });
    vm.set_global("swap", swap).unwrap();
    assert_eq!(
        vm.eval("swap() local t = {} for i = 1, 1000 do t[i] = {i} end return #t").unwrap().len(),
        1
    );
    assert_eq!(vm.version(), LuaVersion::Lua54);
}

#[test]
fn closures_and_payloads_are_dropped_with_their_objects() {
    use std::rc::Rc;
    let counted = Rc::new(());
    let mut vm = Vm::new(LuaVersion::Lua55);
    let held = Rc::clone(&counted);
    let native = vm.native_typed(move || Rc::strong_count(&held) as i64);
    vm.set_global("f", native).unwrap();
    assert_eq!(show(&mut vm, "return f()"), "2");
    vm.set_global("f", Value::Nil).unwrap();
    vm.collect_garbage();
    vm.collect_garbage();
    assert_eq!(Rc::strong_count(&counted), 1);
}

/// A value that panics when it is dropped.
struct Bomb;

impl LuaUserdata for Bomb {}

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("boom");
    }
}

#[test]
fn a_panic_of_a_drop_is_logged() {
    let mut vm = Vm::new(LuaVersion::Lua55);
    let bombs: Vec<Value> = (0..2).map(|_| vm.create_userdata(Bomb)).collect();
    drop(bombs);
    vm.collect_garbage();
    assert_eq!(vm.warn_log_take(), [b"error in drop (boom)"; 2]);
    assert!(vm.eval("return 1").is_ok());
}
