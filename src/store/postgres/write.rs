//! Writing documents. What a batch does is decided in memory, between one read and one write: what it
//! costs hardly depends on how many orders it has.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row as _};
use tokio::task::spawn_blocking;

use super::content::Content;
use super::fault::Fault;
use super::posting_index::LastChanges;
use super::register::Register;
use super::time::{kept, millis};
use super::{Postgres, audit, index, posting_index, replies, row};
use crate::store::StoreError;
use crate::store::document::*;

/// Does a batch.
pub async fn batch(store: &Postgres, batch: Batch) -> Result<Vec<Outcome>, StoreError> {
    // Before anybody has to wait for this write.
    let prepare = spawn_blocking(move || {
        let contents = batch.orders.iter().map(|order| Ok(Content::of_order(order)?.map(Arc::new)));
        let contents = contents.collect::<Result<Vec<_>, StoreError>>();
        contents.map(|contents| (batch, contents))
    });
    let (batch, contents) = prepare.await.map_err(StoreError::failed)??;
    let (batch, contents) = (&batch, &*contents);
    if !batch.commit {
        let tried = store.read(|mut lease| async move {
            Ok((Plan::of_batch(&mut lease, batch, contents).await?.1, lease))
        });
        return tried.await;
    }
    let done = store.change_many(batch.orders.len(), |mut lease| async move {
        let (plan, outcomes) = Plan::of_batch(&mut lease, batch, contents).await?;
        plan.carry_out(&mut lease).await?;
        if let Some(completion) = &batch.completion {
            replies::complete(&mut lease, completion, &outcomes).await?;
        }
        Ok((outcomes, lease))
    });
    done.await
}

/// What a transaction is going to write.
pub struct Plan<'o> {
    documents: BTreeMap<DocumentId, State>,
    register: Register,
    revisions: Vec<Made<'o>>,
    /// The number of the last change.
    last: i64,
}

/// A document as it is once the plan is carried out.
#[derive(Default)]
struct State {
    now: Option<Now>,
    /// What it says, or said before it was removed; only where an order needs it.
    body: Option<Arc<str>>,
    /// What it leaves, or left, for searches, if that is known.
    content: Option<Arc<Content>>,
    changed: bool,
}

/// A document that there is, or was.
#[derive(Clone, Copy)]
struct Now {
    head: Head,
    /// What its newest revision did.
    action: Action,
    /// The number of the change that made it.
    number: i64,
}

/// A new revision.
struct Made<'o> {
    order: &'o Order,
    sequence: i64,
    revision: u32,
    action: Action,
    body: Option<Arc<str>>,
}

impl<'o> Plan<'o> {
    /// Decides a batch; `contents` are what its orders put, as searches look at it.
    async fn of_batch(
        connection: &mut PgConnection,
        batch: &'o Batch,
        contents: &[Option<Arc<Content>>],
    ) -> Result<(Self, Vec<Outcome>), Fault> {
        let mut plan = Self::over(connection, &batch.orders).await?;
        plan.consult(connection, contents).await?;
        let orders = batch.orders.iter().zip(contents);
        let outcomes = orders.map(|(order, content)| plan.decide(order, content.clone())).collect();
        Ok((plan, outcomes))
    }

    /// Reads what the orders are about.
    pub async fn over(connection: &mut PgConnection, orders: &'o [Order]) -> Result<Self, Fault> {
        let sql =
            "SELECT last, kind, owner, id, d.revision, d.deleted, d.at, r.action, d.number, content.body
            FROM sequence
            CROSS JOIN unnest($1::text[], $2::text[], $3::text[], $4::boolean[])
                AS wanted (kind, owner, id, content)
            LEFT JOIN documents d USING (kind, owner, id)
            LEFT JOIN revisions r USING (kind, owner, id, revision)
            LEFT JOIN LATERAL (
                -- A removal says nothing; the revision before it is one that does.
                SELECT body FROM revisions
                WHERE wanted.content AND kind = d.kind AND owner = d.owner AND id = d.id
                    AND revision = d.revision - d.deleted::integer
            ) content ON true";
        let mut wanted = BTreeMap::<&DocumentId, bool>::new();
        for order in orders {
            let content = order.skip_same || order.edit == Edit::Restore;
            *wanted.entry(&order.document).or_default() |= content;
        }
        let query = sqlx::query(sql)
            .bind(wanted.keys().map(|document| document.kind.as_str()).collect::<Vec<_>>())
            .bind(wanted.keys().map(|document| &*document.owner).collect::<Vec<_>>())
            .bind(wanted.keys().map(|document| &*document.id).collect::<Vec<_>>())
            .bind(wanted.into_values().collect::<Vec<_>>());
        let rows = query.fetch_all(connection).await?;
        let last = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
        let documents = rows.iter().map(|row| Ok((row::document(row, 1)?, state(row)?)));
        let mut documents: BTreeMap<_, _> = documents.collect::<Result<_, Fault>>()?;
        for order in orders.iter().filter(|order| order.edit == Edit::Restore) {
            if let Some(State { body: Some(body), content, .. }) = documents.get_mut(&order.document) {
                *content = Content::of_body(&order.document, body)?.map(Arc::new);
            }
        }
        Ok(Self { documents, register: Register::default(), revisions: Vec::new(), last })
    }

    /// Reads which ids and slugs of postings are taken, of those that may be put or restored.
    async fn consult(
        &mut self,
        connection: &mut PgConnection,
        contents: &[Option<Arc<Content>>],
    ) -> Result<(), Fault> {
        let postings: Vec<_> = self.documents.keys().filter(|key| key.kind == Kind::Posting).collect();
        let restored = self.documents.values().filter_map(|state| state.content.as_ref());
        let put = contents.iter().flatten().chain(restored);
        let slugs: Vec<_> = put.filter_map(|content| Some(content.posting()?.name())).collect();
        self.register = Register::over(connection, &postings, &slugs).await?;
        Ok(())
    }

    /// The current state of a document.
    pub fn head(&self, document: &DocumentId) -> Option<Head> {
        Some(self.documents.get(document)?.now?.head)
    }

    /// Decides an order after those before it; `content` is what it puts, as searches look at it.
    pub fn decide(&mut self, order: &'o Order, content: Option<Arc<Content>>) -> Outcome {
        let Self { documents, register, .. } = self;
        let state = documents.entry(order.document.clone()).or_default();
        let action = permit(order, state.now.map(|now| now.head))?;
        let (body, content) = match &order.edit {
            Edit::Put(body) => {
                if order.skip_same
                    && state.body.as_ref() == Some(body)
                    && let Some(now) = state.now
                {
                    return Ok(unchanged(now, body));
                }
                (Some(Arc::clone(body)), content)
            }
            Edit::Restore => (state.body.clone(), state.content.clone()),
            Edit::Delete => (None, None),
        };
        let slug = content.as_ref().and_then(|content| content.posting()).map(posting_index::Entry::slug);
        if let Some(slug) = slug {
            register.permit(&order.document, slug)?;
        }
        self.last += 1;
        let (sequence, at) = (self.last, kept(order.at));
        let revision = state.now.map_or(1, |now| now.head.revision + 1);
        let head = Head { revision, deleted: action == Action::Delete, at };
        let number = state.now.map_or(sequence, |now| now.number);
        if order.document.kind == Kind::Posting {
            register.note(&order.document, head, slug);
        }
        state.now = Some(Now { head, action, number });
        state.changed = true;
        if body.is_some() {
            (state.body, state.content) = (body.clone(), content);
        }
        self.revisions.push(Made { order, sequence, revision, action, body: body.clone() });
        Ok(Written { revision, at, action, unchanged: false, body })
    }

    /// Writes it all: documents, revisions, the audit log, the index of roles.
    pub async fn carry_out(mut self, transaction: &mut PgConnection) -> Result<(), Fault> {
        self.documents.retain(|_, state| state.changed);
        if self.revisions.is_empty() {
            return Ok(());
        }
        self.write_revisions(transaction).await?;
        self.write_audit(transaction).await?;
        self.write_index(transaction).await
    }

    async fn write_revisions(&self, transaction: &mut PgConnection) -> Result<(), Fault> {
        let sql = "WITH counted AS (UPDATE sequence SET last = $1),
            current AS (
                INSERT INTO documents (kind, owner, id, revision, deleted, at, number)
                SELECT * FROM unnest($2::text[], $3::text[], $4::text[], $5::integer[], $6::boolean[],
                    $7::bigint[], $8::bigint[])
                ON CONFLICT (kind, owner, id) DO UPDATE
                SET revision = excluded.revision, deleted = excluded.deleted, at = excluded.at
            )
            INSERT INTO revisions (kind, owner, id, revision, sequence, action, at, author, message, body)
            SELECT * FROM unnest($9::text[], $10::text[], $11::text[], $12::integer[], $13::bigint[],
                $14::text[], $15::bigint[], $16::text[], $17::text[], $18::text[])";
        let current: Vec<(&DocumentId, Now)> =
            self.documents.iter().filter_map(|(document, state)| Some((document, state.now?))).collect();
        let made = &self.revisions;
        sqlx::query(sql)
            .bind(self.last)
            .bind(each(&current, |(document, _)| document.kind.as_str()))
            .bind(each(&current, |(document, _)| &*document.owner))
            .bind(each(&current, |(document, _)| &*document.id))
            .bind(each(&current, |(_, now)| row::of_revision(now.head.revision)))
            .bind(each(&current, |(_, now)| now.head.deleted))
            .bind(each(&current, |(_, now)| millis(now.head.at)))
            .bind(each(&current, |(_, now)| now.number))
            .bind(each(made, |made| made.order.document.kind.as_str()))
            .bind(each(made, |made| &*made.order.document.owner))
            .bind(each(made, |made| &*made.order.document.id))
            .bind(each(made, |made| row::of_revision(made.revision)))
            .bind(each(made, |made| made.sequence))
            .bind(each(made, |made| made.action.as_str()))
            .bind(each(made, |made| millis(made.order.at)))
            .bind(each(made, |made| &*made.order.author.name))
            .bind(each(made, |made| made.order.message.as_deref()))
            .bind(each(made, |made| made.body.as_deref()))
            .execute(transaction)
            .await?;
        Ok(())
    }

    async fn write_audit(&self, transaction: &mut PgConnection) -> Result<(), Fault> {
        let sql = "INSERT INTO audit (at, author, key, request, action, target, revision)
            SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
                $7::integer[])";
        let made = &self.revisions;
        sqlx::query(sql)
            .bind(each(made, |made| millis(made.order.at)))
            .bind(each(made, |made| &*made.order.author.name))
            .bind(each(made, |made| made.order.author.key.as_deref()))
            .bind(each(made, |made| made.order.author.request.as_deref()))
            .bind(each(made, |made| audit::action(made.order, made.action)))
            .bind(each(made, |made| audit::target(made.order)))
            .bind(each(made, |made| row::of_revision(made.revision)))
            .execute(transaction)
            .await?;
        Ok(())
    }

    async fn write_index(&mut self, transaction: &mut PgConnection) -> Result<(), Fault> {
        for (document, state) in &mut self.documents {
            if let (None, Some(body)) = (&state.content, &state.body) {
                state.content = Content::of_body(document, body)?.map(Arc::new);
            }
        }
        index::update(transaction, &self.roles()).await?;
        posting_index::update(transaction, &self.postings(), self.last_of_postings()).await
    }

    /// The documents of a kind, each as it is now, and what it leaves for searches.
    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (&DocumentId, Now, Option<&Content>)> {
        let documents = self.documents.iter().filter(move |(document, _)| document.kind == kind);
        documents.filter_map(|(document, state)| {
            let now = state.now?;
            Some((document, now, state.content.as_deref().filter(|_| !now.head.deleted)))
        })
    }

    fn roles(&self) -> Vec<index::Update<'_>> {
        let roles = self.of_kind(Kind::Role).map(|(document, Now { head, number, .. }, content)| {
            let (revision, at) = (row::of_revision(head.revision), millis(head.at));
            index::Update { number, id: &document.id, revision, at, entry: content.and_then(Content::role) }
        });
        roles.collect()
    }

    fn postings(&self) -> Vec<posting_index::Update<'_>> {
        let postings = self.of_kind(Kind::Posting).map(|(document, Now { head, number, .. }, content)| {
            let (revision, at) = (row::of_revision(head.revision), millis(head.at));
            let entry = content.and_then(Content::posting);
            posting_index::Update { document, number, revision, at, entry }
        });
        postings.collect()
    }

    fn last_of_postings(&self) -> LastChanges<'_> {
        let made = self.revisions.iter().filter(|made| made.order.document.kind == Kind::Posting);
        made.map(|made| (&*made.order.document.owner, (made.sequence, millis(made.order.at)))).collect()
    }
}

/// The state that a row tells, after its first four columns; that of none if there never was one.
fn state(row: &PgRow) -> Result<State, Fault> {
    let Some(number) = row.try_get(8)? else { return Ok(State::default()) };
    let action = row::word(row, 7, &Action::ALL, Action::as_str)?;
    let now = Some(Now { head: row::head(row, 4)?, action, number });
    Ok(State { now, body: row.try_get(9)?, ..State::default() })
}

fn unchanged(now: Now, body: &Arc<str>) -> Written {
    let Now { head, action, .. } = now;
    let body = Some(Arc::clone(body));
    Written { revision: head.revision, at: head.at, action, unchanged: true, body }
}

/// A column.
fn each<'r, R, T>(rows: &'r [R], value: impl Fn(&'r R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}
