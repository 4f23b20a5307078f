//! Numbers as spreadsheets and price lists write them: with a percent sign, or with marks between thousands.

use jardin_diagnostics::{Finding, Span};
use rhai::Position;

use crate::{codes::SCRIPT_SYNTAX, source::Source};

/// A number before a point where the parser stopped, that is written as no script writes one.
pub(super) fn of_parser(source: Source<'_>, at: Position) -> Option<Finding> {
    let tokens = source.tokens_up_to(at);
    let (span, message, help) = number_in_parts(source, at).or_else(|| percentage(source, &tokens))?;
    Some(Finding { code: SCRIPT_SYNTAX, span, message: message.to_owned(), help: Some(help) })
}

/// `1 000` and `1'000`: the parser stops behind the first digits.
fn number_in_parts(source: Source<'_>, at: Position) -> Option<(Span, &'static str, String)> {
    let first = source.token_before(at);
    let mut digits = source.text_within(first).to_owned();
    if digits.is_empty() || digits.len() > 3 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut rest = source.text_from(first.end);
    while let Some((thousand, behind)) = next_thousand(rest) {
        digits.push_str(thousand);
        rest = behind;
    }
    let end = first.end + source.text_from(first.end).len() - rest.len();
    let span = Span { start: first.start, end };
    (end > first.end).then(|| (span, "a number has no marks between its digits", format!("write `{digits}`")))
}

/// Three digits behind a blank or an apostrophe, and what follows them.
fn next_thousand(text: &str) -> Option<(&str, &str)> {
    let mark = text.chars().next().filter(|mark| *mark == '\'' || (*mark != '\n' && mark.is_whitespace()))?;
    let (digits, rest) = text.get(mark.len_utf8()..)?.split_at_checked(3)?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_digit());
    (ends && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some((digits, rest))
}

/// The last `20%` behind which nothing stands that it could be divided by.
fn percentage(source: Source<'_>, tokens: &[Span]) -> Option<(Span, &'static str, String)> {
    let text = |span: &Span| source.text_within(*span);
    let is_operand = |text: &str| text.starts_with(|c: char| c.is_alphanumeric() || "_(\"`'-+!".contains(c));
    let written = tokens.windows(3).rev().find_map(|three| match three {
        [number, sign, next] if text(sign) == "%" && !is_operand(text(next)) => Some((number, sign)),
        _ => None,
    });
    let (number, sign) = written?;
    let share: f64 = text(number).parse().ok()?;
    let span = Span { start: number.start, end: sign.end };
    Some((span, "a number has no percent sign", format!("write `{}` for {share} %", share / 100.0)))
}
