//! What can be asked for: tones, emphases, formats and locales.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::State;
use super::answer::{self, Kept};
use super::caller::Caller;
use super::catalogue::{Content, ToneContent};
use super::extract::{Names, Query, names};
use super::problem::{Problem, problems};
use super::spec::NotModified;
use crate::domain::{KeptEmployer, OwnTone, Slug};
use crate::render::{self, DEFAULT_TONE, Format, Renderer};
use crate::store::DocumentId;
use crate::store::document::Listed;
use crate::store::keys::Scope;

problems!(ListProblems: UnknownParameter, DuplicateParameter);
problems!(TonesProblems: UnknownParameter, DuplicateParameter, EmployerNotFound, Deleted, Unavailable);
problems!(EmphasesProblems: UnknownParameter, DuplicateParameter, RoleNotFound, Deleted, Unavailable);

/// What can be asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceList {
    /// Each value; where there is a default, it is the first.
    pub items: Vec<Choice>,
}

/// A value that can be asked for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// The value.
    #[schema(example = "friendly")]
    pub id: String,
    /// What it means.
    pub description: String,
    /// What it does, by an example.
    pub example: String,
    /// The revision of a tone that is an employer's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub revision: Option<u32>,
}

/// The formats.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormatList {
    /// Each format.
    pub items: Vec<FormatChoice>,
}

/// A format.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FormatChoice {
    /// The value for `format`.
    #[schema(example = "markdown")]
    pub id: String,
    /// What it is for.
    pub description: String,
    /// The media type of its answers.
    #[schema(example = "text/markdown; charset=utf-8")]
    pub media_type: &'static str,
    /// A request for it.
    #[schema(example = "/api/v1/roles/tech-manager/posting?format=markdown")]
    pub example: String,
}

/// The lists that never change while the process lives.
#[derive(Debug)]
pub struct Answers {
    tones: Kept,
    emphases: Kept,
    formats: Kept,
    locales: Kept,
}

impl Answers {
    /// Writes the lists.
    ///
    /// # Errors
    /// When one has no JSON form.
    pub fn new(renderer: &Renderer) -> Result<Self, serde_json::Error> {
        Ok(Self {
            tones: Kept::json(&ChoiceList::of(renderer.tones()))?,
            emphases: Kept::json(&ChoiceList::of(&renderer.emphases(None)))?,
            formats: Kept::json(&FormatList::all())?,
            locales: Kept::json(&ChoiceList::of(renderer.locales()))?,
        })
    }
}

impl ChoiceList {
    /// A list of the renderer's.
    pub fn of(choices: &[render::Choice]) -> Self {
        let item = |choice: &render::Choice| {
            let render::Choice { id, description, example } = choice.clone();
            Choice { id, description, example, revision: None }
        };
        Self { items: choices.iter().map(item).collect() }
    }
}

impl FormatList {
    /// All formats.
    pub fn all() -> Self {
        let item = |format: &Format| FormatChoice {
            id: format.as_str().to_owned(),
            description: format.description().to_owned(),
            media_type: format.media_type(),
            example: format!("/api/v1/roles/tech-manager/posting?format={}", format.as_str()),
        };
        Self { items: Format::ALL.iter().map(item).collect() }
    }
}

/// Whose tones to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct TonesQuery {
    /// The id of a kept employer: lists its own tones beside the others.
    #[param(inline, nullable = false)]
    employer: Option<Slug>,
}

static TONES_QUERY: Names = Names::new(names::<TonesQuery>);

/// List the tones
///
/// A tone owns the words around the facts: person, contractions, headings, opening, and closing. The first is the default. An
/// employer's own tones are for who may read the employer.
#[utoipa::path(
    tag = "Choices",
    operation_id = "list_tones",
    security((), ("key" = ["read"])),
    params(TonesQuery),
    responses((status = 200, description = "The tones.", body = ChoiceList), NotModified, TonesProblems),
)]
#[get("/api/v1/tones")]
pub async fn list_tones(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let query = Query::of(&request, &TONES_QUERY)?;
    match query.text("employer") {
        None => state.choices.tones.send(&request),
        Some(id) => {
            caller.may(Scope::Read)?;
            let employer = state.present_employer(&caller, id).await?;
            answer::json(&request, &state.tones_of(&employer).await?)
        }
    }
}

impl State {
    /// The tones that postings of an employer may have: its default, its own, and then the others.
    async fn tones_of(&self, employer: &DocumentId) -> Result<ChoiceList, Problem> {
        let known = self.current::<KeptEmployer>(employer).await?;
        let (mut own, mut tones) = (Vec::new(), Vec::new());
        for Listed { body, revision, .. } in self.own_tones(&employer.id).await? {
            let content = ToneContent::read(&body, &self.renderer).map_err(Problem::internal)?;
            // One that does not fit the templates any more cannot be asked for.
            if let Ok(tone) = content.tone {
                own.push((content.definition, revision));
                tones.push(tone);
            }
        }
        let openings = self.renderer.openings(&tones).map_err(Problem::internal)?;
        let choice = |((definition, revision), example): ((OwnTone, u32), String)| Choice {
            id: definition.id.to_string(),
            description: definition.description.unwrap_or(definition.name).to_string(),
            example,
            revision: Some(revision),
        };
        let mut items: Vec<Choice> = own.into_iter().zip(openings).map(choice).collect();
        items.extend(ChoiceList::of(self.renderer.tones()).items);
        let default = known.content.defaults.tone.as_ref().map_or(DEFAULT_TONE, Slug::as_str);
        if let Some(position) = items.iter().position(|choice| choice.id == default) {
            items.get_mut(..=position).into_iter().for_each(|items| items.rotate_right(1));
        }
        Ok(ChoiceList { items })
    }
}

/// Whose emphases to list.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code, reason = "documents the query")]
struct EmphasesQuery {
    /// The id of a role: lists the dimensions that this role has.
    #[param(inline, nullable = false)]
    role: Option<Slug>,
}

static EMPHASES_QUERY: Names = Names::new(names::<EmphasesQuery>);

/// List the emphases
///
/// An emphasis is a dimension that a posting puts first: duties and skills that carry it come first and are selected first,
/// and it shapes the opening. Three of them move whole sections: `growth`, `benefits`, and `flexibility`. Those of a role are for
/// who may read the role.
#[utoipa::path(
    tag = "Choices",
    operation_id = "list_emphases",
    security((), ("key" = ["read"])),
    params(EmphasesQuery),
    responses((status = 200, description = "The emphases.", body = ChoiceList), NotModified, EmphasesProblems),
)]
#[get("/api/v1/emphases")]
pub async fn list_emphases(
    request: HttpRequest,
    caller: Caller,
    state: Data<State>,
) -> Result<HttpResponse, Problem> {
    let query = Query::of(&request, &EMPHASES_QUERY)?;
    match query.text("role") {
        None => state.choices.emphases.send(&request),
        Some(id) => {
            caller.may(Scope::Read)?;
            let known = state.role(id).await?;
            let emphases = state.renderer.emphases(Some(&known.content.role));
            answer::json(&request, &ChoiceList::of(&emphases))
        }
    }
}

/// List the formats
///
/// A format owns the structure of a posting. Ask for one by `format`, or by `Accept`; without either it is `json`.
#[utoipa::path(
    tag = "Choices",
    operation_id = "list_formats",
    security(()),
    responses((status = 200, description = "The formats.", body = FormatList), NotModified, ListProblems),
)]
#[get("/api/v1/formats")]
pub async fn list_formats(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    state.choices.formats.send(&request)
}

/// List the locales
///
/// A locale owns numbers, money, and dates, and their order; the words stay English. The first is the default.
#[utoipa::path(
    tag = "Choices",
    operation_id = "list_locales",
    security(()),
    responses((status = 200, description = "The locales.", body = ChoiceList), NotModified, ListProblems),
)]
#[get("/api/v1/locales")]
pub async fn list_locales(request: HttpRequest, state: Data<State>) -> Result<HttpResponse, Problem> {
    Query::of(&request, &[])?;
    state.choices.locales.send(&request)
}
