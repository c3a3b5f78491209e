//! `table.sort`: a quicksort with the median of three, which notices orders that are none.
//!
//! Lists of one basic type in tables without a metatable are sorted outside of the table.

use std::cmp::Ordering;

use super::{access, checked_len};
use crate::host::native::view::{Kind, TableRef, Val};
use crate::host::native::{Cx, Raise, Ret};
use crate::value::number::{float_le_int, float_lt_int, int_le_float, int_lt_float};

/// Intervals up to this size take the middle as the pivot.
const SMALL: i64 = 100;

/// `table.sort(list [, comp])`
pub(super) fn sort(cx: &mut Cx<'_>) -> Result<Ret, Raise> {
    let n = checked_len(cx, access::READ | access::WRITE)?;
    if n > 1 {
        if n >= i64::from(i32::MAX) {
            return Err(cx.arg_error(0, "array too big"));
        }
        let by_function = !cx.arg(1).is_nil();
        if by_function {
            cx.check_function(1)?;
        } else if let Kind::Table(table) = cx.arg(0).kind()
            && table.is_plain()
        {
            let steps = n.cast_unsigned() * u64::from(n.ilog2() + 1);
            cx.charge(steps)?;
            // The elements are copied.
            cx.reserve(
                usize::try_from(n).unwrap_or(usize::MAX).saturating_mul(size_of::<Val<'_>>()),
            )?;
            if let Kind::Table(table) = cx.arg(0).kind()
                && sort_basic(cx, table, n)?
            {
                return Ok(cx.ret0());
            }
        }
        cx.set_count(2)?;
        Sorter { by_function, shake: 0 }.sort(cx, 1, n)?;
    }
    Ok(cx.ret0())
}

/// Sorts a list of numbers only or of strings only; `false` if it is neither.
fn sort_basic(cx: &Cx<'_>, table: TableRef<'_>, n: i64) -> Result<bool, Raise> {
    let (mut ints, mut floats, mut strings) = (false, false, false);
    for i in 1..=n {
        match table.get_int(i).kind() {
            Kind::Int(_) => ints = true,
            Kind::Float(f) if !f.is_nan() => floats = true,
            Kind::Str(_) => strings = true,
            _ => return Ok(false),
        }
    }
    if strings && !ints && !floats {
        let mut items: Vec<Val<'_>> = (1..=n).map(|i| table.get_int(i)).collect();
        items.sort_unstable_by(|a, b| a.as_str().cmp(&b.as_str()));
        for (value, i) in items.into_iter().zip(1..) {
            table.set_int(cx, i, value)?;
        }
        return Ok(true);
    }
    if strings {
        return Ok(false);
    }
    if ints && !floats {
        let int = |i| if let Kind::Int(n) = table.get_int(i).kind() { n } else { 0 };
        let mut items: Vec<i64> = (1..=n).map(int).collect();
        items.sort_unstable();
        for (value, i) in items.into_iter().zip(1..) {
            table.set_int(cx, i, Val::int(value))?;
        }
        return Ok(true);
    }
    let mut items: Vec<Val<'_>> = (1..=n).map(|i| table.get_int(i)).collect();
    items.sort_unstable_by(|a, b| order_of_numbers(*a, *b));
    for (value, i) in items.into_iter().zip(1..) {
        table.set_int(cx, i, value)?;
    }
    Ok(true)
}

/// The order of two numbers that are not NaN.
fn order_of_numbers(a: Val<'_>, b: Val<'_>) -> Ordering {
    let by = |less: bool, more: bool| {
        if less {
            Ordering::Less
        } else if more {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    };
    match (a.kind(), b.kind()) {
        (Kind::Int(a), Kind::Int(b)) => a.cmp(&b),
        (Kind::Float(a), Kind::Float(b)) => by(a < b, b < a),
        (Kind::Int(a), Kind::Float(b)) => by(int_lt_float(a, b), !int_le_float(a, b)),
        (Kind::Float(a), Kind::Int(b)) => by(float_lt_int(a, b), !float_le_int(a, b)),
        _ => Ordering::Equal,
    }
}

/// A running sort of the table at position 0 by the function at position 1.
struct Sorter {
    /// Whether there is a function; else `<` decides.
    by_function: bool,
    /// Changes the pivots of large intervals once partitions come out too unequal; 0 before that.
    shake: u64,
}

impl Sorter {
    /// Whether the value at position `a` comes before the one at `b`.
    #[inline]
    fn less(&self, cx: &mut Cx<'_>, a: usize, b: usize) -> Result<bool, Raise> {
        if !self.by_function {
            return cx.less_than(a, b);
        }
        let top = cx.count();
        cx.push(cx.get(1))?;
        cx.push(cx.get(a))?;
        cx.push(cx.get(b))?;
        cx.call_n(2, 1)?;
        let less = cx.get(top).truthy();
        cx.set_count(top)?;
        Ok(less)
    }

    /// Puts `list[i]` and `list[j]` in order; whether they changed places.
    fn order_two(&self, cx: &mut Cx<'_>, i: i64, j: i64) -> Result<bool, Raise> {
        let top = cx.count();
        cx.index_int(0, i)?;
        cx.index_int(0, j)?;
        let swapped = self.less(cx, top + 1, top)?;
        if swapped {
            cx.set_index_int(0, i)?;
            cx.set_index_int(0, j)?;
        }
        cx.set_count(top)?;
        Ok(swapped)
    }

    /// Sorts an interval; those still to do wait in a list, the larger part of each partition first.
    fn sort(&mut self, cx: &mut Cx<'_>, first: i64, last: i64) -> Result<(), Raise> {
        let mut waiting = vec![(first, last)];
        while let Some((mut low, mut high)) = waiting.pop() {
            while low < high {
                cx.charge((high - low).cast_unsigned())?;
                self.order_two(cx, low, high)?;
                if high - low == 1 {
                    break;
                }
                let middle = self.pivot(low, high);
                // What came up from the lower end is not above the upper one.
                if !self.order_two(cx, low, middle)? {
                    self.order_two(cx, middle, high)?;
                }
                if high - low == 2 {
                    break;
                }
                let at = self.partition(cx, low, middle, high)?;
                let small = (at - low).min(high - at);
                if at - low < high - at {
                    waiting.push((at + 1, high));
                    high = at - 1;
                } else {
                    waiting.push((low, at - 1));
                    low = at + 1;
                }
                if (high - low).max(0) / 128 > small {
                    self.shake = self.shake.wrapping_mul(6_364_136_223_846_793_005) | 1;
                }
            }
        }
        Ok(())
    }

    /// The index of the pivot.
    fn pivot(&self, low: i64, high: i64) -> i64 {
        let size = high - low;
        if size < SMALL || self.shake == 0 {
            return low + size / 2;
        }
        let quarter = size / 4;
        let spread = (self.shake >> 33) ^ low.cast_unsigned() ^ high.cast_unsigned();
        low + quarter + (spread % (quarter * 2).cast_unsigned()).cast_signed()
    }

    /// Splits an interval whose ends and middle are in order; the result is where the pivot ends up.
    fn partition(&self, cx: &mut Cx<'_>, low: i64, middle: i64, high: i64) -> Result<i64, Raise> {
        let pivot = cx.count();
        cx.index_int(0, middle)?;
        // The pivot waits beside the upper end.
        cx.push(cx.get(pivot))?;
        cx.index_int(0, high - 1)?;
        cx.set_index_int(0, middle)?;
        cx.set_index_int(0, high - 1)?;
        let (mut i, mut j) = (low, high - 1);
        loop {
            loop {
                i += 1;
                cx.index_int(0, i)?;
                if !self.less(cx, pivot + 1, pivot)? {
                    break;
                }
                if i == high - 1 {
                    return Err(cx.error_bytes(b"invalid order function for sorting"));
                }
                cx.set_count(pivot + 1)?;
            }
            loop {
                j -= 1;
                cx.index_int(0, j)?;
                if !self.less(cx, pivot, pivot + 2)? {
                    break;
                }
                if j < i {
                    return Err(cx.error_bytes(b"invalid order function for sorting"));
                }
                cx.set_count(pivot + 2)?;
            }
            if j < i {
                cx.set_count(pivot + 2)?;
                // `list[i]` is on top: it and the pivot change places.
                cx.set_index_int(0, high - 1)?;
                cx.set_index_int(0, i)?;
                return Ok(i);
            }
            cx.set_index_int(0, i)?;
            cx.set_index_int(0, j)?;
        }
    }
}
