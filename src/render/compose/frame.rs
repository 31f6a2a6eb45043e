//! The sections around the role: the employer, how to apply, statements.

use crate::domain::employer::Url;
use crate::domain::posting::{Block, BlockKind, Source};
use crate::domain::text::Prose;

use super::super::phrase::Phrase;
use super::super::slot::{Slot, Values};
use super::{Composed, Composer, item, paragraph, text_block};

impl<'a> Composer<'a> {
    pub(super) fn employer(&self) -> Composed<Vec<Block<'a>>> {
        let Some(employer) = &self.options.employer else { return Ok(Vec::new()) };
        let mut blocks: Vec<Block<'a>> = prose(employer.about.as_ref(), "/employer/about").collect();
        let values = employer.values.iter().enumerate();
        let values = values.map(|(index, value)| {
            item(None, value.as_str(), self.source_of(|| format!("/employer/values/{index}")))
        });
        let name = [(Slot::Employer, Some(employer.name.as_str()))];
        let name = Values::of(&name);
        blocks.extend(self.led_list(Phrase::LeadValues, name, values.collect())?);
        if let Some(website) = &employer.website {
            blocks.extend(self.link(
                Phrase::Website,
                name,
                website.as_str().to_owned(),
                "/employer/website",
            )?);
        }
        Ok(blocks)
    }

    pub(super) fn apply(&self) -> Composed<Vec<Block<'a>>> {
        let closes = self.options.valid_through.map(|date| self.locale.date(date));
        let apply = self.options.apply.as_ref();
        if closes.is_none() && apply.is_none() && self.options.contact_email.is_none() {
            return Ok(Vec::new());
        }
        let closing = self.phrase(Phrase::Apply, Values::of(&[(Slot::Date, closes.as_deref())]))?;
        let mut blocks: Vec<Block<'a>> = closing
            .map(|mut text| {
                text.sources.extend(closes.map(|_| Source::options("/valid_through")));
                text_block(BlockKind::Paragraph, text)
            })
            .into_iter()
            .collect();
        blocks.extend(prose(apply.and_then(|apply| apply.instructions.as_ref()), "/apply/instructions"));
        if let Some(url) = apply.and_then(|apply| apply.url.as_ref()) {
            blocks.extend(self.link(
                Phrase::ApplyLink,
                Values::NONE,
                url.as_str().to_owned(),
                "/apply/url",
            )?);
        }
        if let Some(email) = apply.and_then(|apply| apply.email.as_ref()) {
            let url = apply.and_then(|apply| apply.url.as_ref()).map(Url::as_str);
            let values = [(Slot::Href, url), (Slot::Email, Some(email.as_str()))];
            let values = Values::of(&values);
            blocks.extend(self.mail(Phrase::ApplyEmail, values, email.as_str(), "/apply/email")?);
        }
        if let Some(email) = &self.options.contact_email {
            let values = [(Slot::Email, Some(email.as_str()))];
            let values = Values::of(&values);
            blocks.extend(self.mail(Phrase::Contact, values, email.as_str(), "/contact_email")?);
        }
        Ok(blocks)
    }

    fn mail(
        &self,
        phrase: Phrase,
        values: Values<'_>,
        address: &str,
        pointer: &'static str,
    ) -> Composed<Option<Block<'a>>> {
        // RFC 6068 lets these stand in a mailto URL only when encoded.
        let encoded = address.replace('%', "%25").replace('&', "%26").replace('?', "%3F").replace('#', "%23");
        self.link(phrase, values, format!("mailto:{encoded}"), pointer)
    }

    fn link(
        &self,
        phrase: Phrase,
        values: Values<'_>,
        href: String,
        pointer: &'static str,
    ) -> Composed<Option<Block<'a>>> {
        let Some(mut text) = self.phrase(phrase, values)? else { return Ok(None) };
        text.sources.push(Source::options(pointer));
        Ok(Some(Block {
            kind: BlockKind::Link,
            text: Some(text),
            href: Some(href.into()),
            items: Vec::new(),
        }))
    }

    pub(super) fn statements(&self) -> Composed<Vec<Block<'a>>> {
        let mut blocks = Vec::new();
        if let Some(employer) = &self.options.employer {
            blocks.extend(prose(employer.equal_opportunity.as_ref(), "/employer/equal_opportunity"));
            blocks.extend(prose(employer.accommodation.as_ref(), "/employer/accommodation"));
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
            let Some(phrase) = phrase else { continue };
            if let Some(mut text) = self.phrase(phrase, Values::of(&name))? {
                text.sources.push(Source::options(pointer));
                blocks.push(text_block(BlockKind::Paragraph, text));
            }
        }
        Ok(blocks)
    }
}

/// A caller's paragraphs, word for word.
fn prose<'a>(text: Option<&'a Prose>, pointer: &'static str) -> impl Iterator<Item = Block<'a>> {
    // Most are one paragraph, which need not be looked for line by line.
    let whole = text.map(Prose::as_str).filter(|whole| !whole.contains('\n') && !whole.contains('\r'));
    let lines = text.filter(|_| whole.is_none()).into_iter().flat_map(Prose::paragraphs);
    whole.into_iter().chain(lines).map(move |words| paragraph(words, vec![Source::options(pointer)]))
}
