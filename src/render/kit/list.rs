//! Duties and skills: how well each serves a dimension, and how long the longest are.

use super::{ItemIndex, KeptItem};

/// A tag counts in full when it is the item's first, and at three fifths otherwise.
const FIRST_TAG: u8 = 5;
const OTHER_TAG: u8 = 3;

/// A duty or a skill, in both its wordings.
#[derive(Debug)]
pub struct Entry {
    /// The usual wording.
    pub full: ItemIndex,
    /// The wording of a short posting, or of a line.
    pub brief: ItemIndex,
    /// The item's id.
    pub id: String,
    /// Where it stands in the role.
    pub pointer: String,
    /// Indices into the kit's dimensions, the strongest first.
    pub tags: Vec<usize>,
    /// Essential duty, or required skill.
    pub must: bool,
    /// Primary duty, or hard skill.
    pub first_list: bool,
}

impl Entry {
    /// One of the wordings.
    pub fn wording(&self, brief: bool) -> ItemIndex {
        if brief { self.brief } else { self.full }
    }
}

/// All duties, or all skills.
#[derive(Debug)]
pub struct List {
    /// In the role's order.
    pub entries: Vec<Entry>,
    /// By dimension, then by entry.
    strengths: Vec<u8>,
}

impl List {
    /// A list whose tags are indices below `dimensions`.
    pub(super) fn new(entries: Vec<Entry>, dimensions: usize) -> Self {
        let mut strengths = vec![0; dimensions * entries.len()];
        for (index, entry) in entries.iter().enumerate() {
            for (rank, &dimension) in entry.tags.iter().enumerate() {
                let strength = strengths.get_mut(dimension * entries.len() + index);
                if let Some(strength) = strength.filter(|strength| **strength == 0) {
                    *strength = if rank == 0 { FIRST_TAG } else { OTHER_TAG };
                }
            }
        }
        Self { entries, strengths }
    }

    /// How well each entry carries a dimension; 0 if it does not.
    pub fn strengths(&self, dimension: usize) -> &[u8] {
        let start = dimension * self.entries.len();
        self.strengths.get(start..start + self.entries.len()).unwrap_or_default()
    }
}

/// The entries of a list that compete for the same places.
#[derive(Debug)]
pub struct Pool {
    /// Their indices, in the role's order.
    pub members: Vec<usize>,
    /// The words of none, the longest, the two longest … in the usual and in the brief wording.
    longest: [Vec<u32>; 2],
}

impl Pool {
    /// The entries of `list` for which `belongs` holds; `items` has their words.
    pub(super) fn new(list: &List, items: &[KeptItem], belongs: &dyn Fn(&Entry) -> bool) -> Self {
        let of_pool = || list.entries.iter().enumerate().filter(|(_, entry)| belongs(entry));
        let longest = [false, true].map(|brief| {
            let count = |entry: &Entry| items.get(entry.wording(brief)).map_or(0, |item| item.count);
            let mut counts: Vec<u32> = of_pool().map(|(_, entry)| count(entry)).collect();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            let sums = counts.iter().scan(0, |sum, count| {
                *sum += count;
                Some(*sum)
            });
            std::iter::once(0).chain(sums).collect()
        });
        Self { members: of_pool().map(|(index, _)| index).collect(), longest }
    }

    /// The words of none, the longest, the two longest …
    pub fn longest(&self, brief: bool) -> &[u32] {
        &self.longest[usize::from(brief)]
    }

    /// The words of all.
    pub fn words(&self, brief: bool) -> u32 {
        self.longest(brief).last().copied().unwrap_or(0)
    }
}
