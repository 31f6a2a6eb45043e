//! Lists in the order of ids, a page at a time.

use actix_web::HttpRequest;
use utoipa::IntoParams;

use super::cursor::Listing;
use super::extract::{Names, Query, names};
use super::problem::Problem;
use crate::domain::Slug;
use crate::store::MAX_PAGE;

const DEFAULT_PAGE: usize = 20;

/// Which page of a list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
pub struct PageQuery {
    /// The most entries on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before. Leave out for the first.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

static PAGE_QUERY: Names = Names::new(names::<PageQuery>);

/// A page that is asked for: what comes after an id, if it is not the first.
#[derive(Debug)]
pub struct Page {
    /// The id before the page.
    pub after: Option<Slug>,
    /// The most entries.
    pub limit: usize,
    listing: Listing,
}

impl Page {
    /// The page of `listing` that a request asks for.
    ///
    /// # Errors
    /// Problems that name the parameter.
    pub fn of(request: &HttpRequest, listing: Listing) -> Result<Self, Problem> {
        let mut query = Query::of(request, &PAGE_QUERY)?;
        let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
        let after = query.text("cursor").map(|cursor| listing.place("cursor", cursor)).transpose();
        query.finish()?;
        Ok(Self { after: after?, limit, listing })
    }

    /// The id before the page, for the store.
    pub fn after(&self) -> Option<&str> {
        self.after.as_ref().map(Slug::as_str)
    }

    /// The cursor of the page after the one that ends with `last`, if there is more.
    ///
    /// # Errors
    /// A fault of ours, when that is no id.
    pub fn next(&self, last: Option<&str>, more: bool) -> Result<Option<String>, Problem> {
        let last = last.filter(|_| more).map(Slug::try_from).transpose().map_err(Problem::internal)?;
        Ok(last.map(|last| self.listing.cursor(&last)))
    }
}
