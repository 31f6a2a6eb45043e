//! The options that hold for a posting: those of the request, over the defaults of the kept employer
//! that they name, in a tone of that employer or in any other.

use std::sync::Arc;

use serde_json::{Value, json};

use super::State;
use super::caller::Caller;
use super::catalogue::{Found, Known, ToneContent};
use super::problem::Problem;
use crate::domain::{KeptEmployer, PostingOptions, Role, Slug, TimeZone, Violation};
use crate::render::{Renderer, Revisions, Tone, WithTone};
use crate::store::DocumentId;

/// What a posting is made with, beside the role.
#[derive(Debug)]
pub struct Terms {
    /// The options that hold.
    pub options: PostingOptions,
    employer: Option<Arc<Known<KeptEmployer>>>,
    tone: Option<Voice>,
}

/// A tone of the employer's own, at its revision.
#[derive(Debug)]
struct Voice {
    tone: Arc<Tone>,
    revision: u32,
}

impl Terms {
    /// Options that name no kept employer hold as they are.
    fn as_given(options: PostingOptions) -> Self {
        Self { options, employer: None, tone: None }
    }

    /// The zone of the employer's days.
    pub fn time_zone(&self) -> TimeZone {
        self.employer.as_ref().and_then(|employer| employer.content.time_zone.clone()).unwrap_or_default()
    }

    /// The renderer that knows the employer and its tone.
    pub fn renderer<'r>(&'r self, renderer: &'r Renderer) -> WithTone<'r> {
        let with_tone = renderer.with_tone(self.tone.as_ref().map(|own| &own.tone));
        match &self.employer {
            Some(employer) => with_tone.of_kept(Revisions {
                employer_id: employer.content.id.as_str(),
                employer: employer.revision,
                tone: self.tone.as_ref().map(|own| own.revision),
            }),
            None => with_tone,
        }
    }

    /// What a posting depends on beside the role, the templates, and the format.
    ///
    /// # Errors
    /// When the options have no JSON form.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut parts = Vec::with_capacity(1024);
        if let Some(employer) = &self.employer {
            parts.extend_from_slice(&employer.revision.to_be_bytes());
        }
        if let Some(own) = &self.tone {
            parts.extend_from_slice(&own.revision.to_be_bytes());
            parts.extend_from_slice(&own.tone.fingerprint().0);
        }
        let employer = self.employer.as_ref().map(|employer| employer.content.id.as_str());
        serde_json::to_writer(&mut parts, &(employer, &self.options))?;
        Ok(parts)
    }
}

impl State {
    /// The terms of a posting of `role` that `given` asks for, and everything that is wrong with
    /// them. Pointers lead into `given`.
    ///
    /// # Errors
    /// What the database says.
    pub(super) async fn terms(
        &self,
        caller: &Caller,
        role: &Role,
        given: PostingOptions,
    ) -> Result<(Terms, Vec<Violation>), Problem> {
        let Some(id) = given.employer_id.clone().filter(|_| given.employer.is_none()) else {
            let violations = self.renderer.violations(role, &given);
            return Ok((Terms::as_given(given), violations));
        };
        let Some(employer) = self.seen_employer(caller, &id).await? else {
            let known = self.employer_ids(caller).await?;
            let unknown =
                Violation::unknown("/employer_id", "employer", id.as_str(), known.iter().map(String::as_str));
            // The tone may have been one of the employer's.
            let rest = PostingOptions { employer_id: None, tone: None, ..given.clone() };
            let violations = [vec![unknown], self.renderer.violations(role, &rest)].concat();
            return Ok((Terms::as_given(given), violations));
        };
        let options = employer.content.options(given.clone());
        let (tone, unsaid) = match self.own_tone(id.as_str(), options.tone.as_ref()).await? {
            Ok(tone) => (tone, None),
            Err(violation) => (None, Some(violation)),
        };
        let terms = Terms { options, employer: Some(employer), tone };
        let mut violations = terms.renderer(&self.renderer).violations(role, &terms.options);
        if let Some(unsaid) = unsaid {
            violations.retain(|violation| violation.pointer != unsaid.pointer);
            violations.push(unsaid);
        }
        Ok((terms, blame(&id, &given, violations)))
    }

    /// The employer with this id, if there is one and the caller sees it.
    async fn seen_employer(
        &self,
        caller: &Caller,
        id: &Slug,
    ) -> Result<Option<Arc<Known<KeptEmployer>>>, Problem> {
        if !caller.sees(id.as_str()) {
            return Ok(None);
        }
        match self.find(&DocumentId::employer(id.as_str())).await? {
            Found::There(employer) => Ok(Some(employer)),
            Found::Removed(_) | Found::Nothing => Ok(None),
        }
    }

    /// The tone of the employer's own that is asked for; nothing, if it is one of the renderer's.
    async fn own_tone(
        &self,
        employer: &str,
        asked: Option<&Slug>,
    ) -> Result<Result<Option<Voice>, Violation>, Problem> {
        let Some(id) = asked.map(Slug::as_str) else { return Ok(Ok(None)) };
        if let Found::There(known) = self.find::<ToneContent>(&DocumentId::tone(employer, id)).await? {
            let revision = known.revision;
            return Ok(match &known.content.tone {
                Ok(tone) => Ok(Some(Voice { tone: Arc::clone(tone), revision })),
                Err(violations) => Err(unsayable(id, violations)),
            });
        }
        let tones = self.renderer.tones().iter().map(|tone| tone.id.as_str());
        if tones.clone().any(|tone| tone == id) {
            return Ok(Ok(None));
        }
        let own = self.own_tones(employer).await?;
        let own = own.iter().map(|tone| tone.id.as_str());
        Ok(Err(Violation::unknown("/tone", "tone", id, own.chain(tones))))
    }
}

/// That a tone was stored when the templates were others.
fn unsayable(id: &str, violations: &[Violation]) -> Violation {
    let why = violations.iter().map(|v| format!("{}: {}", v.pointer, v.detail)).collect::<Vec<_>>();
    let detail =
        format!("the employer's tone `{id}` does not fit the templates any more: {}", why.join("; "));
    Violation::new("/tone", detail)
}

/// Blames what is wrong with a default on the option that brought it: `employer_id`.
fn blame(employer: &Slug, given: &PostingOptions, violations: Vec<Violation>) -> Vec<Violation> {
    if violations.is_empty() {
        return violations;
    }
    let given: Value = json!(given);
    let is_given = |pointer: &str| pointer.split('/').nth(1).is_some_and(|field| given.get(field).is_some());
    let blame = |violation: Violation| {
        if is_given(&violation.pointer) {
            return violation;
        }
        let detail =
            format!("the defaults of `{employer}` have at `{}`: {}", violation.pointer, violation.detail);
        Violation { pointer: "/employer_id".to_owned(), detail, ..violation }
    };
    violations.into_iter().map(blame).collect()
}
