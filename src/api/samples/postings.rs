//! Examples of kept postings: what is answered of one, from its draft to its drift.

use serde_json::json;

use super::super::catalogue::{Known, RoleContent};
use super::super::postings::compose::Ingredients;
use super::super::postings::drift::PostingDrift;
use super::super::postings::list::{PostingPage, PostingSummary};
use super::super::postings::preflight::{PreflightPage, PreflightRules, reports_on};
use super::super::postings::resource::PostingResource;
use super::super::roles::impact::ImpactPage;
use super::boards::of_boards;
use super::{Example, acme, acme_voice, example_moment, written};
use crate::domain::kept_posting::{NewPosting, PostingState, Publication};
use crate::domain::{Document, KeptPosting, Slug};
use crate::render::{Renderer, Revisions};
use crate::review::comparison::compare;
use crate::store::DocumentId;

const ID: &str = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55";

/// What is answered of a posting of the Tech Manager for Acme.
pub fn of_postings(renderer: &Renderer, role: &Known<RoleContent>) -> Vec<Example> {
    let request = json!({
        "employer_id": "acme", "role_id": "tech-manager", "slug": "tech-manager-denver",
        "options": {"length": "short", "department": "Engineering"},
    });
    let new = NewPosting::from_json(request.to_string().as_bytes()).ok();
    let Some((draft, publication)) = new.and_then(|new| posting(renderer, role, new)) else {
        return Vec::new();
    };
    let published =
        KeptPosting { state: PostingState::Published, publication: Some(publication), ..draft.clone() };
    let told = |posting: &KeptPosting| json!(PostingResource::of(posting, posting.state, true, &address));
    let (first, second) = (told(&draft), told(&published));
    let id = DocumentId::posting("acme", ID);
    let mut examples = written("posting", &id, &first, &json!({"slug": "tech-manager-co"}), "hr-sync");
    examples.retain(|example| example.media_type != super::REQUEST);
    examples.extend(["create_posting", "put_posting"].map(|id| Example::request(id, request.clone())));
    examples.push(Example::request("patch_posting", json!({"options": {"department": "Platform"}})));
    for operation in ["publish_posting", "refresh_posting", "close_posting", "reopen_posting", "get_posting"]
    {
        examples.push(Example::json(operation, second.clone()));
    }
    let Some(publication) = &published.publication else { return examples };
    examples.extend(of_reviews(renderer, role, &published, publication));
    let zone = acme().and_then(|acme| acme.time_zone).unwrap_or_default();
    examples.extend(of_boards(&published, publication, &zone, &address("")));
    examples
}

fn of_reviews(
    renderer: &Renderer,
    role: &Known<RoleContent>,
    published: &KeptPosting,
    publication: &Publication,
) -> Vec<Example> {
    let mut new = published.request();
    new.options.department = "Platform".try_into().ok();
    let later = posting(renderer, role, new).map(|(_, later)| later);
    let drift = later.map(|later| PostingDrift::of(publication, &later));
    let impact = drift.as_ref().map(|one| ImpactPage::of_one(published, one.drift.clone()));
    let (words, vacancy) = (&publication.posting, &publication.vacancy);
    let found = compare(words, vacancy, &["Tech Manager".to_owned(), "Join us.".to_owned()]);
    let report = reports_on(published, publication, &address(""));
    let page = PostingPage {
        items: vec![PostingSummary::of_published(published, publication, 2, example_moment(), address)],
        total: 1,
        total_is_exact: true,
        next_cursor: None,
    };
    let mut examples = vec![
        Example::json("list_postings", json!(page)),
        Example::json("compare_posting", json!(found)),
        Example::request("compare_posting", json!({"text": "Tech Manager\n\nJoin us."})),
        Example::json("preflight_posting", json!(report)),
        Example::json("list_preflight", json!(PreflightPage { items: vec![report], next_cursor: None })),
        Example::json("list_preflight_rules", json!(PreflightRules::first(3))),
        Example::request("preview_role_impact", json!(role.content.role)),
    ];
    examples.extend(drift.map(|drift| Example::json("get_posting_drift", json!(drift))));
    examples.extend(impact.map(|impact| Example::json("preview_role_impact", json!(impact))));
    examples
}

/// A draft, and what it is when it is published.
fn posting(
    renderer: &Renderer,
    role: &Known<RoleContent>,
    new: NewPosting,
) -> Option<(KeptPosting, Publication)> {
    let (employer, tone) = (acme()?, renderer.own_tone(&acme_voice()?).ok()?);
    let revisions = Revisions { employer_id: employer.id.as_str(), employer: 1, tone: Some(1) };
    let ingredients = Ingredients {
        renderer: renderer.with_tone(Some(&tone)).of_kept(revisions),
        templates: renderer.fingerprint(),
        role,
        options: employer.options(new.options.clone()),
        zone: employer.time_zone.clone().unwrap_or_default(),
    };
    let publication = ingredients.publication(example_moment(), None).ok()?;
    let draft = KeptPosting {
        id: Slug::try_from(ID).ok()?,
        state: PostingState::Draft,
        employer_id: new.employer_id,
        role_id: new.role_id,
        role_revision: None,
        slug: new.slug?,
        options: new.options,
        preview_token: Some("2f1e6b7c9d0a4e5f8a7b6c5d4e3f2a1b".to_owned()),
        publication: None,
        closing: None,
    };
    Some((draft, publication))
}

fn address(path: &str) -> String {
    format!("https://jobs.example.com{path}")
}
