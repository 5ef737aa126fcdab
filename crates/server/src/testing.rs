//! Holds what is asked and answered against the `OpenAPI` document: for stories, which fail by panicking.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use jsonschema::{Draft, Validator};
use keyholder_core::account::Email;
use serde_json::{Value, json};

use crate::openapi::DOCUMENT;

/// The document, strictly read: an answer has no field that it does not tell of.
pub struct Word {
    document: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

/// The same router; every request that is done and every answer is held against the document on its way.
pub fn held_to_its_word(router: Router) -> Router {
    router.layer(from_fn_with_state(Arc::new(Word::new()), held))
}

#[expect(clippy::panic, reason = "stories fail by panicking")]
async fn held(State(word): State<Arc<Word>>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = (parts.method.clone(), parts.uri.clone());
    let body = whole(body).await;
    let fits = word.asked(&asked.0, &asked.1, &parts.headers, &body);
    let (parts, body) = next
        .run(Request::from_parts(parts, body.into()))
        .await
        .into_parts();
    let body = whole(body).await;
    // A story may ask what is refused.
    if let (true, Err(why)) = (parts.status.is_success(), fits) {
        panic!(
            "{} {} was done, and is not what the document says: {why}",
            asked.0, asked.1
        );
    }
    if let Err(why) = word.answered(&asked.0, &asked.1, parts.status, &parts.headers, &body) {
        panic!(
            "{} {} is not answered as the document says: {why}",
            asked.0, asked.1
        );
    }
    Response::from_parts(parts, body.into())
}

/// What cannot be read at all is nothing.
async fn whole(body: Body) -> Bytes {
    to_bytes(body, 1 << 26).await.unwrap_or_default()
}

impl Default for Word {
    fn default() -> Self {
        Self::new()
    }
}

impl Word {
    /// Reads the document.
    ///
    /// # Panics
    /// It is no JSON.
    #[expect(clippy::expect_used, reason = "a test of this crate reads the same document")]
    pub fn new() -> Self {
        let mut document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
        if let Some(schemas) = document.pointer_mut("/components/schemas") {
            close(schemas);
        }
        Self {
            document,
            validators: Mutex::default(),
        }
    }

    /// Whether a request is one of the document's.
    ///
    /// # Errors
    /// Says what is not.
    pub fn asked(&self, method: &Method, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<(), String> {
        let (door, operation) = self.operation(method, uri).ok_or("no such operation")?;
        let parameters = operation["parameters"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        for (at, parameter) in parameters.iter().enumerate() {
            let name = parameter["name"].as_str().unwrap_or_default();
            let values: Vec<String> = match parameter["in"].as_str() {
                Some("query") => query(uri)
                    .filter(|(key, _)| key == name)
                    .map(|(_, value)| value)
                    .collect(),
                Some("header") => {
                    let values = headers.get_all(name).iter();
                    values
                        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
                        .collect()
                }
                _ => continue,
            };
            if values.is_empty() && parameter["required"] == json!(true) {
                return Err(format!("{name} is missing"));
            }
            for value in values {
                let schema = format!("{door}/parameters/{at}/schema");
                // What is written as a number or a truth may be one.
                let read = serde_json::from_str(&value)
                    .ok()
                    .filter(|read: &Value| !read.is_string());
                let texts = [Some(Value::String(value)), read];
                let fits = |value: &Value| self.fits(&schema, value);
                let tried: Vec<_> = texts.iter().flatten().map(fits).collect();
                if !tried.iter().any(Result::is_ok) {
                    return Err(format!("{name}: {tried:?}"));
                }
            }
        }
        for (key, _) in query(uri) {
            let told = |parameter: &Value| parameter["in"] == "query" && parameter["name"] == key;
            if !parameters.iter().any(told) {
                return Err(format!("{key} in the query is not told of"));
            }
        }
        let proven = headers.contains_key(header::AUTHORIZATION);
        let needs = operation["security"]
            .as_array()
            .is_some_and(|ways| !ways.is_empty());
        if needs && !proven {
            return Err("no session is proven".to_owned());
        }
        match (operation.get("requestBody"), body) {
            (None, []) => Ok(()),
            (None, _) => Err("a body is sent that is not told of".to_owned()),
            (Some(_), body) => {
                let body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
                self.fits(
                    &format!("{door}/requestBody/content/application~1json/schema"),
                    &body,
                )
            }
        }
    }

    /// Whether an answer is one that the document tells of. What nobody can ask has no answer.
    ///
    /// # Errors
    /// Says what is not.
    pub fn answered(
        &self,
        method: &Method,
        uri: &Uri,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), String> {
        let Some((door, operation)) = self.operation(method, uri) else {
            return Ok(());
        };
        let mut place = format!("{door}/responses/{}", status.as_u16());
        let mut told = &operation["responses"][status.as_str()];
        if let Some(reference) = told["$ref"].as_str() {
            place = reference.trim_start_matches('#').to_owned();
            told = self.document.pointer(&place).unwrap_or(&Value::Null);
        }
        if told.is_null() {
            return Err(format!(
                "{status} is not told of: {}",
                String::from_utf8_lossy(body)
            ));
        }
        for name in ["x-request-id", "keyholder-version", "cache-control"] {
            if !headers.contains_key(name) {
                return Err(format!("{name} is missing"));
            }
        }
        let media = headers
            .get(header::CONTENT_TYPE)
            .and_then(|media| media.to_str().ok());
        match (told["content"].as_object(), media) {
            (None, None) if body.is_empty() => Ok(()),
            (Some(content), Some(media)) if content.contains_key(media) => {
                let body = serde_json::from_slice(body).map_err(|error| error.to_string())?;
                self.fits(
                    &format!("{place}/content/{}/schema", media.replace('/', "~1")),
                    &body,
                )
            }
            (_, media) => Err(format!("{status} comes as {media:?}")),
        }
    }

    /// Where in the document an operation is, and the operation.
    fn operation(&self, method: &Method, uri: &Uri) -> Option<(String, &Value)> {
        let paths = self.document["paths"].as_object()?;
        let asked: Vec<_> = uri.path().split('/').collect();
        let fits = |template: &str| {
            let told: Vec<_> = template.split('/').collect();
            let same =
                |(told, asked): (&&str, &&str)| told == asked || (told.starts_with('{') && !asked.is_empty());
            told.len() == asked.len() && told.iter().zip(&asked).all(same)
        };
        // A fixed word comes before a name in braces.
        let mut found: Vec<_> = paths.keys().filter(|path| fits(path)).collect();
        found.sort_by_key(|path| path.matches('{').count());
        let path = found.first()?;
        let method = method.as_str().to_ascii_lowercase();
        let operation = paths[*path].get(&method)?;
        Some((format!("/paths/{}/{method}", path.replace('/', "~1")), operation))
    }

    /// Whether a value fits the schema at that place in the document.
    fn fits(&self, place: &str, value: &Value) -> Result<(), String> {
        let validator = self.validator(place)?;
        validator
            .validate(value)
            .map_err(|error| format!("{error} at {} by {}", error.instance_path(), error.schema_path()))
    }

    fn validator(&self, place: &str) -> Result<Arc<Validator>, String> {
        let mut kept = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = kept.get(place) {
            return Ok(Arc::clone(validator));
        }
        let mut schema = self.document.clone();
        schema["$ref"] = json!(format!("#{}", place.replace('{', "%7B").replace('}', "%7D")));
        let options = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_format("email", |text: &str| Email::parse(text).is_ok())
            .should_validate_formats(true);
        let validator = Arc::new(options.build(&schema).map_err(|error| error.to_string())?);
        kept.insert(place.to_owned(), Arc::clone(&validator));
        Ok(validator)
    }
}

/// The pairs of a query.
fn query(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned()
}

/// Says of every object that it has no other fields than those it tells of.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            if fields.contains_key("properties") && fields.get("type") == Some(&json!("object")) {
                fields.entry("additionalProperties").or_insert(json!(false));
            }
            fields.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
