//! Which entries of two lists are the same, and which of them stand elsewhere.
//!
//! As `domain::changes` pairs the items of a role; but lists may be long here: a paragraph may have a
//! hundred thousand sentences.

use std::collections::{HashMap, HashSet, VecDeque};
use std::hash::Hash;

/// How the entries of two lists belong together.
#[derive(Debug)]
pub struct Matched {
    /// The earlier and the later place of what is in both, in the later order.
    pub pairs: Vec<(usize, usize)>,
    /// The later places of those that must be moved to get from one order to the other.
    pub moved: HashSet<usize>,
    /// The earlier places of what is only there.
    pub removed: Vec<usize>,
    /// The later places of what is only there.
    pub added: Vec<usize>,
}

/// Matches equal entries; what stands there several times, in turn.
pub fn matched<K: Eq + Hash>(before: &[K], after: &[K]) -> Matched {
    let mut places: HashMap<&K, VecDeque<usize>> = HashMap::new();
    for (at, key) in before.iter().enumerate() {
        places.entry(key).or_default().push_back(at);
    }
    let (mut pairs, mut added) = (Vec::new(), Vec::new());
    for (at, key) in after.iter().enumerate() {
        match places.get_mut(key).and_then(VecDeque::pop_front) {
            Some(was) => pairs.push((was, at)),
            None => added.push(at),
        }
    }
    let mut removed: Vec<usize> = places.into_values().flatten().collect();
    removed.sort_unstable();
    let stayed = longest_rising(&pairs);
    let moved = pairs.iter().map(|&(_, at)| at).filter(|at| !stayed.contains(at)).collect();
    Matched { pairs, moved, removed, added }
}

/// The most later places whose earlier places rise, too (patience sorting, in n log n). `pairs` are in the
/// order of the later places.
fn longest_rising(pairs: &[(usize, usize)]) -> HashSet<usize> {
    // For each length of a run: the pair with the lowest earlier place that ends such a run.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    let was = |n: usize| pairs.get(n).map_or(usize::MAX, |pair| pair.0);
    for (n, pair) in pairs.iter().enumerate() {
        let length = ends.partition_point(|&end| was(end) < pair.0);
        before.push(length.checked_sub(1).and_then(|shorter| ends.get(shorter).copied()));
        match ends.get_mut(length) {
            Some(end) => *end = n,
            None => ends.push(n),
        }
    }
    let mut stayed = HashSet::new();
    let mut next = ends.last().copied();
    while let Some(n) = next {
        stayed.extend(pairs.get(n).map(|pair| pair.1));
        next = before.get(n).copied().flatten();
    }
    stayed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(before: &str, after: &str) -> (String, String, String) {
        let (old, new): (Vec<char>, Vec<char>) = (before.chars().collect(), after.chars().collect());
        let found = matched(&old, &new);
        let moved = (0..new.len()).filter(|at| found.moved.contains(at)).map(|at| new[at]).collect();
        let removed = found.removed.iter().map(|at| old[*at]).collect();
        (moved, removed, found.added.iter().map(|at| new[*at]).collect())
    }

    #[test]
    fn entries_stay_move_come_and_go() {
        let told = |moved: &str, removed: &str, added: &str| (moved.into(), removed.into(), added.into());
        assert_eq!(of("abc", "abc"), told("", "", ""));
        assert_eq!(of("abc", "cab"), told("c", "", ""));
        assert_eq!(of("abcd", "bxd"), told("", "ac", "x"));
        assert_eq!(of("aab", "abaa"), told("b", "", "a"));
        assert_eq!(of("", "ab"), told("", "", "ab"));
        assert_eq!(of("ab", ""), told("", "ab", ""));
    }
}
