//! Writing postings: what is to be posted, and for whom. What is public changes by a refresh only.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, patch, post, put};
use jiff::Timestamp;
use serde_json::json;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::super::State;
use super::super::caller::Caller;
use super::super::conditional::PatchCondition;
use super::super::extract::{body, document, require_merge_patch};
use super::super::idempotency::{IdempotencyHeader, Key};
use super::super::kept::path;
use super::super::problem::{Problem, problems};
use super::super::refusal::{Asked, permit, refused};
use super::super::spec::{Created, Written};
use super::super::writing::{self, MergePatch, WriteQuery, Writing, reply, response};
use super::Seen;
use super::compose::Composition;
use super::resource::PostingResource;
use crate::domain::kept_posting::{NewPosting, PostingState};
use crate::domain::{KeptPosting, Slug, Violation, merge};
use crate::store::document::{self, Expected, Head, Refusal};
use crate::store::keys::Scope;
use crate::store::replies::Reply;
use crate::store::{DocumentId, index};

problems!(
    CreateProblems: UnknownParameter, DuplicateParameter, ScopeMissing, MalformedJson, IncompleteBody,
    InvalidIdempotencyKey, SlugTaken, IdempotencyKeyInUse, BodyTimeout, BodyTooLarge, UnsupportedMediaType,
    InvalidParameter, InvalidDocument, IdempotencyKeyReused, Unavailable, NoRoom,
);
problems!(
    ChangeProblems: UnknownParameter, DuplicateParameter, ScopeMissing, MalformedJson, IncompleteBody, PostingNotFound,
    SlugTaken, PreconditionFailed, BodyTimeout, BodyTooLarge, UnsupportedMediaType, InvalidParameter, InvalidDocument,
    PreconditionRequired, Unavailable, NoRoom,
);

/// Fields that an answer has beside what a caller says. A `PUT` may bring them back as they were.
const READ_ONLY: [&str; 6] = ["id", "state", "url", "preview_url", "publication", "closing"];
/// How often a patch is made anew for a posting that somebody else is changing all the time.
const ATTEMPTS: usize = 5;
/// The most characters of a slug that is made here.
const MAX_SLUG: usize = 80;

/// Add a posting
///
/// Adds a posting as a draft: nobody sees it without a key or its `preview_url`. Its options are checked against the role and
/// the employer as they are now.
#[utoipa::path(
    tag = "Postings",
    operation_id = "create_posting",
    security(("key" = ["write"])),
    params(WriteQuery, IdempotencyHeader),
    request_body(content = NewPosting, description = "What is to be posted, and for whom."),
    responses(Created<PostingResource<'static>>, CreateProblems),
)]
#[post("/api/v1/postings")]
pub async fn create_posting(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_with_key(Scope::Write)?;
    let (writing, key) = (Writing::of(&request, &caller)?, Key::of(&request)?);
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let new: NewPosting = document(&request, &body)?;
    let id = Uuid::now_v7();
    let document = DocumentId::posting(new.employer_id.as_str(), id.to_string());
    let claim = key.map(|key| key.claim(&request, &caller, &body));
    let (api, by, at) = (state.clone(), caller, writing.at());
    let (named, writing) = (document.clone(), Arc::new(writing));
    // Anew, if somebody else takes the slug that was free: it was not asked for.
    let decide = move || {
        let (api, by, new) = (api.clone(), by.clone(), new.clone());
        let (named, writing) = (named.clone(), Arc::clone(&writing));
        async move {
            let composition = api.admitted(&by, &new).await?;
            let posting = api.draft(new, &composition, id).await?;
            Ok(writing.order(&named, writing::put(&posting)?, Expected::Absent))
        }
    };
    let api = state.clone();
    let reply = move |written: &_| told(&api, StatusCode::CREATED, written);
    state.decide_once(claim, at, &document, decide, reply).await
}

/// Put a posting in place
///
/// Replaces what is to be posted, whole; needs `If-Match`. What an answer has beside that (`id`, `state`, `url` and so on) may
/// come back in it, and is not looked at. What is public already stays as it is until it is refreshed.
#[utoipa::path(
    tag = "Postings",
    operation_id = "put_posting",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting."), WriteQuery, PatchCondition),
    request_body(content = NewPosting, description = "What is to be posted, and for whom."),
    responses(Written<PostingResource<'static>>, ChangeProblems),
)]
#[put("/api/v1/postings/{id}")]
pub async fn put_posting(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let seen = state.own_posting(&request, &caller, Scope::Write).await?;
    let writing = Writing::of(&request, &caller)?;
    let body = body(&request, payload, state.setup.body_timeout).await?;
    let new: NewPosting = document(&request, &writable(&body))?;
    permit(&seen.document, head(&seen), &writing.condition)?;
    let next = state.changed(&caller, &seen, new, writing.at()).await?;
    let expected = Expected::OneOf(vec![seen.known.revision]);
    let order = writing.order(&seen.document, writing::put(&next)?, expected);
    let written = state.write(order).await?;
    let written = written.map_err(|refusal| refused(&seen.document, refusal, Asked::Change))?;
    Ok(response(&told(&state, StatusCode::OK, &written)))
}

/// Change a posting
///
/// Changes what is to be posted by a merge patch (RFC 7396); needs `If-Match`. What is public already stays as it is until it
/// is refreshed.
#[utoipa::path(
    tag = "Postings",
    operation_id = "patch_posting",
    security(("key" = ["write"])),
    params(("id" = inline(Slug), Path, description = "The id of the posting."), WriteQuery, PatchCondition),
    request_body(
        content = MergePatch,
        content_type = "application/merge-patch+json",
        description = "What is to be different."
    ),
    responses(Written<PostingResource<'static>>, ChangeProblems),
)]
#[patch("/api/v1/postings/{id}")]
pub async fn patch_posting(
    request: HttpRequest,
    caller: Caller,
    payload: Payload,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    caller.may_with_key(Scope::Write)?;
    let writing = Writing::of(&request, &caller)?;
    require_merge_patch(&request)?;
    let patch = body(&request, payload, state.setup.body_timeout).await?;
    refuse_read_only(&patch)?;
    let mut left = ATTEMPTS;
    loop {
        let seen = state.own_posting(&request, &caller, Scope::Write).await?;
        permit(&seen.document, head(&seen), &writing.condition)?;
        let new: NewPosting = merge::merge(json!(seen.posting().request()), &patch)?;
        let next = state.changed(&caller, &seen, new, writing.at()).await?;
        let expected = Expected::OneOf(vec![seen.known.revision]);
        let order = writing.order(&seen.document, writing::put(&next)?, expected);
        left -= 1;
        match state.write(order).await? {
            Ok(written) => return Ok(response(&told(&state, StatusCode::OK, &written))),
            // It may still be at a revision that the condition allows.
            Err(Refusal::Stale(_)) if left > 0 => {}
            Err(refusal) => return Err(refused(&seen.document, refusal, Asked::Change)),
        }
    }
}

/// The answer to a write of a posting.
pub fn told(api: &State, status: StatusCode, written: &document::Written) -> Reply {
    let posting = written.body.as_deref().and_then(|body| serde_json::from_str::<KeptPosting>(body).ok());
    let Some(posting) = posting else { return reply(status, "", written) };
    let resource = PostingResource::of(&posting, posting.state, true, &|path| api.told(path));
    let id = DocumentId::posting(posting.employer_id.as_str(), posting.id.as_str());
    let body = resource.to_json().unwrap_or_default();
    Reply { body: body.into(), ..reply(status, &api.url(&path(&id)), written) }
}

impl State {
    /// What the posting is composed of, if nothing stands against it.
    pub(super) async fn admitted(&self, caller: &Caller, new: &NewPosting) -> Result<Composition, Problem> {
        let composition = self.composition(caller, new).await?;
        composition.map_err(|violations| Problem::of_body("", violations))
    }

    /// The first state of a posting.
    pub(super) async fn draft(
        &self,
        new: NewPosting,
        composition: &Composition,
        id: Uuid,
    ) -> Result<KeptPosting, Problem> {
        let slug = match new.slug {
            Some(slug) => slug,
            None => self.free_slug(&new, composition, id).await?,
        };
        Ok(KeptPosting {
            id: Slug::try_from(id.to_string()).map_err(Problem::internal)?,
            state: PostingState::Draft,
            employer_id: new.employer_id,
            role_id: new.role_id,
            role_revision: new.role_revision,
            slug,
            options: new.options,
            preview_token: Some(preview_token()?),
            publication: None,
            closing: None,
        })
    }

    /// The slug of a posting that brings none: its title and place, and a part of its id if that is taken.
    async fn free_slug(
        &self,
        new: &NewPosting,
        composition: &Composition,
        id: Uuid,
    ) -> Result<Slug, Problem> {
        let options = &composition.terms.options;
        let title = options.title.as_ref().unwrap_or(&composition.role.content.role.title);
        let city = options.locations.first().and_then(|place| place.city.as_ref());
        let plain = slug_of([title.as_str(), city.map_or("", |city| city.as_str())]);
        let taken = self.store.by_slug(new.employer_id.as_str(), &plain).await?.is_some();
        let bits = id.simple().to_string();
        let end = bits.get(24..).unwrap_or_default();
        let slug = if taken { format!("{plain}-{end}") } else { plain };
        Slug::try_from(slug).map_err(Problem::internal)
    }

    /// What a posting becomes when something else is to be posted.
    async fn changed(
        &self,
        caller: &Caller,
        seen: &Seen,
        new: NewPosting,
        now: Timestamp,
    ) -> Result<KeptPosting, Problem> {
        let posting = seen.posting();
        let slug = new.slug.clone().unwrap_or_else(|| posting.slug.clone());
        let mut violations = Vec::new();
        if new.employer_id != posting.employer_id {
            violations
                .push(Violation::new("/employer_id", "cannot change: add a posting for the other employer"));
        }
        if posting.was_public_at(now) && slug != posting.slug {
            let detail = format!("stays `{}`: its address was published", posting.slug);
            violations.push(Violation::new("/slug", detail));
        }
        if !violations.is_empty() {
            return Err(Problem::of_body("", violations));
        }
        self.admitted(caller, &new).await?;
        let NewPosting { role_id, role_revision, options, .. } = new;
        Ok(KeptPosting { role_id, role_revision, slug, options, ..posting.clone() })
    }
}

fn head(seen: &Seen) -> Head {
    Head { revision: seen.known.revision, deleted: false, at: seen.known.at }
}

/// The body without what only answers have. What is no object is left for others to refuse.
fn writable(body: &[u8]) -> Vec<u8> {
    let Ok(mut fields) = serde_json::from_slice::<BTreeMap<String, &RawValue>>(body) else {
        return body.to_vec();
    };
    let has_any = READ_ONLY.into_iter().filter(|name| fields.remove(*name).is_some()).count() > 0;
    let written = has_any.then(|| serde_json::to_vec(&fields).ok()).flatten();
    written.unwrap_or_else(|| body.to_vec())
}

/// # Errors
/// A problem that names the fields of a patch that only the server sets.
fn refuse_read_only(patch: &[u8]) -> Result<(), Problem> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(patch).unwrap_or_default();
    let names = READ_ONLY.into_iter().filter(|name| fields.contains_key(*name));
    let told = |name| {
        Violation::new(format!("/{name}"), "is set by the server; `publish`, `close` and so on change it")
    };
    let violations: Vec<Violation> = names.map(told).collect();
    if violations.is_empty() { Ok(()) } else { Err(Problem::of_body("", violations)) }
}

/// 128 bits that nobody guesses.
fn preview_token() -> Result<String, Problem> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(Problem::internal)?;
    Ok(hex::encode(bytes))
}

/// Letters and digits of some texts, as they can stand in an address.
fn slug_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let words = texts.into_iter().flat_map(index::words);
    let ascii = words.map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>());
    let mut slug = String::new();
    for word in ascii.filter(|word| !word.is_empty()) {
        if slug.len() + word.len() + 1 > MAX_SLUG {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(&word);
    }
    if slug.is_empty() { "posting".to_owned() } else { slug }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_made_of_what_can_be_typed() {
        let of = |title, city| slug_of([title, city]);
        assert_eq!(of("Tech Manager (C++)", "Köln"), "tech-manager-cplusplus-koln");
        assert_eq!(of("看護師", ""), "posting");
        let long = "very long title ".repeat(50);
        assert!(slug_of([long.as_str()]).len() <= MAX_SLUG);
        assert!(Slug::try_from(of("a/b \"c\" <d>", "St. John's")).is_ok());
    }

    #[test]
    fn what_an_answer_has_beside_may_come_back() {
        let body = br#"{"id": "x", "state": "draft", "role_id": "r", "options": {"salary": {"min": 28.50}}}"#;
        let left = String::from_utf8(writable(body)).unwrap();
        assert_eq!(left, r#"{"options":{"salary": {"min": 28.50}},"role_id":"r"}"#);
        assert_eq!(writable(b"[1]"), b"[1]");
    }
}
