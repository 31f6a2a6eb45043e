//! Keeping the index of roles: what a search looks at, beside the documents.

use std::collections::HashSet;

use rusqlite::Connection;

use super::beginning::Vocabulary;
use super::token;
use crate::store::index::RoleIndex;

/// Changes the index, for one transaction.
pub struct Indexer<'t> {
    tx: &'t Connection,
    words: Glossary<'t>,
}

impl<'t> Indexer<'t> {
    /// Changes the index within this transaction.
    pub fn new(tx: &'t Connection) -> Self {
        Self { tx, words: Glossary::new(tx, Vocabulary::Roles) }
    }

    /// Takes a role out, if it is in.
    pub fn remove(&self, number: i64) -> rusqlite::Result<()> {
        let tx = self.tx;
        // The rows that refer to it go first.
        let was_in = tx.prepare_cached("DELETE FROM role_facts WHERE number = ?1")?.execute([number])? > 0;
        if !was_in {
            return Ok(());
        }
        tx.prepare_cached(
            "UPDATE skill_names SET roles = roles - 1
             WHERE (skill, name) IN (SELECT skill, name FROM role_skills WHERE number = ?1)",
        )?
        .execute([number])?;
        tx.prepare_cached(
            "DELETE FROM skill_names WHERE roles = 0
             AND (skill, name) IN (SELECT skill, name FROM role_skills WHERE number = ?1)",
        )?
        .execute([number])?;
        tx.prepare_cached("DELETE FROM role_skills WHERE number = ?1")?.execute([number])?;
        tx.prepare_cached("DELETE FROM role_words WHERE rowid = ?1")?.execute([number])?;
        tx.prepare_cached("DELETE FROM role_index WHERE number = ?1")?.execute([number])?;
        Ok(())
    }

    /// Puts a role in that is not in.
    pub fn add(
        &mut self,
        number: i64,
        id: &str,
        index: &RoleIndex,
        revision: u32,
        updated: i64,
    ) -> rusqlite::Result<()> {
        let tx = self.tx;
        let title = index.titles.first().map_or("", String::as_str);
        tx.prepare_cached(
            "INSERT INTO role_index (number, id, title, updated, revision, summary)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((number, id, title, updated, revision, &index.summary))?;
        let band = index.band.as_ref();
        tx.prepare_cached(
            "INSERT INTO role_facts (number, updated, low, high, currency, period)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            number,
            updated,
            band.map(|band| band.0),
            band.map(|band| band.1),
            band.map(|band| &band.2),
            band.map(|band| &band.3),
        ))?;
        self.add_skills(number, index)?;
        self.words.add(&index.all_words)?;
        tx.prepare_cached("INSERT INTO role_words (rowid, tokens) VALUES (?1, ?2)")?
            .execute((number, token::all(index)))?;
        Ok(())
    }

    fn add_skills(&self, number: i64, index: &RoleIndex) -> rusqlite::Result<()> {
        let mut of_role = self
            .tx
            .prepare_cached("INSERT OR IGNORE INTO role_skills (number, skill, name) VALUES (?1, ?2, ?3)")?;
        let mut counts = self.tx.prepare_cached(
            "INSERT INTO skill_names (skill, name, roles) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET roles = roles + 1",
        )?;
        for (skill, name) in &index.skills {
            if of_role.execute((number, skill, name))? > 0 {
                counts.execute((skill, name))?;
            }
        }
        Ok(())
    }
}

/// Adds to a vocabulary, for one transaction.
pub struct Glossary<'t> {
    tx: &'t Connection,
    sql: String,
    /// Words that this transaction has added.
    added: HashSet<String>,
}

impl<'t> Glossary<'t> {
    /// Adds to a vocabulary within this transaction.
    pub fn new(tx: &'t Connection, vocabulary: Vocabulary) -> Self {
        let sql = format!("INSERT OR IGNORE INTO {} (word) VALUES (?1)", vocabulary.table());
        Self { tx, sql, added: HashSet::new() }
    }

    /// Adds words.
    pub fn add(&mut self, words: &[String]) -> rusqlite::Result<()> {
        let mut statement = self.tx.prepare_cached(&self.sql)?;
        for word in words {
            if !self.added.contains(word) {
                statement.execute([word])?;
                self.added.insert(word.clone());
            }
        }
        Ok(())
    }
}
