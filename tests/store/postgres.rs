//! PostgreSQL, on a database of its own for each test, on the server that `ROLEWRIGHT_TEST_POSTGRES`
//! names: `scripts/postgres run` starts one.

/// Makes tests of functions that take a [`Database`] with empty tables.
macro_rules! on_a_database {
    ($($test:ident),* $(,)?) => {
        mod on_a_database {
            $(#[test] fn $test() { crate::postgres::on_a_database(super::$test); })*
        }
    };
}

mod connections;
mod hole;
mod outage;
mod start;
mod volume;

use std::env;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::thread;

use rolewright::store::{Location, connect};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

use crate::fixture::{Fixture, block_on};

/// An empty database, if there is a server.
pub async fn fresh() -> Option<Fixture> {
    let database = Database::fresh(&server()?).await;
    let location = location(&database.url, 4);
    Some(Fixture::connect(location, check, database).await)
}

/// Runs a test on a database of its own.
pub fn on_a_database<T: Future<Output = ()>>(test: fn(Database) -> T) {
    let Some(server) = server() else { return };
    block_on(async { test(Database::fresh(&server).await).await });
}

/// The address of the server, if there is one; where there must be one, its absence is a failure.
pub fn server() -> Option<String> {
    let server = env::var("ROLEWRIGHT_TEST_POSTGRES").ok();
    let required = env::var_os("ROLEWRIGHT_TEST_REQUIRE_POSTGRES").is_some();
    assert!(server.is_some() || !required, "ROLEWRIGHT_TEST_POSTGRES names no server to test with");
    if server.is_none() {
        eprintln!("SKIPPED: run `scripts/postgres run cargo nextest run` to test with PostgreSQL");
    }
    server
}

/// A database by its address.
pub fn location(url: &str, pool: u32) -> Location {
    Location { url: url.into(), folder: PathBuf::new(), pool }
}

/// Panics if the tables contradict each other.
pub fn check(location: &Location) {
    let url = location.url.clone();
    let check = move || {
        block_on(async {
            let mut connection = PgConnection::connect(&url).await.unwrap();
            for sql in CONTRADICTIONS {
                let wrong: i64 = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
                assert_eq!(wrong, 0, "{sql}");
            }
        });
    };
    thread::spawn(check).join().unwrap();
}

/// Each counts what must not be.
const CONTRADICTIONS: [&str; 8] = [
    "SELECT count(*) FROM documents d LEFT JOIN LATERAL (
        SELECT r.revision, r.at, r.action = 'delete' AS deleted FROM revisions r
        WHERE (r.kind, r.owner, r.id) = (d.kind, d.owner, d.id) ORDER BY r.revision DESC LIMIT 1
    ) newest ON true
    WHERE (d.revision, d.at, d.deleted) IS DISTINCT FROM (newest.revision, newest.at, newest.deleted)",
    "SELECT count(*) FROM (SELECT * FROM documents WHERE kind = 'role' AND NOT deleted) d
    FULL JOIN role_index i USING (id)
    WHERE (d.number, d.revision, d.at) IS DISTINCT FROM (i.number, i.revision, i.at)",
    "SELECT count(*) FROM (
        SELECT split_part(skill, E'\t', 1) AS skill, split_part(skill, E'\t', 2) AS name, count(*) AS roles
        FROM role_index, regexp_split_to_table(skills, E'\n') AS skill WHERE skills <> '' GROUP BY 1, 2
    ) counted FULL JOIN skill_names names USING (skill, name)
    WHERE counted.roles IS DISTINCT FROM names.roles",
    "SELECT count(*) FROM sequence WHERE last < (SELECT max(sequence) FROM revisions)",
    "SELECT count(*) FROM (SELECT * FROM documents WHERE kind = 'posting' AND NOT deleted) d
    FULL JOIN posting_index i USING (id)
    WHERE (d.owner, d.number, d.revision, d.at) IS DISTINCT FROM (i.employer, i.number, i.revision, i.at)",
    "SELECT count(*) FROM posting_lists l JOIN (
        SELECT l.employer, count(*) FILTER (WHERE state = 'draft') AS draft,
            count(*) FILTER (WHERE state = 'scheduled') AS scheduled,
            count(*) FILTER (WHERE state = 'published') AS published,
            count(*) FILTER (WHERE state = 'closed') AS closed
        FROM posting_lists l LEFT JOIN posting_index i ON l.employer IN ('', i.employer) GROUP BY 1
    ) c USING (employer)
    WHERE (l.draft, l.scheduled, l.published, l.closed)
        IS DISTINCT FROM (c.draft, c.scheduled, c.published, c.closed)",
    "SELECT count(*) FROM posting_lists l JOIN (
        SELECT l.employer, max(r.sequence) AS sequence FROM posting_lists l
        JOIN revisions r ON r.kind = 'posting' AND l.employer IN ('', r.owner) GROUP BY 1
    ) c USING (employer) WHERE l.sequence <> c.sequence",
    "SELECT abs((SELECT count(*) FROM revisions) - (SELECT count(*) FROM audit WHERE revision IS NOT NULL))",
];

/// A database that is dropped with this.
pub struct Database {
    server: String,
    name: String,
    /// Its address.
    pub url: String,
}

impl Database {
    /// One with the tables, and nothing in them: a copy of one that is made once.
    pub async fn fresh(server: &str) -> Self {
        let template = template(server).await;
        Self::make(server, &format!("TEMPLATE {template}")).await
    }

    /// One made with these options of `CREATE DATABASE`.
    pub async fn make(server: &str, options: &str) -> Self {
        let name = format!("test_{}", uuid::Uuid::now_v7().simple());
        ask(server, format!("CREATE DATABASE {name} {options}")).await;
        Self { server: server.into(), url: with_name(server, &name), name }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        let drop = move || block_on(ask(&server, format!("DROP DATABASE {name} WITH (FORCE)")));
        // This thread may be in the middle of a runtime's work.
        thread::spawn(drop).join().unwrap();
    }
}

/// Has a server do something.
pub async fn ask(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}

/// The name of a database with the tables of this very program, to make copies of. The first test
/// makes it.
async fn template(server: &str) -> String {
    let name = format!("rolewright_{:016x}", tables());
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute("SELECT pg_advisory_lock(1)").await.unwrap();
    let sql = "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)";
    let there: bool = sqlx::query_scalar(sql).bind(&name).fetch_one(&mut connection).await.unwrap();
    if !there {
        let unfinished = format!("{name}_unfinished");
        for sql in [format!("DROP DATABASE IF EXISTS {unfinished}"), format!("CREATE DATABASE {unfinished}")]
        {
            connection.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        connect(&location(&with_name(server, &unfinished), 2)).await.unwrap().close().await;
        let sql = format!("ALTER DATABASE {unfinished} RENAME TO {name}");
        connection.execute(AssertSqlSafe(sql)).await.unwrap();
    }
    connection.close().await.unwrap();
    name
}

/// Tells tables from those of other versions of this program.
fn tables() -> u64 {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/postgres/migrations");
    let mut files: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut hasher = DefaultHasher::new();
    files.iter().for_each(|file| std::fs::read(file).unwrap().hash(&mut hasher));
    hasher.finish()
}

fn with_name(server: &str, name: &str) -> String {
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}
