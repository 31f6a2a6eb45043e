//! Compares lists by their items: which are gone, which are new, which stand elsewhere.

use std::collections::{HashMap, HashSet};

use super::comparison::{Comparison, Place};
use super::{DifferenceKind, words};
use crate::domain::Text;

/// What the items of a kind have in common.
pub struct Kin<T> {
    /// What tells an item from the others.
    pub id: fn(&T) -> String,
    /// What a sentence calls it.
    pub name: fn(&T) -> &str,
    /// All of it, in words.
    pub words: fn(&T) -> String,
    /// Compares two states of one item, at a pointer into the later role.
    pub compare: fn(&mut Comparison, &Place, &str, &T, &T),
}

/// A list, in one of the two roles.
pub struct List<'r, T> {
    /// Where it is.
    pub place: &'r Place,
    /// The pointer to it.
    pub pointer: &'r str,
    /// Its items.
    pub items: &'r [T],
}

impl<'r, T> List<'r, T> {
    /// Two lists that items may move between.
    pub fn both(places: &'r [(Place, &'r str); 2], first: &'r [T], second: &'r [T]) -> [Self; 2] {
        let [(one, one_pointer), (two, two_pointer)] = places;
        [
            Self { place: one, pointer: one_pointer, items: first },
            Self { place: two, pointer: two_pointer, items: second },
        ]
    }

    fn pointer_to(&self, item: &Standing<'_, T>) -> String {
        format!("{}/{}", self.pointer, item.index)
    }
}

/// An item where it stands.
struct Standing<'r, T> {
    item: &'r T,
    id: String,
    /// Which list, of those that an item may move between.
    list: usize,
    /// Where in it, from 0.
    index: usize,
}

impl Comparison {
    /// Compares lists of texts.
    pub fn texts(&mut self, place: &Place, pointer: &str, before: &[Text], after: &[Text]) {
        let before = [List { place, pointer, items: before }];
        self.lists(&before, &[List { place, pointer, items: after }], &TEXT);
    }

    /// Compares lists that items may move between; `before` and `after` have the same ones.
    pub fn lists<T>(&mut self, before: &[List<'_, T>], after: &[List<'_, T>], kin: &Kin<T>) {
        let (old, new) = (standing(before, kin), standing(after, kin));
        let mut pairs = Pairs::of(&old, &new);
        for (_, gone) in old.iter().enumerate().filter(|(at, _)| !pairs.kept.contains(at)) {
            if let Some(list) = before.get(gone.list) {
                self.came_or_went(DifferenceKind::Removed, list, gone, kin);
            }
        }
        for (at, now) in new.iter().enumerate() {
            let Some(list) = after.get(now.list) else { continue };
            match pairs.before.remove(&at).and_then(|was| old.get(was)) {
                None => self.came_or_went(DifferenceKind::Added, list, now, kin),
                Some(was) => {
                    let Some(from) = before.get(was.list) else { continue };
                    if pairs.moved.contains(&at) {
                        self.moved((from, was), (list, now), kin);
                    }
                    let place = list.place.item(now.id.clone(), (kin.name)(was.item));
                    let (old, new) = (from.pointer_to(was), list.pointer_to(now));
                    self.item = Some((new.clone(), old));
                    (kin.compare)(self, &place, &new, was.item, now.item);
                    self.item = None;
                }
            }
        }
    }

    fn came_or_went<T>(
        &mut self,
        kind: DifferenceKind,
        list: &List<'_, T>,
        item: &Standing<'_, T>,
        kin: &Kin<T>,
    ) {
        let words = Some((kin.words)(item.item));
        let (states, event) = match kind {
            DifferenceKind::Removed => ((words, None), "was removed"),
            _ => ((None, words), "was added"),
        };
        let event = format!("{} {event}", words::quoted((kin.name)(item.item)));
        self.tell(&list.place.unnamed(item.id.clone()), kind, &list.pointer_to(item), states, &event);
    }

    fn moved<T>(
        &mut self,
        (from, was): (&List<'_, T>, &Standing<'_, T>),
        (list, now): (&List<'_, T>, &Standing<'_, T>),
        kin: &Kin<T>,
    ) {
        let place = |standing: &Standing<'_, T>| format!("place {}", standing.index + 1);
        let (name, old, new) = (words::quoted((kin.name)(was.item)), place(was), place(now));
        let (before, after, event) = if was.list == now.list {
            (old.clone(), new.clone(), format!("{name} moved from {old} to {new}"))
        } else {
            let (from, to) = (&from.place.label, &list.place.label);
            (format!("{from}, {old}"), format!("{to}, {new}"), format!("{name} came from “{from}”"))
        };
        let item = list.place.unnamed(now.id.clone());
        let states = (Some(before), Some(after));
        self.tell(&item, DifferenceKind::Moved, &list.pointer_to(now), states, &event);
    }
}

const TEXT: Kin<Text> = Kin {
    id: Text::to_string,
    name: Text::as_str,
    words: Text::to_string,
    compare: |found, place, at, before, after| found.text(place, at, Some(before), Some(after)),
};

fn standing<'r, T>(lists: &[List<'r, T>], kin: &Kin<T>) -> Vec<Standing<'r, T>> {
    let of = |(list, it): (usize, &List<'r, T>)| {
        let items = it.items.iter().enumerate();
        items.map(move |(index, item)| Standing { item, id: (kin.id)(item), list, index }).collect::<Vec<_>>()
    };
    lists.iter().enumerate().flat_map(of).collect()
}

/// Which items are the same ones; all by their number among all lists together.
struct Pairs {
    /// The earlier ones that are still there.
    kept: HashSet<usize>,
    /// To each later one the earlier one.
    before: HashMap<usize, usize>,
    /// The later ones that stand elsewhere.
    moved: HashSet<usize>,
}

impl Pairs {
    /// Pairs by id; what has the same id several times, in turn.
    fn of<T>(old: &[Standing<'_, T>], new: &[Standing<'_, T>]) -> Self {
        let mut by_id: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, item) in old.iter().enumerate().rev() {
            by_id.entry(&item.id).or_default().push(at);
        }
        let taken =
            |(at, item): (usize, &Standing<'_, T>)| Some((at, by_id.get_mut(item.id.as_str())?.pop()?));
        let pairs: Vec<(usize, usize)> = new.iter().enumerate().filter_map(taken).collect();
        let list = |all: &[Standing<'_, T>], at: usize| all.get(at).map(|item| item.list);
        let (stayed, elsewhere): (Vec<_>, Vec<_>) =
            pairs.iter().copied().partition(|&(now, was)| list(new, now) == list(old, was));
        let in_order = longest_rising(&stayed);
        let moved =
            elsewhere.into_iter().chain(stayed).map(|(now, _)| now).filter(|now| !in_order.contains(now));
        Self {
            kept: pairs.iter().map(|&(_, was)| was).collect(),
            moved: moved.collect(),
            before: pairs.into_iter().collect(),
        }
    }
}

/// The most later numbers whose earlier numbers rise too: what need not be moved to get from one
/// order to the other. `pairs` are in the order of the later numbers.
fn longest_rising(pairs: &[(usize, usize)]) -> HashSet<usize> {
    // For each pair: the length of the longest rising run that ends with it, and the pair before.
    let mut runs: Vec<(usize, Option<usize>)> = Vec::with_capacity(pairs.len());
    for (at, (_, was)) in pairs.iter().enumerate() {
        let earlier = pairs.iter().zip(&runs).enumerate().take(at);
        let rising = earlier.filter(|(_, ((_, other), _))| other < was);
        let longest = rising
            .map(|(n, (_, (length, _)))| (*length, n))
            .max_by_key(|&(length, n)| (length, std::cmp::Reverse(n)));
        runs.push((longest.map_or(1, |(length, _)| length + 1), longest.map(|(_, n)| n)));
    }
    let mut next = (0..runs.len()).max_by_key(|&n| (runs.get(n).map(|run| run.0), std::cmp::Reverse(n)));
    let mut found = HashSet::new();
    while let Some((now, (_, before))) = next.and_then(|n| Some((pairs.get(n)?.0, runs.get(n)?))) {
        found.insert(now);
        next = *before;
    }
    found
}
