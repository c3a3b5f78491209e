//! Properties of the parts that have a simple model: tables against a map, number text against Rust's, comparisons against exact ones.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::process::Command;
use std::time::Duration;

use luna::{Function, Lua, Table, Value};
use luna_tests::process::run;
use luna_tests::program::Random;
use luna_tests::verdict::first_difference;
use luna_tests::{report, repository};
use proptest::prelude::*;

/// A key of a table. Floats with integer values are integers as keys, so they are no kind of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Int(i64),
    /// By its bits.
    Float(u64),
    Text(String),
    Bool(bool),
}

impl Key {
    /// The key as it is given to a table: an integer may be spelt as a float.
    fn to_lua(&self, lua: &Lua, as_float: bool) -> Value {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "small integers only")]
            Key::Int(n) if as_float && n.unsigned_abs() < 1 << 50 => Value::Number(*n as f64),
            Key::Int(n) => Value::Integer(*n),
            Key::Float(bits) => Value::Number(f64::from_bits(*bits)),
            Key::Text(text) => Value::String(lua.create_string(text).expect("memory suffices")),
            Key::Bool(b) => Value::Boolean(*b),
        }
    }

    /// The key that a traversal gave.
    fn from_lua(value: &Value) -> Key {
        match value {
            Value::Integer(n) => Key::Int(*n),
            Value::Number(n) => Key::Float(n.to_bits()),
            Value::String(text) => Key::Text(text.to_text().expect("the keys are text")),
            Value::Boolean(b) => Key::Bool(*b),
            other => panic!("no key of the test: {other:?}"),
        }
    }
}

/// Something done to a table.
#[derive(Clone, Debug)]
enum Step {
    Set(Key, i64, bool),
    Unset(Key, bool),
    Append(i64),
    Pop,
    /// A traversal that removes entries whose value leaves one rest, and changes those that leave the next.
    Traverse(i64, i64),
    Collect,
}

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        6 => (-2_i64..40).prop_map(Key::Int),
        1 => any::<i64>().prop_map(Key::Int),
        1 => (-8_i32..8).prop_map(|n| Key::Float((f64::from(n) + 0.5).to_bits())),
        2 => "[a-e]{0,2}".prop_map(Key::Text),
        1 => "[a-z]{41,43}".prop_map(Key::Text),
        1 => any::<bool>().prop_map(Key::Bool),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => (key(), 0_i64..1000, any::<bool>()).prop_map(|(key, value, float)| Step::Set(key, value, float)),
        4 => (key(), any::<bool>()).prop_map(|(key, float)| Step::Unset(key, float)),
        4 => (0_i64..1000).prop_map(Step::Append),
        2 => Just(Step::Pop),
        1 => (1_i64..5, 0_i64..5).prop_map(|(m, r)| Step::Traverse(m, r)),
        1 => Just(Step::Collect),
    ]
}

/// Visits all entries with `next`, changing some on the way; gives the keys in the order of the visit.
const TRAVERSE: &str = "
local t, m, r = ...
local keys, k, v = {}, next(t)
while k ~= nil do
  keys[#keys + 1] = k
  if v % m == r then t[k] = nil elseif v % m == r + 1 then t[k] = v + 1 end
  k, v = next(t, k)
end
return keys";

/// A border of a list part: an index in use that is followed by one that is not.
fn is_border(model: &BTreeMap<Key, i64>, n: i64) -> bool {
    let has = |n: i64| model.contains_key(&Key::Int(n));
    (n == 0 || has(n)) && n.checked_add(1).is_none_or(|next| !has(next))
}

/// Does a step to the table and to its model.
fn apply(
    lua: &Lua,
    table: &Table,
    traverse: &Function,
    model: &mut BTreeMap<Key, i64>,
    step: Step,
) {
    match step {
        Step::Set(key, value, float) => {
            table.raw_set(key.to_lua(lua, float), value).expect("the key is valid");
            model.insert(key, value);
        }
        Step::Unset(key, float) => {
            table.raw_set(key.to_lua(lua, float), Value::Nil).expect("the key is valid");
            model.remove(&key);
        }
        Step::Append(value) => {
            let n = table.raw_len().expect("the state is open") + 1;
            table.raw_set(n, value).expect("the key is valid");
            model.insert(Key::Int(n), value);
        }
        Step::Pop => {
            let n = table.raw_len().expect("the state is open");
            table.raw_set(n, Value::Nil).expect("the key is valid");
            model.remove(&Key::Int(n));
        }
        Step::Traverse(m, r) => {
            let keys: Vec<Value> =
                traverse.call((table, m, r)).expect("entries may be changed meanwhile");
            let mut keys: Vec<Key> = keys.iter().map(Key::from_lua).collect();
            keys.sort();
            assert_eq!(keys, model.keys().cloned().collect::<Vec<_>>(), "each entry once");
            model.retain(|_, value| *value % m != r);
            model.values_mut().filter(|value| **value % m == r + 1).for_each(|value| *value += 1);
        }
        Step::Collect => lua.load("collectgarbage()").exec().expect("a collection does not fail"),
    }
}

/// What a chunk gives.
fn eval<R: luna::FromLuaMulti>(lua: &Lua, chunk: &str, args: impl luna::IntoLuaMulti) -> R {
    let function = lua.load(chunk).into_function().expect("the chunk compiles");
    function.call(args).expect("the chunk does not fail")
}

/// How C writes what Rust writes as `1.5e-7`.
fn c_exponent(text: &str) -> String {
    let (mantissa, exponent) = text.split_once('e').expect("an exponent is written");
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    format!("{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// How an integer compares with a float, exactly.
fn exact_order(n: i64, x: f64) -> Option<std::cmp::Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.abs() >= 1e19 {
        return 0.0_f64.partial_cmp(&x);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "below 1e19, and cut to an integer on purpose"
    )]
    let whole = x.floor() as i128;
    let order = i128::from(n).cmp(&whole);
    let fraction = x - x.floor();
    Some(if order.is_eq() && fraction > 0.0 { std::cmp::Ordering::Less } else { order })
}

/// Floats of all kinds, many of them near integers and limits.
fn float() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<u64>().prop_map(f64::from_bits).prop_filter("a number", |x| !x.is_nan()),
        (-1e6_f64..1e6),
        (any::<i32>(), 0_i32..4).prop_map(|(n, quarter)| f64::from(n) + f64::from(quarter) / 4.0),
        (-3_i32..3, 50_i32..66).prop_map(|(near, power)| 2_f64.powi(power) + f64::from(near)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn tables_are_maps(steps in prop::collection::vec(step(), 1..150)) {
        let lua = Lua::new();
        let table = lua.create_table().expect("memory suffices");
        let traverse = lua.load(TRAVERSE).into_function().expect("the chunk compiles");
        let mut model = BTreeMap::new();
        for step in steps {
            apply(&lua, &table, &traverse, &mut model, step);
            let n = table.raw_len().expect("the state is open");
            prop_assert!(is_border(&model, n), "{} is no border of {:?}", n, model);
        }
        for (key, value) in &model {
            let got: Option<i64> = table.raw_get(key.to_lua(&lua, false)).expect("a value is an integer");
            prop_assert_eq!(got, Some(*value), "{:?}", key);
        }
        apply(&lua, &table, &traverse, &mut model, Step::Traverse(1, 0));
        prop_assert!(table.is_empty().expect("the state is open"));
    }

    #[test]
    fn floats_survive_their_text(x in float()) {
        let lua = Lua::new();
        let back: Vec<f64> = eval(&lua, "local x = ... return { tonumber(('%.17g'):format(x)), tonumber(('%a'):format(x)), load('return ' .. ('%q'):format(x))() }", x);
        if x.is_finite() {
            prop_assert_eq!(back, vec![x; 3]);
        }
    }

    #[test]
    fn formats_round_as_the_exact_value(x in float(), precision in 0_usize..30) {
        prop_assume!(x.is_finite());
        let lua = Lua::new();
        let (fixed, scientific): (String, String) =
            eval(&lua, &format!("local x = ... return ('%.{precision}f'):format(x), ('%.{precision}e'):format(x)"), x);
        prop_assert_eq!(fixed, format!("{x:.precision$}"));
        prop_assert_eq!(scientific, c_exponent(&format!("{x:.precision$e}")));
    }

    #[test]
    fn decimals_are_read_as_rust_reads_them(whole in "[0-9]{1,25}", fraction in "[0-9]{0,25}", exponent in -340_i32..320) {
        let text = format!("{whole}.{fraction}e{exponent}");
        let lua = Lua::new();
        let (read, literal): (f64, f64) = eval(&lua, &format!("return tonumber('{text}'), {text}"), ());
        let expected: f64 = text.parse().expect("Rust reads it");
        prop_assert_eq!(read.to_bits(), expected.to_bits());
        prop_assert_eq!(literal.to_bits(), expected.to_bits());
    }

    #[test]
    fn integers_survive_their_text(n in any::<i64>()) {
        let lua = Lua::new();
        let (text, back, hexadecimal): (String, i64, i64) =
            eval(&lua, "local n = ... return tostring(n), math.tointeger(tostring(n)), tonumber(('0x%x'):format(n))", n);
        prop_assert_eq!(text, n.to_string());
        prop_assert_eq!(back, n);
        prop_assert_eq!(hexadecimal, n);
    }

    #[test]
    fn integer_division_rounds_down(a in any::<i64>(), b in prop_oneof![any::<i64>(), -9_i64..9]) {
        prop_assume!(b != 0);
        let lua = Lua::new();
        let (quotient, rest): (i64, i64) = eval(&lua, "local a, b = ... return a // b, a % b", (a, b));
        let rounds = a.wrapping_rem(b) != 0 && (a < 0) != (b < 0);
        prop_assert_eq!(quotient, a.wrapping_div(b).wrapping_sub(i64::from(rounds)));
        prop_assert_eq!(rest, a.wrapping_sub(quotient.wrapping_mul(b)));
    }

    #[test]
    fn integers_compare_with_floats_exactly(n in prop_oneof![any::<i64>(), (-9_i64..9).prop_map(|n| i64::MAX.wrapping_add(n))], x in float()) {
        let lua = Lua::new();
        let got: Vec<bool> = eval(&lua, "local n, x = ... return { n < x, n <= x, n == x, x < n, x <= n }", (n, x));
        let order = exact_order(n, x);
        let is = |wanted: fn(std::cmp::Ordering) -> bool| order.is_some_and(wanted);
        let expected = vec![is(|o| o.is_lt()), is(|o| o.is_le()), is(|o| o.is_eq()), is(|o| o.is_gt()), is(|o| o.is_ge())];
        prop_assert_eq!(got, expected, "{} and {:?}", n, x);
    }
}

#[test]
fn random_numbers_print_as_under_the_reference() {
    let mut script = String::from(
        "local function p(bits) local x = string.unpack('<d', string.pack('<i8', bits)) if x == x then print(",
    );
    for format in ["%.14g", "%g", "%.3f", "%e", "%a", "%.20g", "%10.2e", "%#.0f", "%+.5a"] {
        write!(script, "('{format}'):format(x), ").expect("a string grows");
    }
    script.push_str("x, x // 1, x % 3, tostring(x) == tostring(tonumber(tostring(x)))) end end\n");
    let mut random = Random::new(1);
    for _ in 0..2000 {
        writeln!(script, "p({:#x})", random.draw()).expect("a string grows");
    }
    let luna = repository::luna();
    let path = luna.with_file_name("numbers.lua");
    for (dialect, variable) in [("5.4", "LUNA_PUC54"), ("5.5", "LUNA_PUC55")] {
        let Ok(reference) = std::env::var(variable) else {
            report(&format!("SKIPPED: {variable} names no interpreter"));
            continue;
        };
        fs::write(&path, &script).expect("the target folder is writable");
        let limit = Duration::from_secs(20);
        let expected = run(Command::new(reference).arg(&path), limit).stdout;
        let actual =
            run(Command::new(&luna).arg(format!("--lua={dialect}")).arg(&path), limit).stdout;
        assert!(expected == actual, "{dialect}: {}", first_difference(&expected, &actual));
        report(&format!(
            "{dialect}: {} lines compared",
            expected.split(|byte| *byte == b'\n').count()
        ));
    }
}
