//! Keeping the index of roles: what a search looks at, beside the documents.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::fault::Fault;
use super::token;
use crate::store::index::{RoleIndex, words};

/// The most bytes of a title that it is sorted by: PostgreSQL takes keys of up to 2.7 KB.
const TITLE_BYTES: usize = 1000;

/// How many rows are put in place by one statement: no statement takes long.
const AT_ONCE: usize = 500;

/// A row of the index, but for what the revision says.
#[derive(Clone, Debug)]
pub struct Entry {
    title: String,
    summary: String,
    /// Ids and names, with a tab between them, one a line: as no text of a role can have them.
    skills: String,
    terms: String,
    band: Option<(i64, i64)>,
}

/// What becomes of a role in the index.
#[derive(Clone, Debug)]
pub struct Update<'e> {
    /// The number that it was given when it was added.
    pub number: i64,
    /// Its id.
    pub id: &'e str,
    /// Its revision.
    pub revision: i32,
    /// When that was made, in milliseconds.
    pub at: i64,
    /// What a search looks at; nothing if it was removed.
    pub entry: Option<&'e Entry>,
}

impl Entry {
    /// That of a role.
    pub fn of(index: RoleIndex) -> Self {
        let skills: Vec<String> = index.skills.iter().map(|(id, name)| format!("{id}\t{name}")).collect();
        Self {
            title: beginning(index.titles.first().map_or("", String::as_str)),
            skills: skills.join("\n"),
            terms: token::of_role(&index),
            band: index.band.as_ref().map(|band| (band.0, band.1)),
            summary: index.summary,
        }
    }
}

/// Brings the index up to date: each role at most once.
pub async fn update(transaction: &mut PgConnection, updates: &[Update<'_>]) -> Result<(), Fault> {
    if updates.is_empty() {
        return Ok(());
    }
    let mut skills = BTreeMap::new();
    for some in updates.chunks(AT_ONCE) {
        for row in replace(transaction, some).await? {
            count(&mut skills, row.try_get(0)?, -1);
        }
    }
    for entry in updates.iter().filter_map(|update| update.entry) {
        count(&mut skills, &entry.skills, 1);
    }
    skills.retain(|_, change| *change != 0);
    count_names(transaction, &skills).await
}

/// Puts the rows in place; yields the skills of those that were there.
async fn replace(transaction: &mut PgConnection, updates: &[Update<'_>]) -> Result<Vec<PgRow>, Fault> {
    // The last part sees what was there before the others.
    let sql = "WITH removed AS (DELETE FROM role_index WHERE number = ANY ($1)),
        put AS (
            INSERT INTO role_index
                (number, id, title, revision, at, band_min, band_max, summary, skills, terms)
            SELECT number, id, title, revision, at, band_min, band_max, summary, skills,
                array_to_tsvector(string_to_array(terms, E'\n'))
            FROM unnest($2::bigint[], $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::bigint[],
                    $8::bigint[], $9::text[], $10::text[], $11::text[])
                AS new (number, id, title, revision, at, band_min, band_max, summary, skills, terms)
            ON CONFLICT (number) DO UPDATE SET title = excluded.title, revision = excluded.revision,
                at = excluded.at, band_min = excluded.band_min, band_max = excluded.band_max,
                summary = excluded.summary, skills = excluded.skills, terms = excluded.terms
        )
        SELECT skills FROM role_index WHERE number = ANY ($1) OR number = ANY ($2)";
    let removed = updates.iter().filter(|update| update.entry.is_none());
    let removed: Vec<i64> = removed.map(|update| update.number).collect();
    let put: Vec<(&Update<'_>, &Entry)> =
        updates.iter().filter_map(|update| Some((update, update.entry?))).collect();
    let of_entries = |value: fn(&Entry) -> &str| put.iter().map(|(_, e)| value(e)).collect::<Vec<_>>();
    let ends = |value: fn((i64, i64)) -> i64| put.iter().map(|(_, e)| e.band.map(value)).collect::<Vec<_>>();
    let query = sqlx::query(sql)
        .bind(removed)
        .bind(put.iter().map(|(update, _)| update.number).collect::<Vec<_>>())
        .bind(put.iter().map(|(update, _)| update.id).collect::<Vec<_>>())
        .bind(of_entries(|entry| &entry.title))
        .bind(put.iter().map(|(update, _)| update.revision).collect::<Vec<_>>())
        .bind(put.iter().map(|(update, _)| update.at).collect::<Vec<_>>())
        .bind(ends(|(min, _)| min))
        .bind(ends(|(_, max)| max))
        .bind(of_entries(|entry| &entry.summary))
        .bind(of_entries(|entry| &entry.skills))
        .bind(of_entries(|entry| &entry.terms));
    Ok(query.fetch_all(transaction).await?)
}

/// Adds the skills of one role, or takes them away.
fn count(counts: &mut BTreeMap<(String, String), i64>, skills: &str, by: i64) {
    for (id, name) in skills.lines().filter_map(|line| line.split_once('\t')) {
        *counts.entry((id.to_owned(), name.to_owned())).or_default() += by;
    }
}

async fn count_names(
    transaction: &mut PgConnection,
    changes: &BTreeMap<(String, String), i64>,
) -> Result<(), Fault> {
    if changes.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO skill_names AS old (skill, digest, name, roles, terms)
        SELECT skill, digest, name, roles, array_to_tsvector(string_to_array(terms, E'\n'))
        FROM unnest($1::text[], $2::bytea[], $3::text[], $4::bigint[], $5::text[])
            AS new (skill, digest, name, roles, terms)
        ON CONFLICT (skill, digest) DO UPDATE SET roles = old.roles + excluded.roles";
    let ids: Vec<&str> = changes.keys().map(|(id, _)| &**id).collect();
    let names: Vec<&str> = changes.keys().map(|(_, name)| &**name).collect();
    let digests: Vec<Vec<u8>> = names.iter().map(|name| Sha256::digest(name.as_bytes()).to_vec()).collect();
    let terms: Vec<String> = names.iter().map(|name| token::of_skill(&words(name))).collect();
    let query = sqlx::query(sql).bind(&ids).bind(digests).bind(names);
    query.bind(changes.values().copied().collect::<Vec<_>>()).bind(terms).execute(&mut *transaction).await?;
    if changes.values().any(|change| *change < 0) {
        let sql = "DELETE FROM skill_names WHERE skill = ANY ($1) AND roles <= 0";
        sqlx::query(sql).bind(ids).execute(transaction).await?;
    }
    Ok(())
}

/// The part of a title that it is sorted by.
fn beginning(title: &str) -> String {
    title[..title.floor_char_boundary(TITLE_BYTES)].to_owned()
}
