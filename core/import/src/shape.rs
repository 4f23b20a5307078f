//! What a file may look like: a reader each, told apart by content.

use std::io::BufRead;

use crate::{
    ImportError, ReadOptions, Sink, Summary,
    google::Google,
    head::FileHead,
    json_ld::JsonLd,
    json_lines::JsonLines,
    online_retail::OnlineRetail,
    shopify::Shopify,
    tracking::{Ga4, Segment},
    woocommerce::WooCommerce,
};

/// A reader of files of one look.
pub(crate) trait Shape: Sync {
    /// The name by which a command is told of it.
    fn shape_name(&self) -> &'static str;

    /// What a file is taken for by its beginning; `None` where it does not look like this.
    fn recognise_head(&self, head: &FileHead<'_>) -> Option<&'static str>;

    /// Reads a file and hands over its items and events.
    ///
    /// # Errors
    /// Where the bytes break off, what must be there is missing, or a batch is refused.
    fn read(
        &self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError>;
}

/// Each is recognised by what no other has; the last takes every JSON that none of the others does.
static SHAPES: &[&dyn Shape] =
    &[&Google, &Shopify, &WooCommerce, &OnlineRetail, &Ga4, &Segment, &JsonLd, &JsonLines];

/// The look of a file.
#[derive(Clone, Copy)]
pub struct FileShape(&'static dyn Shape);

impl FileShape {
    /// The shape of a name, such as `google`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        SHAPES.iter().find(|shape| shape.shape_name() == name).map(|shape| Self(*shape))
    }

    /// The names that there are.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHAPES.iter().map(|shape| shape.shape_name())
    }

    /// Its name.
    #[must_use]
    pub fn shape_name(self) -> &'static str {
        self.0.shape_name()
    }

    /// The shape of a file by its beginning, and what it is taken for.
    pub(crate) fn find_by_head(head: &FileHead<'_>) -> Option<(Self, &'static str)> {
        SHAPES.iter().find_map(|shape| Some((Self(*shape), shape.recognise_head(head)?)))
    }

    /// What a file is taken for that is said to have this shape.
    pub(crate) fn describe_file(self, head: &FileHead<'_>) -> &'static str {
        self.0.recognise_head(head).unwrap_or("what it was said to be")
    }

    pub(crate) fn read(
        self,
        content: &mut dyn BufRead,
        options: &ReadOptions,
        sink: &mut Sink<'_>,
    ) -> Result<Summary, ImportError> {
        self.0.read(content, options, sink)
    }
}

impl std::fmt::Debug for FileShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.shape_name())
    }
}

impl PartialEq for FileShape {
    fn eq(&self, other: &Self) -> bool {
        self.shape_name() == other.shape_name()
    }
}
