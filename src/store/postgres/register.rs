//! The register of postings: whose an id is, and whose a slug. A batch is decided with it in memory.

use std::collections::HashMap;

use sqlx::{PgConnection, Row as _};

use super::fault::Fault;
use super::row;
use crate::store::document::{DocumentId, Head, Refusal};

/// What of the register a batch is about.
#[derive(Debug, Default)]
pub struct Register {
    /// By id: the employer, and the state of the document, removed ones included.
    owners: HashMap<String, (String, Head)>,
    /// By employer and slug: the id.
    holders: HashMap<(String, String), String>,
    /// By id: the slug that it holds.
    slugs: HashMap<String, String>,
}

impl Register {
    /// Reads what is there of these postings, and who holds these slugs.
    pub async fn over(
        connection: &mut PgConnection,
        documents: &[&DocumentId],
        slugs: &[(&str, &str)],
    ) -> Result<Self, Fault> {
        let mut register = Self::default();
        if documents.is_empty() {
            return Ok(register);
        }
        let ids: Vec<&str> = documents.iter().map(|document| &*document.id).collect();
        let sql = "SELECT id, owner, revision, deleted, at FROM documents
            WHERE kind = 'posting' AND id = ANY ($1)";
        for there in sqlx::query(sql).bind(&ids).fetch_all(&mut *connection).await? {
            register.owners.insert(there.try_get(0)?, (there.try_get(1)?, row::head(&there, 2)?));
        }
        let sql = "SELECT employer, slug, id FROM posting_index WHERE id = ANY ($1)
            UNION SELECT employer, slug, id FROM posting_index
                JOIN unnest($2::text[], $3::text[]) AS wanted (employer, slug) USING (employer, slug)";
        let query = sqlx::query(sql).bind(ids);
        let query = query.bind(slugs.iter().map(|(employer, _)| *employer).collect::<Vec<_>>());
        let query = query.bind(slugs.iter().map(|(_, slug)| *slug).collect::<Vec<_>>());
        for held in query.fetch_all(connection).await? {
            register.hold(held.try_get(0)?, held.try_get(1)?, held.try_get(2)?);
        }
        Ok(register)
    }

    /// Whether a posting may be put in place with a slug.
    pub fn permit(&self, document: &DocumentId, slug: &str) -> Result<(), Refusal> {
        match self.owners.get(&document.id) {
            Some((owner, head)) if *owner != document.owner => return Err(Refusal::Exists(*head)),
            _ => {}
        }
        match self.holders.get(&(document.owner.clone(), slug.to_owned())) {
            Some(holder) if *holder != document.id => Err(Refusal::SlugTaken(holder.clone())),
            _ => Ok(()),
        }
    }

    /// Notes what became of a posting, and which slug it holds now, if it does.
    pub fn note(&mut self, document: &DocumentId, head: Head, slug: Option<&str>) {
        if let Some(slug) = self.slugs.remove(&document.id) {
            self.holders.remove(&(document.owner.clone(), slug));
        }
        self.owners.insert(document.id.clone(), (document.owner.clone(), head));
        if let Some(slug) = slug {
            self.hold(document.owner.clone(), slug.to_owned(), document.id.clone());
        }
    }

    fn hold(&mut self, employer: String, slug: String, id: String) {
        self.slugs.insert(id.clone(), slug.clone());
        self.holders.insert((employer, slug), id);
    }
}
