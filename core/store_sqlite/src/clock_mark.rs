//! A trusted time as bytes.

use std::time::Duration;

use jardin_contract::ClockMark;
use jardin_model::Timestamp;

/// The time, the uptime in milliseconds and the boot.
pub(crate) fn mark_bytes(mark: ClockMark) -> Vec<u8> {
    let uptime = u64::try_from(mark.uptime.as_millis()).unwrap_or(u64::MAX);
    [&mark.time.ms().to_le_bytes()[..], &uptime.to_le_bytes(), &mark.boot].concat()
}

/// `None` where it cannot be read: nothing rests on it then.
pub(crate) fn mark_of(bytes: &[u8]) -> Option<ClockMark> {
    let (time, rest) = bytes.split_first_chunk::<8>()?;
    let (uptime, boot) = rest.split_first_chunk::<8>()?;
    Some(ClockMark {
        time: Timestamp::from_ms(i64::from_le_bytes(*time)),
        uptime: Duration::from_millis(u64::from_le_bytes(*uptime)),
        boot: boot.try_into().ok()?,
    })
}
