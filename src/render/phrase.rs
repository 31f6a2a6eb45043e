//! What a tone must be able to say: every block of a tone's template, and the slots in it.

use super::slot::Slot;

/// A phrase that carries values of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "templates/tones/base.j2 says what each is for")]
pub enum Phrase {
    HeadingOpening,
    HeadingEmployer,
    HeadingResponsibilities,
    HeadingSkills,
    HeadingQualifications,
    HeadingCareer,
    HeadingPay,
    HeadingArrangement,
    HeadingApply,
    HeadingStatements,
    Opening,
    Emphasis,
    EmphasisNext,
    EmphasisLast,
    EmphasisGrowth,
    EmphasisFlexibility,
    LeadDuties,
    LeadHardSkills,
    LeadSoftSkills,
    LeadOtherSkills,
    LeadRequired,
    LeadPreferred,
    LeadEntry,
    LeadAdvances,
    LeadLateral,
    LeadValues,
    LeadBenefits,
    Equivalent,
    Pay,
    OtherCompensation,
    Website,
    Apply,
    ApplyLink,
    ApplyEmail,
    Contact,
    ExistingVacancy,
    NoExistingVacancy,
    AiScreening,
    FederalContractor,
}

/// The number of phrases.
pub const PHRASES: usize = Phrase::FederalContractor as usize + 1;

impl Phrase {
    /// All phrases.
    pub const ALL: [Self; PHRASES] = [
        Self::HeadingOpening,
        Self::HeadingEmployer,
        Self::HeadingResponsibilities,
        Self::HeadingSkills,
        Self::HeadingQualifications,
        Self::HeadingCareer,
        Self::HeadingPay,
        Self::HeadingArrangement,
        Self::HeadingApply,
        Self::HeadingStatements,
        Self::Opening,
        Self::Emphasis,
        Self::EmphasisNext,
        Self::EmphasisLast,
        Self::EmphasisGrowth,
        Self::EmphasisFlexibility,
        Self::LeadDuties,
        Self::LeadHardSkills,
        Self::LeadSoftSkills,
        Self::LeadOtherSkills,
        Self::LeadRequired,
        Self::LeadPreferred,
        Self::LeadEntry,
        Self::LeadAdvances,
        Self::LeadLateral,
        Self::LeadValues,
        Self::LeadBenefits,
        Self::Equivalent,
        Self::Pay,
        Self::OtherCompensation,
        Self::Website,
        Self::Apply,
        Self::ApplyLink,
        Self::ApplyEmail,
        Self::Contact,
        Self::ExistingVacancy,
        Self::NoExistingVacancy,
        Self::AiScreening,
        Self::FederalContractor,
    ];

    /// The block's name, and the slots that it may use.
    pub fn spec(self) -> (&'static str, &'static [Slot]) {
        use Slot as S;
        match self {
            Self::HeadingOpening => ("heading_opening", &[]),
            Self::HeadingEmployer => ("heading_employer", &[S::Employer]),
            Self::HeadingResponsibilities => ("heading_responsibilities", &[]),
            Self::HeadingSkills => ("heading_skills", &[]),
            Self::HeadingQualifications => ("heading_qualifications", &[]),
            Self::HeadingCareer => ("heading_career", &[]),
            Self::HeadingPay => ("heading_pay", &[S::Pay, S::Benefits]),
            Self::HeadingArrangement => ("heading_arrangement", &[]),
            Self::HeadingApply => ("heading_apply", &[]),
            Self::HeadingStatements => ("heading_statements", &[]),
            Self::Opening => ("opening", &[S::Title, S::Employer]),
            Self::Emphasis => ("emphasis", &[S::Title, S::Task]),
            Self::EmphasisNext => ("emphasis_next", &[S::Title, S::Task]),
            Self::EmphasisLast => ("emphasis_last", &[S::Title, S::Task]),
            Self::EmphasisGrowth => ("emphasis_growth", &[S::Step]),
            Self::EmphasisFlexibility => ("emphasis_flexibility", &[S::Workplace]),
            Self::LeadDuties => ("lead_duties", &[S::Title]),
            Self::LeadHardSkills => ("lead_hard_skills", &[]),
            Self::LeadSoftSkills => ("lead_soft_skills", &[]),
            Self::LeadOtherSkills => ("lead_other_skills", &[]),
            Self::LeadRequired => ("lead_required", &[]),
            Self::LeadPreferred => ("lead_preferred", &[]),
            Self::LeadEntry => ("lead_entry", &[]),
            Self::LeadAdvances => ("lead_advances", &[]),
            Self::LeadLateral => ("lead_lateral", &[]),
            Self::LeadValues => ("lead_values", &[S::Employer]),
            Self::LeadBenefits => ("lead_benefits", &[S::Employer]),
            Self::Equivalent => ("equivalent", &[]),
            Self::Pay => ("pay", &[S::Pay, S::Fixed, S::Wage, S::Note, S::Remark]),
            Self::OtherCompensation => ("other_compensation", &[S::Items]),
            Self::Website => ("website", &[S::Employer]),
            Self::Apply => ("apply", &[S::Date]),
            Self::ApplyLink => ("apply_link", &[]),
            Self::ApplyEmail => ("apply_email", &[S::Email, S::Href]),
            Self::Contact => ("contact", &[S::Email]),
            Self::ExistingVacancy => ("existing_vacancy", &[]),
            Self::NoExistingVacancy => ("no_existing_vacancy", &[]),
            Self::AiScreening => ("ai_screening", &[]),
            Self::FederalContractor => ("federal_contractor", &[S::Employer]),
        }
    }

    /// The block's name in the tone's template.
    pub fn block(self) -> &'static str {
        self.spec().0
    }
}

/// Text of the role alone, as a tone words it: written once for each role and tone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "templates/tones/base.j2 says what each is for")]
pub enum Wording {
    Summary,
    Duty,
    DutyBrief,
    Task,
    Skill,
    SkillBrief,
    Credential,
    FieldsOfStudy,
    Experience,
    ExperienceBrief,
    Leadership,
    PreferredExperience,
    Step,
}

impl Wording {
    /// The block's name in the tone's template.
    pub fn block(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Duty => "duty",
            Self::DutyBrief => "duty_brief",
            Self::Task => "task",
            Self::Skill => "skill",
            Self::SkillBrief => "skill_brief",
            Self::Credential => "credential",
            Self::FieldsOfStudy => "fields_of_study",
            Self::Experience => "experience",
            Self::ExperienceBrief => "experience_brief",
            Self::Leadership => "leadership",
            Self::PreferredExperience => "preferred_experience",
            Self::Step => "step",
        }
    }
}
