//! The matcher against results of the reference.

use super::{Allowance, Captured, Matcher, PatternError, find_plain, is_plain};

/// Subject, pattern, and `string.find`'s results joined with `|`, or its message; made by 5.5.1.
#[rustfmt::skip]
const FIND: &[(&[u8], &[u8], &[u8])] = &[
    (b"hello world", b"o w", b"5|7"),
    (b"hello", b"l+", b"3|4"),
    (b"hello", b"^h", b"1|1"),
    (b"hello", b"^e", b"nil"),
    (b"hello", b"o$", b"5|5"),
    (b"hello", b"l$", b"nil"),
    (b"", b"^$", b"1|0"),
    (b"", b"", b"1|0"),
    (b"abc", b"b*", b"1|0"),
    (b"abc", b"^b*", b"1|0"),
    (b"aaab", b"a-b", b"1|4"),
    (b"aaab", b"^a-$", b"nil"),
    (b"aXb", b"%u", b"2|2"),
    (b"aXb", b"%U+", b"1|1"),
    (b"key = value", b"(%w+)%s*=%s*(%w+)", b"1|11|key|value"),
    (b"  trim  ", b"^%s*(.-)%s*$", b"1|8|trim"),
    (b"f(a(b)c)d", b"%b()", b"2|8"),
    (b"f(a(b)c", b"%b()", b"4|6"),
    (b"f(a(b)c", b"%b", b"malformed pattern (missing arguments to '%b')"),
    (b"f", b"%b(", b"malformed pattern (missing arguments to '%b')"),
    (b"THE (quick) fox", b"%f[%a]%a+%f[%A]", b"1|3"),
    (b"THE", b"%f", b"missing '[' after '%f' in pattern"),
    (b"THE", b"%fa", b"missing '[' after '%f' in pattern"),
    (b"abc", b"()b()", b"2|2|2|3"),
    (b"abcabc", b"(abc)%1", b"1|6|abc"),
    (b"abcabd", b"(abc)%1", b"nil"),
    (b"aa", b"(a)%2", b"invalid capture index %2"),
    (b"aa", b"%1", b"invalid capture index %1"),
    (b"aa", b"(a%1)", b"invalid capture index %1"),
    (b"aa", b"%0", b"invalid capture index %0"),
    (b"a", b"(a", b"unfinished capture"),
    (b"a", b"a)", b"nil"),
    (b"a", b"()", b"1|0|1"),
    (b"abc", b"[a-c]+", b"1|3"),
    (b"abc", b"[^a-c]+", b"nil"),
    (b"a-c", b"[a%-c]+", b"1|3"),
    (b"a]c", b"[]a]+", b"1|2"),
    (b"a]c", b"[^]]+", b"1|1"),
    (b"a^c", b"[%^a]+", b"1|2"),
    (b"a", b"[a", b"malformed pattern (missing ']')"),
    (b"a", b"[^", b"malformed pattern (missing ']')"),
    (b"a", b"[", b"malformed pattern (missing ']')"),
    (b"a", b"[%", b"malformed pattern (missing ']')"),
    (b"a", b"[%]", b"malformed pattern (missing ']')"),
    (b"a", b"[]", b"malformed pattern (missing ']')"),
    (b"a", b"%", b"malformed pattern (ends with '%')"),
    (b"a%", b"a%%", b"1|2"),
    (b"x]", b"[a-%%]", b"2|2"),
    (b"x-]", b"[%a-]+", b"1|2"),
    (b"a-z", b"[a-]+", b"1|2"),
    (b"a-z", b"[-z]+", b"2|3"),
    (b"m", b"[a-]", b"nil"),
    (b"\x00a\x00", b"%z", b"1|1"),
    (b"\x00a\x00", b"[%z]a", b"1|2"),
    (b"a\x00b", b"a\x00b", b"1|3"),
    (b"a.b", b"a%.b", b"1|3"),
    (b"axb", b"a.b", b"1|3"),
    (b"0x1F", b"0[xX](%x+)", b"1|4|1F"),
    (b"\x09\x0a ", b"%s+", b"1|3"),
    (b"a,b,,c", b"([^,]*),([^,]*)", b"1|3|a|b"),
    (b"2024-01-02", b"(%d+)-(%d+)-(%d+)", b"1|10|2024|01|02"),
    (b"aaa", b"a?a?a?aaa", b"1|3"),
    (b"ab", b"(a)(b)(c)?", b"nil"),
    (b"ab", b"((a)(b))", b"1|2|ab|a|b"),
    (b"abc", b"(a*(.)%w(%s*))", b"1|3|abc|b|"),
    (b"x^y", b"x^y", b"1|3"),
    (b"x$y", b"x$y", b"1|3"),
    (b"a$", b"a$", b"nil"),
    (b"a$", b"a%$", b"1|2"),
    (b"hello", b"(h)(e)(l)(l)(o)", b"1|5|h|e|l|l|o"),
    (b"hello", b".-l", b"1|3"),
    (b"hello", b".*l", b"1|4"),
    (b"hello", b".+l", b"1|4"),
    (b"hello", b".?l", b"2|3"),
    (b"hello", b"l*o", b"3|5"),
    (b"hello", b"x*", b"1|0"),
    (b"a\xffb", b"\xff", b"2|2"),
    (b"a\xffb", b"[\x80-\xff]", b"2|2"),
    (b"a\xffb", b"%A", b"2|2"),
    (b"a", b"a**", b"nil"),
    (b"aaaa", b"a*a", b"1|4"),
    (b"aaab", b"a*ab", b"1|4"),
    (b"aaab", b"a+ab?b", b"1|4"),
    (b"foo.bar.baz", b"(.*)%.(.*)", b"1|11|foo.bar|baz"),
    (b"foo.bar.baz", b"(.-)%.(.*)", b"1|11|foo|bar.baz"),
    (b"[[x]]", b"%[%[(.-)%]%]", b"1|5|x"),
    (b"--[[c]]", b"%-%-%[%[", b"1|4"),
    (b"a b c", b"%S+$", b"5|5"),
    (b"   ", b"%S", b"nil"),
    (b"\xfcber", b"%a+", b"2|4"),
    (b"A1_b", b"[%w_]+", b"1|4"),
    (b"x", b"[%a%d]", b"1|1"),
    (b"aaaaaaaaaa", b"((((((((((a))))))))))", b"1|1|a|a|a|a|a|a|a|a|a|a"),
    (b"ab", b"%f[a](%a)%f[%z]", b"nil"),
    (b"ab", b"%f[b]b%f[%Z]", b"nil"),
    (b"ab", b"b%f[^\x00]", b"nil"),
    (b"ab", b"[a-b-c]+", b"1|2"),
    (b"a-c", b"[a-b-c]+", b"1|3"),
    (b"x", b"[^%s%p]", b"1|1"),
    (b"(x)", b"[()]+", b"1|1"),
    (b"$x", b"[$]x", b"1|2"),
    (b"a+b", b"a+b", b"nil"),
    (b"a+b", b"a%+b", b"1|3"),
    (b"a+b", b"[+]", b"2|2"),
    (b"abc", b"(a()b)c()", b"1|3|ab|2|4"),
    (b"abc", b"(a(.)c)", b"1|3|abc|b"),
    (b"aXXb", b"(%u)%1", b"2|3|X"),
    (b"  x", b"^(%s*)%1x", b"1|3| "),
    (b"ab12", b"%a-%d", b"1|3"),
    (b"ab12", b"%a*%d-$", b"1|4"),
    (b"x=1, y=2", b"(%w)=(%w), (%w)=(%w)", b"1|8|x|1|y|2"),
    (b"}", b"}", b"1|1"),
    (b"a}", b"[}]", b"2|2"),
    (b"abc", b"[c-a]", b"nil"),
    (b"b", b"[b-b]", b"1|1"),
    (b"a", b"[a-]$", b"1|1"),
    (b"]", b"[^a]]", b"nil"),
    (b"b]", b"[^a]]", b"1|2"),
    (b"a\x0ab", b"a.b", b"1|3"),
    (b"\xe9", b"[\xe9]", b"1|1"),
    (b"..", b"%.%.", b"1|2"),
    (b"aaa", b"a-", b"1|0"),
    (b"aaa", b"a-$", b"1|3"),
    (b"aaa", b"^a-a$", b"1|3"),
    (b"x%", b"%%$", b"2|2"),
    (b"abc", b"%w%w%w%w", b"nil"),
    (b"x", b"x%f[%W]", b"1|1"),
    (b"0123456789", b"%d%d-9", b"1|10"),
    (b"z", b"%z?z", b"1|1"),
];

/// What `string.find` gives, as in the table.
fn find(src: &[u8], pattern: &[u8]) -> Vec<u8> {
    if is_plain(pattern) {
        let Some(at) = find_plain(src, pattern) else { return b"nil".to_vec() };
        return format!("{}|{}", at + 1, at + pattern.len()).into_bytes();
    }
    let anchored = pattern.first() == Some(&b'^');
    let mut m = Matcher::new(src, &pattern[usize::from(anchored)..], steps(u64::MAX));
    let found = if anchored { m.match_at(0).map(|end| end.map(|end| (0, end))) } else { m.find(0) };
    let join = |found: Result<Option<(usize, usize)>, PatternError>| {
        let Some((start, end)) = found? else { return Ok(b"nil".to_vec()) };
        let mut out = format!("{}|{end}", start + 1).into_bytes();
        for i in 0..m.capture_count() {
            out.push(b'|');
            match m.capture(i, start, end)? {
                Captured::Text(from, to) => out.extend_from_slice(&src[from..to]),
                Captured::Position(p) => out.extend_from_slice(p.to_string().as_bytes()),
            }
        }
        Ok(out)
    };
    join(found).unwrap_or_else(|e: PatternError| e.to_string().into_bytes())
}

#[test]
fn matches_are_the_references() {
    for &(src, pattern, want) in FIND {
        let show = |b: &[u8]| String::from_utf8_lossy(b).into_owned();
        assert_eq!(show(&find(src, pattern)), show(want), "{} in {}", show(pattern), show(src));
    }
}

#[test]
fn captures_and_recursion_are_limited() {
    let a = b"a".repeat(500);
    assert_eq!(find(&a, &b"(a)".repeat(33)), b"too many captures");
    assert!(find(&a, &b"(a)".repeat(32)).starts_with(b"1|32|a"));
    let mut optional = b"a?".repeat(300);
    optional.push(b'a');
    assert_eq!(find(&a, &optional), b"pattern too complex");
    let mut lazy = b".-".repeat(250);
    lazy.push(b'b');
    assert_eq!(find(&a, &lazy), b"pattern too complex");
}

/// An allowance of so many steps.
fn steps(steps: u64) -> Allowance<'static> {
    Allowance { steps, stop: None }
}

#[test]
fn steps_are_limited() {
    let a = b"a".repeat(200);
    let mut pattern = b".-".repeat(12);
    pattern.push(b'b');
    let mut m = Matcher::new(&a, &pattern, steps(100_000));
    assert_eq!(m.find(0), Err(PatternError::StepLimit));
    assert!(m.steps <= 102_000);
    let long = b"x".repeat(100_000);
    let mut m = Matcher::new(&long, b"x*y", steps(50_000));
    assert_eq!(m.match_at(0), Err(PatternError::StepLimit));
    assert!(m.steps <= 52_000);
}

#[test]
fn plain_search_needs_no_matcher() {
    assert!(is_plain(b"a]b)"));
    assert!(!is_plain(b"a.b") && !is_plain(b"a-") && !is_plain(b"^a"));
    assert_eq!(find_plain(b"hello", b"l"), Some(2));
    assert_eq!(find_plain(b"hello", b"lo"), Some(3));
    assert_eq!(find_plain(b"hello", b""), Some(0));
    assert_eq!(find_plain(b"hello", b"hellox"), None);
}
