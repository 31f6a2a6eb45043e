//! The skills of the catalogue, counted.

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};

use super::fault::Fault;
use super::row;
use super::token::{Field, all_of};
use crate::store::document::Slice;
use crate::store::search::SkillCount;

/// Those after an id, at most so many, and how many there are in all; with all of these words in the
/// name that most roles give them.
pub async fn list(
    connection: &mut PgConnection,
    words: &[String],
    after: Option<&str>,
    limit: usize,
) -> Result<(Slice<SkillCount>, u64), Fault> {
    let terms = all_of(Field::Names, words);
    let sql = "SELECT skill, name, roles FROM (
            SELECT DISTINCT ON (skill) skill, name, terms,
                (sum(roles) OVER (PARTITION BY skill))::bigint AS roles
            FROM skill_names AS names WHERE skill > $1 ORDER BY skill, names.roles DESC, name
        ) AS skills
        WHERE $2 IS NULL OR terms @@ $2::tsquery ORDER BY skill LIMIT $3";
    let query = sqlx::query(sql).bind(after.unwrap_or_default()).bind(&terms).bind(row::one_more(limit));
    let some = row::slice(query.fetch_all(&mut *connection).await?, limit, skill)?;
    Ok((some, count(connection, terms.as_deref()).await?))
}

async fn count(connection: &mut PgConnection, terms: Option<&str>) -> Result<u64, Fault> {
    let sql = "SELECT count(*) FROM (
            SELECT DISTINCT ON (skill) terms FROM skill_names ORDER BY skill, roles DESC, name
        ) AS skills
        WHERE $1 IS NULL OR terms @@ $1::tsquery";
    row::number(&sqlx::query(sql).bind(terms).fetch_one(connection).await?, 0)
}

fn skill(row: &PgRow) -> Result<SkillCount, Fault> {
    Ok(SkillCount { id: row.try_get(0)?, name: row.try_get(1)?, roles: row::number(row, 2)? })
}
