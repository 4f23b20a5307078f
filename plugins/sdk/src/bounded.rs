//! What a plugin learned, within its memory.

use crate::Params;

/// Something that knows how much memory it takes.
pub trait Weighed {
    /// About how many bytes it takes, with what growing takes for a moment: rather too many than too few. It
    /// is asked after each message, so that it must not count.
    fn bytes(&self) -> usize;
}

/// What was learned, and where it ends: beyond three quarters of the plugin's `memory_mb` everything is
/// dropped, and nothing is learned or answered until the plugin is started anew. A part of it cannot be kept,
/// for what was left out could not come back when something is forgotten; and a plugin that asks for more
/// memory than it may have ends, is started, is taught the same, and ends again.
#[derive(Debug)]
pub struct Bounded<T> {
    learned: Option<T>,
    most_bytes: usize,
}

impl<T: Weighed> Bounded<T> {
    /// An empty state within the memory that the host tells of.
    #[must_use]
    pub fn new(learned: T, params: &Params<'_>) -> Self {
        Self { learned: Some(learned), most_bytes: params.memory_bytes() / 4 * 3 }
    }

    /// What was learned; `None` once it was too much.
    pub const fn get(&self) -> Option<&T> {
        self.learned.as_ref()
    }

    /// As [`Bounded::get`], to be changed without growing.
    pub const fn get_mut(&mut self) -> Option<&mut T> {
        self.learned.as_mut()
    }

    /// Learns or forgets.
    pub fn change(&mut self, change: impl FnOnce(&mut T)) {
        if let Some(learned) = &mut self.learned {
            change(learned);
            if learned.bytes() > self.most_bytes {
                self.learned = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jardin_abi::{FrameKind, FrameReader, FrameWriter};

    use super::*;

    impl Weighed for Vec<u8> {
        fn bytes(&self) -> usize {
            self.len()
        }
    }

    #[test]
    fn three_quarters_of_the_memory_may_be_filled_and_then_everything_goes() {
        let mut writer = FrameWriter::new(FrameKind::Settings, 1);
        writer.write_numbers(Params::MEMORY, &[Some(40.0)]);
        let frame = writer.finish();
        let params = FrameReader::new(frame.bytes()).unwrap();
        let mut bounded = Bounded::new(Vec::<u8>::new(), &Params::new(&params));
        bounded.change(|bytes| bytes.resize(30, 0));
        assert_eq!(bounded.get().map(Vec::len), Some(30));
        bounded.change(|bytes| bytes.push(0));
        assert_eq!(bounded.get(), None);
        bounded.change(Vec::clear);
        assert_eq!(bounded.get(), None, "what was dropped does not come back in part");
    }
}
