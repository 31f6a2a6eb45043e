//! The work arrangement: facts with labels.

use crate::domain::place::Location;
use crate::domain::posting::{Block, BlockKind, Source};

use super::super::locale::Label;
use super::{Composer, item};

impl<'a> Composer<'a> {
    pub(super) fn arrangement(&self) -> Vec<Block<'a>> {
        let mut facts = Vec::with_capacity(6);
        let mut fact = |label: Label, words: Option<String>, pointer: &'static str| {
            if let Some(words) = words.filter(|words| !words.is_empty()) {
                facts.push(item(Some(self.locale.label(label)), words, Source::options(pointer)));
            }
        };
        let options = self.options;
        let (places, workplaces) = self.places();
        let label = if options.locations.len() > 1 { Label::Locations } else { Label::Location };
        fact(label, Some(places), "/locations");
        fact(Label::Workplace, workplaces, "/locations");
        fact(Label::RemoteWithin, self.remote_within(), "/remote_within");
        let kind = if options.employment_type.is_some() { "/employment_type" } else { "/hours_per_week" };
        fact(Label::EmploymentType, self.employment(), kind);
        fact(Label::Start, options.start.map(|date| self.locale.date(date)), "/start");
        fact(Label::Department, options.department.as_ref().map(ToString::to_string), "/department");
        fact(Label::Team, options.team.as_ref().map(ToString::to_string), "/team");
        let openings = options.openings.filter(|&n| n > 1);
        fact(Label::Openings, openings.map(|n| self.locale.integer(n.into())), "/openings");
        fact(Label::Reference, options.requisition_id.as_ref().map(ToString::to_string), "/requisition_id");
        fact(Label::Posted, options.date_posted.map(|date| self.locale.date(date)), "/date_posted");
        if facts.is_empty() {
            return Vec::new();
        }
        vec![Block { kind: BlockKind::Facts, text: None, href: None, items: facts }]
    }

    /// The places, and the workplace if it is the same at all of them; else it stands beside each.
    fn places(&self) -> (String, Option<String>) {
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
        let places: Vec<String> = locations.iter().map(place).filter(|place| !place.is_empty()).collect();
        let workplace = first.filter(|_| same).map(|workplace| self.locale.workplace(workplace).to_owned());
        (places.join("; "), workplace)
    }

    fn remote_within(&self) -> Option<String> {
        let areas = &self.options.remote_within;
        let names: Vec<_> = areas.iter().map(|&area| self.locale.area_with_article(area)).collect();
        (!names.is_empty()).then(|| self.locale.and_list(&names))
    }

    fn employment(&self) -> Option<String> {
        let kind = self.options.employment_type.map(|kind| self.locale.employment_type(kind).to_owned());
        let hours = self.options.hours_per_week.map(|hours| self.locale.weekly_hours(hours));
        match (kind, hours) {
            (Some(kind), Some(hours)) => Some(format!("{kind}, {hours}")),
            (kind, hours) => kind.or(hours),
        }
    }
}
