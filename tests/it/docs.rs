//! The page that shows the specification.

use crate::support::spawn_app;

#[actix_web::test]
async fn the_page_loads_nothing_from_elsewhere_and_all_that_it_loads_is_there() {
    let app = spawn_app().await;
    let page = app.get("/docs").await;
    assert_eq!(page.media_type(), "text/html");
    let references = page.text().split(['"']).filter(|text| text.starts_with('/') && text.len() > 3);
    let references: Vec<&str> = references.collect();
    assert!(references.len() >= 5, "{references:?}");
    assert!(
        !page.text().contains("http:") && !page.text().contains("https:") && !page.text().contains("\"./")
    );
    for reference in references {
        let file = app.get(reference).await;
        assert_eq!(file.status, 200, "{reference}");
        assert!(!file.body.is_empty());
    }
}

#[actix_web::test]
async fn the_page_shows_our_document_and_asks_no_validator() {
    let script = spawn_app().await.get("/docs/swagger-initializer.js").await;
    assert!(script.text().contains("/openapi.json"));
    assert!(script.text().contains("\"validatorUrl\": \"none\""), "{}", script.text());
    assert!(!script.text().contains("petstore"));
}

#[actix_web::test]
async fn the_root_leads_to_the_page() {
    let answer = spawn_app().await.get("/").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/docs"));
}
