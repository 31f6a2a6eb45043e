//! The database server: PostgreSQL 15 or later, for several nodes at once. It needs no extension, and
//! no right but to make tables in its database.
//!
//! A file for each part of the trait, of the same name; beside them:
//!
//! - [`connection`]: who gets a connection, and in which state; how a transaction goes.
//! - [`migrations`]: the tables. To change them, add a file and a line in `migrations::STEPS`.
//! - [`write`]: what a batch of orders does; [`register`]: which ids and slugs of postings are taken.
//! - [`index`], [`posting_index`], and [`token`]: what a document leaves for searches. [`question`] and
//!   [`rank`]: how a role is found; [`posting_search`]: how a posting is.
//! - [`fault`]: what the server's errors mean.

mod audit;
mod connection;
mod content;
mod document;
mod fault;
mod index;
mod keys;
mod migrations;
mod posting_index;
mod posting_search;
mod postings;
mod question;
mod rank;
mod register;
mod replies;
mod row;
mod search;
mod seed;
mod skills;
mod time;
mod token;
mod write;

use std::str::FromStr as _;

use async_trait::async_trait;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;

use super::{ConnectError, Location, Store, StoreError};

/// The database server.
#[derive(Debug)]
pub struct Postgres {
    readers: PgPool,
    writer: PgPool,
}

impl Postgres {
    /// Reaches the server, and brings the tables up to date; several nodes may do so at once.
    ///
    /// `sslmode` and `sslrootcert` in the address say how the server is to prove who it is; without
    /// them, the connection is encrypted if the server offers it.
    ///
    /// # Errors
    /// An address that cannot be read; [`StoreError::Unavailable`] if the server is away;
    /// [`StoreError::Newer`] if the tables are those of a later release; and what the server says.
    pub async fn connect(location: &Location) -> Result<Self, ConnectError> {
        let options = PgConnectOptions::from_str(&location.url)
            .map_err(|error| ConnectError::Address(error.to_string()))?;
        let options = match options.get_application_name() {
            Some(_) => options,
            None => options.application_name("rolewright"),
        };
        migrations::run(&options).await?;
        let readers = connection::readers(&options, location.pool.saturating_sub(1).max(1));
        Ok(Self { readers, writer: connection::writer(&options) })
    }
}

#[async_trait]
impl Store for Postgres {
    async fn ready(&self) -> Result<(), StoreError> {
        let takes_writes: bool = self
            .read(|mut lease| async move {
                let sql =
                    "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off'
                    FROM sequence";
                Ok((sqlx::query_scalar(sql).fetch_one(&mut *lease).await?, lease))
            })
            .await?;
        if takes_writes { Ok(()) } else { Err(StoreError::Unavailable("the server takes no writes".into())) }
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}
