//! The words of the text that was found, and which of them are the posting's.

use std::collections::HashMap;
use std::ops::Range;

use super::super::sentences::sentences;
use super::super::words::{Lexicon, Word};

/// How many words are looked up together.
pub const GRAM: usize = 4;
/// In how many places a piece is looked for, in each direction.
const TRIES: usize = 8;

/// The text that was found.
#[derive(Debug)]
pub struct Live<'t> {
    words: Vec<Word>,
    /// To each word, the number of its sentence.
    of: Vec<usize>,
    /// The sentences, and the number of the first word of each.
    sentences: Vec<(&'t str, usize)>,
    covered: Vec<bool>,
    /// Where four words follow each other, by the words.
    grams: Vec<([u32; GRAM], usize)>,
    /// Sentences of fewer words, by their words.
    short: HashMap<Vec<u32>, Vec<usize>>,
}

/// Words of one sentence that are not the posting's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fragment {
    /// The number of the sentence.
    pub sentence: usize,
    /// The words, by their numbers.
    pub words: Range<usize>,
}

impl<'t> Live<'t> {
    /// Reads the paragraphs of a text.
    pub fn of(paragraphs: &'t [String], lexicon: &mut Lexicon) -> Self {
        let mut live = Self {
            words: Vec::new(),
            of: Vec::new(),
            sentences: Vec::new(),
            covered: Vec::new(),
            grams: Vec::new(),
            short: HashMap::new(),
        };
        for sentence in paragraphs.iter().flat_map(|paragraph| sentences(paragraph)) {
            let words = lexicon.words(sentence);
            let number = live.sentences.len();
            if words.len() < GRAM {
                live.short.entry(numbers(&words)).or_default().push(number);
            }
            live.sentences.push((sentence, live.words.len()));
            live.of.extend(std::iter::repeat_n(number, words.len()));
            live.words.extend(words);
        }
        live.covered = vec![false; live.words.len()];
        let grams = live.words.windows(GRAM).enumerate();
        live.grams = grams.filter_map(|(at, words)| Some((gram(words)?, at))).collect();
        live.grams.sort_unstable();
        live
    }

    /// Whether the words stand at a place, and are nobody's yet.
    pub fn has_at(&self, at: usize, words: &[Word]) -> bool {
        let here = self.words.get(at..at + words.len()).unwrap_or_default();
        let free = self.covered.get(at..at + words.len()).is_some_and(|covered| covered.iter().all(|c| !c));
        free && here.iter().zip(words).all(|(one, other)| one.number == other.number)
    }

    /// Where at least [`GRAM`] words stand, and are nobody's yet: after `from` if possible, the nearest.
    pub fn find(&self, words: &[Word], from: usize) -> Option<usize> {
        let gram = gram(words)?;
        let start = self.grams.partition_point(|(other, _)| *other < gram);
        let after = self.grams.partition_point(|(other, at)| (*other, *at) < (gram, from));
        let forward = self.grams.iter().skip(after).take_while(|(other, _)| *other == gram).take(TRIES);
        let back = self.grams.get(start..after).unwrap_or_default().iter().rev().take(TRIES);
        forward.chain(back).map(|(_, at)| *at).find(|at| self.has_at(*at, words))
    }

    /// Where fewer words stand as a sentence of their own.
    pub fn find_short(&self, words: &[Word], from: usize) -> Option<usize> {
        let places = self.short.get(&numbers(words))?;
        let start = |number: &usize| self.sentences.get(*number).map_or(usize::MAX, |(_, start)| *start);
        let (back, forward) = places.split_at(places.partition_point(|number| start(number) < from));
        let near = forward.iter().take(TRIES).chain(back.iter().rev().take(TRIES));
        near.map(start).find(|at| self.has_at(*at, words))
    }

    /// Takes words for the posting.
    pub fn cover(&mut self, words: &Range<usize>) {
        self.covered.get_mut(words.clone()).into_iter().for_each(|covered| covered.fill(true));
    }

    /// Whether a word is the posting's.
    pub fn is_covered(&self, at: usize) -> bool {
        self.covered.get(at).copied().unwrap_or(false)
    }

    /// A word.
    pub fn word(&self, at: usize) -> Option<&Word> {
        self.words.get(at)
    }

    /// The number of the sentence that a word stands in.
    pub fn sentence_at(&self, word: usize) -> usize {
        self.of.get(word).copied().unwrap_or(usize::MAX)
    }

    /// A sentence.
    pub fn sentence(&self, number: usize) -> &'t str {
        self.sentences.get(number).map_or("", |(sentence, _)| sentence)
    }

    /// What stands from the first of some words to the last of them in the same sentence.
    pub fn text(&self, words: &Range<usize>) -> &'t str {
        let sentence = self.sentence_at(words.start);
        let last = words.clone().rev().find(|at| self.sentence_at(*at) == sentence);
        let start = self.word(words.start).map_or(0, |word| word.place.start);
        let end = last.and_then(|last| self.word(last)).map_or(start, |word| word.place.end);
        self.sentence(sentence).get(start..end).unwrap_or_default()
    }

    /// What a fragment says: the whole sentence, if none of it is the posting's.
    pub fn fragment(&self, fragment: &Fragment) -> &'t str {
        let before = fragment.words.start.checked_sub(1).map(|at| self.sentence_at(at));
        let whole =
            before != Some(fragment.sentence) && self.sentence_at(fragment.words.end) != fragment.sentence;
        if whole { self.sentence(fragment.sentence) } else { self.text(&fragment.words) }
    }

    /// The words of a fragment.
    pub fn words_of(&self, fragment: &Fragment) -> Vec<Word> {
        self.words.get(fragment.words.clone()).unwrap_or_default().to_vec()
    }

    /// What is not the posting's, in reading order; the numbers of lists apart.
    pub fn left(&self) -> Vec<Fragment> {
        let mut left: Vec<Fragment> = Vec::new();
        for (at, sentence) in self.of.iter().enumerate().filter(|(at, _)| !self.is_covered(*at)) {
            match left.last_mut().filter(|last| last.sentence == *sentence && last.words.end == at) {
                Some(last) => last.words.end = at + 1,
                None => left.push(Fragment { sentence: *sentence, words: at..at + 1 }),
            }
        }
        left.retain(|fragment| !is_list_number(self.text(&fragment.words)));
        left
    }
}

/// `1.`, `12)`, `a)`
fn is_list_number(text: &str) -> bool {
    let bare = text.trim_start_matches('(').strip_suffix(['.', ')']);
    bare.is_some_and(|bare| {
        (1..=3).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit())
            || bare.len() == 1 && bare.bytes().all(|b| b.is_ascii_lowercase())
    })
}

fn numbers(words: &[Word]) -> Vec<u32> {
    words.iter().map(|word| word.number).collect()
}

fn gram(words: &[Word]) -> Option<[u32; GRAM]> {
    let first = words.get(..GRAM)?;
    numbers(first).try_into().ok()
}
