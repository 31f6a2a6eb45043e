//! A catalogue that never was: roles of some 250 words, drawn by Zipf's law, the same on every machine.

use serde_json::{Value, json};

/// How many stems the vocabulary has; each has six forms.
const STEMS: usize = 8_000;
const FORMS: [&str; 6] = ["", "s", "ing", "ed", "er", "ment"];
const FAMILIES: usize = 20;
const SKILLS: usize = 2_000;
const TAGS: usize = 40;

/// Draws numbers (xorshift64*), and words by their frequency.
pub struct Generator {
    state: u64,
    stems: Vec<String>,
}

impl Generator {
    /// Draws what follows from `seed`.
    pub fn new(seed: u64) -> Self {
        let mut naming = Self { state: 88_172_645_463_325_252, stems: Vec::new() };
        let stems = (0..STEMS).map(|_| naming.stem()).collect();
        Self { state: seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1, stems }
    }

    fn number(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).expect("fits")
    }

    fn stem(&mut self) -> String {
        const HEADS: [&str; 20] = [
            "b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl", "gr",
            "cr", "sh",
        ];
        const VOWELS: [&str; 8] = ["a", "e", "i", "o", "u", "ea", "ou", "ai"];
        let syllables = 2 + self.below(2);
        let syllable = |g: &mut Self| HEADS[g.below(HEADS.len())].to_owned() + VOWELS[g.below(VOWELS.len())];
        let word: String = (0..syllables).map(|_| syllable(self)).collect();
        word + ["n", "t", "r", "l", "ck"][self.below(5)]
    }

    /// The rank of a word, from 0, the most frequent: Zipf's law over so many.
    fn rank(&mut self, count: usize) -> usize {
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        {
            let uniform = (self.number() >> 11) as f64 / (1_u64 << 53) as f64;
            ((count as f64).powf(uniform) - 1.0) as usize
        }
    }

    /// A word by its rank.
    pub fn word(&self, rank: usize) -> String {
        self.stems[rank % STEMS].clone() + FORMS[(rank / STEMS + rank % STEMS) % FORMS.len()]
    }

    fn words(&mut self, count: usize) -> String {
        let words: Vec<_> = (0..count)
            .map(|_| {
                let rank = self.rank(STEMS * FORMS.len());
                self.word(rank)
            })
            .collect();
        words.join(" ")
    }

    /// Words of titles are drawn from fewer.
    fn title(&mut self) -> String {
        let words: Vec<_> = (0..2 + self.below(3))
            .map(|_| {
                let rank = self.rank(400);
                self.word(rank * 7)
            })
            .collect();
        words.join(" ")
    }

    /// The name of a family.
    pub fn family(&self, number: usize) -> String {
        format!("Family {}", self.word(number * 11))
    }

    fn tags(&mut self) -> Value {
        let (one, two) = (self.rank(TAGS), self.rank(TAGS));
        if one == two {
            json!([format!("tag-{one}")])
        } else {
            json!([format!("tag-{one}"), format!("tag-{two}")])
        }
    }

    fn duty(&mut self, number: usize) -> Value {
        json!({"id": format!("duty-{number}"), "action": self.words(9), "outcome": self.words(5), "tags": self.tags()})
    }

    fn skills(&mut self) -> Vec<Value> {
        let mut numbers: Vec<_> = (0..8).map(|_| self.rank(SKILLS)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
            .into_iter()
            .map(|n| {
                let name = format!("{} {}", self.word(n * 3 + 5), self.word(n * 5 + 1));
                json!({"id": format!("skill-{n}"), "name": name, "description": self.words(4)})
            })
            .collect()
    }

    /// A role as compact JSON.
    pub fn role(&mut self, id: &str) -> String {
        let low = 30_000 + 1_000 * self.below(150);
        let family = self.rank(FAMILIES);
        let role = json!({
            "id": id,
            "title": self.title(),
            "alternate_titles": [self.title()],
            "family": self.family(family),
            "keywords": [self.words(1), self.words(2), self.words(1)],
            "summary": self.words(28),
            "mission": self.words(10),
            "salary": {"min": low, "max": low + 20_000, "currency": (["USD", "EUR"][self.below(2)]), "period": "year"},
            "responsibilities": {"primary": (0..9).map(|n| self.duty(n)).collect::<Vec<_>>()},
            "skills": {"hard": self.skills()},
        });
        let role: rolewright::domain::Role = serde_json::from_value(role).expect("a role");
        serde_json::to_string(&role).expect("serializes")
    }
}
