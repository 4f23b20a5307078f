//! Reading the JSON of a body. The error is a fixed phrase with a place, and repeats nothing that was sent.

use jardin_model::read_json;
use serde_json::Value;

/// Reads a body as one value.
pub(crate) fn read(body: &[u8]) -> Result<Value, String> {
    read_json(body).map_err(|error| error.to_string())
}

/// Reads NDJSON: a value a line; empty lines are passed over.
pub(crate) fn read_lines(body: &[u8]) -> Result<Vec<Value>, String> {
    let lines = body.split(|byte| *byte == b'\n').enumerate();
    let lines = lines.filter(|(_, line)| !line.trim_ascii().is_empty());
    lines
        .map(|(before, line)| {
            read_json(line).map_err(|error| {
                let (line, column) = (before + 1, error.column);
                format!("{}, at line {line} column {column}", error.what)
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::read_lines;

    #[test]
    fn names_the_line_of_the_body_and_not_of_the_value() {
        let error = read_lines(b"{\"a\":1}\n\n{\"a\":1,\"a\":2}\n").unwrap_err();
        assert_eq!(error, "an object has the same key twice, at line 3 column 13");
        assert_eq!(read_lines(b"1\n \n2").unwrap().len(), 2);
    }
}
