//! What texts and numbers of the wire take beyond their type. The rules hold them; here they are only
//! told, and the fuzzer finds what is told wrong.

use keyholder_core::audit::Program;
use keyholder_core::limit::{NamedLimit, SUBJECT_MAX};
use keyholder_core::policy::Number;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, KnownFormat, Object, ObjectBuilder, Schema, SchemaFormat, Type,
};

/// Nothing that cannot be seen, and nothing that turns the direction of writing: see
/// [`printable`](keyholder_core::account::printable).
const UNSEEN: &str =
    r"\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb";

/// What is taken away at either end.
const SPACE: &str = r"\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000";

/// Bytes of the longest password. A text of so many code points can be longer, and is then refused.
const PASSWORD_MAX: usize = 4_096;

/// The schema of a type that says less of itself than it takes.
pub(super) fn of_type(name: &str) -> Option<RefOr<Schema>> {
    let text = || ObjectBuilder::new().schema_type(Type::String);
    let format = |format| text().format(Some(SchemaFormat::KnownFormat(format)));
    let schema = match name {
        "Timestamp" => format(KnownFormat::DateTime),
        "Uuid" => text().format(Some(SchemaFormat::Custom("uuid".to_owned()))),
        "Email" => format(KnownFormat::Email),
        "Name" => text()
            .max_length(Some(200))
            .pattern(Some(format!("^[{SPACE}]*[^{UNSEEN}]*[{SPACE}]*$"))),
        // Something is left of it without the spaces around.
        "Reason" => text().max_length(Some(500)).pattern(Some(format!(
            "^[{SPACE}]*[^{SPACE}{UNSEEN}][^{UNSEEN}]*[{SPACE}]*$"
        ))),
        // 1 to 1,023 bytes in base64url without padding, whose last bits are none.
        "PasskeyId" => text().max_length(Some(1_364)).pattern(Some(
            "^([A-Za-z0-9_-]{4})*([A-Za-z0-9_-]{4}|[A-Za-z0-9_-][AQgw]|[A-Za-z0-9_-]{2}[AEIMQUYcgkosw048])$",
        )),
        "LimitName" => text().pattern(Some("^[a-z0-9_-]{1,40}$")),
        "NamedLimit" => named_limit(),
        _ => return None,
    };
    Some(schema.into())
}

/// The schema of a field that takes less than others of its type.
pub(super) fn of_field(of: &str, field: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
    match (of, field) {
        ("SetUpBody" | "SignInBody" | "EnrolBody" | "PasswordBody", "password")
        | ("ChangePasswordBody", "present" | "new") => password().into(),
        ("SubjectBody" | "ClearLimitBody", "subject") => ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(SUBJECT_MAX))
            .pattern(Some(format!(
                "^[{SPACE}]*[^{SPACE}{UNSEEN}][^{UNSEEN}]*[{SPACE}]*$"
            )))
            .into(),
        ("Policy", "numbers") => numbers().into(),
        ("Origin", "program") => programs().into(),
        // A shop has a name.
        ("SetUpBody", "shop") | ("PolicyBody", "name") => {
            of_type("Reason").map_or(schema, |name| match name {
                RefOr::T(Schema::Object(object)) => shop_name(object).into(),
                other => other,
            })
        }
        _ => schema,
    }
}

/// Those that somebody can come with over the wire.
fn programs() -> Object {
    let words = [Program::Window, Program::CommandLine, Program::Api].map(Program::as_str);
    let string = ObjectBuilder::new().schema_type(Type::String);
    string.enum_values(Some(words)).build()
}

fn shop_name(mut text: Object) -> Object {
    text.max_length = Some(200);
    text
}

fn password() -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .max_length(Some(PASSWORD_MAX))
        .build()
}

fn named_limit() -> ObjectBuilder {
    let whole = |most| {
        let object = ObjectBuilder::new().schema_type(Type::Integer);
        object.minimum(Some(1)).maximum(Some(most))
    };
    ObjectBuilder::new()
        .property("count", whole(NamedLimit::MOST))
        .property("per_seconds", whole(NamedLimit::LONGEST))
        .required("count")
        .required("per_seconds")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
}

fn numbers() -> Object {
    let mut object = ObjectBuilder::new().additional_properties(Some(AdditionalProperties::FreeForm(false)));
    for number in Number::ALL {
        let bounds = number.bounds();
        let value = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .description(Some(format!(
                "{} unless set; from {}.",
                bounds.default, bounds.source
            )))
            .minimum(Some(bounds.least))
            .maximum(Some(bounds.most));
        object = object.property(number.as_str(), value);
    }
    object.build()
}
