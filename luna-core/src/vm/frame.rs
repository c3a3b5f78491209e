//! Frames: data in an array, never Rust stack frames.

use crate::value::function::LuaClosure;
use crate::value::repr::{RawValue, tag};

/// One frame. The called function is at `base[-1]`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(crate) struct CallInfo {
    /// Where the frame goes on: behind its current instruction, or in a stub; null in a running native.
    pub(crate) pc: *const u32,
    /// Register 0, or a native's first argument.
    pub(crate) base: *mut RawValue,
    /// The prototype's constants.
    pub(crate) k: *const RawValue,
    /// While `pc` is the finish stub: behind the interrupted instruction. In a native with a continuation: its function.
    pub(crate) cont: *const u32,
    /// Number of extra arguments of a variadic function; of arguments below the copy that a native works on.
    pub(crate) extra: u32,
    /// See [`frame_flag`].
    pub(crate) flags: u32,
    /// Number of results, while the frame returns and closes its variables.
    pub(crate) saved: usize,
}

/// Bits of [`CallInfo::flags`].
pub(crate) mod frame_flag {
    /// The frame catches errors.
    pub(crate) const CATCH: u32 = 1;
    /// The frame's error handler is at `base[0]`.
    pub(crate) const HANDLER: u32 = 2;
    /// The frame was entered by a tail call.
    pub(crate) const TAIL: u32 = 4;
    /// The frame is closing variables because of an error, which is kept in `base[0]`'s frame.
    pub(crate) const CLOSING: u32 = 8;
    /// A finalizer runs in the frame above.
    pub(crate) const FINALIZER: u32 = 16;
    /// The frame returns and closes its variables first.
    pub(crate) const RETURNING: u32 = 32;
    /// A hook has seen the function's start.
    pub(crate) const SEEN: u32 = 64;
    /// A hook runs in the frame above.
    pub(crate) const HOOKED: u32 = 128;
    /// A native's arguments lie one slot up, so that its function is still there when a return hook looks.
    pub(crate) const SHIFTED: u32 = 256;
    /// The instruction that runs next has begun already: hooks have seen it.
    pub(crate) const AGAIN: u32 = 512;
    /// `resume` waits in the frame for a coroutine.
    pub(crate) const RESUME: u32 = 1024;
    /// The host waits in the frame for a coroutine.
    pub(crate) const HOST_RESUME: u32 = 2048;
    /// From this bit on: how many `__call` metamethods led to the function.
    pub(crate) const CALL_CHAIN_SHIFT: u32 = 16;
}

impl CallInfo {
    /// A frame of nothing.
    pub(crate) const EMPTY: CallInfo = CallInfo {
        pc: std::ptr::null(),
        base: std::ptr::null_mut(),
        k: std::ptr::null(),
        cont: std::ptr::null(),
        extra: 0,
        flags: 0,
        saved: 0,
    };

    /// Whether a Lua function runs in the frame.
    #[inline(always)]
    pub(crate) unsafe fn is_lua(ci: *const CallInfo) -> bool {
        (*(*ci).base.sub(1)).tag == tag::LCLOSURE
    }

    /// The closure of a Lua frame.
    #[inline(always)]
    pub(crate) unsafe fn closure(ci: *const CallInfo) -> *mut LuaClosure {
        (*(*ci).base.sub(1)).as_ptr()
    }

    /// End of a Lua frame's registers.
    #[inline(always)]
    pub(crate) unsafe fn lua_frame_end(ci: *const CallInfo) -> Option<*mut RawValue> {
        if !CallInfo::is_lua(ci) {
            return None;
        }
        let proto = (*CallInfo::closure(ci)).proto.as_ptr();
        Some((*ci).base.add((*proto).max_stack as usize))
    }

    /// The slot the frame was called at, where its results go.
    #[inline(always)]
    pub(crate) unsafe fn function_slot(ci: *const CallInfo) -> *mut RawValue {
        let base = (*ci).base;
        if (*ci).flags & frame_flag::SHIFTED != 0 {
            return base.sub(2 + (*ci).extra as usize);
        }
        if (*ci).extra == 0 {
            return base.sub(1);
        }
        // Variadic with extra arguments: the function and its named parameters were copied above them.
        let proto = (*CallInfo::closure(ci)).proto.as_ptr();
        base.sub(2 + (*ci).extra as usize + (*proto).num_params as usize)
    }

    /// Behind the instruction a Lua frame is at, also while a metamethod runs for it.
    #[inline(always)]
    pub(crate) unsafe fn resume_pc(ci: *const CallInfo) -> *const u32 {
        let pc = (*ci).pc;
        if super::dispatch::is_stub(pc) { (*ci).cont } else { pc }
    }

    /// Index of the instruction a Lua frame is at.
    pub(crate) unsafe fn current_pc(ci: *const CallInfo) -> usize {
        let proto = (*CallInfo::closure(ci)).proto.as_ptr();
        let pc = CallInfo::resume_pc(ci);
        (pc.offset_from((*proto).code) - 1).max(0) as usize
    }
}
