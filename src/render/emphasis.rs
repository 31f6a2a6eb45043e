//! Emphasis: what it may be, how it ranks items, and how many of them it brings in.
//!
//! Guarantees, each with a property test: essential items stay; at least half of the duties shown
//! carry an emphasised dimension, or all that the role has; without emphasis the role's order
//! stays; one more emphasis never lowers the number of its items.

use std::cmp::Reverse;

use crate::domain::options::Emphasis;
use crate::domain::{PostingOptions, Role, Violation};

use super::kit::{Kit, List};

/// A dimension that can be asked for.
#[derive(Clone, Copy, Debug)]
pub struct Dimension {
    /// The name in requests.
    pub name: &'static str,
    /// What it puts first.
    pub description: &'static str,
    /// What a posting says first when it is emphasised.
    pub example: &'static str,
}

const fn dimension(name: &'static str, description: &'static str, example: &'static str) -> Dimension {
    Dimension { name, description, example }
}

/// The dimensions that every role may be asked for.
pub const DIMENSIONS: [Dimension; 10] = [
    dimension("people", "Hiring, coaching, and developing people.", "help a team grow"),
    dimension("leadership", "Leading a team and speaking for it.", "lead a team of engineers"),
    dimension(
        "technical",
        "Technical depth: systems, code, and architecture.",
        "set the technical direction",
    ),
    dimension("strategy", "Direction, planning, and business value.", "shape the long-term plan"),
    dimension(
        "delivery",
        "Getting work done: process, planning, and deadlines.",
        "bring projects in on time",
    ),
    dimension(
        "collaboration",
        "Work with other teams, partners, and stakeholders.",
        "work with product managers",
    ),
    dimension("culture", "How the team works together.", "foster an inclusive culture"),
    dimension("quality", "Standards, reviews, and reliability.", "keep standards for code high"),
    dimension("innovation", "New technologies and ideas.", "bring in new technologies that work"),
    dimension("compliance", "Security, privacy, and other rules.", "keep to data-privacy rules"),
];

/// The dimensions that move a section rather than items.
pub const SECTIONS: [Dimension; 3] = [
    dimension(
        "growth",
        "Moves the career path up, and names the next step.",
        "From here, you can advance to …",
    ),
    dimension("benefits", "Moves pay and benefits to right after the opening.", "Compensation and benefits"),
    dimension("flexibility", "Moves the work arrangement to the second place.", "This is a hybrid role."),
];

/// What a posting is to put first.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Indices into the kit's dimensions, with weights; the heaviest first, then as asked for.
    pub dimensions: Vec<(usize, u32)>,
    /// The career path is emphasised.
    pub growth: bool,
    /// Pay and benefits are emphasised.
    pub benefits: bool,
    /// The work arrangement is emphasised.
    pub flexibility: bool,
}

impl Wish {
    /// What `options` ask for of the kit's role.
    pub fn new(options: &PostingOptions, kit: &Kit) -> Self {
        let mut wish = Self::default();
        for emphasis in &options.emphasis {
            let name = emphasis.dimension().as_str();
            if let Some(index) = kit.dimensions.iter().position(|d| d == name) {
                wish.dimensions.push((index, u32::from(emphasis.weight())));
            }
            match name {
                "growth" => wish.growth = true,
                "benefits" => wish.benefits = true,
                "flexibility" => wish.flexibility = true,
                _ => {}
            }
        }
        wish.dimensions.sort_by_key(|&(_, weight)| Reverse(weight));
        wish
    }

    /// Whether it ranks any items.
    pub fn ranks_items(&self) -> bool {
        !self.dimensions.is_empty()
    }

    /// How well an item of `list` serves the wish; 0 when it carries no emphasised dimension.
    pub fn score(&self, list: &List, index: usize) -> u32 {
        self.dimensions.iter().map(|&(dimension, weight)| weight * strength(list, dimension, index)).sum()
    }

    /// Those of `members` in `list`, the best first, with their scores; equals keep the role's order.
    pub fn ranked(&self, list: &List, members: impl ExactSizeIterator<Item = usize>) -> Vec<Ranked> {
        let mut ranked = Vec::with_capacity(members.len());
        ranked.extend(members.map(|index| Ranked::new(self.score(list, index), index)));
        if self.ranks_items() {
            ranked.sort_unstable();
        }
        ranked
    }

    /// The duties to show: the essential ones, `room` others, and as many more emphasised ones as
    /// the share asks for; in the order to show them.
    ///
    /// `room` must not depend on the wish. Then one more emphasis can only add items of its own:
    /// it lifts their rank, and never lowers the number of places.
    pub fn select(&self, kit: &Kit, room: usize) -> Vec<usize> {
        let duties = &kit.duties;
        let places = room.max(self.needed(kit));
        let mut others = 0;
        let chosen = |duty: &Ranked| {
            if duties.entries.get(duty.index()).is_some_and(|duty| duty.must) {
                return true;
            }
            others += 1;
            others <= room || (others <= places && duty.score() > 0)
        };
        let ranked = self.ranked(duties, 0..duties.entries.len());
        let mut shown = Vec::with_capacity(kit.essential.members.len() + places.min(ranked.len()));
        shown.extend(ranked.into_iter().filter(chosen).map(Ranked::index));
        shown
    }

    /// How many duties beside the essential ones it takes for one dimension to reach half.
    fn needed(&self, kit: &Kit) -> usize {
        let essential = &kit.essential.members;
        let needed = |&(dimension, _): &(usize, u32)| {
            let carries = |index: &&usize| strength(&kit.duties, dimension, **index) > 0;
            let with = essential.iter().filter(carries).count();
            (essential.len() - with).saturating_sub(with)
        };
        self.dimensions.iter().map(needed).max().unwrap_or(0)
    }

    /// The duty among `shown` that serves `dimension` best and is not `taken`: an essential one if equal.
    pub fn strongest(dimension: usize, duties: &List, shown: &[usize], taken: &[usize]) -> Option<usize> {
        let free = shown.iter().filter(|index| !taken.contains(index));
        let must = |index: usize| duties.entries.get(index).is_some_and(|duty| duty.must);
        free.map(|&index| (strength(duties, dimension, index), must(index), Reverse(index)))
            .filter(|&(strength, _, _)| strength > 0)
            .max()
            .map(|(_, _, Reverse(index))| index)
    }
}

/// An item with its score, in one number so that many are sorted fast: the better of two is the
/// lesser, and of equals the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ranked(u64);

impl Ranked {
    fn new(score: u32, index: usize) -> Self {
        Self(u64::from(u32::MAX - score) << 32 | index as u64)
    }

    fn score(self) -> u32 {
        u32::MAX - (self.0 >> 32) as u32
    }

    /// Its index in its list.
    pub fn index(self) -> usize {
        (self.0 & u64::from(u32::MAX)) as usize
    }
}

fn strength(list: &List, dimension: usize, index: usize) -> u32 {
    list.strengths(dimension).get(index).copied().map_or(0, u32::from)
}

/// The names that `role` may be asked for.
pub fn valid(role: Option<&Role>) -> Vec<&str> {
    let mut names: Vec<&str> = DIMENSIONS.iter().chain(&SECTIONS).map(|known| known.name).collect();
    for tag in role.map(Role::tags).unwrap_or_default() {
        if !names.contains(&tag.as_str()) {
            names.push(tag.as_str());
        }
    }
    names
}

/// The emphases of `options` that `role` does not know.
pub fn violations(options: &PostingOptions, role: &Role) -> Vec<Violation> {
    let unknown = |name: &str| {
        let of_ours = DIMENSIONS.iter().chain(&SECTIONS).any(|known| known.name == name);
        !of_ours
            && !role.duties().any(|d| has(&d.tags, name))
            && !role.all_skills().any(|s| has(&s.tags, name))
    };
    let entries = options.emphasis.iter().enumerate();
    entries
        .filter(|(_, emphasis)| unknown(emphasis.dimension().as_str()))
        .map(|(index, emphasis)| {
            let pointer = match emphasis {
                Emphasis::Dimension(_) => format!("/emphasis/{index}"),
                Emphasis::Weighted(_) => format!("/emphasis/{index}/dimension"),
            };
            Violation::unknown(pointer, "emphasis", emphasis.dimension().as_str(), valid(Some(role)))
        })
        .collect()
}

fn has(tags: &[crate::domain::Slug], name: &str) -> bool {
    tags.iter().any(|tag| tag.as_str() == name)
}
