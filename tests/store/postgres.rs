//! PostgreSQL, on a database of its own for each test, where `ROLEWRIGHT_TEST_POSTGRES` names a server.

use crate::fixture::Fixture;

/// An empty database, if there is a server.
pub async fn fresh() -> Option<Fixture> {
    std::env::var("ROLEWRIGHT_TEST_POSTGRES").ok()?;
    None
}
