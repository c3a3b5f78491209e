//! What a compilation takes of its heap's memory.
//!
//! Tokens, tree and code live outside the heap, and a script chooses how large they get. Their lists and texts are
//! charged to a meter before they grow: the meter knows how much room the heap's cap leaves, and a compilation that has used
//! it up, or to which the allocator gives nothing more, stops at the next statement or expression. Until it does, lists grow
//! by a few elements at a time and texts not at all, so the room is exceeded by no more than the largest list takes while
//! it moves.

/// Elements that a list gets room for once nothing more is allowed.
const LAST_ELEMENTS: usize = 16;

/// Room for a compilation, and what it has taken of it.
#[derive(Debug)]
pub(crate) struct Meter {
    /// Bytes it may take.
    room: usize,
    /// Bytes it has taken.
    used: usize,
    /// Whether it wanted more than there is.
    refused: bool,
}

impl Meter {
    /// A meter for a compilation that may take `room` bytes.
    pub(crate) fn new(room: usize) -> Meter {
        Meter { room, used: 0, refused: false }
    }

    /// A meter that refuses nothing.
    pub(crate) fn unlimited() -> Meter {
        Meter::new(usize::MAX)
    }

    /// Bytes it may still take.
    pub(crate) fn left(&self) -> usize {
        self.room - self.used
    }

    /// Bytes taken so far.
    #[cfg(test)]
    fn used(&self) -> usize {
        self.used
    }

    /// Whether the compilation has to stop.
    #[inline]
    pub(crate) fn is_refused(&self) -> bool {
        self.refused
    }

    /// Takes bytes; false if there are not so many left.
    pub(crate) fn charge(&mut self, bytes: usize) -> bool {
        if bytes > self.room - self.used {
            self.refused = true;
            return false;
        }
        self.used += bytes;
        true
    }

    /// Gives back bytes that were taken.
    pub(crate) fn release(&mut self, bytes: usize) {
        self.used = self.used.saturating_sub(bytes);
    }

    /// Appends to a list whose room is on the meter.
    #[inline]
    pub(crate) fn push<T>(&mut self, list: &mut Vec<T>, item: T) {
        if list.len() == list.capacity() {
            self.grow(list);
        }
        list.push(item);
    }

    /// Makes room in a full list.
    #[cold]
    #[inline(never)]
    fn grow<T>(&mut self, list: &mut Vec<T>) {
        let old = list.capacity();
        let more = old.max(4);
        if !self.charge(more.saturating_mul(size_of::<T>()))
            || list.try_reserve_exact(more).is_err()
        {
            self.refused = true;
            list.reserve_exact(LAST_ELEMENTS);
        }
    }

    /// Appends bytes to a text whose room is on the meter, unless they are refused.
    pub(crate) fn append(&mut self, text: &mut Vec<u8>, bytes: &[u8]) {
        let free = text.capacity() - text.len();
        if free < bytes.len() {
            let more = (bytes.len() - free).max(text.capacity());
            if !self.charge(more) || text.try_reserve_exact(free + more).is_err() {
                self.refused = true;
                return;
            }
        }
        text.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::Meter;

    #[test]
    fn what_lists_and_texts_hold_is_charged_until_the_room_is_used_up() {
        let mut meter = Meter::new(64);
        let (mut list, mut text) = (Vec::new(), Vec::new());
        for i in 0..8_u32 {
            meter.push(&mut list, i);
        }
        assert_eq!((meter.used(), list.capacity()), (32, 8));
        meter.append(&mut text, &[1; 20]);
        assert_eq!((meter.used(), text.len(), meter.is_refused()), (52, 20, false));
        meter.append(&mut text, &[1; 20]);
        assert_eq!((meter.used(), text.len(), meter.is_refused()), (52, 20, true));
        meter.push(&mut list, 8);
        assert_eq!((meter.used(), list.len()), (52, 9));
        assert!(list.capacity() < 32, "a list does not double any more");
        meter.release(100);
        assert_eq!(meter.used(), 0);
    }
}
