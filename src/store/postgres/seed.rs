//! Taking over roles that come with the program or in a folder.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::connection::Lease;
use super::fault::Fault;
use super::write::Plan;
use super::{Postgres, row};
use crate::store::StoreError;
use crate::store::document::{Author, DocumentId, Edit, Expected, Order};
use crate::store::seed::{Decision, Remembered, Seed, Seeded};

/// How many are taken over at once: others want to write, too.
const AT_ONCE: usize = 100;

/// Takes over those that [`Seed::decide`] says so of.
pub async fn take_over(store: &Postgres, seeds: Vec<Seed>) -> Result<Vec<Seeded>, StoreError> {
    let mut seeded = Vec::with_capacity(seeds.len());
    for some in seeds.chunks(AT_ONCE) {
        let orders: Vec<Order> = some.iter().map(order).collect();
        let decide = |mut lease: Lease| async { Ok((decide(&mut lease, some, &orders).await?, lease)) };
        let decisions = store.change_many(some.len(), decide).await?;
        let documents = some.iter().map(|seed| seed.document.clone());
        let told = documents.zip(decisions).map(|(document, decision)| Seeded { document, decision });
        seeded.extend(told);
    }
    Ok(seeded)
}

async fn decide(
    transaction: &mut PgConnection,
    seeds: &[Seed],
    orders: &[Order],
) -> Result<Vec<Decision>, Fault> {
    let mut plan = Plan::over(transaction, orders).await?;
    let mut memory = Memory::of(transaction, seeds).await?;
    let mut decisions = Vec::with_capacity(seeds.len());
    for (seed, order) in seeds.iter().zip(orders) {
        let remembered = memory.get(seed);
        let decision = seed.decide(plan.head(&seed.document), remembered);
        if decision == Decision::Take
            && let Ok(written) = plan.decide(order, None)
        {
            memory.put(seed, written.revision);
        }
        if let Some(old) = remembered.filter(|old| seed.confirms(*old)) {
            memory.put(seed, old.revision);
        }
        decisions.push(decision);
    }
    plan.carry_out(transaction).await?;
    memory.keep(transaction).await?;
    Ok(decisions)
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

/// What is remembered of seeds, by origin and document.
struct Memory {
    known: BTreeMap<(String, DocumentId), Remembered>,
    changed: BTreeSet<(String, DocumentId)>,
}

impl Memory {
    async fn of(connection: &mut PgConnection, seeds: &[Seed]) -> Result<Self, Fault> {
        let sql = "SELECT kind, owner, id, origin, digest, release, revision
            FROM unnest($1::text[], $2::text[], $3::text[]) AS wanted (kind, owner, id)
            JOIN seeds USING (kind, owner, id)";
        let query = sqlx::query(sql)
            .bind(seeds.iter().map(|seed| seed.document.kind.as_str()).collect::<Vec<_>>())
            .bind(seeds.iter().map(|seed| &*seed.document.owner).collect::<Vec<_>>())
            .bind(seeds.iter().map(|seed| &*seed.document.id).collect::<Vec<_>>());
        let known = query.fetch_all(connection).await?.iter().map(known).collect::<Result<_, _>>()?;
        Ok(Self { known, changed: BTreeSet::new() })
    }

    fn get(&self, seed: &Seed) -> Option<Remembered> {
        self.known.get(&key(seed)).copied()
    }

    fn put(&mut self, seed: &Seed, revision: u32) {
        let remembered = Remembered { digest: seed.digest(), release: seed.origin.release(), revision };
        self.known.insert(key(seed), remembered);
        self.changed.insert(key(seed));
    }

    async fn keep(mut self, transaction: &mut PgConnection) -> Result<(), Fault> {
        self.known.retain(|key, _| self.changed.contains(key));
        let sql = "INSERT INTO seeds (origin, kind, owner, id, digest, release, revision)
            SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bytea[], $6::bigint[],
                $7::integer[])
            ON CONFLICT (kind, owner, id, origin) DO UPDATE
            SET digest = excluded.digest, release = excluded.release, revision = excluded.revision";
        if !self.known.is_empty() {
            sqlx::query(sql)
                .bind(self.known.keys().map(|(origin, _)| &**origin).collect::<Vec<_>>())
                .bind(self.known.keys().map(|(_, document)| document.kind.as_str()).collect::<Vec<_>>())
                .bind(self.known.keys().map(|(_, document)| &*document.owner).collect::<Vec<_>>())
                .bind(self.known.keys().map(|(_, document)| &*document.id).collect::<Vec<_>>())
                .bind(self.known.values().map(|known| known.digest.as_slice()).collect::<Vec<_>>())
                .bind(self.known.values().map(|known| known.release).collect::<Vec<_>>())
                .bind(self.known.values().map(|known| row::of_revision(known.revision)).collect::<Vec<_>>())
                .execute(transaction)
                .await?;
        }
        Ok(())
    }
}

fn key(seed: &Seed) -> (String, DocumentId) {
    (seed.origin.as_str().to_owned(), seed.document.clone())
}

fn known(row: &PgRow) -> Result<((String, DocumentId), Remembered), Fault> {
    let digest = row::bytes(row, 4)?;
    let remembered = Remembered { digest, release: row.try_get(5)?, revision: row::revision(row, 6)? };
    Ok(((row.try_get(3)?, row::document(row, 0)?), remembered))
}
