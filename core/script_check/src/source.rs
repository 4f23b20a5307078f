//! Places in a script's text. Rhai gives points, and only the first error; a reader wants the whole word.

use std::ops::Range;

use jardin_diagnostics::Span;
use rhai::Position;

/// The text of a script.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    text: &'a str,
}

impl<'a> Source<'a> {
    /// A text.
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text }
    }

    /// The byte of a point; the end where there is no such place.
    fn byte_at(&self, at: Position) -> usize {
        let (Some(line), Some(column)) = (at.line(), at.position()) else {
            return if at.is_none() { 0 } else { self.text.len() };
        };
        let start = self.line_start(line);
        let rest = self.text.get(start..).unwrap_or_default();
        rest.char_indices().nth(column - 1).map_or(self.text.len(), |(i, _)| start + i)
    }

    fn line_start(&self, line: usize) -> usize {
        let breaks = self.text.match_indices('\n').map(|(i, _)| i + 1);
        std::iter::once(0).chain(breaks).nth(line.saturating_sub(1)).unwrap_or(self.text.len())
    }

    /// The word, text, number or sign that begins at a point.
    pub(crate) fn token_at(&self, at: Position) -> Span {
        let start = self.byte_at(at);
        let rest = self.text.get(start..).unwrap_or_default();
        (start..start + token_len(rest)).into()
    }

    /// The text of a place.
    pub(crate) fn text_within(&self, span: Span) -> &'a str {
        self.text.get(span.range()).unwrap_or_default()
    }

    /// What begins at a point.
    pub(crate) fn text_at(&self, at: Position) -> &'a str {
        self.text_within(self.token_at(at))
    }

    /// The line in which a place begins.
    pub(crate) fn line_around(&self, span: Span) -> &'a str {
        let start = self.text.get(..span.start).and_then(|before| before.rfind('\n')).map_or(0, |i| i + 1);
        let rest = self.text.get(start..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    /// The text from a byte on.
    pub(crate) fn text_from(&self, start: usize) -> &'a str {
        self.text.get(start..).unwrap_or_default()
    }

    /// What follows a place, without the blanks between.
    pub(crate) fn text_after(&self, span: Span) -> &'a str {
        self.text.get(span.end..).unwrap_or_default().trim_start()
    }

    /// The line of the last `{` before a point that nothing closes before it.
    pub(crate) fn line_of_open_brace(&self, at: Position) -> Option<usize> {
        let mut open = Vec::new();
        for token in self.tokens_before(at) {
            match self.text.get(token.clone()) {
                Some("{") => open.push(token.start),
                Some("}") => {
                    open.pop();
                }
                _ => {}
            }
        }
        let start = open.pop()?;
        Some(self.text.get(..start)?.matches('\n').count() + 1)
    }

    /// A place with the brackets that it opens, to where the last of them is closed; of a name before `(` with what it
    /// is given.
    pub(crate) fn close_brackets(&self, span: Span) -> Span {
        let text = self.text_within(span);
        let is_call =
            text.ends_with(is_word) && self.text.get(span.end..).is_some_and(|rest| rest.starts_with('('));
        let mut end = span.end + usize::from(is_call);
        let mut open: isize = 0;
        for token in self.tokens_within(span.start..self.text.len()) {
            if token.start >= end && open <= 0 {
                break;
            }
            open += match self.text.get(token.clone()) {
                Some("(" | "[" | "{") => 1,
                Some(")" | "]" | "}") => -1,
                _ => 0,
            };
            end = end.max(token.end);
        }
        if open > 0 { span } else { (span.start..end).into() }
    }

    /// True where a text begins in the line of a point that is not closed in it.
    pub(crate) fn has_open_quote(&self, at: Position) -> bool {
        let line = self.line_around(self.token_at(at));
        line.replace("\\\"", "").matches('"').count() % 2 == 1
    }

    /// The name of the function in which a point lies.
    pub(crate) fn function_around(&self, at: Position) -> Option<&'a str> {
        let before = self.text.get(..self.byte_at(at))?;
        let (_, rest) = before.rsplit_once("fn ")?;
        let rest = rest.trim_start();
        rest.get(..rest.find(|c| !is_word(c))?)
    }

    /// From what begins at one point to the end of what begins at another.
    pub(crate) fn span_between(&self, from: Position, to: Position) -> Span {
        let (from, to) = (self.token_at(from), self.token_at(to));
        (from.start..to.end.max(from.end)).into()
    }

    /// The last thing before a point that is no space and no comment: where a `;` is missing.
    pub(crate) fn token_before(&self, at: Position) -> Span {
        self.tokens_before(at).last().unwrap_or(0..0).into()
    }

    /// The words, texts, numbers and signs up to a point with what begins there, without spaces and comments.
    pub(crate) fn tokens_up_to(&self, at: Position) -> Vec<Span> {
        self.tokens_within(0..self.token_at(at).end).map(Span::from).collect()
    }

    /// The words, texts, numbers and signs before a point, without spaces and comments.
    fn tokens_before(&self, at: Position) -> impl Iterator<Item = Range<usize>> {
        self.tokens_within(0..self.byte_at(at))
    }

    fn tokens_within(&self, range: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let (text, end, mut next) = (self.text, range.end, range.start);
        std::iter::from_fn(move || {
            while next < end {
                let rest = text.get(next..end).unwrap_or_default();
                let blank = rest.len() - rest.trim_start().len();
                let comment = comment_len(rest);
                let len = if blank > 0 { blank } else { comment.unwrap_or_else(|| token_len(rest)).max(1) };
                let token = next..(next + len).min(end);
                next += len;
                if blank == 0 && comment.is_none() {
                    return Some(token);
                }
            }
            None
        })
    }

    /// The name in the definition of a function.
    pub(crate) fn function_name(&self, name: &str) -> Span {
        let found = self.text.match_indices("fn").find_map(|(i, _)| {
            let rest = self.text.get(i + 2..)?;
            let after = rest.trim_start();
            let start = i + 2 + rest.len() - after.len();
            let is_name = after.strip_prefix(name).is_some_and(|r| !r.starts_with(is_word));
            is_name.then(|| start..start + name.len())
        });
        found.unwrap_or(0..0).into()
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn comment_len(rest: &str) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    rest.starts_with("/*").then(|| rest.find("*/").map_or(rest.len(), |i| i + 2))
}

fn token_len(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else {
        return 0;
    };
    let run = |belongs: fn(char) -> bool| rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    if first == '"' || first == '`' || first == '\'' {
        return quoted_len(rest, first);
    }
    if first.is_ascii_digit() {
        return number_len(rest);
    }
    if is_word(first) {
        return run(is_word);
    }
    let sign = run(|c| "+-*/%=<>!&|^.?".contains(c));
    sign.clamp(first.len_utf8(), 3)
}

fn number_len(rest: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !is_word(c)).unwrap_or(text.len());
    let whole = digits(rest);
    let part = rest.get(whole..).and_then(|r| r.strip_prefix('.'));
    part.filter(|p| p.starts_with(|c: char| c.is_ascii_digit())).map_or(whole, |p| whole + 1 + digits(p))
}

fn quoted_len(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (i, c) in rest.char_indices().skip(1) {
        if c == quote && !escaped {
            return i + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_becomes_the_whole_word() {
        let text = "let a = 1;\n  item.categry == \"é x\"";
        let source = Source::new(text);
        let word = |line, column| text.get(source.token_at(Position::new(line, column)).range()).unwrap();
        assert_eq!((word(2, 8), word(2, 16), word(2, 19)), ("categry", "==", "\"é x\""));
    }

    #[test]
    fn the_token_before_a_point_skips_spaces_and_comments() {
        let text = "item.say(\"a; // b\") // why\n  /* c */ item.drop()";
        let source = Source::new(text);
        let before = source.token_before(Position::new(2, 11));
        assert_eq!(text.get(before.range()), Some(")"));
    }

    #[test]
    fn a_function_is_found_by_its_name() {
        let text = "fn adjusted(x) { }\nfn  adjust(item) { }";
        assert_eq!(Source::new(text).function_name("adjust").start, 23);
    }
}
