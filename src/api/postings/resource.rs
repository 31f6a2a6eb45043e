//! A posting as the API tells of it: the kept document, with its addresses.

use serde::Serialize;
use utoipa::ToSchema;

use super::super::problem::Problem;
use crate::domain::kept_posting::{Closing, PostingState, Publication};
use crate::domain::{KeptPosting, Moment, Posting, PostingOptions, Slug, Vacancy};

/// A posting that is kept. Whoever shows no key sees what is public of it: no `options`, `role_revision`, and
/// `preview_url`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = KeptPosting)]
pub struct PostingResource<'p> {
    /// Identifies the posting: a UUID of version 7.
    #[schema(read_only, value_type = String, example = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55")]
    pub id: &'p Slug,
    /// Where it is in its life.
    #[schema(read_only)]
    pub state: PostingState,
    /// The kept employer whose posting it is.
    #[schema(value_type = Slug, example = "acme")]
    pub employer_id: &'p Slug,
    /// The role that is posted.
    #[schema(value_type = Slug, example = "tech-manager")]
    pub role_id: &'p Slug,
    /// The revision of the role, if the posting is bound to one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub role_revision: Option<u32>,
    /// Names the posting in URLs, among those of its employer.
    #[schema(value_type = Slug, example = "tech-manager-denver")]
    pub slug: &'p Slug,
    /// How the role is to be posted, over the defaults of the employer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<PostingOptions>)]
    pub options: Option<&'p PostingOptions>,
    /// Where its public page is, or will be; only the path, if the server does not know its own address.
    #[schema(
        read_only,
        max_length = 3000,
        example = "https://jobs.example.com/careers/acme/tech-manager-denver"
    )]
    pub url: String,
    /// Where whoever has this address sees the posting before it is public.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, read_only, max_length = 3000)]
    pub preview_url: Option<String>,
    /// What was published, or will be when its day comes: every format is written from that.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, read_only, value_type = Option<PublicationResource>)]
    pub publication: Option<PublicationResource<'p>>,
    /// When and why it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, read_only)]
    pub closing: Option<Closing>,
}

/// What was published: the record of the words, and of everything that they were made of.
#[derive(Debug, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Publication)]
pub struct PublicationResource<'p> {
    /// When it was composed.
    pub composed_at: Moment,
    /// From when on it is public: the start of `date_posted`, or the moment at which it was published.
    pub opens_at: Moment,
    /// From when on it is not public any more: the end of `valid_through`, in the employer's time zone.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closes_at: Option<Moment>,
    /// The digest of the templates and the build that composed it, in hexadecimal digits.
    #[schema(value_type = String, max_length = 128)]
    pub templates: &'p str,
    /// The options that held: those of the posting over the employer's defaults, with the employer's profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<PostingOptions>)]
    pub options: Option<&'p PostingOptions>,
    /// What it announces, as data.
    #[schema(value_type = Vacancy)]
    pub vacancy: &'p Vacancy,
    /// Its words. It names the revisions of the role, the employer, and the tone.
    #[schema(value_type = Posting)]
    pub posting: &'p Posting<'static>,
}

impl<'p> PostingResource<'p> {
    /// What is told of a posting: all of it, or what is public. `address` makes addresses of paths.
    pub fn of(
        posting: &'p KeptPosting,
        state: PostingState,
        whole: bool,
        address: &dyn Fn(&str) -> String,
    ) -> Self {
        let preview = |token: &String| address(&format!("/api/v1/postings/{}?preview={token}", posting.id));
        let waiting = matches!(state, PostingState::Draft | PostingState::Scheduled);
        Self {
            id: &posting.id,
            state,
            employer_id: &posting.employer_id,
            role_id: &posting.role_id,
            role_revision: posting.role_revision.filter(|_| whole),
            slug: &posting.slug,
            options: Some(&posting.options).filter(|_| whole),
            url: address(&page_path(posting)),
            preview_url: posting.preview_token.as_ref().filter(|_| whole && waiting).map(preview),
            publication: posting.publication.as_ref().map(|one| PublicationResource::of(one, whole)),
            closing: posting.closing,
        }
    }

    /// The same as JSON.
    ///
    /// # Errors
    /// None in fact.
    pub fn to_json(&self) -> Result<Vec<u8>, Problem> {
        serde_json::to_vec(self).map_err(Problem::internal)
    }
}

impl<'p> PublicationResource<'p> {
    fn of(publication: &'p Publication, whole: bool) -> Self {
        Self {
            composed_at: publication.composed_at,
            opens_at: publication.opens_at,
            closes_at: publication.closes_at,
            templates: &publication.templates,
            options: Some(&publication.options).filter(|_| whole),
            vacancy: &publication.vacancy,
            posting: &publication.posting,
        }
    }
}

/// Where the public page of a posting is.
pub fn page_path(posting: &KeptPosting) -> String {
    format!("/careers/{}/{}", posting.employer_id, posting.slug)
}
