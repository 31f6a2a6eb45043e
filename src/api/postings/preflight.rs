//! Whether search engines and job boards will take a posting.

use std::sync::LazyLock;

use actix_web::web::{Data, block};
use actix_web::{HttpRequest, HttpResponse, get, post};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::super::answer::{Answer, NEVER};
use super::super::caller::{Caller, no_employer};
use super::super::compress::Body;
use super::super::cursor::Listing;
use super::super::extract::{Names, Query, names};
use super::super::problem::{Problem, problems};
use super::super::spec::{NotModified, words};
use super::super::{State, answer};
use super::resource::page_path;
use crate::domain::kept_posting::Publication;
use crate::domain::{KeptPosting, Slug, Violation};
use crate::review::preflight::{self, PreflightFinding, Rule, Severity, Target};
use crate::store::document::Listed;
use crate::store::keys::Scope;
use crate::store::{MAX_PAGE, Slice};

problems!(
    OneProblems: UnknownParameter, DuplicateParameter, PostingNotFound, InvalidParameter, InvalidDocument, Unavailable,
);
problems!(
    AllProblems: UnknownParameter, DuplicateParameter, InvalidCursor, EmployerNotFound, InvalidParameter, Unavailable,
);
problems!(RuleProblems: UnknownParameter, DuplicateParameter);

const DEFAULT_PAGE: usize = 20;
/// How many postings a request looks at, at the most, for those that have findings.
const MOST_LOOKED_AT: usize = 1000;
/// How many are read at once.
const AT_ONCE: usize = 100;

/// What boards say of a posting.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreflightReport {
    /// The posting.
    #[schema(example = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55")]
    pub posting_id: String,
    /// Which of the boards that were asked for would not take it: it has a finding of the severity `error`.
    #[schema(max_items = 3)]
    pub refused_by: Vec<Target>,
    /// What they find, the gravest first.
    #[schema(max_items = 1000)]
    pub findings: Vec<PreflightFinding>,
}

/// A page of the published postings with findings.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreflightPage {
    /// The postings, in the order of their ids.
    #[schema(max_items = 100)]
    pub items: Vec<PreflightReport>,
    /// The `cursor` of the next page, if there may be more. A page may be empty, and there may still be more.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_length = 2000)]
    pub next_cursor: Option<String>,
}

/// The rules of the boards.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreflightRules {
    /// The rules, board by board.
    #[schema(max_items = 1000)]
    pub items: Vec<Rule>,
}

impl PreflightRules {
    /// The first of them, for the specification.
    pub fn first(count: usize) -> Self {
        Self { items: preflight::rules().copied().take(count).collect() }
    }
}

/// What to look for.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct TargetQuery {
    /// The boards: a comma-separated list of `google`, `indeed`, and `linkedin`. Default: all.
    #[param(
        nullable = false,
        max_length = 100,
        pattern = "^(google|indeed|linkedin)(,(google|indeed|linkedin)){0,2}$",
        example = "google,indeed"
    )]
    targets: Option<String>,
}

/// Which postings.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct PreflightQuery {
    /// Only postings of this employer.
    #[param(inline, nullable = false, example = "acme")]
    employer: Option<Slug>,
    /// The least severity of a finding for which a posting is listed. Default `error`: those that a board would not take.
    #[param(inline, nullable = false, example = "error")]
    severity: Option<SeverityWord>,
    /// The most postings on a page. Default 20.
    #[param(nullable = false, minimum = 1, maximum = 100, example = 20)]
    limit: Option<u8>,
    /// The page to read: the `next_cursor` of the page before, with the same parameters but for `limit`. Leave out for the
    /// first.
    #[param(nullable = false, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

words!(SeverityWord: Severity::ALL.map(Severity::as_str));

static TARGET_QUERY: Names = Names::new(names::<TargetQuery>);
static PREFLIGHT_QUERY: Names = Names::new(|| [names::<TargetQuery>(), names::<PreflightQuery>()].concat());
static RULES: LazyLock<PreflightRules> =
    LazyLock::new(|| PreflightRules { items: preflight::rules().copied().collect() });

/// Check a posting for boards
///
/// Tells what search engines and job boards would find wrong with the posting: each finding with its rule, the board's own
/// documentation, where it is, and, where there is one, the JSON Patch (RFC 6902) of the posting that mends it. A draft is checked as
/// it would be published now. Needs a key.
#[utoipa::path(
    tag = "Preflight",
    operation_id = "preflight_posting",
    security(("key" = ["read"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting."), TargetQuery),
    responses((status = 200, description = "The findings.", body = PreflightReport), OneProblems),
)]
#[post("/api/v1/postings/{id}/preflight")]
pub async fn preflight_posting(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let seen = state.own_posting(&request, &caller, Scope::Read).await?;
    let mut query = Query::of(&request, &TARGET_QUERY)?;
    let targets = targets(&mut query);
    query.finish()?;
    let publication = state.shown(&caller, &seen, Timestamp::now()).await?;
    let url = state.absolute(&page_path(seen.posting()));
    let report = report(seen.posting(), &publication, url.as_deref(), &targets);
    let bytes = serde_json::to_vec(&report).map_err(Problem::internal)?;
    Answer::new("application/json", NEVER).send(&request, || Ok(Body::Fresh(bytes)))
}

/// Check the published postings for boards
///
/// Lists the published postings that a board would not take, and so leaves out of its feed; with `severity=warning` or `info` also
/// those that could be better. A page looks at up to 1,000 postings.
#[utoipa::path(
    tag = "Preflight",
    operation_id = "list_preflight",
    security(("key" = ["read"])),
    params(TargetQuery, PreflightQuery),
    responses((status = 200, description = "A page of findings.", body = PreflightPage), NotModified, AllProblems),
)]
#[get("/api/v1/preflight")]
pub async fn list_preflight(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    let mut query = Query::of(&request, &PREFLIGHT_QUERY)?;
    let targets = targets(&mut query);
    let severity = query.choose("severity", &Severity::ALL, Severity::as_str).unwrap_or(Severity::Error);
    let employer = query.parse("employer", |id| Slug::try_from(id));
    let limit = query.integer("limit", 1, MAX_PAGE).unwrap_or(DEFAULT_PAGE);
    let cursor = query.text("cursor").map(str::to_owned);
    query.finish()?;
    let listing = listing(&targets, severity, employer.as_ref());
    let after: Option<Slug> = cursor.map(|cursor| listing.place("cursor", &cursor)).transpose()?;
    if let Some(unseen) = employer.as_ref().filter(|id| !caller.sees(id.as_str())) {
        return Err(no_employer(unseen.as_str()));
    }
    let asked = Asked { targets, severity, employer, limit };
    let page = page(&state, &caller, asked, after.map(|id| id.to_string()), listing).await?;
    answer::json(&request, &page)
}

/// List the rules of boards
///
/// Every rule of the preflight: what it asks for, how grave a breach is, and where the board says so.
#[utoipa::path(
    tag = "Preflight",
    operation_id = "list_preflight_rules",
    security(("key" = ["read"])),
    responses((status = 200, description = "The rules.", body = PreflightRules), NotModified, RuleProblems),
)]
#[get("/api/v1/preflight/rules")]
pub async fn list_preflight_rules(request: HttpRequest, caller: Caller) -> Result<HttpResponse, Problem> {
    caller.may(Scope::Read)?;
    Query::of(&request, &[])?;
    answer::json(&request, &*RULES)
}

struct Asked {
    targets: Vec<Target>,
    severity: Severity,
    employer: Option<Slug>,
    limit: usize,
}

async fn page(
    state: &Data<State>,
    caller: &Caller,
    asked: Asked,
    mut after: Option<String>,
    listing: Listing,
) -> Result<PreflightPage, Problem> {
    let now = Timestamp::now();
    let (mut items, mut looked_at) = (Vec::new(), 0);
    loop {
        let employer = asked.employer.as_ref().map(Slug::as_str);
        let slice = state.store.public(employer, now, after.as_deref(), AT_ONCE).await?;
        let Slice { items: listed, more } = slice;
        looked_at += listed.len();
        let (api, targets, severity) = (state.clone(), asked.targets.clone(), asked.severity);
        let seen = caller.clone();
        let reports = block(move || reports(&api, &seen, &listed, &targets, severity));
        let reports = reports.await.map_err(Problem::internal)??;
        let all = reports.len();
        for (index, (id, report)) in reports.into_iter().enumerate() {
            after = Some(id);
            items.extend(report);
            if items.len() == asked.limit && (more || index + 1 < all) {
                return next(items, after, listing);
            }
        }
        if !more {
            return Ok(PreflightPage { items, next_cursor: None });
        }
        if looked_at >= MOST_LOOKED_AT {
            return next(items, after, listing);
        }
    }
}

fn next(
    items: Vec<PreflightReport>,
    after: Option<String>,
    listing: Listing,
) -> Result<PreflightPage, Problem> {
    let after = after.map(Slug::try_from).transpose().map_err(Problem::internal)?;
    Ok(PreflightPage { items, next_cursor: after.map(|id| listing.cursor(&id)) })
}

/// Each posting's id, and what is found of it if that is grave enough.
fn reports(
    api: &State,
    caller: &Caller,
    listed: &[Listed],
    targets: &[Target],
    severity: Severity,
) -> Result<Vec<(String, Option<PreflightReport>)>, Problem> {
    let of_one = |listed: &Listed| {
        let posting: KeptPosting = serde_json::from_str(&listed.body).map_err(Problem::internal)?;
        let url = api.absolute(&page_path(&posting));
        let of = |publication| report(&posting, publication, url.as_deref(), targets);
        let report = posting.publication.as_ref().map(of);
        let grave = |report: &PreflightReport| {
            caller.sees(posting.employer_id.as_str())
                && report.findings.iter().any(|finding| finding.severity <= severity)
        };
        Ok((listed.id.clone(), report.filter(grave)))
    };
    listed.iter().map(of_one).collect()
}

/// What all boards say of a posting, for the specification.
pub fn reports_on(posting: &KeptPosting, publication: &Publication, url: &str) -> PreflightReport {
    report(posting, publication, Some(url), &Target::ALL)
}

fn report(
    posting: &KeptPosting,
    publication: &Publication,
    url: Option<&str>,
    targets: &[Target],
) -> PreflightReport {
    let Publication { posting: words, vacancy, options, .. } = publication;
    let own_options = &posting.options;
    let subject = preflight::Subject { posting: words, vacancy, options, own_options, url };
    let found = targets.iter().flat_map(|target| preflight::preflight(*target, &subject));
    let mut findings: Vec<PreflightFinding> = found.collect();
    findings.sort_by_key(|finding| finding.severity);
    let refused = |target: &Target| {
        findings.iter().any(|finding| finding.target == *target && finding.severity == Severity::Error)
    };
    let refused_by = targets.iter().copied().filter(refused).collect();
    PreflightReport { posting_id: posting.id.to_string(), refused_by, findings }
}

/// The boards that a query asks for, each once.
fn targets(query: &mut Query) -> Vec<Target> {
    let Some(text) = query.text("targets").map(str::to_owned) else { return Target::ALL.to_vec() };
    let mut targets = Vec::new();
    for name in text.split(',').map(str::trim) {
        match Target::ALL.into_iter().find(|target| target.as_str() == name) {
            Some(target) if targets.contains(&target) => {}
            Some(target) => targets.push(target),
            None => {
                let known = Target::ALL.iter().map(|target| target.as_str());
                query.refuse("targets", Violation::unknown("", "target", name, known));
            }
        }
    }
    targets
}

fn listing(targets: &[Target], severity: Severity, employer: Option<&Slug>) -> Listing {
    let targets: Vec<&str> = targets.iter().map(|target| target.as_str()).collect();
    let employer = employer.map_or("", Slug::as_str);
    Listing::of("preflight", &[&targets.join(","), severity.as_str(), employer])
}
