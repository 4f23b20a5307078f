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
    /// The ending of the file is not known.
    #[error(
        "`{file}` is of no known kind: write events and items as JSON, one object a line, in a file that ends in .jsonl or .jsonl.xz; a file that ends in .csv or .csv.xz holds sales with the columns of Online Retail"
    )]
    UnknownKind {
        /// Which file.
        file: String,
    },
    /// The first line is not that of the Online Retail set.
    #[error(
        "a .csv file holds sales, and its first line names the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID; `{missing}` is missing. Items are written as JSON, one object a line, in a file that ends in .jsonl: {{\"item_id\": \"A-1\", \"fields\": {{\"price\": \"9.90\"}}}}"
    )]
    Columns {
        /// The first column that is missing.
        missing: &'static str,
    },
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
