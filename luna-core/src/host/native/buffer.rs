//! Byte buffers of natives: what a script makes them hold is charged to the heap while they live.

use crate::host::native::{Cx, Raise};
use crate::vm::State;

/// Capacity from which on a buffer is charged, and asked for before it grows.
const LARGE: usize = 4096;
/// Room that [`Buffer::tail`] makes: enough for any number's text.
const NUMBER: usize = 64;

/// Bytes that a native puts together. It lives no longer than the native's call.
#[derive(Debug)]
pub(crate) struct Buffer {
    bytes: Vec<u8>,
    charged: usize,
    l: *mut State,
}

/// A buffer cannot take so many bytes more before somebody has made room for them, see [`Buffer::room`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Full(pub(crate) usize);

impl Cx<'_> {
    /// An empty buffer.
    pub(crate) fn buffer(&self) -> Buffer {
        Buffer { bytes: Vec::new(), charged: 0, l: self.l }
    }
}

impl Buffer {
    /// Appends bytes.
    #[inline]
    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<(), Full> {
        if self.bytes.capacity() - self.bytes.len() < bytes.len() {
            self.grow(bytes.len())?;
        }
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The bytes, with room for a short text behind them.
    pub(crate) fn tail(&mut self) -> Result<&mut Vec<u8>, Full> {
        if self.bytes.capacity() - self.bytes.len() < NUMBER {
            self.grow(NUMBER)?;
        }
        Ok(&mut self.bytes)
    }

    /// What is in it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Forgets all but the first `len` bytes.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.bytes.truncate(len);
    }

    /// Makes room for `more` bytes, with a collection if it has to be; what the limits forbid is refused.
    pub(crate) fn room(&mut self, cx: &mut Cx<'_>, more: usize) -> Result<(), Raise> {
        if self.bytes.capacity() - self.bytes.len() >= more || self.grow(more).is_ok() {
            return Ok(());
        }
        cx.reserve(more)?;
        self.grow(more).map_err(|_| cx.out_of_memory())
    }

    /// Appends bytes after making room for them.
    pub(crate) fn add(&mut self, cx: &mut Cx<'_>, bytes: &[u8]) -> Result<(), Raise> {
        self.room(cx, bytes.len())?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// Lets `write` append to the bytes, about `more` of them.
    pub(crate) fn write<R>(
        &mut self,
        cx: &mut Cx<'_>,
        more: usize,
        write: impl FnOnce(&mut Cx<'_>, &mut Vec<u8>) -> Result<R, Raise>,
    ) -> Result<R, Raise> {
        self.room(cx, more)?;
        let result = write(cx, &mut self.bytes);
        self.settle();
        result
    }

    /// Twice the capacity if the heap has room for that, else just what is needed.
    #[cold]
    fn grow(&mut self, more: usize) -> Result<(), Full> {
        let (len, capacity) = (self.bytes.len(), self.bytes.capacity());
        let needed = len.checked_add(more).ok_or(Full(more))?;
        for size in [needed.max(capacity.saturating_mul(2)), needed] {
            // SAFETY: N1; a buffer lives no longer than its native's call; the heap is only asked.
            let refused = unsafe {
                let heap = &raw const (*self.l).heap;
                (*heap).exceeds_cap(size - capacity) || !(*heap).can_allocate(size)
            };
            let allowed = size < LARGE || !refused;
            if allowed && self.bytes.try_reserve_exact(size - len).is_ok() {
                self.settle();
                return Ok(());
            }
        }
        Err(Full(more))
    }

    /// Charges what the capacity has become.
    fn settle(&mut self) {
        let capacity = self.bytes.capacity();
        let charge = if capacity < LARGE { 0 } else { capacity };
        // SAFETY: N1; as `grow`; it charges what it takes in place of what it had.
        unsafe { (*self.l).heap.recharge(self.charged, charge) }
        self.charged = charge;
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        // SAFETY: N1; as `grow`; it gives back exactly what it charged.
        unsafe { (*self.l).heap.recharge(self.charged, 0) }
    }
}
