//! The properties of the document: what the file manager and the search of an office show.

use crate::domain::{Posting, Vacancy};

use super::super::xml::Xml;

const PRODUCT: &str = "Rolewright";

/// The part `docProps/core.xml`. Its dates are the day on which the posting goes public: the only day
/// that the posting itself tells.
pub fn core(posting: &Posting<'_>, vacancy: &Vacancy) -> Vec<u8> {
    let mut xml = Xml::dense();
    xml.declaration();
    let names = [
        ("xmlns:cp", "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:dcterms", "http://purl.org/dc/terms/"),
        ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ];
    let author = vacancy.employer.as_ref().map_or(PRODUCT, |employer| employer.name.as_str());
    xml.open("cp:coreProperties", &names);
    xml.element("dc:title", &[], &posting.title);
    xml.element("dc:subject", &[], "Job posting");
    xml.element("dc:creator", &[], author);
    if let Some(family) = &vacancy.family {
        xml.element("cp:category", &[], family.as_str());
    }
    if let Some(reference) = &vacancy.requisition_id {
        xml.element("dc:identifier", &[], reference.as_str());
    }
    xml.element("dc:language", &[], &posting.language);
    if let Some(day) = vacancy.date_posted {
        let moment = format!("{day}T00:00:00Z");
        for name in ["dcterms:created", "dcterms:modified"] {
            xml.element(name, &[("xsi:type", "dcterms:W3CDTF")], &moment);
        }
    }
    xml.close("cp:coreProperties");
    xml.into_bytes()
}

/// The part `docProps/app.xml`.
pub fn app(vacancy: &Vacancy) -> Vec<u8> {
    let mut xml = Xml::dense();
    xml.declaration();
    let name = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties";
    xml.open("Properties", &[("xmlns", name)]);
    xml.element("Application", &[], PRODUCT);
    if let Some(employer) = &vacancy.employer {
        xml.element("Company", &[], employer.name.as_str());
    }
    xml.close("Properties");
    xml.into_bytes()
}
