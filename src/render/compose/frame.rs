//! The sections around the role: the employer, how to apply, statements.

use crate::domain::employer::{Email, Url};
use crate::domain::posting::{BlockKind, Source};
use crate::domain::text::{Prose, Text};

use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::sink::Sink;
use super::{Composed, Composer};

impl<'a> Composer<'a> {
    pub(super) fn employer(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        let Some(employer) = &self.options.employer else { return Ok(()) };
        prose(out, employer.about.as_ref(), "/employer/about")?;
        let name = [(Slot::Employer, self.employer_name())];
        let name = Values::of(&name);
        if !employer.values.is_empty() {
            out.say(BlockKind::LeadIn, Phrase::LeadValues, name, &[])?;
            let values = employer.values.iter().map(Text::as_str);
            out.list(values, |index| format!("/employer/values/{index}"))?;
        }
        if let Some(website) = &employer.website {
            let source = Source::options("/employer/website");
            out.link(Phrase::Website, name, website.as_str().into(), source)?;
        }
        Ok(())
    }

    pub(super) fn apply(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        let closes = self.options.valid_through.map(|date| self.locale.date(date));
        let apply = self.options.apply.as_ref();
        if closes.is_none() && apply.is_none() && self.options.contact_email.is_none() {
            return Ok(());
        }
        let more = [Source::options("/valid_through")];
        let more = if closes.is_some() { more.as_slice() } else { &[] };
        let date = [(Slot::Date, closes.as_deref())];
        out.say(BlockKind::Paragraph, Phrase::Apply, Values::of(&date), more)?;
        prose(out, apply.and_then(|apply| apply.instructions.as_ref()), "/apply/instructions")?;
        let url = apply.and_then(|apply| apply.url.as_ref()).map(Url::as_str);
        if let Some(url) = url {
            out.link(Phrase::ApplyLink, Values::NONE, url.into(), Source::options("/apply/url"))?;
        }
        if let Some(email) = apply.and_then(|apply| apply.email.as_ref()).map(Email::as_str) {
            let values = [(Slot::Href, url), (Slot::Email, Some(email))];
            let source = Source::options("/apply/email");
            out.link(Phrase::ApplyEmail, Values::of(&values), mailto(email).into(), source)?;
        }
        if let Some(email) = self.options.contact_email.as_ref().map(Email::as_str) {
            let values = [(Slot::Email, Some(email))];
            let source = Source::options("/contact_email");
            out.link(Phrase::Contact, Values::of(&values), mailto(email).into(), source)?;
        }
        Ok(())
    }

    pub(super) fn statements(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        if let Some(employer) = &self.options.employer {
            prose(out, employer.equal_opportunity.as_ref(), "/employer/equal_opportunity")?;
            prose(out, employer.accommodation.as_ref(), "/employer/accommodation")?;
        }
        let vacancy = |exists| if exists { Phrase::ExistingVacancy } else { Phrase::NoExistingVacancy };
        let of_law = [
            (self.options.existing_vacancy.map(vacancy), "/existing_vacancy"),
            (self.options.ai_screening.and_then(|on| on.then_some(Phrase::AiScreening)), "/ai_screening"),
            (
                self.options.federal_contractor.and_then(|on| on.then_some(Phrase::FederalContractor)),
                "/federal_contractor",
            ),
        ];
        let name = [(Slot::Employer, self.employer_name())];
        for (phrase, pointer) in of_law {
            if let Some(phrase) = phrase {
                let source = Source::options(pointer);
                out.say(BlockKind::Paragraph, phrase, Values::of(&name), &[source])?;
            }
        }
        Ok(())
    }
}

/// RFC 6068 lets some characters stand in a mailto URL only when encoded.
fn mailto(address: &str) -> String {
    let encoded = address.replace('%', "%25").replace('&', "%26").replace('?', "%3F").replace('#', "%23");
    format!("mailto:{encoded}")
}

/// A caller's paragraphs, word for word.
fn prose<'a>(out: &mut impl Sink<'a>, text: Option<&'a Prose>, pointer: &'static str) -> Composed<()> {
    let Some(text) = text else { return Ok(()) };
    // Most are one paragraph, which need not be looked for line by line.
    let whole = text.as_str();
    if !whole.contains('\n') && !whole.contains('\r') {
        return out.paragraph(whole, Source::options(pointer));
    }
    text.paragraphs().try_for_each(|words| out.paragraph(words, Source::options(pointer)))
}
