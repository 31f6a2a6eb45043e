//! Which of two sets of texts are alike: one is the other, altered.
//!
//! Two texts are alike if they have at least half of their words in common (the Dice coefficient of their
//! words, each as often as it stands there). The best pairs are taken first.

use std::collections::HashMap;

use super::words::Word;

/// The least likeness, in thousandths.
const ENOUGH: usize = 500;
/// A word that stands in more texts than this says nothing about which of them is meant.
const COMMON: usize = 24;
/// To how many others a text is compared closely.
const CLOSELY: usize = 6;

/// Pairs of places in `before` and `after` whose texts are alike, each place at most once, in the order of
/// `before`. The time is bounded by the words of all texts: a text is compared closely with a few that
/// share rare words with it, and with the one in its place.
pub fn pairs(before: &[Vec<Word>], after: &[Vec<Word>]) -> Vec<(usize, usize)> {
    let (before, after) = (bags(before), bags(after));
    let mut holders: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, bag) in after.iter().enumerate() {
        for word in distinct(bag) {
            holders.entry(word).or_default().push(at);
        }
    }
    let mut found: Vec<(usize, usize, usize)> = Vec::new();
    for (old, bag) in before.iter().enumerate() {
        for new in candidates(old, bag, &after, &holders) {
            let likeness = after.get(new).map_or(0, |other| likeness(bag, other));
            if likeness >= ENOUGH {
                found.push((likeness, old, new));
            }
        }
    }
    found.sort_by_key(|&(likeness, old, new)| (usize::MAX - likeness, old.abs_diff(new), old, new));
    let (mut taken_before, mut taken_after) = (vec![false; before.len()], vec![false; after.len()]);
    let mut pairs = Vec::new();
    for (_, old, new) in found {
        if let (Some(one), Some(other)) = (taken_before.get_mut(old), taken_after.get_mut(new))
            && !*one
            && !*other
        {
            (*one, *other) = (true, true);
            pairs.push((old, new));
        }
    }
    pairs.sort_unstable();
    pairs
}

fn bags(texts: &[Vec<Word>]) -> Vec<Vec<u32>> {
    let bag = |words: &Vec<Word>| {
        let mut bag: Vec<u32> = words.iter().map(|word| word.number).collect();
        bag.sort_unstable();
        bag
    };
    texts.iter().map(bag).collect()
}

fn distinct(bag: &[u32]) -> impl Iterator<Item = u32> {
    bag.chunk_by(|one, other| one == other).filter_map(|same| same.first().copied())
}

/// The texts to compare with closely, the likeliest first.
fn candidates(old: usize, bag: &[u32], after: &[Vec<u32>], holders: &HashMap<u32, Vec<usize>>) -> Vec<usize> {
    let mut shared: HashMap<usize, usize> = HashMap::new();
    for at in distinct(bag).filter_map(|word| holders.get(&word)).filter(|h| h.len() <= COMMON).flatten() {
        *shared.entry(*at).or_default() += 1;
    }
    shared.entry(old).or_default();
    // A text of more than three times the length is not alike, whatever it says.
    let could_be = |at: usize| {
        after.get(at).is_some_and(|other| other.len() <= 3 * bag.len() && bag.len() <= 3 * other.len())
    };
    let mut likely: Vec<(usize, usize)> = shared.into_iter().filter(|(at, _)| could_be(*at)).collect();
    likely.sort_unstable_by_key(|&(at, words)| (usize::MAX - words, at.abs_diff(old), at));
    likely.into_iter().take(CLOSELY).map(|(at, _)| at).collect()
}

/// The words that two sorted bags have in common, twice, of all their words, in thousandths.
fn likeness(one: &[u32], other: &[u32]) -> usize {
    let (mut ones, mut others) = (one.iter().peekable(), other.iter().peekable());
    let mut common = 0_usize;
    while let (Some(a), Some(b)) = (ones.peek(), others.peek()) {
        match a.cmp(b) {
            std::cmp::Ordering::Less => _ = ones.next(),
            std::cmp::Ordering::Greater => _ = others.next(),
            std::cmp::Ordering::Equal => {
                common += 1;
                ones.next();
                others.next();
            }
        }
    }
    (2000 * common) / (one.len() + other.len()).max(1)
}

#[cfg(test)]
mod tests {
    use super::super::words::Lexicon;
    use super::*;

    fn paired(before: &[&str], after: &[&str]) -> Vec<(usize, usize)> {
        let mut lexicon = Lexicon::default();
        let mut words = |texts: &[&str]| texts.iter().map(|text| lexicon.words(text)).collect::<Vec<_>>();
        let (before, after) = (words(before), words(after));
        pairs(&before, &after)
    }

    #[test]
    fn half_of_the_words_are_enough_and_less_is_not() {
        assert_eq!(paired(&["a b c d"], &["a b x y"]), [(0, 0)]);
        assert_eq!(paired(&["a b c d"], &["a x y z"]), []);
        assert_eq!(paired(&["a b c d"], &["a b x y z"]), []);
        assert_eq!(paired(&["a a a b"], &["a x y z"]), []);
        assert_eq!(paired(&[""], &[""]), []);
    }

    #[test]
    fn the_best_pairs_are_taken_first() {
        let before = ["lead a team of five engineers", "lead a team of engineers"];
        let after = ["lead a team of engineers now", "lead a big team of five engineers"];
        assert_eq!(paired(&before, &after), [(0, 1), (1, 0)]);
        assert_eq!(paired(&["x y", "x y"], &["x z", "x z"]), [(0, 0), (1, 1)]);
    }

    #[test]
    fn texts_of_common_words_are_paired_by_their_places() {
        let texts: Vec<String> = (0..200).map(|n| format!("do the same thing in many ways {n}")).collect();
        let changed: Vec<String> = texts.iter().map(|text| format!("{text} again")).collect();
        let strs =
            |texts: &'_ [String]| texts.iter().map(String::as_str).map(str::to_owned).collect::<Vec<_>>();
        let (before, after) = (strs(&texts), strs(&changed));
        let (before, after): (Vec<&str>, Vec<&str>) =
            (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
        let found = paired(&before, &after);
        assert_eq!(found, (0..200).map(|n| (n, n)).collect::<Vec<_>>());
    }
}
