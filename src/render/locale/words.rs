//! The fixed words of a locale: labels, and names of periods, workplaces and kinds of employment.
//!
//! To add a label: a variant of [`Label`], a line in its table below, and a line in each locale's
//! file. Reading a file that lacks it fails, naming it.

use serde::Deserialize;

use super::date::push_number;
use super::pattern::{Field, Pattern};
use crate::domain::options::EmploymentType;
use crate::domain::place::Workplace;
use crate::domain::salary::Period;
use crate::domain::text::Text;

/// What a fact of a posting is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Label {
    /// One place of work.
    Location,
    /// Several places of work.
    Locations,
    /// On-site, hybrid or remote.
    Workplace,
    /// Where a remote worker may be.
    RemoteWithin,
    /// Full-time and the like.
    EmploymentType,
    /// Hours of work a week.
    Hours,
    /// The first day of work.
    Start,
    /// The department that hires.
    Department,
    /// The team that hires.
    Team,
    /// How many people are to be hired.
    Openings,
    /// The employer's own number for the opening.
    Reference,
    /// The first day on which the posting is public.
    Posted,
    /// The pay.
    Pay,
    /// The last day for applications.
    ApplyBy,
    /// A page to apply on.
    ApplyOnline,
    /// An address to send an application to.
    ApplyByEmail,
    /// The employer's website.
    Website,
    /// Whom to ask.
    Contact,
}

/// A struct with one text for each value of an enum, so that a missing or an unknown one is named.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident for $key:ident { $($variant:ident = $field:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub(super) struct $name {
            $($field: Text),+
        }

        impl $name {
            /// The words for `key`.
            pub(super) fn get(&self, key: $key) -> &str {
                match key {
                    $($key::$variant => self.$field.as_str()),+
                }
            }
        }
    };
}

words! {
    /// The labels.
    Labels for Label {
        Location = location,
        Locations = locations,
        Workplace = workplace,
        RemoteWithin = remote_within,
        EmploymentType = employment_type,
        Hours = hours,
        Start = start,
        Department = department,
        Team = team,
        Openings = openings,
        Reference = reference,
        Posted = posted,
        Pay = pay,
        ApplyBy = apply_by,
        ApplyOnline = apply_online,
        ApplyByEmail = apply_by_email,
        Website = website,
        Contact = contact,
    }
}

words! {
    /// What follows an amount of pay: `a year`.
    Periods for Period { Hour = hour, Day = day, Week = week, Month = month, Year = year }
}

words! {
    /// The names of the kinds of workplace.
    Workplaces for Workplace { OnSite = on_site, Hybrid = hybrid, Remote = remote }
}

words! {
    /// The names of the kinds of employment.
    EmploymentTypes for EmploymentType {
        FullTime = full_time,
        PartTime = part_time,
        Contractor = contractor,
        Temporary = temporary,
        Intern = intern,
        Volunteer = volunteer,
        PerDiem = per_diem,
        Other = other,
    }
}

/// How many hours a week are worked (CLDR plural categories).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WeeklyHours {
    /// For 1.
    one: Pattern<Hours>,
    /// For any other number.
    other: Pattern<Hours>,
}

#[derive(Clone, Copy, Debug)]
struct Hours;

impl Field for Hours {
    const NAMES: &'static [(&'static str, Self)] = &[("number", Self)];
}

impl WeeklyHours {
    /// Writes `40 hours a week`.
    pub(super) fn write(&self, out: &mut String, hours: u8) {
        let pattern = if hours == 1 { &self.one } else { &self.other };
        pattern.write(out, |out, Hours| push_number(out, hours.into()));
    }
}
