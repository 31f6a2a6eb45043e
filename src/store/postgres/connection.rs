//! Connections to the server: who gets one, for how long, and in which state it is handed on.

use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection as _, Executor as _, PgConnection, PgPool, Postgres as Server};
use tokio::time::timeout;

use super::Postgres;
use super::fault::Fault;
use crate::store::StoreError;

/// How long a request waits for a connection.
const CONNECT: Duration = Duration::from_secs(2);
/// How long it waits for what it reads.
const READ: Duration = Duration::from_secs(2);
/// How long it waits for its turn to write: a little longer than the server lets it wait for the lock.
const TURN: Duration = Duration::from_millis(2500);
/// How long it waits for a write, from the lock to the commit, and for each document of a batch besides.
const WRITE: Duration = Duration::from_secs(10);
const WRITE_EACH: Duration = Duration::from_millis(20);
/// How often a transaction is begun anew that came to nothing.
const FURTHER_WRITES: u32 = 2;
/// How long a connection may be idle before it is tried out.
const FRESH: Duration = Duration::from_secs(1);
/// How long that may take.
const TRIAL: Duration = Duration::from_millis(500);

/// Every statement is meant to go by an index, and is over before a compiler would be: what the server
/// knows of a table that is being filled would mislead it. What is acknowledged is on disk, whatever
/// the server's default.
const ALL: &str = "SET jit = off; SET max_parallel_workers_per_gather = 0; SET enable_seqscan = off; \
                   SET enable_hashjoin = off; SET enable_mergejoin = off; \
                   SET default_transaction_isolation = 'read committed'; \
                   SELECT set_config('synchronous_commit', 'on', false) \
                   WHERE current_setting('synchronous_commit') = 'off'";
const READING: &str = "SET statement_timeout = 2000";
/// A node that dies without a word must not keep the others from writing.
const WRITING: &str = "SET statement_timeout = 10000; SET lock_timeout = 2000; \
                       SET idle_in_transaction_session_timeout = 10000";
/// Writes are serialised by the lock on this row. It is taken before anything is read, and each
/// statement of a transaction at READ COMMITTED sees what was committed before it began: so a write
/// sees all that were done before it, and no stricter isolation is needed.
const BEGIN: &str = "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT last FROM sequence FOR UPDATE";

impl Postgres {
    /// Asks a question that changes nothing, or that may be asked twice.
    pub async fn read<T, F>(&self, question: impl Fn(Lease) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<(T, Lease), Fault>>,
    {
        // After a restart of the server every connection of the pool is dead: one more is not.
        let mut further = self.readers.options().get_max_connections();
        loop {
            let lease = Lease::of(&self.readers).await?;
            match timeout(READ, question(lease)).await {
                Ok(Ok((answer, lease))) => return Ok(lease.give_back(answer)),
                Ok(Err(fault)) if further > 0 && fault.is_of_connection() => further -= 1,
                Ok(Err(fault)) => return Err(fault.into()),
                Err(late) => return Err(StoreError::Unavailable(late.into())),
            }
        }
    }

    /// Does a write, in a transaction of its own that holds the lock on all writes. Nothing of it is
    /// kept if it fails.
    pub async fn change<T, F>(&self, work: impl Fn(Lease) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<(T, Lease), Fault>>,
    {
        self.change_many(1, work).await
    }

    /// As [`change`](Self::change), of so many documents.
    pub async fn change_many<T, F>(
        &self,
        documents: usize,
        work: impl Fn(Lease) -> F,
    ) -> Result<T, StoreError>
    where
        F: Future<Output = Result<(T, Lease), Fault>>,
    {
        let limit = WRITE + WRITE_EACH.saturating_mul(u32::try_from(documents).unwrap_or(u32::MAX));
        let mut further = FURTHER_WRITES;
        loop {
            let lease = Lease::of(&self.writer).await?;
            match timeout(limit, transact(lease, &work)).await {
                Ok(Ok((done, lease))) => return Ok(lease.give_back(done)),
                Ok(Err(failure)) if further > 0 && failure.left_nothing => further -= 1,
                Ok(Err(failure)) => return Err(failure.fault.into()),
                Err(late) => return Err(StoreError::Unavailable(late.into())),
            }
        }
    }
}

/// A connection in use. It is closed when this is dropped, unless it was given back: on one that was
/// left in the middle of something, be it that it failed, took too long, or that the caller went away,
/// what one began another would end.
pub struct Lease {
    connection: PoolConnection<Server>,
    sound: bool,
}

impl Lease {
    async fn of(pool: &PgPool) -> Result<Self, StoreError> {
        Ok(Self { connection: pool.acquire().await?, sound: false })
    }

    fn give_back<T>(mut self, result: T) -> T {
        self.sound = true;
        result
    }
}

impl Deref for Lease {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.sound {
            self.connection.close_on_drop();
        }
    }
}

/// Connections that read, at most so many; none before it is needed.
pub fn readers(options: &PgConnectOptions, most: u32) -> PgPool {
    pool(options, most, READING)
}

/// The connection that writes. One is all that can at a time; so those that wait for it keep none from
/// readers.
pub fn writer(options: &PgConnectOptions) -> PgPool {
    pool(options, 1, WRITING)
}

fn pool(options: &PgConnectOptions, most: u32, settings: &'static str) -> PgPool {
    PgPoolOptions::new()
        .max_connections(most)
        .acquire_timeout(CONNECT)
        // To try out a connection at each use would double the way of what is read by its key.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move { Ok(meta.idle_for < FRESH || answers(connection).await) })
        })
        .after_connect(move |connection, _| {
            Box::pin(async move {
                connection.execute(ALL).await?;
                connection.execute(settings).await.map(drop)
            })
        })
        .connect_lazy_with(options.clone())
}

async fn answers(connection: &mut PgConnection) -> bool {
    matches!(timeout(TRIAL, connection.ping()).await, Ok(Ok(())))
}

/// Why a transaction failed.
struct Failure {
    fault: Fault,
    /// Whether nothing of it is kept, for sure, and another try may succeed.
    left_nothing: bool,
}

async fn transact<T, F>(mut lease: Lease, work: &impl Fn(Lease) -> F) -> Result<(T, Lease), Failure>
where
    F: Future<Output = Result<(T, Lease), Fault>>,
{
    let undone =
        |fault: Fault| Failure { left_nothing: fault.is_of_connection() || fault.is_of_transaction(), fault };
    let begun = timeout(TURN, lease.execute(BEGIN)).await;
    begun
        .map_err(|late| undone(StoreError::Unavailable(late.into()).into()))?
        .map_err(|e| undone(e.into()))?;
    let (done, mut lease) = work(lease).await.map_err(undone)?;
    lease.execute("COMMIT").await.map_err(|error| {
        let fault = Fault::from(error);
        // If the answer was lost, nobody knows what it was.
        Failure { left_nothing: fault.is_of_transaction(), fault }
    })?;
    Ok((done, lease))
}
