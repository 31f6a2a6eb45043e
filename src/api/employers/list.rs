//! The list of kept employers.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::caller::Caller;
use super::super::cursor::Listing;
use super::super::paging::{Page, PageQuery};
use super::super::problem::{Problem, problems};
use super::super::spec::NotModified;
use super::super::{State, answer};
use crate::domain::{KeptEmployer, Moment};
use crate::store::document::{Kind, Listed};
use crate::store::keys::Scope;
use crate::store::{DocumentId, MAX_PAGE, Slice};

problems!(ListProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter, Unavailable);

/// How many whole employers are in memory at once, at the most: each may have a mebibyte.
const AT_ONCE: usize = 16;

/// A page of the employers, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployerPage {
    /// The employers of this page.
    #[schema(max_items = 100)]
    pub items: Vec<EmployerSummary>,
    /// How many there are on all pages.
    #[schema(minimum = 0)]
    pub total: u64,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub next_cursor: Option<String>,
}

/// An employer in a list.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmployerSummary {
    /// Identifies the employer in URLs, and in `employer_id` of posting options.
    #[schema(example = "acme")]
    pub id: String,
    /// The name.
    #[schema(example = "Acme")]
    pub name: String,
    /// The revision.
    #[schema(minimum = 1)]
    pub revision: u32,
    /// When that was made.
    pub updated_at: Moment,
}

/// What a list tells of an employer.
#[derive(Deserialize)]
struct Named {
    profile: Profile,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

impl EmployerSummary {
    fn of(listed: Listed) -> Result<Self, Problem> {
        let Listed { id, revision, at, body } = listed;
        let Named { profile: Profile { name } } = serde_json::from_str(&body).map_err(Problem::internal)?;
        Ok(Self { id, name, revision, updated_at: at.into() })
    }
}

impl EmployerPage {
    /// A page with one employer, for the specification.
    pub fn of_one(employer: &KeptEmployer, at: Timestamp) -> Self {
        let (id, name) = (employer.id.to_string(), employer.profile.name.to_string());
        let item = EmployerSummary { id, name, revision: 1, updated_at: at.into() };
        Self { items: vec![item], total: 1, next_cursor: None }
    }
}

/// List the employers
///
/// Lists the kept employers in the order of their ids, a page at a time. A key that is limited to employers sees those.
#[utoipa::path(
    tag = "Employers",
    operation_id = "list_employers",
    security(("key" = ["read"])),
    params(PageQuery),
    responses((status = 200, description = "A page of employers.", body = EmployerPage), NotModified, ListProblems),
)]
#[get("/api/v1/employers")]
pub async fn list_employers(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let page = Page::of(&request, Listing::of("employers", &[]))?;
    let Slice { items, more } = state.seen_employers(&caller, page.after(), page.limit).await?;
    let next_cursor = page.next(items.last().map(|last| last.id.as_str()), more)?;
    let total = state.count_employers(&caller).await?;
    answer::json(&request, &EmployerPage { items, total, next_cursor })
}

impl State {
    /// The ids of the first employers that the caller sees: to choose from.
    pub(in super::super) async fn employer_ids(&self, caller: &Caller) -> Result<Vec<String>, Problem> {
        let seen = self.seen_employers(caller, None, MAX_PAGE).await?;
        Ok(seen.items.into_iter().map(|employer| employer.id).collect())
    }

    /// The employers that the caller sees, in the order of their ids.
    async fn seen_employers(
        &self,
        caller: &Caller,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<EmployerSummary>, Problem> {
        match caller.limited_to() {
            Some(ids) => self.employers_among(ids, after, limit).await,
            None => self.all_employers(after, limit).await,
        }
    }

    async fn all_employers(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<EmployerSummary>, Problem> {
        let mut after = after.map(str::to_owned);
        let mut items = Vec::new();
        loop {
            let some = AT_ONCE.min(limit - items.len());
            let slice = self.store.list(Kind::Employer, "", after.as_deref(), some).await?;
            for listed in slice.items {
                items.push(EmployerSummary::of(listed)?);
            }
            if !slice.more || items.len() == limit {
                return Ok(Slice { items, more: slice.more });
            }
            after = items.last().map(|last| last.id.clone());
        }
    }

    async fn employers_among(
        &self,
        ids: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Slice<EmployerSummary>, Problem> {
        let mut ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut items = Vec::new();
        for id in ids.into_iter().filter(|id| after.is_none_or(|after| *id > after)) {
            let document = DocumentId::employer(id);
            let Some(revision) = self.store.revision(&document, None).await? else { continue };
            let Some(body) = revision.body else { continue };
            if items.len() == limit {
                return Ok(Slice { items, more: true });
            }
            let (revision, at) = (revision.change.revision, revision.change.at);
            items.push(EmployerSummary::of(Listed { id: id.to_owned(), revision, at, body })?);
        }
        Ok(Slice { items, more: false })
    }

    async fn count_employers(&self, caller: &Caller) -> Result<u64, Problem> {
        let Some(ids) = caller.limited_to() else { return Ok(self.store.count(Kind::Employer, "").await?) };
        let mut count = 0;
        for id in ids {
            let head = self.store.head(&DocumentId::employer(id)).await?;
            count += u64::from(head.is_some_and(|head| !head.deleted));
        }
        Ok(count)
    }
}
