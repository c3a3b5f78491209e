//! Table access: hits and misses without metatables in line, the rest in `vm/index.rs`.

use super::{arg_a, arg_b, arg_c, handlers, member, slow};
use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::string::Str;
use crate::value::table::Table;
use crate::vm::dispatch::next;
use crate::vm::index;

/// Reads a short string key.
macro_rules! get_str {
    ($object:expr, $key:expr, $i:ident, $pc:ident, $base:ident, $k:ident, $l:ident) => {{
        let object: *const RawValue = $object;
        if (*object).tag == tag::TABLE {
            let table: *mut Table = (*object).as_ptr();
            let node = Table::find_short_str(table, $key);
            if !node.is_null() && (*node).tag != tag::NIL {
                *$base.add(arg_a($i)) = (*node).value();
                next!($pc, $base, $k, $l)
            }
            if (*table).meta.is_null() {
                (*$base.add(arg_a($i))).tag = tag::NIL;
                next!($pc, $base, $k, $l)
            }
        } else if (*object).tag == tag::USERDATA {
            return member::get($i, $pc, $base, (*object).as_ptr(), $key, $l);
        }
        slow!(index::get_op, $i, $pc, $base, $k, $l)
    }};
}

/// Reads an integer key.
macro_rules! get_int {
    ($object:expr, $key:expr, $i:ident, $pc:ident, $base:ident, $k:ident, $l:ident) => {{
        let object: *const RawValue = $object;
        if (*object).tag == tag::TABLE {
            let table: *mut Table = (*object).as_ptr();
            let at = ($key).cast_unsigned().wrapping_sub(1);
            if at < u64::from((*table).array_size) {
                let t = *(*table).tags.add(at as usize);
                if t != tag::NIL || (*table).meta.is_null() {
                    let to = $base.add(arg_a($i));
                    (*to).bits = *(*table).array.add(at as usize);
                    (*to).tag = t;
                    next!($pc, $base, $k, $l)
                }
            }
        }
        slow!(index::get_op, $i, $pc, $base, $k, $l)
    }};
}

/// After a store into a table.
macro_rules! barrier {
    ($table:ident, $value:ident, $i:ident, $pc:ident, $base:ident, $k:ident, $l:ident) => {{
        if $value.is_object() && (*$table).header.is_black() {
            slow!(index::store_barrier, $i, $pc, $base, $k, $l)
        }
        next!($pc, $base, $k, $l)
    }};
}

/// Stores at a short string key that is present.
macro_rules! set_str {
    ($object:expr, $key:expr, $value:expr, $i:ident, $pc:ident, $base:ident, $k:ident, $l:ident) => {{
        let object: *const RawValue = $object;
        if (*object).tag == tag::TABLE {
            let table: *mut Table = (*object).as_ptr();
            let node = Table::find_short_str(table, $key);
            if !node.is_null() && ((*node).tag != tag::NIL) {
                let value: RawValue = *$value;
                (*node).set_value(value);
                barrier!(table, value, $i, $pc, $base, $k, $l)
            }
        } else if (*object).tag == tag::USERDATA {
            return member::set($i, $pc, $value, (*object).as_ptr(), $key, $l);
        }
        slow!(index::set_op, $i, $pc, $base, $k, $l)
    }};
}

/// Stores at an integer key inside the array part.
macro_rules! set_int_key {
    ($object:expr, $key:expr, $value:expr, $i:ident, $pc:ident, $base:ident, $k:ident, $l:ident) => {{
        let object: *const RawValue = $object;
        if (*object).tag == tag::TABLE {
            let table: *mut Table = (*object).as_ptr();
            let at = ($key).cast_unsigned().wrapping_sub(1);
            if at < u64::from((*table).array_size) {
                let slot = (*table).tags.add(at as usize);
                if *slot != tag::NIL || (*table).meta.is_null() {
                    let value: RawValue = *$value;
                    *(*table).array.add(at as usize) = value.bits;
                    *slot = value.tag;
                    barrier!(table, value, $i, $pc, $base, $k, $l)
                }
            }
        }
        slow!(index::set_op, $i, $pc, $base, $k, $l)
    }};
}

/// A constant that is a short string.
macro_rules! key {
    ($k:ident, $n:expr) => {
        (*$k.add($n)).as_ptr::<Str>()
    };
}

/// Defines a store with a register and with a constant value.
macro_rules! stores {
    ($($reg:ident $constant:ident: |$i:ident, $pc:ident, $base:ident, $k:ident, $l:ident, $value:ident| $body:block)*) => {
        handlers! {
            $(
                /// The value is in a register.
                $reg($i, $pc, $base, $k, $l) {
                    let $value: *const RawValue = $base.add(arg_c($i));
                    $body
                }
                /// The value is a constant.
                $constant($i, $pc, $base, $k, $l) {
                    let $value: *const RawValue = $k.add(arg_c($i));
                    $body
                }
            )*
        }
    };
}

stores! {
    SetTabUp SetTabUpK: |i, pc, base, k, l, value| {
        let upvalue = LuaClosure::upvalue((*base.sub(1)).as_ptr(), arg_a(i));
        set_str!((*upvalue).slot, key!(k, arg_b(i)), value, i, pc, base, k, l)
    }
    SetField SetFieldK: |i, pc, base, k, l, value| {
        set_str!(base.add(arg_a(i)), key!(k, arg_b(i)), value, i, pc, base, k, l)
    }
    SetI SetIK: |i, pc, base, k, l, value| {
        set_int_key!(base.add(arg_a(i)), arg_b(i) as i64, value, i, pc, base, k, l)
    }
    SetTable SetTableK: |i, pc, base, k, l, value| {
        let key: *const RawValue = base.add(arg_b(i));
        if (*key).tag == tag::INT {
            set_int_key!(base.add(arg_a(i)), (*key).as_int(), value, i, pc, base, k, l)
        }
        if (*key).tag == tag::STR && Str::is_short((*key).as_ptr()) {
            set_str!(base.add(arg_a(i)), (*key).as_ptr(), value, i, pc, base, k, l)
        }
        slow!(index::set_op, i, pc, base, k, l)
    }
}

handlers! {
    /// `R[A] := U[B][K[C]]`
    GetTabUp(i, pc, base, k, l) {
        let upvalue = LuaClosure::upvalue((*base.sub(1)).as_ptr(), arg_b(i));
        get_str!((*upvalue).slot, key!(k, arg_c(i)), i, pc, base, k, l)
    }
    /// `R[A] := R[B][K[C]]`
    GetField(i, pc, base, k, l) {
        get_str!(base.add(arg_b(i)), key!(k, arg_c(i)), i, pc, base, k, l)
    }
    /// `R[A] := R[B][C]`
    GetI(i, pc, base, k, l) {
        get_int!(base.add(arg_b(i)), arg_c(i) as i64, i, pc, base, k, l)
    }
    /// `R[A] := R[B][R[C]]`
    GetTable(i, pc, base, k, l) {
        let key: *const RawValue = base.add(arg_c(i));
        if (*key).tag == tag::INT {
            get_int!(base.add(arg_b(i)), (*key).as_int(), i, pc, base, k, l)
        }
        if (*key).tag == tag::STR && Str::is_short((*key).as_ptr()) {
            get_str!(base.add(arg_b(i)), (*key).as_ptr(), i, pc, base, k, l)
        }
        slow!(index::get_op, i, pc, base, k, l)
    }
    /// `R[A+1] := R[B]; R[A] := R[B][K[C]]`, through a chain of plain `__index` tables
    SelfK(i, pc, base, k, l) {
        let object = *base.add(arg_b(i));
        let name = key!(k, arg_c(i));
        if object.tag == tag::TABLE {
            let mut table: *mut Table = object.as_ptr();
            loop {
                let node = Table::find_short_str(table, name);
                if !node.is_null() && (*node).tag != tag::NIL {
                    let to = base.add(arg_a(i));
                    *to.add(1) = object;
                    *to = (*node).value();
                    next!(pc, base, k, l)
                }
                let meta = (*table).meta;
                if meta.is_null() {
                    break;
                }
                let node = Table::find_short_str(meta, (*l).names.index());
                if node.is_null() || (*node).tag != tag::TABLE {
                    break;
                }
                table = (*node).value().as_ptr();
                if (*table).meta == meta {
                    break;
                }
            }
        } else if object.tag == tag::USERDATA {
            return member::method(i, pc, base, object.as_ptr(), name, l);
        }
        slow!(index::self_op, i, pc, base, k, l)
    }
    /// `R[A] := {}`
    NewTable(i, pc, base, k, l) { slow!(index::new_table, i, pc, base, k, l) }
    /// `R[A] := {}` with a large array part
    NewTableX(i, pc, base, k, l) { slow!(index::new_table, i, pc, base, k, l) }
    /// list items to a table
    SetList(i, pc, base, k, l) { slow!(index::set_list, i, pc, base, k, l) }
    /// list items to a table, far from its start
    SetListX(i, pc, base, k, l) { slow!(index::set_list, i, pc, base, k, l) }
}
