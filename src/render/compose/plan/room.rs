//! The words that a posting may still have.

/// Words still to be had; `None` is no end of them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Room(pub(super) Option<u32>);

impl Room {
    pub(super) fn spend(&mut self, words: u32) {
        self.0 = self.0.map(|left| left.saturating_sub(words));
    }

    /// Spends `words` if they are there.
    pub(super) fn take(&mut self, words: u32) -> bool {
        let fits = self.0.is_none_or(|left| words <= left);
        if fits {
            self.spend(words);
        }
        fits
    }

    /// How many of the longest items fit, at most `most`, after `lead` words for the first.
    /// `longest` has the words of none, the longest, the two longest …
    pub(super) fn take_longest(&mut self, longest: &[u32], most: usize, lead: u32) -> usize {
        let sums = longest.iter().enumerate().skip(1).take(most).rev();
        sums.into_iter().find(|(_, words)| self.take(**words + lead)).map_or(0, |(count, _)| count)
    }
}
