//! What happened in a shop.

use std::{collections::BTreeMap, fmt, sync::Arc};

use crate::{EventId, ItemId, ItemIndex, RecommendationId, SessionId, SubjectId, Timestamp, Value};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal $word:literal,)*) => {
        /// What kind of event it is; the words are those of Google Analytics 4, with `dismiss` and `useful`
        /// beside them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum EventKind { $($(#[$doc])* $name,)* }

        impl EventKind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word for it in events and policies.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// A number that never changes its meaning, for stores and frames.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self { $(Self::$name => $code,)* }
            }

            /// The kind of that number.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

kinds! {
    /// A product page was opened.
    ViewItem = 1 "view_item",
    /// A list of products was shown.
    ViewItemList = 2 "view_item_list",
    /// A product of a list was opened.
    SelectItem = 3 "select_item",
    /// A product was put into the basket.
    AddToCart = 4 "add_to_cart",
    /// A product was taken out of the basket.
    RemoveFromCart = 5 "remove_from_cart",
    /// A product was put on the wish list.
    AddToWishlist = 6 "add_to_wishlist",
    /// The checkout was begun.
    BeginCheckout = 7 "begin_checkout",
    /// Products were bought.
    Purchase = 8 "purchase",
    /// Products were sent back.
    Refund = 9 "refund",
    /// Something was searched for; the only kind that needs no item.
    Search = 10 "search",
    /// A product was rated.
    Rate = 11 "rate",
    /// The shopper said "not for me".
    Dismiss = 12 "dismiss",
    /// The shopper said "useful".
    Useful = 13 "useful",
}

impl EventKind {
    /// The kind of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.word() == word)
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One product of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Which product.
    pub item: ItemId,
    /// How many; at least 1.
    pub quantity: u32,
    /// What the line says beyond its envelope, such as a price. Kept only where the policy declares it.
    pub fields: BTreeMap<Arc<str>, Value>,
}

/// An event as a shop sends it, before it is admitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// By which a repeat is recognised.
    pub id: Option<EventId>,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// To whom, where known.
    pub subject: Option<SubjectId>,
    /// In which visit, where known.
    pub session: Option<SessionId>,
    /// The answer that led to it.
    pub recommendation: Option<RecommendationId>,
    /// The products concerned; empty only for [`EventKind::Search`].
    pub lines: Vec<Line>,
    /// What the event says beyond its envelope. Kept only where the policy declares it.
    pub fields: BTreeMap<Arc<str>, Value>,
}

/// One product of a stored event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryLine {
    /// Which product.
    pub item: ItemIndex,
    /// How many.
    pub quantity: u32,
}

/// A stored event as a history holds it: integers only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEvent {
    /// The store's running number: which of two events was stored first.
    pub sequence: u64,
    /// What happened.
    pub kind: EventKind,
    /// When it happened.
    pub at: Timestamp,
    /// The products concerned.
    pub lines: Box<[HistoryLine]>,
}
