//! Who borrows an object: for the message of a borrow that is refused because of it.

use crate::host::typed::host_fn::host_header;
use crate::host::typed::signature::Kind;
use crate::value::function::NativeClosure;
use crate::value::repr::{RawValue, tag};
use crate::value::userdata::UserdataObj;
use crate::vm::frame::CallInfo;
use crate::vm::{State, inspect};

/// Name of a native that runs, as it was registered or else as it was called.
///
/// # Safety
/// `ci` is a frame of a native of the live thread whose first frame is `first`.
pub(super) unsafe fn native_name(first: *mut CallInfo, ci: *mut CallInfo) -> Option<String> {
    let function = *(*ci).base.sub(1);
    if function.tag == tag::NATIVE {
        let name = (*function.as_ptr::<NativeClosure>()).name;
        if !name.is_empty() {
            return Some(name.to_owned());
        }
    }
    inspect::frame_name(first, ci).map(|(_, name)| String::from_utf8_lossy(&name).into_owned())
}

/// Who holds a borrow of an object for the length of its call, as a message goes on: ` by 'hit'`; nothing if no call does, so that it is a
/// guard's. `argument` is the one for which the running native asks, if it does so for its own.
///
/// # Safety
/// `l` is live and `object` one of its.
pub(super) unsafe fn holder(
    l: *mut State,
    object: *mut UserdataObj,
    argument: Option<usize>,
) -> String {
    let wanted = RawValue::userdata(object).bits;
    let mut words = (*l).w;
    let mut thread = (*l).current;
    let mut own = argument;
    loop {
        let (mut ci, mut end) = (words.ci, words.top);
        while ci > words.ci_base {
            if borrows(ci, end, wanted, own) {
                return match own {
                    Some(_) => " by another argument".to_owned(),
                    None => native_name(words.ci_base, ci)
                        .map_or_else(String::new, |name| format!(" by '{name}'")),
                };
            }
            own = None;
            end = CallInfo::function_slot(ci);
            ci = ci.sub(1);
        }
        thread = (*thread).resumer;
        if thread.is_null() {
            return String::new();
        }
        words = (*thread).words;
    }
}

/// Whether the native of a frame, whose slots end at `end`, borrows an object as one of its arguments; only those before `below` count.
unsafe fn borrows(
    ci: *mut CallInfo,
    end: *mut RawValue,
    wanted: u64,
    below: Option<usize>,
) -> bool {
    /// Arguments that a typed native has at most.
    const ARGUMENTS: usize = 16;
    let function = *(*ci).base.sub(1);
    if function.tag != tag::NATIVE {
        return false;
    }
    let Some(header) = host_header(function.as_ptr()) else { return false };
    let kinds = (*header).descriptor.signature.map(|signature| signature.args);
    let count = end.offset_from((*ci).base).max(0).unsigned_abs();
    (0..count.min(below.unwrap_or(ARGUMENTS))).any(|i| {
        let slot = *(*ci).base.add(i);
        let borrowed = match kinds {
            Some(kinds) => {
                matches!(kinds.get(i), Some(Kind::Shared(_) | Kind::Exclusive(_)))
            }
            // A method of a receiver and values.
            None => i == 0,
        };
        borrowed && slot.tag == tag::USERDATA && slot.bits == wanted
    })
}
