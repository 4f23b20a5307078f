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
    #[error("`{file}` is of no known kind; known are .jsonl, .jsonl.xz, .csv and .csv.xz")]
    UnknownKind {
        /// Which file.
        file: String,
    },
    /// The first line is not that of the Online Retail set.
    #[error(
        "the first line must name the columns InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID; `{missing}` is missing"
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
