//! Eight bytes of text at a time, compared at once and without a branch.

/// Eight bytes, the first one lowest.
#[derive(Clone, Copy, Debug)]
pub struct Eight(u64);

/// For each of eight bytes, whether something holds: the highest bit of each byte.
#[derive(Clone, Copy, Debug)]
pub struct Flags(u64);

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = ONES * 0x80;

impl Eight {
    /// Reads eight bytes.
    pub fn new(bytes: [u8; 8]) -> Self {
        Self(u64::from_le_bytes(bytes))
    }

    /// The last `count` of eight bytes, moved to the front, and zeros.
    pub fn last(self, count: usize) -> Self {
        Self(self.0.checked_shr(64 - 8 * count as u32).unwrap_or(0))
    }

    /// Which bytes lie from `low` to `high`, both ASCII.
    pub fn within(self, low: u8, high: u8) -> Flags {
        let ascii = self.0 & !HIGH;
        let at_least = ascii + ONES * u64::from(0x80 - low);
        let above = ascii + ONES * u64::from(0x7F - high);
        Flags(at_least & !above & !self.0 & HIGH)
    }

    /// Which bytes, with the bits of `blind` set, are `byte`.
    pub fn is(self, byte: u8, blind: u8) -> Flags {
        Self(self.0 | (ONES * u64::from(blind))).within(byte, byte)
    }

    /// Whether any byte, with the bits of `blind` set, is `byte`: [`Flags::any`] is right, though
    /// more bytes than that may be flagged.
    pub fn has(self, byte: u8, blind: u8) -> Flags {
        let zero = (self.0 | (ONES * u64::from(blind))) ^ (ONES * u64::from(byte));
        Flags(zero.wrapping_sub(ONES) & !zero & HIGH)
    }

    /// Which bytes are letters of ASCII.
    pub fn is_letter(self) -> Flags {
        Self(self.0 | (ONES * 0x20)).within(b'a', b'z')
    }
}

impl Flags {
    /// Whether something holds for any byte.
    pub fn any(self) -> bool {
        self.0 != 0
    }

    /// Whether it holds for all bytes.
    pub fn all(self) -> bool {
        self.0 == HIGH
    }

    /// A one in each byte that it holds for.
    pub fn ones(self) -> u64 {
        self.0 >> 7
    }
}

impl std::ops::BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Where the first of `bytes` that `wanted` accepts stands, at `from` or after it. `may` tells of
/// eight bytes whether one of them could be accepted: mostly none is.
pub fn find(
    bytes: &[u8],
    from: usize,
    may: impl Fn(Eight) -> Flags,
    wanted: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut at = from;
    while let Some(eight) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        if may(Eight::new(*eight)).any()
            && let Some(found) = (at..at + 8).find(|at| wanted(*at))
        {
            return Some(found);
        }
        at += 8;
    }
    // What is left is looked at together with bytes before it, if there are enough of them.
    let last = bytes.get(from..).and_then(<[u8]>::last_chunk);
    if last.is_some_and(|last| !may(Eight::new(*last)).any()) {
        return None;
    }
    (at..bytes.len()).find(|at| wanted(*at))
}

/// Whether all of `bytes` lie from `low` to `high`.
pub fn all_within(bytes: &[u8], low: u8, high: u8) -> bool {
    let (eights, rest) = bytes.as_chunks::<8>();
    eights.iter().all(|eight| Eight::new(*eight).within(low, high).all())
        && rest.iter().all(|byte| (low..=high).contains(byte))
}
