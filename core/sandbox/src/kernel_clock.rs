//! Whether the kernel's clock is kept in step.

/// True where the kernel says that somebody keeps its time of day in step with clocks elsewhere (adjtimex(2)).
#[must_use]
pub fn clock_is_synchronised() -> bool {
    // SAFETY: `timex` is made of integers alone, of which all zeroes are values.
    let mut state: libc::timex = unsafe { std::mem::zeroed() };
    // SAFETY: `state` is a `timex` of ours that the kernel fills during the call; its `modes` of zero ask for no
    // change.
    let answer = unsafe { libc::adjtimex(&raw mut state) };
    (0..libc::TIME_ERROR).contains(&answer) && state.status & libc::STA_UNSYNC == 0
}
