//! Taking over roles that come with the program or in a folder.

use rusqlite::{Connection, OptionalExtension, Row};

use super::write::{Indexers, number_of, one};
use super::writer::Keep;
use crate::store::StoreError;
use crate::store::document::{Author, Edit, Expected, Order};
use crate::store::seed::{Decision, Remembered, Seed, Seeded};

/// Takes over those that [`Seed::decide`] says so of.
pub fn take_over(tx: &Connection, seeds: Vec<Seed>) -> Result<Keep<Vec<Seeded>>, StoreError> {
    let mut indexers = Indexers::new(tx);
    let seeded = seeds.into_iter().map(|seed| {
        let decision = decide(tx, &seed, &mut indexers)?;
        Ok(Seeded { document: seed.document, decision })
    });
    Ok(Keep::All(seeded.collect::<Result<_, StoreError>>()?))
}

fn decide(tx: &Connection, seed: &Seed, indexers: &mut Indexers<'_>) -> Result<Decision, StoreError> {
    let found = number_of(tx, &seed.document)?;
    let remembered = match found {
        Some((number, _)) => remembered(tx, seed, number)?,
        None => None,
    };
    let decision = seed.decide(found.map(|(_, head)| head), remembered);
    if decision == Decision::Take
        && let Ok(written) = one(tx, &order(seed), None, indexers)?
        && let Some((number, _)) = number_of(tx, &seed.document)?
    {
        remember(tx, seed, number, written.revision)?;
    }
    if let (Some((number, _)), Some(old)) = (found, remembered)
        && seed.confirms(old)
    {
        remember(tx, seed, number, old.revision)?;
    }
    Ok(decision)
}

fn order(seed: &Seed) -> Order {
    Order {
        document: seed.document.clone(),
        edit: Edit::Put(seed.body.clone()),
        expected: Expected::Anything,
        skip_same: false,
        at: seed.at,
        author: Author { name: seed.origin.to_string(), key: None, request: None },
        message: None,
    }
}

fn remembered(tx: &Connection, seed: &Seed, number: i64) -> rusqlite::Result<Option<Remembered>> {
    let sql = "SELECT digest, release, revision FROM seeds WHERE origin = ?1 AND document = ?2";
    let read =
        |row: &Row<'_>| Ok(Remembered { digest: row.get(0)?, release: row.get(1)?, revision: row.get(2)? });
    tx.prepare_cached(sql)?.query_row((seed.origin.as_str(), number), read).optional()
}

fn remember(tx: &Connection, seed: &Seed, number: i64, revision: u32) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO seeds (origin, document, digest, release, revision)
        VALUES (?1, ?2, ?3, ?4, ?5)";
    let row = (seed.origin.as_str(), number, seed.digest(), seed.origin.release(), revision);
    tx.prepare_cached(sql)?.execute(row)?;
    Ok(())
}
