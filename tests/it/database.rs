//! Databases of a PostgreSQL server, for tests of whole servers. `scripts/postgres run` starts one.

use std::env;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use uuid::Uuid;

/// An empty database.
pub struct Database {
    server: String,
    name: String,
    /// Its address.
    pub url: String,
}

impl Database {
    /// Makes one, if there is a server; where there must be one, its absence is a failure.
    #[allow(clippy::print_stderr, reason = "who runs the tests should know what was left out")]
    pub async fn create() -> Option<Self> {
        let server = env::var("ROLEWRIGHT_TEST_POSTGRES").ok();
        let required = env::var_os("ROLEWRIGHT_TEST_REQUIRE_POSTGRES").is_some();
        assert!(server.is_some() || !required, "ROLEWRIGHT_TEST_POSTGRES names no server to test with");
        let Some(server) = server else {
            eprintln!("skipped: there is no PostgreSQL to test with; scripts/postgres run starts one");
            return None;
        };
        let name = format!("test_{}", Uuid::now_v7().simple());
        ask(&server, format!("CREATE DATABASE {name}")).await;
        let (start, query) = server.split_once('?').map_or((&*server, ""), |(start, query)| (start, query));
        let (host, _) = start.rsplit_once('/').unwrap();
        let url = format!("{host}/{name}{}{query}", if query.is_empty() { "" } else { "?" });
        Some(Self { server, name, url })
    }

    /// Drops it.
    pub async fn drop(self) {
        ask(&self.server, format!("DROP DATABASE {} WITH (FORCE)", self.name)).await;
    }
}

async fn ask(server: &str, sql: String) {
    let mut connection = PgConnection::connect(server).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}
