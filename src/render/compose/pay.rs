//! Pay and benefits.

use crate::domain::posting::{BlockKind, Note, NoteCode, SectionId, ShownSalary, Source};
use crate::domain::salary::{Period, Salary};

use super::super::english;
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::sink::Sink;
use super::{Composed, Composer};

impl<'a> Composer<'a> {
    /// The range that the posting shows: the options', else the role's, unless pay is hidden.
    pub(super) fn shown_salary(&self) -> Option<ShownSalary> {
        let options = self.options.salary.as_ref();
        let hidden = options.is_some_and(|salary| salary.show == Some(false));
        if hidden || !self.is_on(SectionId::Pay) {
            return None;
        }
        let band = self.kit.role.salary.as_ref();
        let range = options.and_then(|salary| salary.range(band)).or_else(|| band.cloned())?;
        let text = self.locale.pay(&range, &self.job_countries());
        Some(ShownSalary { range, text })
    }

    /// The countries of the locations, or of the places where remote workers may be.
    fn job_countries(&self) -> Vec<&'static str> {
        let mut countries: Vec<_> = self.options.locations.iter().filter_map(|l| l.country_code()).collect();
        countries.extend(self.options.remote_within.iter().map(|area| area.country_code()));
        countries
    }

    /// Whether the posting shows any pay.
    pub(super) fn shows_pay(&self) -> bool {
        self.salary.is_some() || !self.options.other_compensation.is_empty()
    }

    /// Whether it shows any benefits.
    pub(super) fn shows_benefits(&self) -> bool {
        self.options.employer.as_ref().is_some_and(|employer| !employer.benefits.is_empty())
    }

    pub(super) fn pay(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        if let Some(salary) = &self.salary {
            self.range(out, salary)?;
        }
        self.other_compensation(out)?;
        self.benefits(out)
    }

    fn range(&self, out: &mut impl Sink<'a>, salary: &ShownSalary) -> Composed<()> {
        let note = self.options.salary.as_ref().and_then(|s| s.note.as_ref()).map(|note| note.as_str());
        // A note in lower case goes on in the sentence; any other is a sentence of its own.
        let goes_on = |note: &&str| note.starts_with(char::is_lowercase);
        let going_on = note.filter(goes_on).map(|note| note.trim_end_matches('.'));
        let remark = note.filter(|note| !goes_on(note)).map(|note| english::stopped(note.to_owned()));
        let wage = matches!(salary.range.period, Period::Hour | Period::Day | Period::Week);
        let values = [
            (Slot::Pay, Some(salary.text.as_str())),
            (Slot::Fixed, flag(salary.range.is_fixed())),
            (Slot::Wage, flag(wage)),
            (Slot::Note, going_on),
            (Slot::Remark, remark.as_deref()),
        ];
        let from_options = self.options.salary.as_ref().is_some_and(|s| s.min.is_some());
        let range = if from_options { Source::options("/salary") } else { Source::role("/salary") };
        let sources = [range, Source::options("/salary/note")];
        let sources = if note.is_some() { sources.as_slice() } else { &sources[..1] };
        out.say(BlockKind::Paragraph, Phrase::Pay, Values::of(&values), sources)
    }

    fn other_compensation(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        let entries = &self.options.other_compensation;
        if entries.is_empty() {
            return Ok(());
        }
        let entries: Vec<&str> = entries.iter().map(|entry| entry.as_str().trim_end_matches('.')).collect();
        let items = self.locale.and_list(&entries);
        let values = [(Slot::Items, Some(items.as_str()))];
        let source = Source::options("/other_compensation");
        out.say(BlockKind::Paragraph, Phrase::OtherCompensation, Values::of(&values), &[source])
    }

    fn benefits(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        let Some(employer) = self.options.employer.as_ref().filter(|_| self.shows_benefits()) else {
            return Ok(());
        };
        let name = [(Slot::Employer, self.employer_name())];
        out.say(BlockKind::LeadIn, Phrase::LeadBenefits, Values::of(&name), &[])?;
        let benefits = employer.benefits.iter().map(|benefit| benefit.text.as_str());
        out.list(benefits, |index| format!("/employer/benefits/{index}/text"))
    }

    pub(super) fn salary_notes(&self) -> Vec<Note> {
        let band = self.kit.role.salary.as_ref();
        let range = self.options.salary.as_ref().and_then(|salary| salary.range(band));
        let (Some(band), Some(range)) = (band, range) else { return Vec::new() };
        let code = match compare(&range, band) {
            Comparison::Within => return Vec::new(),
            Comparison::Outside => NoteCode::SalaryOutsideBand,
            Comparison::NotComparable => NoteCode::SalaryNotComparable,
        };
        let what = match code {
            NoteCode::SalaryOutsideBand => "the range goes beyond the role's band",
            _ => "the range cannot be compared with the role's band: the currency or the period is another",
        };
        // Where pay is hidden, no amount may appear, here neither.
        let detail = match &self.salary {
            Some(_) => format!("{what} of {}", self.locale.pay(band, &self.job_countries())),
            None => what.to_owned(),
        };
        vec![Note { code, detail, pointer: Some("/salary".into()) }]
    }
}

/// A value that only is there or is not.
pub(super) fn flag(present: bool) -> Option<&'static str> {
    present.then_some("yes")
}

enum Comparison {
    Within,
    Outside,
    NotComparable,
}

fn compare(range: &Salary, band: &Salary) -> Comparison {
    if range.currency != band.currency || range.period != band.period {
        Comparison::NotComparable
    } else if range.min < band.min || range.max > band.max {
        Comparison::Outside
    } else {
        Comparison::Within
    }
}
