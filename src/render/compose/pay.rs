//! Pay and benefits.

use crate::domain::posting::{Block, Note, NoteCode, Section, SectionId, ShownSalary, Source};
use crate::domain::salary::{Period, Salary};

use super::super::english;
use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::{Composed, Composer, item, paragraph};

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

    pub(super) fn pay_section(&self, salary: Option<&ShownSalary>) -> Composed<Section<'a>> {
        let id = SectionId::Pay;
        let mut blocks = Vec::new();
        if let Some(salary) = salary {
            blocks.extend(self.pay(salary)?);
        }
        blocks.extend(self.other_compensation()?);
        blocks.extend(self.benefits()?);
        if blocks.is_empty() || !self.is_on(id) {
            return Ok(Section { id, heading: "".into(), blocks: Vec::new() });
        }
        let is_pay = salary.is_some() || !self.options.other_compensation.is_empty();
        let has_benefits = self.options.employer.as_ref().is_some_and(|e| !e.benefits.is_empty());
        let flag = |present: bool| present.then_some("yes");
        let values = [(Slot::Pay, flag(is_pay)), (Slot::Benefits, flag(has_benefits))];
        let heading = self.say(Phrase::HeadingPay, Values::of(&values))?;
        Ok(Section { id, heading, blocks })
    }

    fn pay(&self, salary: &ShownSalary) -> Composed<Option<Block<'a>>> {
        let note = self.options.salary.as_ref().and_then(|s| s.note.as_ref()).map(|note| note.as_str());
        // A note in lower case goes on in the sentence; any other is a sentence of its own.
        let goes_on = |note: &&str| note.starts_with(char::is_lowercase);
        let going_on = note.filter(goes_on).map(|note| note.trim_end_matches('.'));
        let remark = note.filter(|note| !goes_on(note)).map(|note| english::stopped(note.to_owned()));
        let wage = matches!(salary.range.period, Period::Hour | Period::Day | Period::Week);
        let values = [
            (Slot::Pay, Some(salary.text.as_str())),
            (Slot::Fixed, salary.range.is_fixed().then_some("yes")),
            (Slot::Wage, wage.then_some("yes")),
            (Slot::Note, going_on),
            (Slot::Remark, remark.as_deref()),
        ];
        let values = Values::of(&values);
        let words = self.say(Phrase::Pay, values)?;
        let from_options = self.options.salary.as_ref().is_some_and(|s| s.min.is_some());
        let range = if from_options { Source::options("/salary") } else { Source::role("/salary") };
        let mut sources = self.sources([self.tone_source(Phrase::Pay, values), range]);
        if note.is_some() && !sources.is_empty() {
            sources.push(Source::options("/salary/note"));
        }
        Ok(Some(paragraph(words, sources)))
    }

    fn other_compensation(&self) -> Composed<Option<Block<'a>>> {
        let entries = &self.options.other_compensation;
        if entries.is_empty() {
            return Ok(None);
        }
        let entries: Vec<&str> = entries.iter().map(|entry| entry.as_str().trim_end_matches('.')).collect();
        let items = self.locale.and_list(&entries);
        let values = [(Slot::Items, Some(items.as_str()))];
        let (phrase, values) = (Phrase::OtherCompensation, Values::of(&values));
        let words = self.say(phrase, values)?;
        let sources =
            self.sources([self.tone_source(phrase, values), Source::options("/other_compensation")]);
        Ok(Some(paragraph(words, sources)))
    }

    fn benefits(&self) -> Composed<Vec<Block<'a>>> {
        let Some(employer) = &self.options.employer else { return Ok(Vec::new()) };
        let own = |(index, text): (usize, &'a str)| {
            item(None, text, self.source_of(|| format!("/employer/benefits/{index}/text")))
        };
        let items =
            employer.benefits.iter().map(|benefit| benefit.text.as_str()).enumerate().map(own).collect();
        self.led_list(Phrase::LeadBenefits, Values::of(&[(Slot::Employer, self.employer_name())]), items)
    }

    pub(super) fn salary_notes(&self, shown: Option<&ShownSalary>) -> Vec<Note> {
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
        let detail = match shown {
            Some(_) => format!("{what} of {}", self.locale.pay(band, &self.job_countries())),
            None => what.to_owned(),
        };
        vec![Note { code, detail, pointer: Some("/salary") }]
    }
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
