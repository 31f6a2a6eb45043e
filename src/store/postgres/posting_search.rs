//! A search over postings. How a page is found depends on how many there are to choose from: see
//! [`question`](super::question).

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Postgres as Server, QueryBuilder, Row as _};

use super::fault::Fault;
use super::posting_index::NEVER;
use super::row;
use super::time::millis;
use super::token::{Field, all_of, quoted};
use crate::domain::kept_posting::PostingState;
use crate::store::document::Listed;
use crate::store::posting_facets;
use crate::store::postings::{FoundPostings, PostingPosition, PostingSearch, PostingSort};
use crate::store::search::{COUNTED, Total};

/// How many postings a walk passes, at most.
const WALK: i64 = 2000;

/// A search that is under way, within one transaction.
pub struct Seeker<'s> {
    search: &'s PostingSearch,
    /// A `tsquery`, unless neither words nor facets were given.
    terms: Option<String>,
    /// Whether some are in another state than the one that is written down, and that matters.
    overdue: bool,
}

/// Finds a page.
pub async fn find(connection: &mut PgConnection, search: &PostingSearch) -> Result<FoundPostings, Fault> {
    search.check()?;
    if search.employers.as_ref().is_some_and(Vec::is_empty) {
        return Ok(FoundPostings { items: Vec::new(), total: Total::Exactly(0), next: None });
    }
    let seeker = Seeker::new(connection, search).await?;
    let total = seeker.count(connection).await?;
    let mut numbers = seeker.page(connection, total).await?;
    let more = numbers.len() > search.limit;
    numbers.truncate(search.limit);
    let (items, places): (Vec<_>, Vec<_>) = seeker.places(connection, &numbers).await?.into_iter().unzip();
    let next = places.into_iter().next_back().filter(|_| more);
    let total = if total > COUNTED { Total::AtLeast(COUNTED) } else { Total::Exactly(total) };
    Ok(FoundPostings { items, total, next })
}

/// A posting of a list, from four columns: id, revision, moment, and body.
pub fn listed(row: &PgRow) -> Result<Listed, Fault> {
    Ok(Listed {
        id: row.try_get(0)?,
        revision: row::revision(row, 1)?,
        at: row::at(row, 2)?,
        body: row.try_get(3)?,
    })
}

/// The state of a posting at a moment.
pub fn push_state(sql: &mut QueryBuilder<Server>, now: i64) {
    sql.push("(CASE WHEN due IS NULL OR due > ").push_bind(now);
    sql.push(" THEN state WHEN closes <= ").push_bind(now);
    sql.push(" THEN 'closed' ELSE 'published' END)");
}

impl<'s> Seeker<'s> {
    async fn new(connection: &mut PgConnection, search: &'s PostingSearch) -> Result<Self, Fault> {
        let overdue = posting_facets::states(search).is_some() && is_overdue(connection, search).await?;
        let facets = posting_facets::of_search(search, overdue).into_iter().map(|group| {
            let lexemes: Vec<_> = group.iter().map(|lexeme| quoted(lexeme)).collect();
            format!("({})", lexemes.join(" | "))
        });
        let parts: Vec<_> = all_of(Field::Text, &search.words).into_iter().chain(facets).collect();
        Ok(Self { search, terms: (!parts.is_empty()).then(|| parts.join(" & ")), overdue })
    }

    /// How many there are; one more than [`COUNTED`], or another number above it, if there are more.
    async fn count(&self, connection: &mut PgConnection) -> Result<u64, Fault> {
        if posting_facets::is_counted(self.search) && !self.overdue {
            return self.known_count(connection).await;
        }
        let mut sql = QueryBuilder::new("SELECT count(*) FROM (SELECT FROM posting_index WHERE ");
        self.conditions(&mut sql);
        sql.push(" LIMIT ").push_bind(row::whole(COUNTED + 1)).push(") AS found");
        row::number(&sql.build().fetch_one(connection).await?, 0)
    }

    /// How many there are, where nothing is asked but states and employers: that is kept count of.
    async fn known_count(&self, connection: &mut PgConnection) -> Result<u64, Fault> {
        let states = posting_facets::states(self.search).unwrap_or_else(|| PostingState::ALL.into());
        let states: Vec<_> = states.into_iter().map(PostingState::as_str).collect();
        let mut sql = QueryBuilder::new("SELECT coalesce(sum(");
        sql.push(states.join(" + "));
        sql.push("), 0)::bigint FROM posting_lists WHERE employer = ANY (");
        sql.push_bind(posting_facets::counted_lists(self.search)).push(")");
        row::number(&sql.build().fetch_one(connection).await?, 0)
    }

    /// One more than a page.
    async fn page(&self, connection: &mut PgConnection, total: u64) -> Result<Vec<i64>, Fault> {
        let limit = row::one_more(self.search.limit);
        if self.terms.is_none() && self.search.updated_since.is_none() {
            return self.walk(connection, limit, limit).await;
        }
        if total > COUNTED {
            let numbers = self.walk(connection, limit, WALK).await?;
            if numbers.len() as i64 == limit {
                return Ok(numbers);
            }
        }
        self.choose(connection, limit).await
    }

    /// Sorts all that there are.
    async fn choose(&self, connection: &mut PgConnection, limit: i64) -> Result<Vec<i64>, Fault> {
        // The OFFSET keeps the planner from walking.
        let mut sql = QueryBuilder::new(
            "SELECT number FROM (SELECT number, id, title, at, opens FROM posting_index WHERE ",
        );
        self.conditions(&mut sql);
        sql.push(" OFFSET 0) AS found WHERE ");
        self.after(&mut sql);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(limit);
        Ok(sql.build_query_scalar().fetch_all(connection).await?)
    }

    /// Walks past so many, and picks.
    async fn walk(&self, connection: &mut PgConnection, limit: i64, past: i64) -> Result<Vec<i64>, Fault> {
        let mut sql = QueryBuilder::new("SELECT number FROM (SELECT * FROM posting_index WHERE ");
        self.after(&mut sql);
        // There is an index of each state, in the order of the newest.
        if let (PostingSort::Newest, Some(state), false) =
            (self.search.sort, posting_facets::only_state(self.search), self.overdue)
        {
            sql.push(" AND state = ").push_bind(state.as_str());
        }
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(past);
        sql.push(") AS passed WHERE ");
        self.conditions(&mut sql);
        sql.push(" ORDER BY ").push(self.order()).push(" LIMIT ").push_bind(limit);
        Ok(sql.build_query_scalar().fetch_all(connection).await?)
    }

    fn conditions(&self, sql: &mut QueryBuilder<Server>) {
        sql.push("true");
        if let Some(terms) = &self.terms {
            // Read once, not for each row.
            sql.push(" AND terms @@ (SELECT ").push_bind(terms.clone()).push("::tsquery)");
        }
        if let (true, Some(states)) = (self.overdue, posting_facets::states(self.search)) {
            let states: Vec<_> = states.into_iter().map(PostingState::as_str).collect();
            sql.push(" AND ");
            push_state(sql, millis(self.search.now));
            sql.push(" = ANY (").push_bind(states).push(")");
        }
        if let Some(since) = self.search.updated_since {
            sql.push(" AND - at <= ").push_bind(-millis(since));
        }
        let band = self.search.salary.as_ref();
        if let Some(min) = band.and_then(|band| band.min) {
            sql.push(" AND high >= ").push_bind(min);
        }
        if let Some(max) = band.and_then(|band| band.max) {
            sql.push(" AND low <= ").push_bind(max);
        }
    }

    fn order(&self) -> &'static str {
        match self.search.sort {
            PostingSort::Newest => "opens DESC, id DESC",
            PostingSort::Id => "id",
            PostingSort::Title => "title, id",
            PostingSort::Updated => "- at, id",
        }
    }

    fn after(&self, sql: &mut QueryBuilder<Server>) {
        match self.search.after.clone() {
            None => sql.push("true"),
            Some(PostingPosition::Newest(opens, id)) => {
                sql.push("(opens, id) < (").push_bind(opens.unwrap_or(NEVER)).push(", ");
                sql.push_bind(id).push(")")
            }
            Some(PostingPosition::Id(id)) => sql.push("id > ").push_bind(id),
            Some(PostingPosition::Title(title, id)) => {
                sql.push("(title, id) > (").push_bind(title).push(", ").push_bind(id).push(")")
            }
            Some(PostingPosition::Updated(at, id)) => {
                sql.push("(- at, id) > (").push_bind(-at).push(", ").push_bind(id).push(")")
            }
        };
    }

    /// The postings with these numbers, in this order, and where each stands.
    async fn places(
        &self,
        connection: &mut PgConnection,
        numbers: &[i64],
    ) -> Result<Vec<(Listed, PostingPosition)>, Fault> {
        let sql = "SELECT i.id, i.revision, i.at, r.body, i.title, i.opens
            FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (number, place)
            JOIN posting_index i USING (number)
            JOIN revisions r ON (r.kind, r.owner, r.id, r.revision) = ('posting', employer, i.id, i.revision)
            ORDER BY place";
        let rows = sqlx::query(sql).bind(numbers).fetch_all(connection).await?;
        rows.iter().map(|row| Ok((listed(row)?, self.place(row)?))).collect()
    }

    fn place(&self, row: &PgRow) -> Result<PostingPosition, Fault> {
        let id = row.try_get(0)?;
        Ok(match self.search.sort {
            PostingSort::Newest => {
                let opens: i64 = row.try_get(5)?;
                PostingPosition::Newest((opens != NEVER).then_some(opens), id)
            }
            PostingSort::Id => PostingPosition::Id(id),
            PostingSort::Title => PostingPosition::Title(row.try_get(4)?, id),
            PostingSort::Updated => PostingPosition::Updated(row.try_get(2)?, id),
        })
    }
}

async fn is_overdue(connection: &mut PgConnection, search: &PostingSearch) -> Result<bool, Fault> {
    let sql = "SELECT EXISTS (SELECT FROM posting_index WHERE due <= $1)";
    Ok(sqlx::query_scalar(sql).bind(millis(search.now)).fetch_one(connection).await?)
}
