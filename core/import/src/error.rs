//! Why an import ends early.

/// Why an import ends early.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("`{file}` cannot be read")]
    Read {
        /// Which file.
        file: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The bytes are of a kind that is not read.
    #[error("`{file}` {what}")]
    Unreadable {
        /// Which file.
        file: String,
        /// What it is, and what to do.
        what: &'static str,
    },
    /// The file looks like nothing that is known.
    #[error(
        "`{file}` looks like none of {shapes};{begins} where it is one of them with columns of its own names, say --shape NAME and --map FILE; else write one object a line in a file that ends in .jsonl: {{\"item_id\": \"A-1\", \"fields\": {{\"price\": \"9.90\"}}}}"
    )]
    UnknownShape {
        /// Which file.
        file: String,
        /// How it begins, where that tells something.
        begins: String,
        /// The shapes that there are.
        shapes: String,
    },
    /// The first line does not name what must be there.
    #[error(
        "the first line names no column `{missing}`; where it is called otherwise, say so under [columns] of a --map"
    )]
    Columns {
        /// The first column that is missing.
        missing: &'static str,
    },
    /// The file has no products and variants to choose from.
    #[error("each row of such a file is an item of its own: leave --level out")]
    Level,
    /// The bytes broke off or are damaged.
    #[error("the file breaks off or is damaged after line {line}")]
    Broken {
        /// The last line that was read.
        line: u64,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Whoever takes the batches refused one.
    #[error("{what}")]
    Refused {
        /// Why.
        what: String,
    },
}
