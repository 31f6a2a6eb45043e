//! What is kept between requests: roles in their tones, and what postings showed of them.
//!
//! Both are found by what they are made of, so that nothing kept can be out of date: a changed role
//! has another fingerprint. Both are bounded by weight, and what is hardly used gives way.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::domain::options::Length;
use crate::domain::posting::SectionId;

use super::format::Format;
use super::kit::Kit;
use super::shown::Shown;
use super::{Fingerprint, RenderError};

/// Bytes of memory that kits may take: some hundred roles in six tones.
const KITS: u64 = 256 * 1024 * 1024;
/// Bytes of memory that kept sections may take: some ten thousand choices of items.
const SECTIONS: u64 = 64 * 1024 * 1024;

/// A role in a tone: the digests of both.
pub type KitKey = (Fingerprint, Fingerprint);

/// All that decides which items of a role in a tone are shown, and how they are led in to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlanKey {
    /// How long the posting may be.
    pub length: Length,
    /// The emphasised dimensions with their weights, the heaviest first.
    pub dimensions: Vec<(usize, u32)>,
    /// Whether the career path is emphasised.
    pub growth: bool,
    /// The sections that the options turn on or off.
    pub sections: Vec<(SectionId, bool)>,
    /// A title other than the role's.
    pub title: Option<Box<str>>,
    /// The name of the employer, where an own tone says it in these sections.
    pub employer: Option<Box<str>>,
    /// The first place of the posting, likewise.
    pub place: Option<Box<str>>,
    /// The words that are spent before any item is chosen.
    pub spent: u32,
    /// The words that emphasis on flexibility may add.
    pub flexibility: u32,
}

/// What was shown of a role in a tone: its plan, in a format whose first heading is at a level.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ShownKey {
    /// The role in its tone.
    pub kit: KitKey,
    /// The format, and the level of the first heading.
    pub skin: (Format, u8),
    /// What is shown.
    pub plan: PlanKey,
}

/// What is kept.
#[derive(Debug)]
pub struct Keep {
    kits: Cache<KitKey, Arc<Kit>, ByWeight>,
    shown: Cache<ShownKey, Arc<Shown>, ByWeight>,
}

impl Default for Keep {
    fn default() -> Self {
        Self {
            kits: Cache::with_weighter(1024, KITS, ByWeight),
            shown: Cache::with_weighter(8 * 1024, SECTIONS, ByWeight),
        }
    }
}

impl Keep {
    /// The kit of a role in a tone, which `new` makes the first time.
    ///
    /// # Errors
    /// What `new` reports.
    pub fn kit(
        &self,
        key: KitKey,
        new: impl FnOnce() -> Result<Arc<Kit>, RenderError>,
    ) -> Result<Arc<Kit>, RenderError> {
        self.kits.get_or_insert_with(&key, new)
    }

    /// What is shown of a role, which `new` makes the first time.
    ///
    /// # Errors
    /// What `new` reports.
    pub fn shown(
        &self,
        key: ShownKey,
        new: impl FnOnce() -> Result<Shown, RenderError>,
    ) -> Result<Arc<Shown>, RenderError> {
        if let Some(shown) = self.shown.get(&key) {
            return Ok(shown);
        }
        // Two that come at once both make it, and the bytes are the same: cheaper than to wait.
        let shown = Arc::new(new()?.shrunk());
        self.shown.insert(key, shown.clone());
        Ok(shown)
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> u64 {
        self.kits.weight() + self.shown.weight()
    }
}

#[derive(Clone, Debug)]
struct ByWeight;

impl Weighter<KitKey, Arc<Kit>> for ByWeight {
    fn weight(&self, _: &KitKey, kit: &Arc<Kit>) -> u64 {
        kit.weight()
    }
}

impl Weighter<ShownKey, Arc<Shown>> for ByWeight {
    fn weight(&self, key: &ShownKey, shown: &Arc<Shown>) -> u64 {
        let plan = &key.plan;
        let lists = size_of_val(plan.dimensions.as_slice()) + size_of_val(plan.sections.as_slice());
        let texts = [&plan.title, &plan.employer, &plan.place].into_iter().flatten();
        let texts: usize = texts.map(|text| text.len()).sum();
        shown.weight() + (size_of::<ShownKey>() + lists + texts) as u64
    }
}
