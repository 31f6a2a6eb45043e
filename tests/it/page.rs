//! Our pages in a real browser. Pictures of them are left in `target/screenshots`, for people to look at.

use std::fs;

use scraper::{Html, Selector};
use serde_json::{Value, json};

use crate::browser::{Visit, picture, screenshot, visit};
use crate::kept_postings::{get, publish, tech_manager};
use crate::support::{SPEC, Service, spawn_app, spawn_with_acme};

const POSTING: &str = "/api/v1/roles/tech-manager/posting?format=page&tone=friendly&employer=Acme&city=Denver&region=US-CO&workplace=hybrid";

/// A service that answers already: the browser blocks the thread that it was started on.
async fn serve() -> Service {
    let app = spawn_app().await;
    app.get("/readyz").await;
    app
}

fn texts(dom: &Html, selector: &str) -> Vec<String> {
    let selector = Selector::parse(selector).unwrap();
    dom.select(&selector).map(|element| element.text().collect::<String>().trim().to_owned()).collect()
}

/// A page must have asked our server alone, and have nothing to complain of.
#[track_caller]
fn assert_content(visit: &Visit, app: &Service) {
    assert!(visit.console.is_empty(), "{:#?}", visit.console);
    let ours = format!("http://{}/", app.address);
    assert!(!visit.requests.is_empty());
    assert!(visit.requests.iter().all(|url| url.starts_with(&ours)), "{:#?}", visit.requests);
}

/// Width and height of a PNG, from its header.
fn size(png: &[u8]) -> (u32, u32) {
    assert!(png.starts_with(b"\x89PNG"));
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[actix_web::test]
async fn a_posting_is_a_page_that_the_browser_has_nothing_against() {
    let app = serve().await;
    let pdf = picture("page.pdf");
    let mut flags = screenshot("page-desktop.png", 1280, 1000);
    flags.extend([format!("--print-to-pdf={}", pdf.display()), "--no-pdf-header-footer".to_owned()]);
    let seen = visit(&format!("http://{}{POSTING}", app.address), &flags);
    assert_content(&seen, &app);
    assert_eq!(seen.requests.len(), 1, "a page is one file: {:?}", seen.requests);

    let dom = Html::parse_document(&seen.dom);
    assert_eq!(texts(&dom, "title"), ["Tech Manager"]);
    assert_eq!(texts(&dom, "main h1"), ["Tech Manager"]);
    assert_eq!(texts(&dom, "html[lang=en-US]").len(), 1);
    assert!(texts(&dom, "main h2").contains(&"What you'll do".to_owned()), "{:?}", texts(&dom, "h2"));
    assert!(texts(&dom, "main article li").len() > 10);
    assert!(texts(&dom, "script").is_empty());

    assert_eq!(size(&fs::read(picture("page-desktop.png")).unwrap()), (1280, 1000));
    let pdf = fs::read(pdf).unwrap();
    assert!(pdf.starts_with(b"%PDF-") && pdf.len() > 10_000);
}

#[actix_web::test]
async fn a_posting_is_dark_for_those_who_like_it_dark() {
    let app = serve().await;
    let url = format!("http://{}{POSTING}", app.address);
    let dark = |name: &str, scheme: u8| {
        let mut flags = screenshot(name, 1280, 1000);
        flags.push(format!("--blink-settings=preferredColorScheme={scheme}"));
        assert_content(&visit(&url, &flags), &app);
        fs::read(picture(name)).unwrap()
    };
    assert_ne!(dark("page-light.png", 1), dark("page-dark.png", 0));
}

#[actix_web::test]
async fn a_posting_scrolls_in_one_direction_on_a_phone() {
    let app = serve().await;
    let long = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft";
    let page = app.get(&POSTING.replace("Acme", long)).await;
    assert_content(
        &visit(&format!("http://{}{POSTING}", app.address), &screenshot("page-phone.png", 360, 800)),
        &app,
    );
    assert_eq!(size(&fs::read(picture("page-phone.png")).unwrap()), (360, 800));

    // No window is as narrow as a phone.
    let measure = "it.documentElement.scrollWidth";
    let flags = screenshot("page-phone-long-word.png", 400, 840);
    assert_eq!(asked_of_a_copy(page.text(), measure, &flags), "360");
}

/// What a script finds in `it`, the document of a page, at the width of a phone. The policy of the page
/// allows no script: a copy in a frame is asked.
fn asked_of_a_copy(page: &str, script: &str, flags: &[String]) -> String {
    let page = page.replace('&', "&amp;").replace('"', "&quot;");
    let frame = format!(
        "<iframe width=360 height=800 srcdoc=\"{page}\" \
            onload=\"const it = this.contentDocument; document.title = {script}\"></iframe>"
    );
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("copy.html");
    fs::write(&file, format!("<!DOCTYPE html><meta charset=utf-8><title></title>{frame}")).unwrap();
    let seen = visit(&format!("file://{}", file.display()), flags);
    assert!(seen.console.is_empty(), "{:#?}", seen.console);
    texts(&Html::parse_document(&seen.dom), "title").remove(0)
}

#[actix_web::test]
async fn a_public_page_says_the_same_to_machines_as_to_people_and_runs_nothing() {
    let app = spawn_with_acme().await;
    let hostile = r#"Lead </script><script>document.title = "run"</script> & Co"#;
    for (title, name) in [("Tech Manager", "careers.png"), (hostile, "careers-hostile-title.png")] {
        let path = publish(&app, &tech_manager(&json!({"options": {"title": title}}))).await;
        let url = get(&app, &path).await.json()["url"].as_str().unwrap().to_owned();
        let seen = visit(&url, &screenshot(name, 1280, 1000));
        assert_content(&seen, &app);
        assert_eq!(seen.requests.len(), 1, "a page is one file: {:?}", seen.requests);
        let shown = Html::parse_document(&seen.dom);
        assert_eq!(texts(&shown, "title"), [title]);
        assert_eq!(texts(&shown, "main h1"), [title]);
        assert_eq!(texts(&shown, "script").len(), 1);
        assert_eq!(size(&fs::read(picture(name)).unwrap()), (1280, 1000));

        let page = app.get(url.strip_prefix(&format!("http://{}", app.address)).unwrap()).await;
        let parsed = "JSON.stringify(JSON.parse(it.scripts[0].textContent))";
        let markup: Value = serde_json::from_str(&asked_of_a_copy(page.text(), parsed, &[])).unwrap();
        assert_eq!((&markup["@type"], &markup["title"]), (&json!("JobPosting"), &json!(title)));
        let salary = &markup["baseSalary"];
        assert_eq!((&salary["currency"], &salary["value"]["unitText"]), (&json!("USD"), &json!("YEAR")));
        let text = texts(&shown, "main").remove(0);
        for end in ["minValue", "maxValue"] {
            let amount = salary["value"][end].as_u64().unwrap();
            let amount = format!("${},{:03}", amount / 1000, amount % 1000);
            assert!(text.contains(&amount), "{amount}: {text}");
        }
    }
}

#[actix_web::test]
async fn the_documentation_shows_every_operation_and_asks_nobody_else() {
    let app = serve().await;
    let mut flags = screenshot("docs.png", 1280, 1000);
    flags.push("--virtual-time-budget=20000".to_owned());
    let seen = visit(&format!("http://{}/docs", app.address), &flags);
    assert_content(&seen, &app);
    assert!(seen.requests.iter().any(|url| url.ends_with("/openapi.json")), "{:#?}", seen.requests);
    let shown = texts(&Html::parse_document(&seen.dom), ".opblock-summary-description");
    let operations =
        SPEC["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    for summary in operations.filter_map(|operation| operation["summary"].as_str()) {
        assert!(shown.iter().any(|text| text == summary), "{summary}: {shown:#?}");
    }
}

/// Else the tests above could pass because the browser tells us nothing.
#[test]
fn a_violation_and_a_request_to_another_host_would_be_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.html");
    let policy = r#"<meta http-equiv="Content-Security-Policy" content="style-src 'none'">"#;
    fs::write(
        &file,
        format!("{policy}<style>p{{color:red}}</style><img src=\"http://other.invalid/x.png\">"),
    )
    .unwrap();
    let seen = visit(&format!("file://{}", file.display()), &[]);
    assert!(seen.console.iter().any(|line| line.contains("Content Security Policy")), "{:#?}", seen.console);
    assert!(seen.requests.iter().any(|url| url == "http://other.invalid/x.png"), "{:#?}", seen.requests);
}
