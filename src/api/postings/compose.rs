//! Composing what a posting says: of the role, the employer, and the tone as they are now.

use std::sync::Arc;

use jiff::Timestamp;

use super::super::State;
use super::super::caller::Caller;
use super::super::catalogue::{Found, Known, RoleContent};
use super::super::problem::{Kind, Problem};
use super::super::terms::Terms;
use super::Seen;
use crate::domain::kept_posting::{NewPosting, Publication};
use crate::domain::{Date, Posting, PostingOptions, TimeZone, Vacancy, Violation};
use crate::render::{Detail, Fingerprint, RenderError, WithTone};
use crate::store::DocumentId;

/// What a posting is composed of.
pub struct Composition {
    /// The role, at the revision that the posting is bound to or at the newest.
    pub role: Arc<Known<RoleContent>>,
    /// The options that hold, the employer, and the tone.
    pub terms: Terms,
}

impl State {
    /// What the posting is composed of, or everything that stands against it. Pointers lead into the posting.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn composition(
        &self,
        caller: &Caller,
        posting: &NewPosting,
    ) -> Result<Result<Composition, Vec<Violation>>, Problem> {
        let role = match self.posted_role(posting).await? {
            Ok(role) => role,
            Err(violation) => return Ok(Err(vec![violation])),
        };
        self.composition_of(caller, posting, role).await
    }

    /// The same, of another state of the role.
    pub(in super::super) async fn composition_of(
        &self,
        caller: &Caller,
        posting: &NewPosting,
        role: Arc<Known<RoleContent>>,
    ) -> Result<Result<Composition, Vec<Violation>>, Problem> {
        let given =
            PostingOptions { employer_id: Some(posting.employer_id.clone()), ..posting.options.clone() };
        let (terms, violations) = self.terms(caller, &role.content.role, given).await?;
        if violations.is_empty() {
            return Ok(Ok(Composition { role, terms }));
        }
        Ok(Err(violations.into_iter().map(within_options).collect()))
    }

    async fn posted_role(
        &self,
        posting: &NewPosting,
    ) -> Result<Result<Arc<Known<RoleContent>>, Violation>, Problem> {
        let document = DocumentId::role(posting.role_id.as_str());
        let Found::There(newest) = self.find::<RoleContent>(&document).await? else {
            return Ok(Err(Violation::new("/role_id", format!("there is no {document}"))));
        };
        let Some(number) = posting.role_revision else { return Ok(Ok(newest)) };
        match self.role_revision(posting.role_id.as_str(), number).await {
            Ok(role) => Ok(Ok(role)),
            Err(problem) if matches!(problem.kind, Kind::RevisionNotFound | Kind::Deleted) => {
                Ok(Err(Violation::new("/role_revision", problem.detail)))
            }
            Err(problem) => Err(problem),
        }
    }

    /// Composes what is published now; `posted` is the day for which it counts if the options name none.
    ///
    /// # Errors
    /// The renderer's, which the terms were checked for.
    pub(in super::super) fn publication(
        &self,
        composition: &Composition,
        now: Timestamp,
        posted: Option<Date>,
    ) -> Result<Publication, Problem> {
        let Composition { role, terms } = composition;
        let ingredients = Ingredients {
            renderer: terms.renderer(&self.renderer),
            templates: self.renderer.fingerprint(),
            role,
            options: terms.options.clone(),
            zone: terms.time_zone(),
        };
        ingredients.publication(now, posted).map_err(Problem::internal)
    }

    /// What a posting shows: what was published, or what would be now.
    ///
    /// # Errors
    /// What stands against publishing it.
    pub(super) async fn shown(
        &self,
        caller: &Caller,
        seen: &Seen,
        now: Timestamp,
    ) -> Result<Publication, Problem> {
        if let Some(publication) = &seen.posting().publication {
            return Ok(publication.clone());
        }
        let composition = self.composition(caller, &seen.posting().request()).await?;
        let composition = composition.map_err(|violations| Problem::of_body("", violations))?;
        self.publication(&composition, now, None)
    }
}

/// All that a publication is composed of.
pub struct Ingredients<'a> {
    /// The renderer that knows the employer and its tone.
    pub renderer: WithTone<'a>,
    /// The digest of its templates.
    pub templates: Fingerprint,
    /// The role.
    pub role: &'a Known<RoleContent>,
    /// The options that hold.
    pub options: PostingOptions,
    /// The zone of the employer's days.
    pub zone: TimeZone,
}

impl Ingredients<'_> {
    /// Composes what is published at a moment; `posted` is the day for which it counts if the options name
    /// none.
    ///
    /// # Errors
    /// The renderer's.
    pub fn publication(self, now: Timestamp, posted: Option<Date>) -> Result<Publication, RenderError> {
        let Self { renderer, templates, role, mut options, zone } = self;
        options.date_posted = options.date_posted.or(posted).or_else(|| zone.day(now));
        let owned = |posting: &Posting<'_>| serde_json::from_slice(&serde_json::to_vec(posting)?);
        let posting: Result<Posting<'static>, serde_json::Error> =
            renderer.with_posting(role.subject(), &options, Detail::Provenance, owned)?;
        let posting = posting?;
        let opens_at = options.date_posted.map_or(now, |day| zone.start_of(day)).max(now);
        Ok(Publication {
            composed_at: now.into(),
            opens_at: opens_at.into(),
            closes_at: options.valid_through.map(|day| zone.end_of(day).into()),
            templates: hex::encode(templates.0),
            vacancy: Vacancy::of(&role.content.role, &options, &posting),
            posting,
            options,
        })
    }
}

/// The pointer of a violation of the options, as it leads into the posting.
fn within_options(violation: Violation) -> Violation {
    match violation.pointer.as_str() {
        "/employer_id" => violation,
        pointer => Violation { pointer: format!("/options{pointer}"), ..violation },
    }
}
