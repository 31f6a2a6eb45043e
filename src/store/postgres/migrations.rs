//! The tables, brought up to date at start.

use std::time::Duration;

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, PgConnection, SqlSafeStr as _};
use tokio::time::timeout;

use super::fault::of_migration;
use crate::store::StoreError;

/// The steps, oldest first: number, name, statements. There are databases that have them, and none is ever
/// changed.
const STEPS: [(i64, &str, &str); 2] = [
    (1, "store", include_str!("migrations/0001_store.sql")),
    (2, "postings", include_str!("migrations/0002_postings.sql")),
];

/// How long the server may take to let somebody in.
const WELCOME: Duration = Duration::from_secs(2);

/// Brings the tables up to date. Several nodes may do so at once: they wait for each other.
///
/// # Errors
/// [`StoreError::Newer`] if the tables are those of a later release; else what the server says.
pub async fn run(options: &PgConnectOptions) -> Result<(), StoreError> {
    // By hand first: a pool would not tell why it gets no connection.
    let mut connection = timeout(WELCOME, PgConnection::connect_with(options))
        .await
        .map_err(|late| StoreError::Unavailable(late.into()))??;
    check_encoding(&mut connection).await?;
    let _ = connection.close().await;
    // A pool of its own: it waits for others as long as their migrations take, and the lock of one
    // that failed goes with its connection.
    let pool = PgPoolOptions::new().max_connections(1).acquire_timeout(WELCOME);
    let pool = pool.connect_lazy_with(options.clone());
    let done = migrator().run(&pool).await;
    pool.close().await;
    let newest = STEPS.iter().map(|(number, ..)| *number).max().unwrap_or_default();
    done.map_err(|error| of_migration(error, newest))
}

fn migrator() -> Migrator {
    let step = |(number, name, sql): (i64, &'static str, &'static str)| {
        Migration::new(number, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    Migrator::with_migrations(STEPS.map(step).into())
}

async fn check_encoding(connection: &mut PgConnection) -> Result<(), StoreError> {
    let encoding: String =
        sqlx::query_scalar("SELECT current_setting('server_encoding')").fetch_one(connection).await?;
    if encoding == "UTF8" {
        Ok(())
    } else {
        Err(StoreError::failed(format!("the database's encoding is {encoding}, and must be UTF8")))
    }
}
