//! The document itself: every operation with what it takes and answers.

use std::collections::{BTreeMap, BTreeSet};

use keyholder_core::wire::{
    Access, Description, FindAccount, Method, Onlooker, Operation, PROBLEM_JSON, Problem, REQUEST_ID,
    TIME_HEADER, VERSION, VERSION_HEADER, each_operation,
};
use specta::datatype::DataType;
use specta::{FormatError, Type as _, Types};
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{
    AdditionalProperties, ComponentsBuilder, ObjectBuilder, Schema, SchemaFormat, Type,
};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, InfoBuilder, OpenApi, OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required,
    ResponseBuilder,
};

use crate::schemas::Schemas;

/// How a session is proven.
const SESSION: &str = "session";

/// An operation with its types.
struct Asked {
    description: Description,
    query: DataType,
    body: DataType,
    answer: DataType,
}

#[derive(Default)]
struct Seen {
    types: Types,
    operations: Vec<Asked>,
}

impl Onlooker for Seen {
    fn see<O: Operation>(&mut self) {
        let types = &mut self.types;
        self.operations.push(Asked {
            description: O::DESCRIPTION,
            query: O::Query::definition(types),
            body: O::Body::definition(types),
            answer: O::Answer::definition(types),
        });
    }
}

/// The document of every operation there is.
pub(crate) fn document() -> Result<OpenApi, FormatError> {
    let mut seen = Seen::default();
    each_operation(&mut seen);
    let nothing = <()>::definition(&mut seen.types);
    let problem = Problem::definition(&mut seen.types);
    let mut schemas = Schemas::of(&seen.types)?;

    let mut components = ComponentsBuilder::new().security_scheme(SESSION, proof());
    for status in STATUSES {
        components = components.response(format!("Problem{status}"), refused(*status));
    }
    schemas.schema(&problem)?;
    let mut paths: BTreeMap<&str, PathItem> = BTreeMap::new();
    let mut sent = Vec::new();
    for asked in &seen.operations {
        let about = &asked.description;
        let mut operation = OperationBuilder::new()
            .operation_id(Some(about.name))
            .summary(Some(about.about))
            .tag(tag(about.path));
        for parameter in in_path(about.path) {
            operation = operation.parameter(parameter);
        }
        for pair in schemas.pairs(&asked.query)? {
            let parameter = ParameterBuilder::new()
                .name(pair.name)
                .parameter_in(ParameterIn::Query)
                .description(pair.about)
                .required(if pair.required {
                    Required::True
                } else {
                    Required::False
                })
                .schema(Some(pair.schema));
            operation = operation.parameter(parameter);
        }
        if about.revised {
            operation = operation.parameter(revision());
        }
        let takes = asked.body != nothing;
        if takes {
            let schema = schemas.schema(&asked.body)?;
            sent.push(schema.clone());
            let content = ContentBuilder::new().schema(Some(schema)).build();
            let body = RequestBodyBuilder::new()
                .content("application/json", content)
                .required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        let mut done = ResponseBuilder::new().description(about.about);
        if asked.answer != nothing {
            let schema = schemas.schema(&asked.answer)?;
            done = done.content(
                "application/json",
                ContentBuilder::new().schema(Some(schema)).build(),
            );
        }
        operation = operation.response(about.status.to_string(), in_common(done).build());
        for status in problems(about, takes) {
            let reference = Ref::from_response_name(format!("Problem{status}"));
            operation = operation.response(status.to_string(), reference);
        }
        operation = match about.access {
            Access::Anybody => operation.securities(Some([])),
            Access::Session => operation.security(SecurityRequirement::new(SESSION, [""; 0])),
        };
        let item = PathItem::new(method(about.method), operation);
        match paths.get_mut(about.path) {
            Some(there) => there.merge_operations(item),
            None => drop(paths.insert(about.path, item)),
        }
    }

    let mut named = schemas.into_named();
    close(&mut named, &sent);
    for (name, schema) in named {
        components = components.schema(name, schema);
    }
    let paths = paths
        .into_iter()
        .fold(PathsBuilder::new(), |all, (path, item)| all.path(path, item));
    let info = InfoBuilder::new()
        .title("Keyholder")
        .version(VERSION.to_string())
        .description(Some(
            "What a Keyholder service can be asked over HTTP. Answers may gain fields: pass over what you do \
             not know. In a request every field is read, and one that is not known is refused.",
        ));
    Ok(OpenApiBuilder::new()
        .info(info.build())
        .paths(paths.build())
        .components(Some(components.build()))
        .build())
}

fn proof() -> SecurityScheme {
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some(
        "The token that a step of signing in answers; each step has a new one. A console signs \
              each request besides, in the header keyholder-proof: its session opens to nothing else."
            .to_owned(),
    );
    SecurityScheme::Http(bearer)
}

fn method(of: Method) -> HttpMethod {
    match of {
        Method::Get => HttpMethod::Get,
        Method::Post => HttpMethod::Post,
        Method::Put => HttpMethod::Put,
        Method::Delete => HttpMethod::Delete,
    }
}

/// What the first word of the path is about.
fn tag(path: &str) -> &str {
    path.split('/').nth(2).unwrap_or_default()
}

/// The names in braces: ids, but for those of limits.
fn in_path(path: &str) -> Vec<Parameter> {
    let named = |part: &str| {
        let name = part.strip_prefix('{')?.strip_suffix('}')?.to_owned();
        let text = ObjectBuilder::new().schema_type(Type::String);
        let part = if name == "name" {
            text.pattern(Some("^[a-z0-9_-]{1,40}$"))
        } else {
            text.format(Some(SchemaFormat::Custom("uuid".to_owned())))
        };
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .schema(Some(part));
        Some(parameter.build())
    };
    path.split('/').filter_map(named).collect()
}

/// The revision that was looked at, as its entity tag.
fn revision() -> ParameterBuilder {
    let tag = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(r#"^"(0|[1-9][0-9]{0,8})"$"#));
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .description(Some(
            "The entity tag of the revision that was looked at: its number in quotes.",
        ))
        .required(Required::True)
        .schema(Some(tag))
}

/// Every status of a problem, with what it says.
const STATUSES: &[u16] = &[
    400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 423, 428, 429, 500, 503, 507,
];

/// The statuses of the problems that an operation can answer.
fn problems(of: &Description, takes: bool) -> BTreeSet<u16> {
    let mut can: BTreeSet<u16> = [400, 429, 500, 503].into();
    if of.access == Access::Session || of.method.changes() {
        can.extend([401, 403, 423]);
    }
    if of.access == Access::Anybody {
        // Before the shop is set up.
        can.insert(409);
    }
    if of.method.changes() {
        can.extend([409, 422, 507]);
    }
    if takes {
        can.extend([408, 413, 415]);
    }
    if of.path.contains('{') || *of == FindAccount::DESCRIPTION {
        can.insert(404);
    }
    if of.revised {
        can.extend([412, 428]);
    }
    can
}

fn refused(status: u16) -> ResponseBuilder {
    let why = match status {
        400 => "The request cannot be read, or has something that the operation does not know.",
        401 => "No session is proven, it has ended, or a secret is wrong.",
        403 => "The right is missing, or something comes first.",
        404 => "It is not there.",
        408 => "The body did not come in time.",
        409 => "It cannot be done as things are.",
        412 => "Somebody changed it since that revision.",
        413 => "The body is too long.",
        415 => "The body is no JSON.",
        422 => "A rule does not take what was sent.",
        423 => "The session, the account or the factor is locked.",
        428 => "The revision that was looked at is missing.",
        429 => "Too many tries or requests: wait.",
        503 => "The service cannot do it just now: nothing was done.",
        507 => "The disk of the service is full: nothing was saved.",
        _ => "Something is broken. Whether it was done is said by the code `outcome_unknown`.",
    };
    let schema = Ref::from_schema_name("Problem");
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let mut response = in_common(ResponseBuilder::new().description(why)).content(PROBLEM_JSON, content);
    if status == 429 {
        response = response
            .header(
                "ratelimit-policy",
                text("How high the limit is, where it is one of the service's (draft-ietf-httpapi-ratelimit-headers-11)."),
            )
            .header("ratelimit", text("What is left of it, and when there is more."));
    }
    if matches!(status, 429 | 503) {
        response = response.header(
            "retry-after",
            text("In how many seconds there may be use in asking again."),
        );
    }
    if status == 401 {
        response = response.header("www-authenticate", text("How a session is proven (RFC 6750)."));
    }
    response
}

/// What every answer has.
fn in_common(response: ResponseBuilder) -> ResponseBuilder {
    response
        .header(
            REQUEST_ID,
            text("By what the request is found in the log of the service."),
        )
        .header(VERSION_HEADER, text("The version of these operations."))
        .header(
            TIME_HEADER,
            text("What time it is for the service, in seconds since 1970."),
        )
        .header("cache-control", text("An answer is kept nowhere."))
}

fn text(about: &str) -> Header {
    let mut header = Header::new(ObjectBuilder::new().schema_type(Type::String));
    header.description = Some(about.to_owned());
    header
}

/// Says of whatever can be sent that it has no other fields than those.
fn close(named: &mut BTreeMap<String, RefOr<Schema>>, sent: &[RefOr<Schema>]) {
    let mut open: Vec<RefOr<Schema>> = sent.to_vec();
    let mut closed = BTreeSet::new();
    while let Some(schema) = open.pop() {
        match schema {
            RefOr::Ref(reference) => {
                let name = reference
                    .ref_location
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                if let Some(found) = named.get_mut(&name)
                    && closed.insert(name)
                {
                    if let RefOr::T(Schema::Object(object)) = found
                        && !object.properties.is_empty()
                    {
                        object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
                    }
                    open.push(found.clone());
                }
            }
            RefOr::T(Schema::Object(object)) => open.extend(object.properties.into_values()),
            RefOr::T(Schema::Array(array)) => {
                if let utoipa::openapi::schema::ArrayItems::RefOrSchema(items) = array.items {
                    open.push(*items);
                }
            }
            RefOr::T(Schema::OneOf(choice)) => open.extend(choice.items),
            RefOr::T(_) => {}
        }
    }
}
