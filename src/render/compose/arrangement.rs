//! The work arrangement: facts with labels.

use std::borrow::Cow;

use crate::domain::place::Location;
use crate::domain::{Date, Text};

use super::super::locale::Label;
use super::sink::{Fact, Sink};
use super::{Composed, Composer};

impl<'a> Composer<'a> {
    pub(super) fn arrangement(&self, out: &mut impl Sink<'a>) -> Composed<()> {
        let mut facts = Vec::with_capacity(8);
        let mut fact = |label: Label, words: Option<Cow<'a, str>>, pointer: &'static str| {
            if let Some(words) = words.filter(|words| !words.is_empty()) {
                facts.push(Fact { label: self.locale.label(label), words, pointer });
            }
        };
        let options = self.options;
        let own = |text: Option<&'a Text>| text.map(|text| Cow::Borrowed(text.as_str()));
        let date = |date: Option<Date>| date.map(|date| Cow::Owned(self.locale.date(date)));
        let (places, workplaces) = self.places();
        let label = if options.locations.len() > 1 { Label::Locations } else { Label::Location };
        fact(label, Some(places.into()), "/locations");
        fact(Label::Workplace, workplaces, "/locations");
        fact(Label::RemoteWithin, self.remote_within().map(Cow::Owned), "/remote_within");
        let kind = if options.employment_type.is_some() { "/employment_type" } else { "/hours_per_week" };
        fact(Label::EmploymentType, self.employment(), kind);
        fact(Label::Start, date(options.start), "/start");
        fact(Label::Department, own(options.department.as_ref()), "/department");
        fact(Label::Team, own(options.team.as_ref()), "/team");
        let openings = options.openings.filter(|&n| n > 1);
        fact(Label::Openings, openings.map(|n| self.locale.integer(n.into()).into()), "/openings");
        fact(Label::Reference, own(options.requisition_id.as_ref()), "/requisition_id");
        fact(Label::Posted, date(options.date_posted), "/date_posted");
        if facts.is_empty() { Ok(()) } else { out.facts(facts) }
    }

    /// The places, and the workplace if it is the same at all of them; else it stands beside each.
    fn places(&self) -> (String, Option<Cow<'a, str>>) {
        let locations = &self.options.locations;
        let first = locations.first().and_then(|location| location.workplace);
        let same = locations.iter().all(|location| location.workplace == first);
        let place = |location: &Location| {
            let place = self.locale.location(location);
            match location.workplace.filter(|_| !same).map(|w| self.locale.workplace(w)) {
                Some(workplace) if place.is_empty() => workplace.to_owned(),
                Some(workplace) => format!("{place} ({})", workplace.to_lowercase()),
                None => place,
            }
        };
        let mut places = String::new();
        for place in locations.iter().map(place).filter(|place| !place.is_empty()) {
            match places.is_empty() {
                true => places = place,
                false => places.extend(["; ", place.as_str()]),
            }
        }
        let workplace = first.filter(|_| same).map(|workplace| self.locale.workplace(workplace).into());
        (places, workplace)
    }

    fn remote_within(&self) -> Option<String> {
        let areas = &self.options.remote_within;
        let names: Vec<_> = areas.iter().map(|&area| self.locale.area_with_article(area)).collect();
        (!names.is_empty()).then(|| self.locale.and_list(&names))
    }

    fn employment(&self) -> Option<Cow<'a, str>> {
        let kind = self.options.employment_type.map(|kind| self.locale.employment_type(kind));
        let hours = self.options.hours_per_week.map(|hours| self.locale.weekly_hours(hours));
        match (kind, hours) {
            (Some(kind), Some(hours)) => Some(format!("{kind}, {hours}").into()),
            (kind, hours) => kind.map(Cow::Borrowed).or(hours.map(Cow::Owned)),
        }
    }
}
