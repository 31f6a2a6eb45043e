//! A role as schema.org `Occupation`: the job itself, whoever hires for it.

use serde::Serialize;

use crate::domain::Role;
use crate::domain::role::{Duty, Experience, Skill};

use super::super::{RenderError, english};
use super::schema_org::{
    CategoryCode, Document, EducationalOccupationalCredential, Few, MonetaryAmount,
    OccupationalExperienceRequirements, credentials,
};
use super::script_safe;

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct Occupation<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Few::is_empty")]
    alternate_name: Few<&'a str>,
    description: &'a str,
    #[serde(skip_serializing_if = "Few::is_empty")]
    occupational_category: Few<CategoryCode<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    estimated_salary: Option<MonetaryAmount>,
    responsibilities: Few<String>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    skills: Few<DefinedTerm<'a>>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    qualifications: Few<String>,
    #[serde(skip_serializing_if = "Few::is_empty")]
    education_requirements: Few<EducationalOccupationalCredential>,
    #[serde(skip_serializing_if = "Option::is_none")]
    experience_requirements: Option<OccupationalExperienceRequirements>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "@type", rename_all = "camelCase")]
struct DefinedTerm<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
}

/// Writes a role as JSON-LD that may stand in a `<script>` element; `url` is the address of the
/// document, if it has one.
///
/// The band is a `MonetaryAmount`: a `MonetaryAmountDistribution` has a median and percentiles, which
/// nobody stated.
///
/// # Errors
/// What cannot be written as JSON.
pub fn occupation(role: &Role, url: Option<&str>) -> Result<Vec<u8>, RenderError> {
    let occupation = Occupation {
        id: url,
        url,
        name: role.title.as_str(),
        alternate_name: role.alternate_titles.iter().map(|title| title.as_str()).collect(),
        description: role.summary.as_str(),
        occupational_category: role.occupations.iter().map(CategoryCode::of).collect(),
        estimated_salary: role.salary.as_ref().map(MonetaryAmount::from),
        responsibilities: role.duties().map(responsibility).collect(),
        skills: role.all_skills().map(skill).collect(),
        qualifications: qualifications(role),
        education_requirements: credentials(&role.education),
        experience_requirements: role.experience.as_ref().and_then(OccupationalExperienceRequirements::of),
    };
    Ok(script_safe::to_vec(&Document::of(occupation))?)
}

fn responsibility(duty: &Duty) -> String {
    let more = [&duty.detail, &duty.outcome].into_iter().flatten();
    let words = english::joined(std::iter::once(&duty.action).chain(more).map(|part| part.as_str()));
    english::capitalised(&words).into_owned()
}

fn skill(skill: &Skill) -> DefinedTerm<'_> {
    let description = skill.description.as_ref().map(|text| text.as_str());
    DefinedTerm { name: skill.name.as_str(), description }
}

/// What is a must in experience and education, in words.
fn qualifications(role: &Role) -> Few<String> {
    let mut words: Vec<String> = role.experience.iter().flat_map(experience).collect();
    words.extend(role.education.minimum.iter().map(|credential| credential.text.to_string()));
    Few(words)
}

fn experience(experience: &Experience) -> Vec<String> {
    let years = |n: u8| if n == 1 { "1 year".to_owned() } else { format!("{n} years") };
    let summary = experience.summary.as_str();
    let all = experience.minimum_years.map(|n| format!("{} of {summary}", years(n)));
    let leading = experience.leadership_years.map(|n| format!("{} in a formal leadership role", years(n)));
    let all = all.unwrap_or_else(|| english::capitalised(summary).into_owned());
    std::iter::once(all).chain(leading).collect()
}
