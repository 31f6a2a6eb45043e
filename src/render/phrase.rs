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

/// The block of a phrase, and the slots that it may use.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// The block's name in the tone's template.
    pub block: &'static str,
    /// The slots that always have a value.
    pub always: &'static [Slot],
    /// All slots.
    pub slots: &'static [Slot],
}

impl Spec {
    const fn new(block: &'static str, always: &'static [Slot], slots: &'static [Slot]) -> Self {
        Self { block, always, slots }
    }
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

    /// The block, and the slots that it may use.
    pub fn spec(self) -> Spec {
        use Slot as S;
        match self {
            Self::HeadingOpening => Spec::new("heading_opening", &[], &[]),
            Self::HeadingEmployer => Spec::new("heading_employer", &[S::Employer], &[S::Employer]),
            Self::HeadingResponsibilities => Spec::new("heading_responsibilities", &[], &[]),
            Self::HeadingSkills => Spec::new("heading_skills", &[], &[]),
            Self::HeadingQualifications => Spec::new("heading_qualifications", &[], &[]),
            Self::HeadingCareer => Spec::new("heading_career", &[], &[]),
            Self::HeadingPay => Spec::new("heading_pay", &[], &[S::Pay, S::Benefits]),
            Self::HeadingArrangement => Spec::new("heading_arrangement", &[], &[]),
            Self::HeadingApply => Spec::new("heading_apply", &[], &[]),
            Self::HeadingStatements => Spec::new("heading_statements", &[], &[]),
            Self::Opening => Spec::new("opening", &[S::Title], &[S::Title, S::Employer]),
            Self::Emphasis => Spec::new("emphasis", &[S::Title, S::Task], &[S::Title, S::Task]),
            Self::EmphasisNext => Spec::new("emphasis_next", &[S::Title, S::Task], &[S::Title, S::Task]),
            Self::EmphasisLast => Spec::new("emphasis_last", &[S::Title, S::Task], &[S::Title, S::Task]),
            Self::EmphasisGrowth => Spec::new("emphasis_growth", &[S::Step], &[S::Step]),
            Self::EmphasisFlexibility => Spec::new("emphasis_flexibility", &[S::Workplace], &[S::Workplace]),
            Self::LeadDuties => Spec::new("lead_duties", &[S::Title], &[S::Title]),
            Self::LeadHardSkills => Spec::new("lead_hard_skills", &[], &[]),
            Self::LeadSoftSkills => Spec::new("lead_soft_skills", &[], &[]),
            Self::LeadOtherSkills => Spec::new("lead_other_skills", &[], &[]),
            Self::LeadRequired => Spec::new("lead_required", &[], &[]),
            Self::LeadPreferred => Spec::new("lead_preferred", &[], &[]),
            Self::LeadEntry => Spec::new("lead_entry", &[], &[]),
            Self::LeadAdvances => Spec::new("lead_advances", &[], &[]),
            Self::LeadLateral => Spec::new("lead_lateral", &[], &[]),
            Self::LeadValues => Spec::new("lead_values", &[S::Employer], &[S::Employer]),
            Self::LeadBenefits => Spec::new("lead_benefits", &[S::Employer], &[S::Employer]),
            Self::Equivalent => Spec::new("equivalent", &[], &[]),
            Self::Pay => Spec::new("pay", &[S::Pay], &[S::Pay, S::Fixed, S::Wage, S::Note, S::Remark]),
            Self::OtherCompensation => Spec::new("other_compensation", &[S::Items], &[S::Items]),
            Self::Website => Spec::new("website", &[S::Employer], &[S::Employer]),
            Self::Apply => Spec::new("apply", &[], &[S::Date]),
            Self::ApplyLink => Spec::new("apply_link", &[], &[]),
            Self::ApplyEmail => Spec::new("apply_email", &[S::Email], &[S::Email, S::Href]),
            Self::Contact => Spec::new("contact", &[S::Email], &[S::Email]),
            Self::ExistingVacancy => Spec::new("existing_vacancy", &[], &[]),
            Self::NoExistingVacancy => Spec::new("no_existing_vacancy", &[], &[]),
            Self::AiScreening => Spec::new("ai_screening", &[], &[]),
            Self::FederalContractor => Spec::new("federal_contractor", &[], &[S::Employer]),
        }
    }

    /// The block's name in the tone's template.
    pub fn block(self) -> &'static str {
        self.spec().block
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
