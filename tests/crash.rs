//! What was acknowledged is there after a power cut.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::json;

use crate::support::{Client, Server, copy_folder, example, now_text, program};

fn pinned_shop(folder: &std::path::Path) {
    copy_folder(&example("shop"), folder);
    let status =
        program().args(["policy", "pin"]).arg(folder).stdout(std::process::Stdio::null()).status().unwrap();
    assert!(status.success());
}

/// Sends events one by one until the server is gone; says which were acknowledged.
fn ingest(client: &Client, subject: &str, stop: &AtomicBool) -> Vec<String> {
    let mut acknowledged = Vec::new();
    for n in 0.. {
        let id = format!("{subject}-{n}");
        let event = json!({"event_id": id, "type": "view_item", "occurred_at": now_text(), "subject_id": subject, "items": [{"item_id": id}]});
        let sent =
            client.send("POST", "/v1/events", Some(json!({"events": [event]}).to_string().as_bytes()), &[]);
        match sent {
            Ok(answer) if answer.status == 202 => {
                assert_eq!(answer.json()["accepted"], 1, "{}", answer.text);
                acknowledged.push(id);
            }
            Ok(answer) => assert!([429, 503].contains(&answer.status), "{}", answer.text),
            Err(_) => break,
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    acknowledged
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let (shop, data) = (folder.path().join("shop"), folder.path().join("data"));
    pinned_shop(&shop);
    let mut server = Server::serve(&shop, &data);
    let subjects: Vec<String> = (0..4).map(|n| format!("crash-{n}")).collect();
    for subject in &subjects {
        server.client.consent(subject, "personalisation");
    }
    let stop = Arc::new(AtomicBool::new(false));
    let kept = Arc::new(Mutex::new(Vec::new()));
    let writers: Vec<_> = subjects
        .iter()
        .map(|subject| {
            let (client, subject, stop, kept) =
                (server.client.clone(), subject.clone(), Arc::clone(&stop), Arc::clone(&kept));
            thread::spawn(move || {
                let acknowledged = ingest(&client, &subject, &stop);
                kept.lock().unwrap().push((subject, acknowledged));
            })
        })
        .collect();
    // long enough for some hundred events, and in the middle of others
    thread::sleep(Duration::from_millis(700));
    server.kill();
    for writer in writers {
        writer.join().unwrap();
    }

    let server = Server::serve(&shop, &data);
    for (subject, acknowledged) in kept.lock().unwrap().iter() {
        assert!(!acknowledged.is_empty(), "{subject} sent nothing before the end");
        let export = server.client.get(&format!("/v1/subjects/{subject}")).expect(200);
        let stored: std::collections::BTreeSet<String> = export["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| e["items"][0]["item_id"].as_str().unwrap().to_owned())
            .collect();
        for id in acknowledged {
            assert!(stored.contains(id), "{id} was acknowledged and is lost");
        }
    }
}
