//! Which calls of a store are scripted together.

/// The calls of a store that fail together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Appending events.
    Append,
    /// Reading the feed, and counting people.
    Feed,
    /// Looking for a person or a visit in the cache.
    LookUp,
    /// Reading a person or a visit, an export or a receipt.
    Read,
    /// Changing a person.
    Change,
    /// Erasing a person.
    Erase,
    /// Reading items.
    ReadItems,
    /// Changing items.
    ChangeItems,
    /// Reading and setting the switch, and lowering the latest time.
    Switch,
    /// Sweeping and purging.
    Remove,
    /// Every call of the key ring.
    Keys,
    /// Beginning an import.
    Import,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Self; 12] = [
        Self::Append,
        Self::Feed,
        Self::LookUp,
        Self::Read,
        Self::Change,
        Self::Erase,
        Self::ReadItems,
        Self::ChangeItems,
        Self::Switch,
        Self::Remove,
        Self::Keys,
        Self::Import,
    ];
}
