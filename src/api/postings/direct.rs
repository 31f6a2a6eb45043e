//! Postings that the program itself adds, without a request.

use jiff::Timestamp;
use uuid::Uuid;

use super::super::State;
use super::super::caller::{Caller, Stranger};
use super::super::problem::Problem;
use super::super::refusal::{Asked, refused};
use super::super::writing::{self, Writing};
use super::life::{closed, published};
use crate::domain::kept_posting::NewPosting;
use crate::domain::{KeptEmployer, KeptPosting};
use crate::store::DocumentId;
use crate::store::document::{Author, Expected, Refusal};

/// How far a posting is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Nobody sees it yet.
    Draft,
    /// It is public, or will be on the day that its options name.
    Published,
    /// It was public, and was closed at this moment.
    Closed(Timestamp),
}

impl State {
    /// Adds an employer, unless there is one with its id.
    ///
    /// # Errors
    /// That it was removed, and what the database says.
    pub async fn add_employer(
        &self,
        employer: &KeptEmployer,
        author: &Author,
        at: Timestamp,
    ) -> Result<(), Problem> {
        let document = DocumentId::employer(employer.id.as_str());
        let writing = Writing::without_request(author.clone(), at);
        let order = writing.order(&document, writing::put(employer)?, Expected::Absent);
        match self.write(order).await? {
            Err(Refusal::Exists(head)) if !head.deleted => Ok(()),
            Err(refusal) => Err(refused(&document, refusal, Asked::Create)),
            Ok(_) => Ok(()),
        }
    }

    /// Adds a posting as of a moment, and takes it to a stage, unless its employer has one with its slug.
    ///
    /// # Errors
    /// What stands against it, and what the database says.
    pub async fn add_posting(
        &self,
        new: NewPosting,
        stage: Stage,
        author: &Author,
        at: Timestamp,
    ) -> Result<Option<KeptPosting>, Problem> {
        if let Some(slug) = &new.slug
            && self.store.by_slug(new.employer_id.as_str(), slug.as_str()).await?.is_some()
        {
            return Ok(None);
        }
        let caller = Caller::anonymous(Stranger { local: true, reads: true }, None);
        let writing = Writing::without_request(author.clone(), at);
        let composition = self.admitted(&caller, &new).await?;
        let posting = self.draft(new, &composition, Uuid::now_v7()).await?;
        self.keep(&posting, &writing, Expected::Absent).await?;
        if stage == Stage::Draft {
            return Ok(Some(posting));
        }
        let publication = self.publication(&composition, at, None)?;
        let posting = published(posting, publication, at)?;
        self.keep(&posting, &writing.because("published"), Expected::OneOf(vec![1])).await?;
        let Stage::Closed(end) = stage else { return Ok(Some(posting)) };
        let posting = closed(posting, end);
        let writing = Writing::without_request(author.clone(), end).because("closed");
        self.keep(&posting, &writing, Expected::OneOf(vec![2])).await?;
        Ok(Some(posting))
    }

    async fn keep(
        &self,
        posting: &KeptPosting,
        writing: &Writing,
        expected: Expected,
    ) -> Result<(), Problem> {
        let document = DocumentId::posting(posting.employer_id.as_str(), posting.id.as_str());
        let order = writing.order(&document, writing::put(posting)?, expected);
        match self.write(order).await? {
            Ok(_) => Ok(()),
            Err(refusal) => Err(refused(&document, refusal, Asked::Change)),
        }
    }
}
