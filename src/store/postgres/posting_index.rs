//! Keeping the index of postings: what a search looks at, and how many each employer has.

use std::collections::BTreeMap;

use sqlx::{PgConnection, Row as _};

use super::fault::Fault;
use super::time::millis;
use super::{row, token};
use crate::domain::kept_posting::PostingState;
use crate::store::document::DocumentId;
use crate::store::posting_index::PostingIndex;

/// The moment in the index of what is not, and never was, public.
pub const NEVER: i64 = i64::MIN;

/// How many rows are put in place by one statement: no statement takes long.
const AT_ONCE: usize = 500;

/// A row of the index, but for what the revision says.
#[derive(Clone, Debug)]
pub struct Entry {
    index: Box<PostingIndex>,
    terms: String,
}

impl Entry {
    /// That of a posting.
    pub fn of(index: Box<PostingIndex>) -> Self {
        Self { terms: token::of_posting(&index), index }
    }

    /// Names it among the postings of its employer.
    pub fn slug(&self) -> &str {
        &self.index.slug
    }

    /// The employer, and the slug.
    pub fn name(&self) -> (&str, &str) {
        (&self.index.employer, &self.index.slug)
    }
}

/// What becomes of a posting in the index.
#[derive(Clone, Debug)]
pub struct Update<'e> {
    /// Whose it is, and its id.
    pub document: &'e DocumentId,
    /// The number that it was given when it was added.
    pub number: i64,
    /// Its revision.
    pub revision: i32,
    /// When that was made, in milliseconds.
    pub at: i64,
    /// What a search looks at; nothing if it was removed.
    pub entry: Option<&'e Entry>,
}

/// The last change of an employer's postings: its number, and its moment in milliseconds.
pub type LastChanges<'e> = BTreeMap<&'e str, (i64, i64)>;

/// How many postings were added by states, or taken away.
type Counts = [i64; PostingState::ALL.len()];

/// Brings the index up to date: each posting at most once.
pub async fn update(
    transaction: &mut PgConnection,
    updates: &[Update<'_>],
    last: LastChanges<'_>,
) -> Result<(), Fault> {
    if updates.is_empty() {
        return Ok(());
    }
    let mut counts = BTreeMap::<String, Counts>::new();
    // All go out before the first comes in: one may get the slug that another one had.
    let sql = "DELETE FROM posting_index WHERE number = ANY ($1) RETURNING employer, state";
    let numbers: Vec<i64> = updates.iter().map(|update| update.number).collect();
    for gone in sqlx::query(sql).bind(numbers).fetch_all(&mut *transaction).await? {
        let state = row::word(&gone, 1, &PostingState::ALL, PostingState::as_str)?;
        counts.entry(gone.try_get(0)?).or_default()[state as usize] -= 1;
    }
    let there: Vec<_> = updates.iter().filter_map(|update| Some((update, update.entry?))).collect();
    for some in there.chunks(AT_ONCE) {
        insert(transaction, some).await?;
    }
    for (update, entry) in there {
        counts.entry(update.document.owner.clone()).or_default()[entry.index.state as usize] += 1;
    }
    note(transaction, &counts, last).await
}

async fn insert(transaction: &mut PgConnection, rows: &[(&Update<'_>, &Entry)]) -> Result<(), Fault> {
    let sql = "INSERT INTO posting_index
            (number, id, employer, slug, title, revision, at, state, opens, closes, due, low, high, terms)
        SELECT number, id, employer, slug, title, revision, at, state, opens, closes, due, low, high,
            array_to_tsvector(string_to_array(terms, E'\n'))
        FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::bigint[],
                $8::text[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[],
                $14::text[])
            AS new (number, id, employer, slug, title, revision, at, state, opens, closes, due, low, high,
                terms)";
    let updates = |value: fn(&Update<'_>) -> i64| rows.iter().map(|(u, _)| value(u)).collect::<Vec<_>>();
    let texts = |value: for<'t> fn(&'t Update<'_>, &'t Entry) -> &'t str| {
        rows.iter().map(|(update, entry)| value(update, entry)).collect::<Vec<_>>()
    };
    let moments = |value: fn(&PostingIndex) -> Option<i64>| {
        rows.iter().map(|(_, entry)| value(&entry.index)).collect::<Vec<_>>()
    };
    sqlx::query(sql)
        .bind(updates(|update| update.number))
        .bind(texts(|update, _| &update.document.id))
        .bind(texts(|update, _| &update.document.owner))
        .bind(texts(|_, entry| &entry.index.slug))
        .bind(texts(|_, entry| &entry.index.title))
        .bind(rows.iter().map(|(update, _)| update.revision).collect::<Vec<_>>())
        .bind(updates(|update| update.at))
        .bind(texts(|_, entry| entry.index.state.as_str()))
        .bind(moments(|index| Some(index.opens_at.map_or(NEVER, millis))))
        .bind(moments(|index| index.closes_at.map(millis)))
        .bind(moments(|index| index.due.map(millis)))
        .bind(moments(|index| index.salary.as_ref().map(|salary| salary.0)))
        .bind(moments(|index| index.salary.as_ref().map(|salary| salary.1)))
        .bind(texts(|_, entry| &entry.terms))
        .execute(transaction)
        .await?;
    Ok(())
}

/// Keeps count, by employer and of all.
async fn note(
    transaction: &mut PgConnection,
    counts: &BTreeMap<String, Counts>,
    mut last: LastChanges<'_>,
) -> Result<(), Fault> {
    let sql = "INSERT INTO posting_lists AS old (employer, draft, scheduled, published, closed, sequence, at)
        SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[],
            $6::bigint[], $7::bigint[])
        ON CONFLICT (employer) DO UPDATE SET draft = old.draft + excluded.draft,
            scheduled = old.scheduled + excluded.scheduled, published = old.published + excluded.published,
            closed = old.closed + excluded.closed, sequence = excluded.sequence, at = excluded.at";
    let newest = last.values().max().copied().unwrap_or_default();
    last.insert("", newest);
    let of_state = |state: PostingState| {
        let of = |employer: &&str| match *employer {
            "" => counts.values().map(|counts| counts[state as usize]).sum(),
            employer => counts.get(employer).map_or(0, |counts| counts[state as usize]),
        };
        last.keys().map(of).collect::<Vec<i64>>()
    };
    let query = sqlx::query(sql).bind(last.keys().copied().collect::<Vec<_>>());
    let query = PostingState::ALL.into_iter().fold(query, |query, state| query.bind(of_state(state)));
    query
        .bind(last.values().map(|(sequence, _)| *sequence).collect::<Vec<_>>())
        .bind(last.values().map(|(_, at)| *at).collect::<Vec<_>>())
        .execute(transaction)
        .await?;
    Ok(())
}
