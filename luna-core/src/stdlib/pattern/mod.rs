//! The pattern matcher. It knows bytes and nothing of the interpreter.
//!
//! A pattern is interpreted as it stands: an error in it is found when matching gets there, as scripts may rely on. The
//! recursion is bounded, the steps are counted and can be bounded too.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

/// Most captures a pattern can have.
const MAX_CAPTURES: usize = 32;

/// Deepest recursion of the matcher.
const MAX_DEPTH: u32 = 200;

/// Bytes that a scan looks at between two checks of the step limit.
const SCAN_BLOCK: usize = 1024;

/// Length of a capture that is still open.
const UNFINISHED: usize = usize::MAX;

/// Length of a position capture.
const POSITION: usize = usize::MAX - 1;

/// What can be wrong with a pattern, or stop a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatternError {
    /// It ends in a single `%`.
    EndsWithPercent,
    /// A set is not closed.
    MissingBracket,
    /// `%b` without its two bytes.
    MissingBalanceArguments,
    /// `%f` without a set.
    MissingFrontierSet,
    /// `)` without `(`.
    InvalidCapture,
    /// A capture that does not exist, from 1.
    InvalidIndex(u8),
    /// A capture was never closed.
    UnfinishedCapture,
    /// More than 32 captures.
    TooManyCaptures,
    /// The recursion went too deep.
    TooComplex,
    /// The step limit is used up.
    StepLimit,
    /// Somebody wanted it to end.
    Interrupted,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PatternError::EndsWithPercent => "malformed pattern (ends with '%')",
            PatternError::MissingBracket => "malformed pattern (missing ']')",
            PatternError::MissingBalanceArguments => {
                "malformed pattern (missing arguments to '%b')"
            }
            PatternError::MissingFrontierSet => "missing '[' after '%f' in pattern",
            PatternError::InvalidCapture => "invalid pattern capture",
            PatternError::InvalidIndex(i) => return write!(f, "invalid capture index %{i}"),
            PatternError::UnfinishedCapture => "unfinished capture",
            PatternError::TooManyCaptures => "too many captures",
            PatternError::TooComplex => "pattern too complex",
            PatternError::StepLimit => "too many steps",
            PatternError::Interrupted => "interrupted",
        })
    }
}

/// What a capture holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Captured {
    /// The bytes from one offset to another.
    Text(usize, usize),
    /// A position, from 1.
    Position(usize),
}

/// A capture while matching.
#[derive(Clone, Copy, Debug)]
struct Capture {
    /// Offset where it begins.
    start: usize,
    /// Its length, [`UNFINISHED`] or [`POSITION`].
    len: usize,
}

/// Bits of [`CLASSES`], one per class letter.
mod class {
    /// `%a`
    pub(super) const ALPHA: u16 = 1;
    /// `%c`
    pub(super) const CONTROL: u16 = 2;
    /// `%d`
    pub(super) const DIGIT: u16 = 4;
    /// `%g`
    pub(super) const GRAPH: u16 = 8;
    /// `%l`
    pub(super) const LOWER: u16 = 16;
    /// `%p`
    pub(super) const PUNCT: u16 = 32;
    /// `%s`
    pub(super) const SPACE: u16 = 64;
    /// `%u`
    pub(super) const UPPER: u16 = 128;
    /// `%w`
    pub(super) const ALNUM: u16 = 256;
    /// `%x`
    pub(super) const HEX: u16 = 512;
    /// `%z`
    pub(super) const ZERO: u16 = 1024;
}

/// The classes of each byte.
static CLASSES: [u16; 256] = {
    let mut table = [0; 256];
    let mut c = 0_u8;
    loop {
        let mut bits = 0;
        if c.is_ascii_alphabetic() {
            bits |= class::ALPHA | class::ALNUM;
        }
        if c.is_ascii_control() {
            bits |= class::CONTROL;
        }
        if c.is_ascii_digit() {
            bits |= class::DIGIT | class::ALNUM;
        }
        if c.is_ascii_graphic() {
            bits |= class::GRAPH;
        }
        if c.is_ascii_lowercase() {
            bits |= class::LOWER;
        }
        if c.is_ascii_punctuation() {
            bits |= class::PUNCT;
        }
        if matches!(c, b' ' | b'\t'..=b'\r') {
            bits |= class::SPACE;
        }
        if c.is_ascii_uppercase() {
            bits |= class::UPPER;
        }
        if c.is_ascii_hexdigit() {
            bits |= class::HEX;
        }
        if c == 0 {
            bits |= class::ZERO;
        }
        table[c as usize] = bits;
        if c == 255 {
            break;
        }
        c += 1;
    }
    table
};

/// A pattern item that matches one byte.
#[derive(Clone, Copy, Debug)]
enum Single {
    /// `.`
    Any,
    /// The byte itself.
    Byte(u8),
    /// Bytes with one of these class bits.
    Class(u16),
    /// Bytes without any of these class bits.
    NotClass(u16),
    /// `[set]`: the offsets of its first byte (after `[` or `[^`) and of its `]`, and whether it is complemented.
    Set(usize, usize, bool),
}

/// `%c` as an item.
fn escaped(c: u8) -> Single {
    let bits = match c.to_ascii_lowercase() {
        b'a' => class::ALPHA,
        b'c' => class::CONTROL,
        b'd' => class::DIGIT,
        b'g' => class::GRAPH,
        b'l' => class::LOWER,
        b'p' => class::PUNCT,
        b's' => class::SPACE,
        b'u' => class::UPPER,
        b'w' => class::ALNUM,
        b'x' => class::HEX,
        b'z' => class::ZERO,
        _ => return Single::Byte(c),
    };
    if c.is_ascii_uppercase() { Single::NotClass(bits) } else { Single::Class(bits) }
}

/// Whether a pattern has no special byte, so that it can be searched as it is.
pub(crate) fn is_plain(pattern: &[u8]) -> bool {
    !pattern.iter().any(|c| b"^$*+?.([%-".contains(c))
}

/// Offset of the first `needle` in `hay`.
pub(crate) fn find_plain(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [c] => memchr::memchr(*c, hay),
        _ => memchr::memmem::find(hay, needle),
    }
}

/// Steps that it takes to compare an item with a byte, besides one: sets may be long.
fn weight(single: Single) -> usize {
    match single {
        Single::Set(from, to, _) => (to - from) / 16,
        _ => 0,
    }
}

/// Steps between two looks at whether to go on.
const PAUSE: u64 = 1 << 14;

/// How long a match may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance<'a> {
    /// Steps.
    pub(crate) steps: u64,
    /// Not 0 when somebody wants it to end sooner.
    pub(crate) stop: Option<&'a AtomicU8>,
}

/// Matches one pattern against one subject.
#[derive(Debug)]
pub(crate) struct Matcher<'a> {
    /// The subject.
    src: &'a [u8],
    /// The pattern, without its anchor.
    pat: &'a [u8],
    /// Captures begun.
    level: usize,
    /// The captures; those below `level` count.
    captures: [Capture; MAX_CAPTURES],
    /// Recursion left.
    depth: u32,
    /// Steps taken since construction.
    pub(crate) steps: u64,
    /// Steps allowed.
    allowance: Allowance<'a>,
    /// Steps after which is looked whether to go on.
    pause: u64,
    /// What stopped the match.
    error: Option<PatternError>,
}

impl<'a> Matcher<'a> {
    /// A matcher. A leading `^` is not special: the caller strips it.
    pub(crate) fn new(src: &'a [u8], pat: &'a [u8], allowance: Allowance<'a>) -> Matcher<'a> {
        let captures = [Capture { start: 0, len: 0 }; MAX_CAPTURES];
        Matcher {
            src,
            pat,
            level: 0,
            captures,
            depth: MAX_DEPTH,
            steps: 0,
            pause: allowance.steps.min(PAUSE),
            allowance,
            error: None,
        }
    }

    /// Matches at offset `at`; the result is the end of the match.
    ///
    /// # Errors
    ///
    /// A fault in the pattern that matching ran into, or the step limit.
    pub(crate) fn match_at(&mut self, at: usize) -> Result<Option<usize>, PatternError> {
        self.level = 0;
        self.depth = MAX_DEPTH;
        let end = self.descend(at, 0);
        match self.error {
            Some(e) => Err(e),
            None => Ok(end),
        }
    }

    /// Finds the first match that begins at `from` or later; the result is where it begins and ends.
    ///
    /// # Errors
    ///
    /// As [`Matcher::match_at`].
    pub(crate) fn find(&mut self, from: usize) -> Result<Option<(usize, usize)>, PatternError> {
        let first = self.literal_at(0);
        let mut at = from;
        while at <= self.src.len() {
            if let Some(c) = first {
                let rest = &self.src[at..];
                let Some(n) = memchr::memchr(c, rest) else {
                    self.steps += rest.len() as u64 / 16;
                    return Ok(None);
                };
                self.steps += n as u64 / 16;
                at += n;
            }
            if let Some(end) = self.match_at(at)? {
                return Ok(Some((at, end)));
            }
            at += 1;
        }
        Ok(None)
    }

    /// The number of captures of the last match.
    pub(crate) fn capture_count(&self) -> usize {
        self.level
    }

    /// Capture `i`, from 0, of the last match, which spans `start..end`. Without captures, 0 is the whole match.
    ///
    /// # Errors
    ///
    /// No such capture, or one that was not closed.
    pub(crate) fn capture(
        &self,
        i: usize,
        start: usize,
        end: usize,
    ) -> Result<Captured, PatternError> {
        if i >= self.level {
            return if i == 0 { Ok(Captured::Text(start, end)) } else { Err(invalid_index(i)) };
        }
        let Capture { start, len } = self.captures[i];
        match len {
            UNFINISHED => Err(PatternError::UnfinishedCapture),
            POSITION => Ok(Captured::Position(start + 1)),
            _ => Ok(Captured::Text(start, start + len)),
        }
    }

    /// Stops the match.
    #[cold]
    fn fail(&mut self, error: PatternError) {
        self.error.get_or_insert(error);
    }

    /// Counts `n` steps; `false` if there were too many.
    #[inline]
    fn step(&mut self, n: usize) -> bool {
        self.steps += n as u64;
        self.steps <= self.pause || self.may_go_on()
    }

    /// Whether there are steps left, and nobody wants the match to end.
    #[cold]
    fn may_go_on(&mut self) -> bool {
        if self.steps > self.allowance.steps {
            self.fail(PatternError::StepLimit);
            return false;
        }
        if self.allowance.stop.is_some_and(|stop| stop.load(Ordering::Relaxed) != 0) {
            self.fail(PatternError::Interrupted);
            return false;
        }
        self.pause = self.allowance.steps.min(self.steps + PAUSE);
        true
    }

    /// If the item at `p` is a plain byte that occurs at least once, that byte.
    fn literal_at(&self, p: usize) -> Option<u8> {
        let c = *self.pat.get(p)?;
        let optional = matches!(self.pat.get(p + 1), Some(b'*' | b'?' | b'-'));
        (!optional && !b"^$*+?.()[%-".contains(&c)).then_some(c)
    }

    /// [`Matcher::run`], one level deeper.
    fn descend(&mut self, s: usize, p: usize) -> Option<usize> {
        let Some(depth) = self.depth.checked_sub(1) else {
            self.fail(PatternError::TooComplex);
            return None;
        };
        self.depth = depth;
        let end = self.run(s, p);
        self.depth = depth + 1;
        end
    }

    /// Matches the pattern from `p` against the subject from `s`; the result is the end of the match.
    fn run(&mut self, mut s: usize, mut p: usize) -> Option<usize> {
        loop {
            let Some(&c) = self.pat.get(p) else { return Some(s) };
            if !self.step(1) {
                return None;
            }
            match c {
                b'(' if self.pat.get(p + 1) == Some(&b')') => {
                    return self.open_capture(s, p + 2, POSITION);
                }
                b'(' => return self.open_capture(s, p + 1, UNFINISHED),
                b')' => return self.close_capture(s, p + 1),
                b'$' if p + 1 == self.pat.len() => return (s == self.src.len()).then_some(s),
                b'%' => match self.pat.get(p + 1) {
                    Some(b'b') => {
                        s = self.balance(s, p + 2)?;
                        p += 4;
                        continue;
                    }
                    Some(b'f') => {
                        p = self.frontier(s, p + 2)?;
                        continue;
                    }
                    Some(&digit @ b'0'..=b'9') => {
                        s = self.back_reference(s, digit)?;
                        p += 2;
                        continue;
                    }
                    _ => {}
                },
                _ => {}
            }
            let (single, ep) = self.single(p)?;
            let hit = self.src.get(s).is_some_and(|&b| self.matches(single, b));
            match self.pat.get(ep) {
                Some(b'?') if hit => {
                    if let Some(end) = self.descend(s + 1, ep + 1) {
                        return Some(end);
                    }
                    if self.error.is_some() {
                        return None;
                    }
                    p = ep + 1;
                }
                Some(b'*' | b'?' | b'-') if !hit => p = ep + 1,
                Some(b'+') if hit => return self.expand_max(s + 1, single, ep + 1),
                Some(b'*') => return self.expand_max(s, single, ep + 1),
                Some(b'-') => return self.expand_min(s, single, ep + 1),
                _ if hit => {
                    s += 1;
                    p = ep;
                }
                _ => return None,
            }
        }
    }

    /// The item at `p` and the offset after it.
    fn single(&mut self, p: usize) -> Option<(Single, usize)> {
        match self.pat[p] {
            b'.' => Some((Single::Any, p + 1)),
            b'%' => {
                let Some(&c) = self.pat.get(p + 1) else {
                    self.fail(PatternError::EndsWithPercent);
                    return None;
                };
                Some((escaped(c), p + 2))
            }
            b'[' => self.set(p),
            c => Some((Single::Byte(c), p + 1)),
        }
    }

    /// The set whose `[` is at `p`, and the offset after its `]`.
    fn set(&mut self, p: usize) -> Option<(Single, usize)> {
        let negated = self.pat.get(p + 1) == Some(&b'^');
        let first = p + 1 + usize::from(negated);
        let mut at = first;
        loop {
            // The first byte is a member even if it is a bracket.
            let Some(&c) = self.pat.get(at) else {
                self.fail(PatternError::MissingBracket);
                return None;
            };
            at += 1;
            if c == b'%' && at < self.pat.len() {
                at += 1;
            }
            if self.pat.get(at) == Some(&b']') {
                let set = Single::Set(first, at, negated);
                // It was read to its end, and will be once more for a byte.
                return self.step(2 * weight(set)).then_some((set, at + 1));
            }
        }
    }

    /// Whether an item matches a byte.
    #[inline]
    fn matches(&self, single: Single, b: u8) -> bool {
        match single {
            Single::Any => true,
            Single::Byte(c) => b == c,
            Single::Class(bits) => CLASSES[usize::from(b)] & bits != 0,
            Single::NotClass(bits) => CLASSES[usize::from(b)] & bits == 0,
            Single::Set(from, to, negated) => self.in_set(from, to, b) != negated,
        }
    }

    /// Whether a byte is a member of the set written in `from..to`.
    fn in_set(&self, from: usize, to: usize, b: u8) -> bool {
        let mut set = &self.pat[from..to];
        loop {
            set = match set {
                [b'%', c, rest @ ..] => {
                    if self.matches(escaped(*c), b) {
                        return true;
                    }
                    rest
                }
                [b'%'] => return b == b']', // the escape of what closes the set
                [low, b'-', high, rest @ ..] => {
                    if (*low..=*high).contains(&b) {
                        return true;
                    }
                    rest
                }
                [c, rest @ ..] => {
                    if *c == b {
                        return true;
                    }
                    rest
                }
                [] => return false,
            };
        }
    }

    /// How many bytes from `s` on an item matches; `None` at the step limit.
    fn run_length(&mut self, s: usize, single: Single) -> Option<usize> {
        let rest = &self.src[s..];
        if let Single::Any = single {
            return Some(rest.len());
        }
        let (mut total, weight) = (0, weight(single));
        for block in rest.chunks((SCAN_BLOCK / (1 + weight)).max(1)) {
            let n = match single {
                Single::Any => block.len(),
                Single::Byte(c) => block.iter().take_while(|&&b| b == c).count(),
                Single::Class(bits) => {
                    block.iter().take_while(|&&b| CLASSES[usize::from(b)] & bits != 0).count()
                }
                Single::NotClass(bits) => {
                    block.iter().take_while(|&&b| CLASSES[usize::from(b)] & bits == 0).count()
                }
                Single::Set(from, to, negated) => {
                    block.iter().take_while(|&&b| self.in_set(from, to, b) != negated).count()
                }
            };
            total += n;
            if !self.step(n * (1 + weight)) {
                return None;
            }
            if n < block.len() {
                break;
            }
        }
        Some(total)
    }

    /// As many of the item as possible, then the rest of the pattern at `p`.
    fn expand_max(&mut self, s: usize, single: Single, p: usize) -> Option<usize> {
        let longest = self.run_length(s, single)?;
        if p == self.pat.len() {
            return Some(s + longest);
        }
        let next = self.literal_at(p);
        for end in (s..=s + longest).rev() {
            if next.is_some() && self.src.get(end) != next.as_ref() {
                if self.step(1) {
                    continue;
                }
                return None;
            }
            let found = self.descend(end, p);
            if found.is_some() || self.error.is_some() {
                return found;
            }
        }
        None
    }

    /// As few of the item as possible, then the rest of the pattern at `p`.
    fn expand_min(&mut self, mut s: usize, single: Single, p: usize) -> Option<usize> {
        loop {
            let found = self.descend(s, p);
            if found.is_some() || self.error.is_some() {
                return found;
            }
            match self.src.get(s) {
                Some(&b) if self.matches(single, b) && self.step(1 + weight(single)) => s += 1,
                _ => return None,
            }
        }
    }

    /// `(`: the capture is dropped again if what follows does not match.
    fn open_capture(&mut self, s: usize, p: usize, len: usize) -> Option<usize> {
        if self.level >= MAX_CAPTURES {
            self.fail(PatternError::TooManyCaptures);
            return None;
        }
        self.captures[self.level] = Capture { start: s, len };
        self.level += 1;
        let end = self.descend(s, p);
        if end.is_none() {
            self.level -= 1;
        }
        end
    }

    /// `)`: the capture is opened again if what follows does not match.
    fn close_capture(&mut self, s: usize, p: usize) -> Option<usize> {
        let Some(i) = self.captures[..self.level].iter().rposition(|c| c.len == UNFINISHED) else {
            self.fail(PatternError::InvalidCapture);
            return None;
        };
        self.captures[i].len = s - self.captures[i].start;
        let end = self.descend(s, p);
        if end.is_none() {
            self.captures[i].len = UNFINISHED;
        }
        end
    }

    /// `%b`, its two bytes at `p`: the end of the balanced run at `s`.
    fn balance(&mut self, s: usize, p: usize) -> Option<usize> {
        let Some(&[open, close]) = self.pat.get(p..p + 2).and_then(|a| a.first_chunk::<2>()) else {
            self.fail(PatternError::MissingBalanceArguments);
            return None;
        };
        if self.src.get(s) != Some(&open) {
            return None;
        }
        let mut nesting = 1_usize;
        let mut at = s + 1;
        for block in self.src[s + 1..].chunks(SCAN_BLOCK) {
            for &b in block {
                at += 1;
                if b == close {
                    nesting -= 1;
                    if nesting == 0 {
                        return self.step(at - s).then_some(at);
                    }
                } else if b == open {
                    nesting += 1;
                }
            }
            if !self.step(block.len()) {
                return None;
            }
        }
        None
    }

    /// `%f`, its set at `p`: where the pattern goes on if the set begins to match at `s`.
    fn frontier(&mut self, s: usize, p: usize) -> Option<usize> {
        if self.pat.get(p) != Some(&b'[') {
            self.fail(PatternError::MissingFrontierSet);
            return None;
        }
        let (set, after) = self.set(p)?;
        let byte_at = |i: Option<usize>| i.and_then(|i| self.src.get(i)).copied().unwrap_or(0);
        let (before, here) = (byte_at(s.checked_sub(1)), byte_at(Some(s)));
        (!self.matches(set, before) && self.matches(set, here)).then_some(after)
    }

    /// `%1` to `%9`: the end of a repetition of that capture at `s`.
    fn back_reference(&mut self, s: usize, digit: u8) -> Option<usize> {
        let i = usize::from(digit).wrapping_sub(usize::from(b'1'));
        let capture = self.captures[..self.level].get(i).filter(|c| c.len != UNFINISHED);
        let Some(&Capture { start, len }) = capture else {
            self.fail(PatternError::InvalidIndex(digit - b'0'));
            return None;
        };
        if len > self.src.len() - s || !self.step(len / 16) {
            return None;
        }
        (self.src[start..start + len] == self.src[s..s + len]).then_some(s + len)
    }
}

/// The error that capture `i`, from 0, does not exist.
fn invalid_index(i: usize) -> PatternError {
    PatternError::InvalidIndex(u8::try_from(i + 1).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests;
