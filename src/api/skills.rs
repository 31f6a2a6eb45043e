//! The skills that the catalogue's roles ask for.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer;
use super::caller::Caller;
use super::cursor::Listing;
use super::extract::{Names, Query, SearchText, names};
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::{Role, Slug};
use crate::store::keys::Scope;
use crate::store::search::SkillCount;
use crate::store::{MAX_PAGE, Slice};

problems!(SkillProblems: UnknownParameter, DuplicateParameter, InvalidCursor, InvalidParameter, Unavailable);

const DEFAULT_PAGE: usize = 20;

/// A page of skills, in the order of their ids.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillPage {
    /// The skills of this page.
    #[schema(max_items = 100)]
    pub items: Vec<SkillUse>,
    /// How many there are on all pages.
    #[schema(minimum = 0)]
    pub total: u64,
    /// The `cursor` of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000, example = "wpSGhHNWsKJzZGxj")]
    pub next_cursor: Option<String>,
}

/// A skill, and how many roles ask for it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SkillUse {
    /// The id that roles give it.
    #[schema(example = "conflict-resolution")]
    pub id: String,
    /// The name that most roles give it.
    #[schema(example = "Conflict Resolution")]
    pub name: String,
    /// How many roles have it.
    #[schema(minimum = 1)]
    pub roles: u64,
}

impl SkillPage {
    fn of(skills: Slice<SkillCount>, total: u64, listing: Listing) -> Self {
        let last = skills.items.last().filter(|_| skills.more);
        let last = last.and_then(|skill| Slug::try_from(skill.id.as_str()).ok());
        Self {
            next_cursor: last.map(|id| listing.cursor(&id)),
            items: skills.items.into_iter().map(SkillUse::of).collect(),
            total,
        }
    }

    /// The first skills of one role, for the specification.
    pub fn of_one(role: &Role) -> Self {
        let mut items: Vec<SkillUse> = role
            .all_skills()
            .map(|skill| SkillUse { id: skill.id.to_string(), name: skill.name.to_string(), roles: 1 })
            .collect();
        items.sort_by(|a, b| a.id.cmp(&b.id));
        let total = items.len() as u64;
        items.truncate(3);
        let last = items.last().and_then(|skill| Slug::try_from(skill.id.as_str()).ok());
        Self { items, total, next_cursor: last.map(|id| listing(&[]).cursor(&id)) }
    }
}

impl SkillUse {
    fn of(count: SkillCount) -> Self {
        let SkillCount { id, name, roles } = count;
        Self { id, name, roles }
    }
}

/// Which skills, and which page of them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct SkillsQuery {
    /// Up to 16 words, each of which must be the beginning of a word of the skill's name; case and accents do not matter.
    #[param(inline, nullable = false, example = "conflict res")]
    q: Option<SearchText>,
    /// The most skills on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before, with the same `q`. Leave out for the first.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

static SKILLS_QUERY: Names = Names::new(names::<SkillsQuery>);

/// List the skills
///
/// The skills of all roles, each once by its id, with the number of roles that have it. What stands here can be asked for as
/// the `skill` of a search.
#[utoipa::path(
    tag = "Roles",
    operation_id = "list_skills",
    params(SkillsQuery),
    responses((status = 200, description = "A page of skills.", body = SkillPage), NotModified, SkillProblems),
    security(("key" = ["read"])),
)]
#[get("/api/v1/skills")]
pub async fn list_skills(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = Query::of(&request, &SKILLS_QUERY)?;
    let words = query.words("q");
    let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
    let listing = listing(&words);
    let cursor = query.text("cursor").map(str::to_owned);
    query.finish()?;
    let after = cursor.map(|cursor| listing.place::<Slug>("cursor", &cursor)).transpose()?;
    let (skills, total) = state.store.skills(&words, after.as_ref().map(Slug::as_str), limit).await?;
    answer::json(&request, &SkillPage::of(skills, total, listing))
}

fn listing(words: &[String]) -> Listing {
    Listing::of("skills", &[&words.join(" ")])
}
