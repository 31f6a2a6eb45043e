//! The posting as a kept document: a role, options, an employer, and a life of its own.
//!
//! ```text
//! draft ──publish──▶ scheduled ──date_posted──▶ published ──close, valid_through──▶ closed ──reopen──▶ …
//! ```
//!
//! What was published is stored whole in its [`Publication`]: every format is written from that.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::date::Date;
use super::moment::Moment;
use super::options::PostingOptions;
use super::posting::Posting;
use super::slug::Slug;
use super::vacancy::Vacancy;
use super::violation::Report;

/// What a caller says of a posting: what is to be posted, and for whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPosting {
    /// The kept employer whose posting it is. It never changes.
    #[schema(example = "acme")]
    pub employer_id: Slug,
    /// The role that is posted.
    #[schema(example = "tech-manager")]
    pub role_id: Slug,
    /// The revision of the role. Default: the newest at the time of publishing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub role_revision: Option<u32>,
    /// Names the posting in URLs, among those of its employer. Default: made of title and place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "tech-manager-denver")]
    pub slug: Option<Slug>,
    /// How the role is to be posted, over the defaults of the employer; without `employer` and `employer_id`.
    #[serde(default, skip_serializing_if = "says_nothing")]
    #[schema(nullable = false, value_type = Option<PostingOptions>)]
    pub options: PostingOptions,
}

fn says_nothing(options: &PostingOptions) -> bool {
    *options == PostingOptions::default()
}

impl NewPosting {
    /// The rules that the schema cannot state. What depends on the role and the employer is checked by
    /// whoever knows them.
    pub(super) fn check(&self, report: &mut Report) {
        report.within("options", |r| {
            for (name, given) in [
                ("employer", self.options.employer.is_some()),
                ("employer_id", self.options.employer_id.is_some()),
            ] {
                if given {
                    r.add_at(name, "cannot stand here: the posting's `employer_id` says who hires");
                }
            }
        });
    }
}

/// Where a posting is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PostingState {
    /// It is being written; nobody sees it without a key or its preview link.
    Draft,
    /// It is stored as it will be published, on its `date_posted`.
    Scheduled,
    /// It is public.
    Published,
    /// It is public no more.
    Closed,
}

impl PostingState {
    /// All states, in the order of a life.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Scheduled, Self::Published, Self::Closed];

    /// The value in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Closed => "closed",
        }
    }

    /// The state at a moment of a posting that is written down in this one, and opens and closes at `times`.
    #[must_use]
    pub fn at(self, times: Option<(Timestamp, Option<Timestamp>)>, now: Timestamp) -> Self {
        let Some((opens, closes)) = times else { return self };
        match self {
            Self::Scheduled | Self::Published if closes.is_some_and(|end| end <= now) => Self::Closed,
            Self::Scheduled if opens <= now => Self::Published,
            state => state,
        }
    }
}

/// A posting that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptPosting {
    /// Identifies the posting: a UUID of version 7.
    #[schema(read_only, example = "0193a5e8-7b1c-7d3e-9f00-2b6c1d0e4a55")]
    pub id: Slug,
    /// Where it is in its life.
    #[schema(read_only)]
    pub state: PostingState,
    /// The kept employer whose posting it is.
    pub employer_id: Slug,
    /// The role that is posted.
    pub role_id: Slug,
    /// The revision of the role, if the posting is bound to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    pub role_revision: Option<u32>,
    /// Names the posting in URLs, among those of its employer.
    pub slug: Slug,
    /// How the role is to be posted, over the defaults of the employer.
    #[serde(default, skip_serializing_if = "says_nothing")]
    #[schema(nullable = false, value_type = Option<PostingOptions>)]
    pub options: PostingOptions,
    /// Lets whoever has it see the posting before it is public, as `?preview=…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, read_only, max_length = 100)]
    pub preview_token: Option<String>,
    /// What was published, or will be when its day comes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, read_only)]
    pub publication: Option<Publication>,
    /// When and why it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, read_only)]
    pub closing: Option<Closing>,
}

/// What was published: the record of the words, and of everything that they were made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// When it was composed.
    pub composed_at: Moment,
    /// From when on it is public: the start of `date_posted`, or the moment at which it was published.
    pub opens_at: Moment,
    /// From when on it is not public any more: the end of `valid_through`, in the employer's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub closes_at: Option<Moment>,
    /// The digest of the templates and the build that composed it, in hexadecimal digits.
    #[schema(max_length = 128)]
    pub templates: String,
    /// The options that held: those of the posting over the employer's defaults, with the employer's profile.
    pub options: PostingOptions,
    /// What it announces, as data.
    pub vacancy: Vacancy,
    /// Its words. It names the revisions of the role, the employer, and the tone.
    #[schema(value_type = Posting)]
    pub posting: Posting<'static>,
}

/// How a posting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Closing {
    /// When.
    pub at: Moment,
    /// Why.
    pub because: ClosedBecause,
}

/// Why a posting was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClosedBecause {
    /// Somebody closed it.
    Request,
    /// Its `valid_through` has passed.
    ValidThrough,
}

impl KeptPosting {
    /// Where it is in its life at a moment, also if nobody has written that down yet.
    pub fn state_at(&self, now: Timestamp) -> PostingState {
        let times = self.publication.as_ref().map(|publication| {
            (publication.opens_at.timestamp(), publication.closes_at.map(Moment::timestamp))
        });
        self.state.at(times, now)
    }

    /// Whether it is, or ever was, public by a moment in its current publication. What was closed before its
    /// day came was not.
    pub fn was_public_at(&self, now: Timestamp) -> bool {
        let until = self.closing.map_or(now, |closing| closing.at.timestamp());
        self.publication.as_ref().is_some_and(|publication| publication.opens_at.timestamp() <= until)
    }

    /// The day on which it was posted, if it is public at a moment: it stays that day when it is composed anew.
    pub fn posted_at(&self, now: Timestamp) -> Option<Date> {
        let publication = self.publication.as_ref().filter(|_| self.was_public_at(now))?;
        publication.options.date_posted
    }

    /// When it enters its next state by itself, if it ever does.
    pub fn due(&self) -> Option<Timestamp> {
        let publication = self.publication.as_ref()?;
        match self.state {
            PostingState::Scheduled => Some(publication.opens_at.timestamp()),
            PostingState::Published => publication.closes_at.map(Moment::timestamp),
            PostingState::Draft | PostingState::Closed => None,
        }
    }

    /// What a caller says of it.
    pub fn request(&self) -> NewPosting {
        NewPosting {
            employer_id: self.employer_id.clone(),
            role_id: self.role_id.clone(),
            role_revision: self.role_revision,
            slug: Some(self.slug.clone()),
            options: self.options.clone(),
        }
    }

    /// The options that say most of it: those that it was published with, else those that it was given.
    pub fn shown_options(&self) -> &PostingOptions {
        self.publication.as_ref().map_or(&self.options, |publication| &publication.options)
    }
}
