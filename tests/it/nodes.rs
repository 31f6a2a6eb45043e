//! Two servers on one database: whoever is asked after a write was acknowledged has it.

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use crate::database::Database;
use crate::process::{ADMIN_KEY, Process, key_file};

#[actix_web::test]
async fn two_servers_on_one_postgres_never_give_a_stale_answer() {
    let Some(database) = Database::create().await else { return };
    interleave(&database.url).await;
    database.drop().await;
}

#[actix_web::test]
async fn two_servers_on_one_sqlite_never_give_a_stale_answer() {
    let folder = tempfile::tempdir().unwrap();
    interleave(&format!("sqlite://{}", folder.path().join("both.db").display())).await;
}

async fn interleave(url: &str) {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let servers = folders.each_ref().map(|folder| {
        let key = key_file(folder.path());
        let settings = [
            ("DATABASE_URL", url),
            ("ROLEWRIGHT_ADMIN_KEY_FILE", key.to_str().unwrap()),
            ("ROLEWRIGHT_RATE_LIMIT_KEY", "off"),
            ("ROLEWRIGHT_LOG", "rolewright=info,rolewright::access=warn"),
        ];
        Process::start(folder.path(), &settings)
    });
    let client = Client::new();
    let path = "/api/v1/roles/lighthouse-keeper";
    for turn in 0..60_u32 {
        let (writer, reader) = (&servers[turn as usize % 2], &servers[(turn as usize + 1) % 2]);
        let marker = format!("The keeper at turn {turn}.");
        let request = client.put(writer.url(path)).bearer_auth(ADMIN_KEY).json(&role(&marker));
        let request = if turn == 0 { request } else { request.header("If-Match", format!("\"{turn}\"")) };
        let written = request.send().await.unwrap();
        assert!(written.status().is_success(), "{turn}: {}", written.text().await.unwrap());
        for server in [reader, writer] {
            let answer = client.get(server.url(path)).bearer_auth(ADMIN_KEY).send().await.unwrap();
            assert_eq!(answer.headers()["etag"], format!("\"{}\"", turn + 1));
            assert_eq!(answer.json::<Value>().await.unwrap()["summary"], marker);
            let posting = server.url(&format!("{path}/posting?format=text&length=full"));
            let posting = client.get(posting).bearer_auth(ADMIN_KEY).send().await.unwrap();
            assert!(posting.text().await.unwrap().contains(&marker));
        }
    }
    client.delete(servers[0].url(path)).bearer_auth(ADMIN_KEY).send().await.unwrap();
    let gone = client.get(servers[1].url(path)).bearer_auth(ADMIN_KEY).send().await.unwrap();
    assert_eq!(gone.status(), StatusCode::GONE);
}

fn role(marker: &str) -> Value {
    json!({
        "id": "lighthouse-keeper",
        "title": "Lighthouse Keeper",
        "summary": marker,
        "mission": "keep the light burning",
        "responsibilities": {"primary": [{"id": "light", "action": "keep the light burning"}]},
    })
}
