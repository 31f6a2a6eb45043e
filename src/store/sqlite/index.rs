//! Keeping the index of roles: what a search looks at, beside the documents.

use std::collections::HashSet;

use rusqlite::Connection;

use super::token;
use crate::domain::Role;
use crate::store::StoreError;
use crate::store::document::{Edit, Kind, Order};
use crate::store::index::RoleIndex;

/// What a search looks at in the role that an order puts in place, if it does.
pub fn of_order(order: &Order) -> Result<Option<RoleIndex>, StoreError> {
    match &order.edit {
        Edit::Put(body) if order.document.kind == Kind::Role => of_body(body).map(Some),
        _ => Ok(None),
    }
}

/// What a search looks at in a role.
pub fn of_body(body: &str) -> Result<RoleIndex, StoreError> {
    // It was checked when it came in.
    let role: Role = serde_json::from_str(body).map_err(StoreError::failed)?;
    Ok(RoleIndex::of(&role))
}

/// Changes the index, for one transaction.
pub struct Indexer<'t> {
    tx: &'t Connection,
    /// Words that this transaction has added to the vocabulary.
    added: HashSet<String>,
}

impl<'t> Indexer<'t> {
    /// Changes the index within this transaction.
    pub fn new(tx: &'t Connection) -> Self {
        Self { tx, added: HashSet::new() }
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
        self.add_words(&index.all_words)?;
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

    fn add_words(&mut self, words: &[String]) -> rusqlite::Result<()> {
        let mut statement = self.tx.prepare_cached("INSERT OR IGNORE INTO vocabulary (word) VALUES (?1)")?;
        for word in words {
            if !self.added.contains(word) {
                statement.execute([word])?;
                self.added.insert(word.clone());
            }
        }
        Ok(())
    }
}
