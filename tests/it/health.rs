//! Probes.

use crate::support::spawn_app;

#[actix_web::test]
async fn probes_say_ok_and_are_never_kept() {
    let app = spawn_app().await;
    for path in ["/healthz", "/readyz"] {
        let answer = app.get(path).await;
        assert_eq!(answer.text(), "{\"status\":\"ok\"}");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
}
