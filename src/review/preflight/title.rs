//! What a title must not hold, and the title without it.

use std::ops::Range;

use serde_json::json;

use super::case::{Case, Flaw};
use crate::domain::Text;

/// Names of more words are not looked for.
const MOST_WORDS: usize = 8;

/// What does not belong into a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blemish {
    /// A requisition number, or what looks like one.
    Code,
    /// An amount of money.
    Pay,
    /// A place of the posting, or that the work is remote.
    Place,
    /// The name of who hires.
    Employer,
    /// The kind of employment.
    EmploymentType,
    /// Exclamation marks, stars, and pictures.
    Signs,
    /// Nothing but capitals.
    Capitals,
}

/// Where the title comes from: the options, or the role.
pub fn pointer(case: &Case<'_>) -> String {
    if case.subject.options.title.is_some() { case.at("/title") } else { "/role_id".to_owned() }
}

/// A title with a blemish. The title without it mends it, or else the role's own title, if that has none.
pub fn blemished(case: &Case<'_>, blemish: Blemish) -> Vec<Flaw> {
    let title = &*case.subject.posting.title;
    let spans = find(case, blemish, title);
    Flaw::when(!spans.is_empty(), || {
        let held: Vec<&str> =
            spans.iter().filter_map(|span| title.get(span.clone())).map(str::trim).collect();
        let what = match blemish {
            Blemish::Code => "a code",
            Blemish::Pay => "pay",
            Blemish::Place => "a place",
            Blemish::Employer => "who hires",
            Blemish::EmploymentType => "the kind of employment",
            Blemish::Signs => "signs that are no words",
            Blemish::Capitals => "nothing but capitals",
        };
        let detail = format!("the title has {what} in it: “{}”", held.join("”, “"));
        let is_good = |title: &str| find(case, blemish, title).is_empty() && Text::try_from(title).is_ok();
        let without = if blemish == Blemish::Capitals { lowered(title) } else { without(title, &spans) };
        let own = case.subject.posting.role.title.to_string();
        let good = [without, own].into_iter().find(|title| is_good(title));
        Flaw::new(pointer(case), detail)
            .mended_by(good.and_then(|title| case.setting("/title", json!(title))))
    })
}

/// Where a title has a blemish, in order.
fn find(case: &Case<'_>, blemish: Blemish, title: &str) -> Vec<Range<usize>> {
    let vacancy = case.subject.vacancy;
    let mut spans = match blemish {
        Blemish::Code => codes(title, vacancy.requisition_id.as_ref().map(Text::as_str)),
        Blemish::Pay => pay(title),
        Blemish::Place => places(case, title),
        Blemish::Employer => {
            let name = vacancy.employer.as_ref().map(|employer| employer.name.as_str());
            name.map_or(Vec::new(), |name| phrases(&words(title), name))
        }
        Blemish::EmploymentType => employment_types(title),
        Blemish::Signs => signs(title),
        Blemish::Capitals => capitals(title),
    };
    spans.sort_by_key(|span| (span.start, span.end));
    spans.dedup();
    spans
}

/// A word of a title: letters and digits, with what joins them.
struct Word {
    place: Range<usize>,
    folded: String,
}

fn words(text: &str) -> Vec<Word> {
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '&' | '+' | '\'' | '’');
    let mut words: Vec<Word> = Vec::new();
    for (at, c) in text.char_indices().filter(|(_, c)| is_word(*c)) {
        let end = at + c.len_utf8();
        match words.last_mut().filter(|word| word.place.end == at) {
            Some(word) => {
                word.place.end = end;
                word.folded.extend(c.to_lowercase());
            }
            None => words.push(Word { place: at..end, folded: c.to_lowercase().collect() }),
        }
    }
    words
}

/// Where a name stands, without case.
fn phrases(title: &[Word], name: &str) -> Vec<Range<usize>> {
    let name: Vec<String> = words(name).into_iter().map(|word| word.folded).take(MOST_WORDS + 1).collect();
    if name.is_empty() || name.len() > MOST_WORDS || name.concat().chars().count() < 2 {
        return Vec::new();
    }
    let is_name = |window: &&[Word]| window.iter().map(|word| &word.folded).eq(name.iter());
    title.windows(name.len()).filter(is_name).filter_map(span).collect()
}

fn span(words: &[Word]) -> Option<Range<usize>> {
    Some(words.first()?.place.start..words.last()?.place.end)
}

/// What stands between blanks, without brackets and commas around it.
fn chunks(title: &str) -> Vec<Range<usize>> {
    let around = |c: char| matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | ',' | ';' | ':' | '|');
    let mut chunks = Vec::new();
    let mut at = 0;
    for chunk in title.split(char::is_whitespace) {
        let start = at + (chunk.len() - chunk.trim_start_matches(around).len());
        let end = start + chunk.trim_matches(around).len();
        if start < end {
            chunks.push(start..end);
        }
        at += chunk.len()
            + title.get(at + chunk.len()..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    chunks
}

fn codes(title: &str, requisition: Option<&str>) -> Vec<Range<usize>> {
    let mut spans = match requisition.filter(|id| id.contains(|c: char| c.is_ascii_digit())) {
        Some(id) => phrases(&words(title), id),
        None => Vec::new(),
    };
    let chunks = chunks(title);
    let text = |span: &Range<usize>| title.get(span.clone()).unwrap_or_default();
    for (n, chunk) in chunks.iter().enumerate().filter(|(_, chunk)| is_code(text(chunk))) {
        let announces = |span: &&Range<usize>| {
            let word = text(span).trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            matches!(
                word.as_str(),
                "id" | "no" | "job" | "ref" | "reference" | "req" | "requisition" | "code"
            )
        };
        let before = chunks.get(..n).unwrap_or_default();
        let first = before.iter().rev().take_while(announces).last();
        spans.push(first.unwrap_or(chunk).start..chunk.end);
    }
    spans
}

/// `#42`, `20481`, `R-1042`, `ENG1042`; neither a year nor a standard such as `ISO-27001`.
fn is_code(chunk: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if let Some(number) = chunk.strip_prefix('#') {
        return digits(number);
    }
    if digits(chunk) {
        return chunk.len() >= 5 || (chunk.len() == 4 && !matches!(chunk.get(..2), Some("19" | "20")));
    }
    let letters = chunk.bytes().take_while(u8::is_ascii_uppercase).count();
    let (head, tail) = chunk.split_at(letters);
    let number = tail.strip_prefix(['-', '_']).unwrap_or(tail);
    (1..=5).contains(&letters)
        && number.len() >= 3
        && number.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        && number.bytes().filter(u8::is_ascii_digit).count() >= 3
        && !matches!(head, "ISO" | "IEC" | "IEEE" | "DIN" | "EN")
}

fn pay(title: &str) -> Vec<Range<usize>> {
    let chunks = chunks(title);
    let text = |n: usize| chunks.get(n).and_then(|span| title.get(span.clone())).unwrap_or_default();
    let word = |n: usize| text(n).trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let mut spans = Vec::new();
    let mut n = 0;
    while n < chunks.len() {
        let has_code = n > 0 && is_number(text(n)) && is_currency(text(n - 1));
        let before_code = is_number(text(n)) && is_currency(text(n + 1));
        if !(is_amount(text(n)) || has_code || before_code) {
            n += 1;
            continue;
        }
        let first = if has_code { n - 1 } else { n };
        n += 1;
        loop {
            let and = matches!(text(n), "-" | "–" | "—" | "to")
                && (is_number(text(n + 1)) || is_amount(text(n + 1)));
            let every = matches!(word(n).as_str(), "per" | "an" | "a" | "/") && is_period(&word(n + 1));
            match () {
                () if and || every => n += 2,
                () if is_period(&word(n)) || is_currency(text(n)) => n += 1,
                () => break,
            }
        }
        let ends = chunks.get(first).zip(chunks.get(n - 1));
        spans.extend(ends.map(|(first, last)| first.start..last.end));
    }
    spans
}

/// `$90,000`, `90k`, `€45-50/hr`
fn is_amount(chunk: &str) -> bool {
    let has_digit = chunk.contains(|c: char| c.is_ascii_digit());
    let in_thousands = chunk.trim_end_matches('+').strip_suffix(['k', 'K']).is_some_and(is_number);
    (has_digit && chunk.contains(['$', '€', '£', '¥', '₹'])) || in_thousands
}

fn is_number(chunk: &str) -> bool {
    let sign = |c: char| matches!(c, '.' | ',' | '\'' | '-' | '–' | 'k' | 'K' | '+');
    chunk.starts_with(|c: char| c.is_ascii_digit()) && chunk.chars().all(|c| c.is_ascii_digit() || sign(c))
}

fn is_currency(chunk: &str) -> bool {
    matches!(chunk, "USD" | "EUR" | "GBP" | "CAD" | "AUD" | "CHF" | "$" | "€" | "£" | "¥" | "₹")
}

fn is_period(word: &str) -> bool {
    matches!(
        word,
        "hour"
            | "hr"
            | "h"
            | "hourly"
            | "day"
            | "daily"
            | "week"
            | "weekly"
            | "month"
            | "monthly"
            | "year"
            | "yr"
            | "yearly"
            | "annum"
            | "annual"
            | "annually"
            | "p.a"
    )
}

fn places(case: &Case<'_>, title: &str) -> Vec<Range<usize>> {
    let words = words(title);
    let mut spans = after_a_break(title, &words, &["remote", "hybrid", "onsite"]);
    for (_, place) in case.places() {
        let region = place.region.map(|region| (region.iso_name(), region.suffix()));
        let country = place.country.map(|country| (country.iso_name(), country.code()));
        let city = place.city.as_ref().map_or("", Text::as_str);
        let names = [Some(city), region.map(|(name, _)| name), country.map(|(name, _)| name)];
        for name in names.into_iter().flatten().filter(|name| name.chars().count() > 2) {
            let codes = [region.map(|(_, code)| code), country.map(|(_, code)| code)];
            let with_code = |span: Range<usize>| with_code(title, &words, span, &codes);
            spans.extend(phrases(&words, name).into_iter().map(with_code));
        }
    }
    spans
}

/// A place with the code of its region or country after a comma.
fn with_code(title: &str, words: &[Word], span: Range<usize>, codes: &[Option<&str>]) -> Range<usize> {
    let next = words.iter().find(|word| word.place.start >= span.end);
    let is_code = |word: &&Word| {
        let between = title.get(span.end..word.place.start).unwrap_or_default();
        let text = title.get(word.place.clone());
        between.trim() == "," && codes.iter().any(|code| code.is_some() && *code == text)
    };
    let end = next.filter(is_code).map_or(span.end, |word| word.place.end);
    span.start..end
}

fn employment_types(title: &str) -> Vec<Range<usize>> {
    let words = words(title);
    let mut spans = after_a_break(
        title,
        &words,
        &["contract", "temporary", "temp", "internship", "permanent", "freelance"],
    );
    for name in ["full time", "part time", "fulltime", "parttime"] {
        spans.extend(phrases(&words, name));
    }
    spans
}

/// Words that stand after a bracket, a dash, a bar, or a comma: they are not part of the title itself.
fn after_a_break(title: &str, words: &[Word], wanted: &[&str]) -> Vec<Range<usize>> {
    let broken = |word: &&Word| {
        let before = title.get(..word.place.start).unwrap_or_default();
        let sign = before.trim_end().chars().next_back();
        let apart = before.ends_with(char::is_whitespace);
        sign.is_some_and(|c| {
            matches!(c, '(' | '[' | '|' | ',') || (apart && matches!(c, '-' | '–' | '—' | '/'))
        })
    };
    let found = words.iter().filter(|word| wanted.contains(&word.folded.as_str())).filter(broken);
    found.map(|word| word.place.clone()).collect()
}

fn signs(title: &str) -> Vec<Range<usize>> {
    let catches = |c: char| matches!(c, '!' | '¡' | '*' | '~' | '\u{203C}' | '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{1F000}'..='\u{1FAFF}');
    let mut spans: Vec<Range<usize>> = Vec::new();
    for (at, c) in title.char_indices().filter(|(_, c)| catches(*c)) {
        match spans.last_mut().filter(|last| last.end == at) {
            Some(last) => last.end += c.len_utf8(),
            None => spans.push(at..at + c.len_utf8()),
        }
    }
    spans
}

fn capitals(title: &str) -> Vec<Range<usize>> {
    let big = title.chars().filter(|c| c.is_uppercase()).count();
    let shouts = big >= 8 && !title.contains(char::is_lowercase) && title.split_whitespace().nth(1).is_some();
    if shouts { std::iter::once(0..title.len()).collect() } else { Vec::new() }
}

/// A title in small letters, each word with a capital; words of up to three letters may be initials.
fn lowered(title: &str) -> String {
    let word = |word: &str| {
        if word.chars().count() <= 3 {
            return word.to_owned();
        }
        let mut chars = word.chars();
        chars.next().into_iter().chain(chars.flat_map(char::to_lowercase)).collect()
    };
    title.split_whitespace().map(word).collect::<Vec<String>>().join(" ")
}

/// A title without some parts, and without what held only them: brackets, dashes, prepositions.
fn without(title: &str, spans: &[Range<usize>]) -> String {
    let mut left = String::with_capacity(title.len());
    let mut at = 0;
    for span in spans {
        left.push_str(title.get(at..span.start.max(at)).unwrap_or_default());
        left.push(' ');
        at = at.max(span.end);
    }
    left.push_str(title.get(at..).unwrap_or_default());
    let parts = |c: char| matches!(c, ',' | ';' | ':' | '|' | '/' | '-' | '–' | '—' | '·' | '@' | '(' | '[');
    let mut kept: Vec<&str> = Vec::new();
    for chunk in left.split_whitespace() {
        let is_sign = |chunk: &str| !chunk.contains(char::is_alphanumeric);
        let opens = |chunk: &str| chunk.ends_with(['(', '[']);
        let closes =
            chunk.starts_with([')', ']']) && kept.last().is_some_and(|last| is_sign(last) && opens(last));
        if closes {
            kept.pop();
        } else if !(is_sign(chunk) && !opens(chunk) && kept.last().is_none_or(|last| last.ends_with(parts))) {
            kept.push(chunk);
        }
    }
    let joins = |chunk: &&&str| {
        let word = chunk.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        matches!(
            word.as_str(),
            "" | "in" | "at" | "for" | "from" | "near" | "with" | "and" | "or" | "to" | "up"
        )
    };
    while kept.last().filter(joins).is_some() {
        kept.pop();
    }
    let joined = kept.join(" ").replace("( ", "(").replace(" )", ")").replace(" ,", ",");
    let ends = |c: char| c.is_whitespace() || (parts(c) && !matches!(c, '(' | '['));
    joined.trim_matches(ends).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text<'t>(title: &'t str, spans: &[Range<usize>]) -> Vec<&'t str> {
        spans.iter().map(|span| title.get(span.clone()).unwrap()).collect()
    }

    #[test]
    fn codes_are_told_from_names_years_and_standards() {
        for (title, held, left) in [
            ("Engineer #42", "#42", "Engineer"),
            ("Engineer (R-1042)", "R-1042", "Engineer"),
            ("Engineer - Job ID: 20481", "Job ID: 20481", "Engineer"),
            ("ENG1042 Engineer", "ENG1042", "Engineer"),
            ("Engineer [req 7731]", "req 7731", "Engineer"),
        ] {
            let found = codes(title, None);
            assert_eq!(text(title, &found), [held]);
            assert_eq!(without(title, &found), left);
        }
        for title in [
            "Engineer 2027",
            "ISO-27001 Auditor",
            "Level 3 Engineer",
            "S/4HANA Lead",
            "B2B Sales",
            "C-17 Pilot",
        ] {
            assert!(codes(title, None).is_empty(), "{title}");
        }
        assert_eq!(text("Engineer NR-2", &codes("Engineer NR-2", Some("nr-2"))), ["NR-2"]);
    }

    #[test]
    fn pay_goes_with_its_range_and_its_period() {
        for (title, held, left) in [
            ("Driver $25/hr", "$25/hr", "Driver"),
            ("Driver – $90,000 to $110,000 a year", "$90,000 to $110,000 a year", "Driver"),
            ("Driver (90k-110k)", "90k-110k", "Driver"),
            ("Driver up to 90K+", "90K+", "Driver"),
            ("Driver 45000 EUR per annum", "45000 EUR per annum", "Driver"),
            ("Driver, USD 45000, nights", "USD 45000", "Driver, nights"),
        ] {
            let found = pay(title);
            assert_eq!(text(title, &found), [held], "{title}");
            assert_eq!(without(title, &found), left);
        }
        for title in ["Driver 24/7", "10k Run Coach $", "Team of 5", "Series A Lead"] {
            assert!(pay(title).is_empty() || title.starts_with("10k"), "{title}");
        }
    }

    #[test]
    fn signs_and_capitals_are_mended() {
        let title = "Driver!! *urgent* \u{1F69A}";
        assert_eq!(without(title, &signs(title)), "Driver urgent");
        assert!(signs("C++ / C# Lead & R&D (m/f/d)").is_empty());
        assert_eq!(capitals("SENIOR HR MANAGER").len(), 1);
        assert_eq!(lowered("SENIOR HR MANAGER"), "Senior HR Manager");
        assert!(capitals("SRE").is_empty() && capitals("Senior SRE MANAGER").is_empty());
        assert!(capitals("HR VP").is_empty());
    }

    #[test]
    fn kinds_of_employment_are_told_from_work_on_them() {
        let title = "Nurse (Part-Time)";
        assert_eq!(without(title, &employment_types(title)), "Nurse");
        let title = "(Senior) Nurse, part time";
        assert_eq!(without(title, &employment_types(title)), "(Senior) Nurse");
        let title = "Nurse - Contract";
        assert_eq!(without(title, &employment_types(title)), "Nurse");
        assert!(employment_types("Contract Manager").is_empty());
    }
}
