//! Keeping the index of postings: what a search looks at, and how many each employer has.

use rusqlite::{Connection, OptionalExtension};

use super::beginning::Vocabulary;
use super::document::{head_of, word};
use super::index::Glossary;
use super::time::millis;
use super::token;
use crate::domain::kept_posting::PostingState;
use crate::store::document::{DocumentId, Refusal};
use crate::store::posting_facets;
use crate::store::posting_index::PostingIndex;

/// The moment in the index of what is not, and never was, public.
pub const NEVER: i64 = i64::MIN;

/// What the index says of the revision that it shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// The number of the document.
    pub number: i64,
    /// The revision.
    pub revision: u32,
    /// When it was made, in milliseconds.
    pub at: i64,
}

/// Why a posting cannot be put in place, if its id or its slug is another one's.
pub fn refuse(
    tx: &Connection,
    document: &DocumentId,
    index: &PostingIndex,
) -> rusqlite::Result<Option<Refusal>> {
    let sql = "SELECT revision, deleted, at FROM documents
        WHERE kind = 'posting' AND id = ?1 AND owner <> ?2";
    let mut elsewhere = tx.prepare_cached(sql)?;
    let elsewhere = elsewhere.query_row((&document.id, &document.owner), |row| head_of(row, 0)).optional()?;
    let sql = "SELECT id FROM posting_index WHERE employer = ?1 AND slug = ?2 AND id <> ?3";
    let mut holder = tx.prepare_cached(sql)?;
    let holder =
        holder.query_row((&document.owner, &index.slug, &document.id), |row| row.get(0)).optional()?;
    Ok(elsewhere.map(Refusal::Exists).or(holder.map(Refusal::SlugTaken)))
}

/// Changes the index, for one transaction.
pub struct PostingIndexer<'t> {
    tx: &'t Connection,
    words: Glossary<'t>,
}

impl<'t> PostingIndexer<'t> {
    /// Changes the index within this transaction.
    pub fn new(tx: &'t Connection) -> Self {
        Self { tx, words: Glossary::new(tx, Vocabulary::Postings) }
    }

    /// Takes what a posting was out, if it was in; and puts in what it is, unless it was removed by the
    /// change with this number.
    pub fn update(
        &mut self,
        document: &DocumentId,
        shown: Shown,
        index: Option<&PostingIndex>,
        sequence: i64,
    ) -> rusqlite::Result<()> {
        self.note(&document.owner, sequence, shown.at)?;
        if let Some(state) = self.remove(shown.number)? {
            self.count(&document.owner, state, -1)?;
        }
        if let Some(index) = index {
            self.add(document, shown, index)?;
            self.count(&document.owner, index.state, 1)?;
        }
        Ok(())
    }

    /// The state that was written down of it.
    fn remove(&self, number: i64) -> rusqlite::Result<Option<PostingState>> {
        // The rows that refer to it go first.
        for sql in [
            "DELETE FROM posting_facets WHERE number = ?1",
            "DELETE FROM posting_words WHERE rowid = ?1 AND EXISTS
                (SELECT 1 FROM posting_index WHERE number = ?1)",
        ] {
            self.tx.prepare_cached(sql)?.execute([number])?;
        }
        let sql = "DELETE FROM posting_index WHERE number = ?1 RETURNING state";
        let mut statement = self.tx.prepare_cached(sql)?;
        statement.query_row([number], |row| word(row, 0, &PostingState::ALL, PostingState::as_str)).optional()
    }

    fn add(&mut self, document: &DocumentId, shown: Shown, index: &PostingIndex) -> rusqlite::Result<()> {
        let sql = "INSERT INTO posting_index
            (number, id, employer, slug, title, revision, age, state, opens, closes, due, low, high)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        self.tx.prepare_cached(sql)?.execute((
            shown.number,
            &document.id,
            &document.owner,
            &index.slug,
            &index.title,
            shown.revision,
            -shown.at,
            index.state.as_str(),
            index.opens_at.map_or(NEVER, millis),
            index.closes_at.map(millis),
            index.due.map(millis),
            index.salary.as_ref().map(|salary| salary.0),
            index.salary.as_ref().map(|salary| salary.1),
        ))?;
        let facets = posting_facets::of_posting(index).join(" ");
        let sql = "INSERT INTO posting_facets (number, facets) VALUES (?1, ' ' || ?2 || ' ')";
        self.tx.prepare_cached(sql)?.execute((shown.number, &facets))?;
        self.words.add(&index.words)?;
        let sql = "INSERT INTO posting_words (rowid, tokens) VALUES (?1, ?2)";
        let words = index.words.iter().map(|word| token::word(token::Field::Text, word));
        let tokens = words.fold(facets, |tokens, word| tokens + " " + &word);
        self.tx.prepare_cached(sql)?.execute((shown.number, tokens))?;
        Ok(())
    }

    fn note(&self, employer: &str, sequence: i64, at: i64) -> rusqlite::Result<()> {
        let sql = "INSERT INTO posting_lists (employer, sequence, at) VALUES ('', ?2, ?3), (?1, ?2, ?3)
            ON CONFLICT DO UPDATE SET sequence = excluded.sequence, at = excluded.at";
        self.tx.prepare_cached(sql)?.execute((employer, sequence, at))?;
        Ok(())
    }

    fn count(&self, employer: &str, state: PostingState, by: i64) -> rusqlite::Result<()> {
        let state = state.as_str();
        let sql = format!("UPDATE posting_lists SET {state} = {state} + ?2 WHERE employer IN ('', ?1)");
        self.tx.prepare_cached(&sql)?.execute((employer, by))?;
        Ok(())
    }
}
