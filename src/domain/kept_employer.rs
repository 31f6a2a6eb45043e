//! The employer as a kept document, and the options that hold for its postings.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::employer::Employer;
use super::options::PostingOptions;
use super::slug::Slug;
use super::time_zone::TimeZone;
use super::violation::Report;

/// An employer that is kept: who hires, and what holds for its postings unless a request says
/// something else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeptEmployer {
    /// Identifies the employer in URLs, and in `employer_id` of posting options.
    #[schema(example = "acme")]
    pub id: Slug,
    /// Who hires: what postings say of the employer.
    pub profile: Employer,
    /// The zone of the employer's days. Default UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub time_zone: Option<TimeZone>,
    /// Options of every posting that does not say something else; without `employer` and
    /// `employer_id`. The tone may be one of the employer's own.
    #[serde(default, skip_serializing_if = "says_nothing")]
    #[schema(nullable = false, value_type = Option<PostingOptions>)]
    pub defaults: PostingOptions,
}

fn says_nothing(options: &PostingOptions) -> bool {
    *options == PostingOptions::default()
}

impl KeptEmployer {
    /// The options that a posting of this employer has: those of `request` over the defaults, with
    /// the profile as the employer.
    #[must_use]
    pub fn options(&self, request: PostingOptions) -> PostingOptions {
        PostingOptions {
            employer: Some(self.profile.clone()),
            employer_id: None,
            ..request.over(&self.defaults)
        }
    }

    /// The rules that the schema cannot state. What depends on a role, and on what there is to
    /// choose from, is checked when a posting is rendered.
    pub(super) fn check(&self, report: &mut Report) {
        report.within("profile", |r| self.profile.check(r));
        report.within("defaults", |r| {
            for (name, given) in [
                ("employer", self.defaults.employer.is_some()),
                ("employer_id", self.defaults.employer_id.is_some()),
            ] {
                if given {
                    r.add_at(name, "cannot stand here: the profile is the employer");
                }
            }
            self.defaults.check_for_any_role(r);
        });
    }
}

impl PostingOptions {
    /// These options where they say something, and `defaults` where they say nothing.
    ///
    /// A whole field takes the place of a whole field: an empty list leaves nothing of a default
    /// list, and a salary takes the place of a salary. Only `sections` are joined, key by key.
    #[must_use]
    pub fn over(self, defaults: &Self) -> Self {
        let mut sections = defaults.sections.clone();
        sections.extend(self.sections);
        macro_rules! over {
            ($($field:ident),+ $(,)?) => {
                // Without `..`, so that a new field cannot be forgotten.
                Self { sections, $($field: self.$field.or_else(|| defaults.$field.clone())),+ }
            };
        }
        over! {
            title, tone, length, locale, heading_level, emphasis, salary, other_compensation, employer,
            employer_id, department, team, requisition_id, openings, locations, remote_within,
            reports_to_location, employment_type, hours_per_week, start, date_posted, valid_through,
            apply, contact_email, existing_vacancy, ai_screening, federal_contractor, driving_is_function,
        }
    }
}
