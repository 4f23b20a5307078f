//! A small HTTP client on loopback.

use serde_json::Value;

/// What came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|e| panic!("no JSON ({e}): {}", self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str())
    }

    /// The answer's JSON, where it is the status that was expected.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() { Value::Null } else { self.json() }
    }

    /// The ids of the recommended items in their order.
    pub fn items(&self) -> Vec<String> {
        let items = self.expect(200)["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|i| i["item_id"].as_str().unwrap().to_owned()).collect()
    }

    /// The status and reason of each strategy that was tried, by name.
    pub fn tried(&self, name: &str) -> Option<(String, Option<String>)> {
        let json = self.json();
        let found = json["strategies"].as_array()?.iter().find(|s| s["name"] == name)?.clone();
        Some((found["status"].as_str()?.to_owned(), found["why"].as_str().map(str::to_owned)))
    }
}

/// A client of one server.
#[derive(Clone)]
pub struct Client {
    base: String,
    agent: ureq::Agent,
}

impl Client {
    pub fn new(base: &str) -> Self {
        let config = ureq::Agent::config_builder()
            // the server ends a connection that says nothing for ten seconds
            .max_idle_age(std::time::Duration::from_secs(5))
            .http_status_as_error(false)
            .timeout_global(Some(std::time::Duration::from_secs(30)))
            .build();
        Self { base: base.to_owned(), agent: config.into() }
    }

    /// Sends a request whose body, if it has one, is JSON.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, String> {
        let kind = body.map(|_| ("content-type", "application/json"));
        let headers: Vec<(&str, &str)> = kind.into_iter().chain(headers.iter().copied()).collect();
        self.send_as(method, path, body, &headers)
    }

    /// Sends a request with these headers and no others.
    pub fn send_as(
        &self,
        method: &str,
        path: &str,
        body: Option<&[u8]>,
        headers: &[(&str, &str)],
    ) -> Result<Answer, String> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sent = match body {
            Some(body) => self.agent.run(request.body(body).map_err(|e| e.to_string())?),
            None => self.agent.run(request.body(()).map_err(|e| e.to_string())?),
        };
        let mut response = sent.map_err(|e| e.to_string())?;
        let headers = response
            .headers()
            .iter()
            .map(|(k, v)| (k.to_string(), String::from_utf8_lossy(v.as_bytes()).into_owned()))
            .collect();
        let text = response.body_mut().read_to_string().map_err(|e| e.to_string())?;
        Ok(Answer { status: response.status().as_u16(), headers, text })
    }

    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, None, &[]).expect("the server answers")
    }

    #[track_caller]
    pub fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, None, &[]).expect("the server answers")
    }

    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, Some(body.to_string().as_bytes()), &[]).expect("the server answers")
    }

    #[track_caller]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send("PUT", path, Some(body.to_string().as_bytes()), &[]).expect("the server answers")
    }

    /// Asks for recommendations.
    #[track_caller]
    pub fn recommend(&self, body: &Value) -> Answer {
        self.post("/v1/recommendations", body)
    }

    /// Puts the products of the example shop in, as whoever these headers say.
    #[track_caller]
    pub fn put_example_items(&self, headers: &[(&str, &str)]) {
        let items = include_bytes!("../../examples/shop/items.jsonl");
        let headers = [&[("content-type", "application/x-ndjson")], headers].concat();
        let answer = self.send_as("PUT", "/v1/items", Some(items), &headers).expect("the server answers");
        answer.expect(200);
    }

    /// Stores a yes to a consent question.
    #[track_caller]
    pub fn consent(&self, subject: &str, name: &str) {
        let body = serde_json::json!({"status": "granted", "text_version": "2026-10", "source": "test"});
        self.put(&format!("/v1/subjects/{subject}/consents/{name}"), &body).expect(200);
    }
}
