//! Finding roles: full text search by a GIN index, ranked by tiers, a page at a time.
//!
//! How a page is found depends on how many roles there are to choose from. If they are few, all are
//! taken from the index and sorted. If they are many, the list is walked from where the page starts:
//! it does not take long until the page is full. Should it take long nevertheless (the roles in
//! question may all stand at the end), all are sorted after all. Either way a page deep in the list
//! costs what the first one does. The server's planner would have to guess what is counted here.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Postgres as Server, QueryBuilder, Row as _};

use super::fault::Fault;
use super::time::millis;
use super::token::{self, Field, quoted};
use super::{Postgres, row};
use crate::store::StoreError;
use crate::store::document::Slice;
use crate::store::search::*;

/// How many roles a walk passes, at most.
const WALK: i64 = 2000;

#[async_trait]
impl Finder for Postgres {
    async fn find(&self, search: &Search) -> Result<Found, StoreError> {
        self.read(|mut lease| async move { Ok((find(&mut lease, search).await?, lease)) }).await
    }

    async fn skills(
        &self,
        words: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<(Slice<SkillCount>, u64), StoreError> {
        let terms = &all_of(Field::Names, words);
        self.read(|mut lease| async move {
            let some = skills(&mut lease, terms.as_deref(), after, limit).await?;
            let total = count_skills(&mut lease, terms.as_deref()).await?;
            Ok(((some, total), lease))
        })
        .await
    }
}

async fn skills(
    connection: &mut PgConnection,
    terms: Option<&str>,
    after: Option<&str>,
    limit: usize,
) -> Result<Slice<SkillCount>, Fault> {
    let sql = "SELECT skill, name, roles FROM (
            SELECT DISTINCT ON (skill) skill, name, terms,
                (sum(roles) OVER (PARTITION BY skill))::bigint AS roles
            FROM skill_names AS names WHERE skill > $1 ORDER BY skill, names.roles DESC, name
        ) AS skills
        WHERE $2 IS NULL OR terms @@ $2::tsquery ORDER BY skill LIMIT $3";
    let query = sqlx::query(sql).bind(after.unwrap_or_default()).bind(terms).bind(row::one_more(limit));
    row::slice(query.fetch_all(connection).await?, limit, skill)
}

async fn count_skills(connection: &mut PgConnection, terms: Option<&str>) -> Result<u64, Fault> {
    let sql = "SELECT count(*) FROM (
            SELECT DISTINCT ON (skill) terms FROM skill_names ORDER BY skill, roles DESC, name
        ) AS skills
        WHERE $1 IS NULL OR terms @@ $1::tsquery";
    row::number(&sqlx::query(sql).bind(terms).fetch_one(connection).await?, 0)
}

async fn find(connection: &mut PgConnection, search: &Search) -> Result<Found, Fault> {
    let sort = match search.sort {
        Sort::Relevance if search.words.is_empty() => Sort::Id,
        sort => sort,
    };
    if search.after.as_ref().is_some_and(|after| !after.is_of(sort)) {
        return Err(StoreError::failed("a place in a list of another order").into());
    }
    let all = Question::new(search, sort, all_of(Field::Text, &search.words));
    let total = all.count(connection).await?;
    let many = total > COUNTED;
    let mut places = if sort == Sort::Relevance {
        by_tier(connection, search, many).await?
    } else {
        let rows = all.page(connection, search.after.as_ref(), search.limit + 1, many).await?;
        rows.iter().map(|row| place(row, sort, Tier::TextHas)).collect::<Result<_, _>>()?
    };
    let more = places.len() > search.limit;
    places.truncate(search.limit);
    let next = places.last().filter(|_| more).map(|place| place.position.clone());
    let hits = places.into_iter().map(|place| place.hit).collect();
    let total = if many { Total::AtLeast(COUNTED) } else { Total::Exactly(total) };
    Ok(Found { hits, total, next })
}

/// The best of one page and one more, tier by tier; none is looked at once the page is full.
async fn by_tier(connection: &mut PgConnection, search: &Search, many: bool) -> Result<Vec<Place>, Fault> {
    let first = match &search.after {
        Some(Position::Rank(tier, _)) => *tier,
        _ => Tier::TitleIs,
    };
    let mut places = Vec::new();
    for tier in TIERS.into_iter().filter(|tier| *tier >= first) {
        let many = many && is_crowded(connection, search, tier).await?;
        let after = search.after.as_ref().filter(|_| tier == first);
        let missing = search.limit + 1 - places.len();
        let question = Question::new(search, Sort::Relevance, of_tier(tier, &search.words));
        for row in question.page(connection, after, missing, many).await? {
            places.push(place(&row, Sort::Relevance, tier)?);
        }
        if places.len() > search.limit {
            break;
        }
    }
    Ok(places)
}

/// Whether a walk would soon meet roles of a tier, if there are many to choose from in all.
async fn is_crowded(connection: &mut PgConnection, search: &Search, tier: Tier) -> Result<bool, Fault> {
    let field = match tier {
        Tier::TitleIs => return Ok(false),
        Tier::TitleHas => Field::Title,
        Tier::NamesHave => Field::Names,
        Tier::TextHas => return Ok(true),
    };
    Ok(Question::new(search, Sort::Relevance, all_of(field, &search.words)).count(connection).await?
        > COUNTED)
}

/// What finds the roles of a tier, and not those of the tiers above it.
fn of_tier(tier: Tier, words: &[String]) -> Vec<String> {
    let whole = quoted(&Field::WholeTitle.facet(&words.join(" ")));
    let none_of = |field| all_of(field, words).map(|all| format!("!({all})"));
    match tier {
        Tier::TitleIs => vec![whole],
        Tier::TitleHas => all_of(Field::Title, words).into_iter().chain([format!("!{whole}")]).collect(),
        Tier::NamesHave => {
            let above = none_of(Field::Title).into_iter().chain([format!("!{whole}")]);
            all_of(Field::Names, words).into_iter().chain(above).collect()
        }
        // Whatever is above it is found by its names.
        Tier::TextHas => all_of(Field::Text, words).into_iter().chain(none_of(Field::Names)).collect(),
    }
}

/// What finds the roles with all of these words there; nothing without words.
fn all_of(field: Field, words: &[String]) -> Option<String> {
    let words: Vec<String> = words.iter().map(|word| field.beginning(word)).collect();
    (!words.is_empty()).then(|| words.join(" & "))
}

/// A role that was found, and where it stands.
struct Place {
    hit: Hit,
    position: Position,
}

/// What is asked of the index.
struct Question<'s> {
    search: &'s Search,
    sort: Sort,
    /// A `tsquery`, unless neither words nor facets were given.
    terms: Option<String>,
}

impl<'s> Question<'s> {
    /// Roles with these words, and with the facets of a search.
    fn new(search: &'s Search, sort: Sort, words: impl IntoIterator<Item = String>) -> Self {
        let money = search.salary.as_ref().map(|band| token::money(&band.currency, &band.period));
        let facet = |field: Field, value: &Option<String>| value.as_ref().map(|value| field.facet(value));
        let facets = [
            facet(Field::Family, &search.family),
            facet(Field::Skill, &search.skill),
            facet(Field::Tag, &search.tag),
            money,
        ];
        let facets = facets.iter().flatten().map(|lexeme| quoted(lexeme));
        let parts: Vec<String> = words.into_iter().chain(facets).collect();
        Self { search, sort, terms: (!parts.is_empty()).then(|| parts.join(" & ")) }
    }

    /// How many there are; one more than [`COUNTED`] if there are more.
    async fn count(&self, connection: &mut PgConnection) -> Result<u64, Fault> {
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM role_index WHERE ");
        self.conditions(&mut sql);
        sql.push(" LIMIT ").push_bind(row::whole(COUNTED + 1)).push(") AS found");
        row::number(&sql.build().fetch_one(connection).await?, 0)
    }

    /// Those after a place, at most so many.
    async fn page(
        &self,
        connection: &mut PgConnection,
        after: Option<&Position>,
        limit: usize,
        many: bool,
    ) -> Result<Vec<PgRow>, Fault> {
        if self.is_open() {
            return self.walk(connection, after, limit, row::whole(limit as u64)).await;
        }
        if many {
            let rows = self.walk(connection, after, limit, WALK).await?;
            if rows.len() == limit {
                return Ok(rows);
            }
        }
        self.choose(connection, after, limit).await
    }

    /// Sorts all that there are.
    async fn choose(
        &self,
        connection: &mut PgConnection,
        after: Option<&Position>,
        limit: usize,
    ) -> Result<Vec<PgRow>, Fault> {
        // The OFFSET keeps the planner from walking.
        let mut sql = QueryBuilder::new(
            "SELECT number, id, title, at, revision, summary
            FROM (SELECT number, id, title, at, revision, summary FROM role_index WHERE ",
        );
        self.conditions(&mut sql);
        sql.push(" OFFSET 0) AS found WHERE ");
        self.after(&mut sql, after);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(row::whole(limit as u64));
        Ok(sql.build().fetch_all(connection).await?)
    }

    /// Walks past so many, and picks.
    async fn walk(
        &self,
        connection: &mut PgConnection,
        after: Option<&Position>,
        limit: usize,
        past: i64,
    ) -> Result<Vec<PgRow>, Fault> {
        let mut sql = QueryBuilder::new(
            "SELECT number, id, title, at, revision, summary FROM (SELECT * FROM role_index WHERE ",
        );
        self.after(&mut sql, after);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(past);
        sql.push(") AS passed WHERE ");
        self.conditions(&mut sql);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(row::whole(limit as u64));
        Ok(sql.build().fetch_all(connection).await?)
    }

    /// Whether all roles are meant.
    fn is_open(&self) -> bool {
        let band = self.search.salary.as_ref().is_some_and(|band| band.min.is_some() || band.max.is_some());
        self.terms.is_none() && !band && self.search.updated_since.is_none()
    }

    fn conditions(&self, sql: &mut QueryBuilder<Server>) {
        sql.push("true");
        if let Some(terms) = &self.terms {
            // Read once, not for each row.
            sql.push(" AND terms @@ (SELECT ").push_bind(terms.clone()).push("::tsquery)");
        }
        if let Some(since) = self.search.updated_since {
            sql.push(" AND - at <= ").push_bind(-millis(since));
        }
        let band = self.search.salary.as_ref();
        if let Some(min) = band.and_then(|band| band.min) {
            sql.push(" AND band_max >= ").push_bind(min);
        }
        if let Some(max) = band.and_then(|band| band.max) {
            sql.push(" AND band_min <= ").push_bind(max);
        }
    }

    fn order(&self) -> &'static str {
        match self.sort {
            Sort::Relevance => "number",
            Sort::Id => "id",
            Sort::Title => "title, id",
            Sort::Updated => "- at, id",
        }
    }

    fn after(&self, sql: &mut QueryBuilder<Server>, position: Option<&Position>) {
        match position {
            None => sql.push("true"),
            Some(Position::Rank(_, number)) => sql.push("number > ").push_bind(*number),
            Some(Position::Id(id)) => sql.push("id > ").push_bind(id.clone()),
            Some(Position::Title(title, id)) => {
                sql.push("(title, id) > (").push_bind(title.clone()).push(", ");
                sql.push_bind(id.clone()).push(")")
            }
            Some(Position::Updated(at, id)) => {
                sql.push("(- at, id) > (").push_bind(-*at).push(", ").push_bind(id.clone()).push(")")
            }
        };
    }
}

fn place(row: &PgRow, sort: Sort, tier: Tier) -> Result<Place, Fault> {
    let id = row.try_get(1)?;
    let position = match sort {
        Sort::Relevance => Position::Rank(tier, row.try_get(0)?),
        Sort::Id => Position::Id(id),
        Sort::Title => Position::Title(row.try_get(2)?, id),
        Sort::Updated => Position::Updated(row.try_get(3)?, id),
    };
    let hit = Hit { summary: row.try_get(5)?, revision: row::revision(row, 4)?, at: row::at(row, 3)? };
    Ok(Place { hit, position })
}

fn skill(row: &PgRow) -> Result<SkillCount, Fault> {
    Ok(SkillCount { id: row.try_get(0)?, name: row.try_get(1)?, roles: row::number(row, 2)? })
}
