//! What Rhai's parser did not understand, in the words of whoever wrote it: what other languages, word
//! processors and spreadsheets write otherwise.

use jardin_diagnostics::{Finding, Span, did_you_mean};
use rhai::{LexError, ParseError, ParseErrorType, Position};

use super::written_number;
use crate::{
    Binding,
    codes::{SCRIPT_LIMIT, SCRIPT_SYNTAX},
    entry::Entry,
    source::Source,
};

/// Words and signs of other languages, with what scripts write.
const WRITTEN_OTHERWISE: [(&str, &str); 30] = [
    ("and", "`&&`"),
    ("or", "`||`"),
    ("not", "`!(…)`"),
    ("is", "`==`"),
    ("€", "the number alone"),
    ("$", "the number alone"),
    ("->", "`{` here: a function says no type"),
    ("elseif", "`else if`"),
    ("elif", "`else if`"),
    ("elsif", "`else if`"),
    ("then", "`{ … }` around what is done"),
    ("end", "`}`"),
    ("null", "`()` for what is absent"),
    ("nil", "`()` for what is absent"),
    ("none", "`()` for what is absent"),
    ("undefined", "`()` for what is absent"),
    ("function", "`fn`"),
    ("def", "`fn`"),
    ("var", "`let`"),
    ("if", "`if` in small letters"),
    ("else", "`else` in small letters"),
    ("true", "`true` in small letters"),
    ("false", "`false` in small letters"),
    ("<>", "`!=`"),
    ("===", "`==`"),
    ("!==", "`!=`"),
    ("=", "`==` to compare"),
    ("?", "`if … { … } else { … }`, which gives a value as well"),
    ("#", "`//` before a comment"),
    ("++", "`+= 1`"),
];

/// Quotes that word processors make.
const CURLY_QUOTES: [char; 8] = ['“', '”', '„', '‘', '’', '‚', '«', '»'];

/// What Rhai's parser found: one point, made a word.
pub(crate) fn of_parser(error: &ParseError, source: Source<'_>) -> Finding {
    let at = error.1;
    if let Some(finding) = written_number::of_parser(source, at) {
        return finding;
    }
    let (span, message) = place_and_message(&error.0, source, at);
    let help = help_for_quote(source, at)
        .or_else(|| help_for_kind(&error.0, source, at))
        .or_else(|| help_for_words(source, at, span))
        .or_else(|| help_for_missing(&error.0, source, at));
    let is_limit = matches!(
        &*error.0,
        ParseErrorType::ExprTooDeep | ParseErrorType::TooManyFunctions | ParseErrorType::LiteralTooLarge(..)
    );
    Finding { code: if is_limit { SCRIPT_LIMIT } else { SCRIPT_SYNTAX }, span, message, help }
}

fn place_and_message(kind: &ParseErrorType, source: Source<'_>, at: Position) -> (Span, String) {
    match kind {
        ParseErrorType::MissingToken(..) if is_typed_variable(source, at) => {
            (source.token_at(at), "a variable says no type".into())
        }
        ParseErrorType::MissingToken(token, _) => {
            (source.token_before(at), format!("`{token}` is missing after this"))
        }
        ParseErrorType::UnexpectedEOF => {
            (source.token_before(at), "the script ends in the middle of a rule".into())
        }
        ParseErrorType::WrongFnDefinition => {
            (source.token_at(at), "this function stands within another one".into())
        }
        ParseErrorType::Reserved(word) => (source.token_at(at), format!("`{word}` is a reserved word")),
        ParseErrorType::VariableUndefined(name) => (source.token_at(at), format!("no variable `{name}`")),
        ParseErrorType::BadInput(LexError::MalformedChar(_)) => {
            (source.token_at(at), "a text stands in single quotes".into())
        }
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            (source.token_at(at), "this text has no end".into())
        }
        other => (source.token_at(at), lower_first(&other.to_string())),
    }
}

/// A text that is closed nowhere swallows what follows it.
fn help_for_quote(source: Source<'_>, at: Position) -> Option<String> {
    let help = "a text in this line is not closed: write `\"` where it ends";
    source.has_open_quote(at).then(|| help.to_owned())
}

/// What is missing, where nothing tells what else was meant.
fn help_for_missing(kind: &ParseErrorType, source: Source<'_>, at: Position) -> Option<String> {
    match kind {
        ParseErrorType::MissingToken(token, _) if token == "{" => {
            Some("write `{ … }` around what is done".to_owned())
        }
        ParseErrorType::MissingToken(token, _) => Some(format!("write `{token}` here")),
        _ if source.text_at(at) == "}" => {
            Some("there is a `}` more than there are `{`: remove it, or open its block".to_owned())
        }
        _ => None,
    }
}

fn help_for_kind(kind: &ParseErrorType, source: Source<'_>, at: Position) -> Option<String> {
    match kind {
        ParseErrorType::MissingToken(..) if is_typed_variable(source, at) => {
            let name = source.text_within(source.token_before(at));
            Some(format!("write `let {name} = …`"))
        }
        ParseErrorType::MissingToken(token, _) if token == ";" && is_condition_behind(source, at) => {
            Some("what must hold stands first: `if … { … }`".into())
        }
        ParseErrorType::MissingToken(token, _) if token == ";" && help_for_word(source.text_at(at)).is_none() => {
            Some("write `;` here".into())
        }
        ParseErrorType::MissingToken(token, _) if token == "}" => help_for_open_brace(source, at),
        ParseErrorType::UnexpectedEOF | ParseErrorType::WrongFnDefinition => help_for_open_brace(source, at),
        ParseErrorType::Reserved(_) if help_for_word(source.text_at(at)).is_none() => {
            Some("another name is needed; a field of that name cannot be read".into())
        }
        ParseErrorType::VariableUndefined(name) => help_undefined(name, source, at),
        ParseErrorType::BadInput(LexError::MalformedChar(text)) => Some(format!("write \"{text}\"")),
        ParseErrorType::ExprExpected(what) if what.contains("boolean") => {
            Some("write what must hold after `if`: `if item.price > 20 { … }`".to_owned())
        }
        ParseErrorType::MismatchedType(wanted, _) if wanted.contains("bool") => Some(
            "each side of `&&` and `||` is a whole comparison: `item.category == \"a\" || item.category == \"b\"`"
                .into(),
        ),
        _ => None,
    }
}

/// `let x: f64 = 2`.
fn is_typed_variable(source: Source<'_>, at: Position) -> bool {
    let line = source.line_around(source.token_at(at)).trim_start();
    source.text_at(at) == ":" && (line.contains("let ") || line.contains("const "))
}

/// `item.drop("x") if item.price > 20;`, in one line.
fn is_condition_behind(source: Source<'_>, at: Position) -> bool {
    let before = source.token_before(at);
    source.text_at(at) == "if" && source.line_around(before) == source.line_around(source.token_at(at))
}

/// The last `{` before a place that nothing closes.
fn help_for_open_brace(source: Source<'_>, at: Position) -> Option<String> {
    let line = source.line_of_open_brace(at)?;
    Some(format!("the `{{` in line {line} is not closed: write `}}` where its block ends"))
}

fn help_undefined(name: &str, source: Source<'_>, at: Position) -> Option<String> {
    let known = Binding::ALL.map(Binding::name);
    if let Some(binding) = Binding::from_name(name) {
        let entry = source.function_around(at).and_then(Entry::from_name);
        return Some(match entry.filter(|entry| !entry.bindings().contains(&binding)) {
            Some(_) => binding.help_elsewhere(),
            None => format!("name `{name}` among the function's parameters"),
        });
    }
    if let Some(near) = did_you_mean(name, known) {
        return Some(format!("did you mean `{near}`?"));
    }
    if let Some(help) = help_for_word(name) {
        return Some(help);
    }
    if source.text_after(source.token_at(at)).starts_with(':') {
        return Some(format!("a table is written with `#` before it: `#{{ {name}: … }}`"));
    }
    Some(format!("a text stands between double quotes: `\"{name}\"`"))
}

/// What stands at the place, before it and behind it, where another language would have it so.
fn help_for_words(source: Source<'_>, at: Position, span: Span) -> Option<String> {
    let here = source.text_at(at);
    if here.starts_with(CURLY_QUOTES) {
        return Some("write straight quotes: `\"`".to_owned());
    }
    let (before, after) = (source.token_before(at), source.text_after(span));
    let before = source.text_within(before);
    let joined = format!("{before}{here}");
    [&joined, here, first_token(after), before].into_iter().find_map(help_for_word)
}

fn first_token(text: &str) -> &str {
    let end = text.find(|c: char| c.is_whitespace()).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn help_for_word(word: &str) -> Option<String> {
    let written = WRITTEN_OTHERWISE.iter().find(|(other, _)| other.eq_ignore_ascii_case(word));
    written
        .filter(|_| !matches!(word, "if" | "else" | "true" | "false"))
        .map(|(_, ours)| format!("write {ours}"))
}

fn lower_first(text: &str) -> String {
    let mut letters = text.trim_end_matches('.').chars();
    let first = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    (first + letters.as_str()).replace('\'', "`")
}
