/// One event of a learnable session, as the host feeds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Which session: a number that says nothing of a person.
    pub session: u64,
    /// The order of sessions: the running number of the session's first event. No two sessions share one.
    pub sequence: u64,
    /// The place within the session, from 0. A session's rows come in this order.
    pub ordinal: u32,
    /// The item's index.
    pub item: u32,
    /// The kind of event, by the host's code. Every kind that the policy lets in teaches alike.
    pub kind: u8,
    /// When: hours since 1970-01-01 UTC.
    pub hour: u32,
    /// Whose session, where it is somebody's: a number that says nothing of them.
    pub person: Option<u32>,
}
