//! The order of relevance: tier by tier, as far as the page goes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sqlx::PgConnection;

use super::fault::Fault;
use super::question::{Question, Roll};
use super::token::{Field, all_of, quoted};
use crate::store::search::{Position, Search, Sort, TIERS, Tier};

/// A search by rank that is under way. Rolls are called as they are needed: that of the whole role,
/// which is counted anyway, and those of the fields above it.
pub struct Ranks<'s> {
    search: &'s Search,
    rolls: HashMap<Field, Roll>,
}

impl<'s> Ranks<'s> {
    /// Goes on from the roll of all that the search finds.
    pub fn new(search: &'s Search, all: Roll) -> Self {
        Self { search, rolls: HashMap::from([(Field::Text, all)]) }
    }

    /// One more than a page, tier by tier; none is looked at once the page is full.
    pub async fn page(mut self, connection: &mut PgConnection) -> Result<Vec<(Tier, i64)>, Fault> {
        let (first, mut after) = match &self.search.after {
            Some(Position::Rank(tier, _)) => (*tier, self.search.after.as_ref()),
            _ => (Tier::TitleIs, None),
        };
        let mut page = Vec::new();
        if self.roll(connection, Field::Text).await?.numbers.is_empty() {
            return Ok(page);
        }
        for tier in TIERS.into_iter().filter(|tier| *tier >= first) {
            let missing = self.search.limit + 1 - page.len();
            let numbers = self.tier(connection, tier, after.take(), missing).await?;
            page.extend(numbers.into_iter().map(|number| (tier, number)));
            if page.len() > self.search.limit {
                break;
            }
        }
        Ok(page)
    }

    /// The next of a tier.
    async fn tier(
        &mut self,
        connection: &mut PgConnection,
        tier: Tier,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<i64>, Fault> {
        let (field, above) = fields(tier);
        let mut are_whole = true;
        for field in [&field].into_iter().chain(above) {
            are_whole = are_whole && self.roll(connection, *field).await?.is_whole();
        }
        if !are_whole {
            let question = Question::new(self.search, Sort::Relevance, of_tier(tier, &self.search.words));
            return question.page(connection, after, limit, true).await;
        }
        let after = match after {
            Some(Position::Rank(_, number)) => *number,
            _ => i64::MIN,
        };
        let above: Vec<&Roll> = above.iter().filter_map(|field| self.rolls.get(field)).collect();
        let is_next = |number: &i64| *number > after && !above.iter().any(|r| r.numbers.contains(number));
        let roll = self.rolls.get(&field);
        let mut next: Vec<i64> =
            roll.into_iter().flat_map(|roll| &roll.numbers).copied().filter(is_next).collect();
        next.sort_unstable();
        next.truncate(limit);
        Ok(next)
    }

    async fn roll(&mut self, connection: &mut PgConnection, field: Field) -> Result<&Roll, Fault> {
        match self.rolls.entry(field) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let terms = match field {
                    Field::WholeTitle => Some(whole_title(&self.search.words)),
                    field => all_of(field, &self.search.words),
                };
                let question = Question::new(self.search, Sort::Relevance, terms);
                Ok(unknown.insert(question.roll(connection).await?))
            }
        }
    }
}

/// Where the words of a tier stand, and where those of the tiers above it do.
fn fields(tier: Tier) -> (Field, &'static [Field]) {
    match tier {
        Tier::TitleIs => (Field::WholeTitle, &[]),
        Tier::TitleHas => (Field::Title, &[Field::WholeTitle]),
        Tier::NamesHave => (Field::Names, &[Field::Title, Field::WholeTitle]),
        // The names have all that stands above them.
        Tier::TextHas => (Field::Text, &[Field::Names]),
    }
}

/// What finds the roles of a tier, and not those of the tiers above it.
fn of_tier(tier: Tier, words: &[String]) -> Vec<String> {
    let (field, above) = fields(tier);
    let terms = |field: &Field| match field {
        Field::WholeTitle => Some(whole_title(words)),
        field => all_of(*field, words),
    };
    let above = above.iter().filter_map(terms).map(|above| format!("!({above})"));
    terms(&field).into_iter().chain(above).collect()
}

fn whole_title(words: &[String]) -> String {
    quoted(&Field::WholeTitle.facet(&words.join(" ")))
}
