//! `/v1/items`.

use std::collections::BTreeMap;

use hyper::StatusCode;
use jardin_access::{Role, Scope};
use jardin_engine::{ItemShown, Receipt};
use serde::Serialize;
use serde_json::{Value, json};

use super::receipt::{RECEIPT, REDACTED, ReceiptBody, redacted_entry};
use crate::{
    call::Call,
    field::{Field, Shape, ValueKind},
    problem_kind::ProblemKind,
    reply::{Outcome, Reply},
    route::{Answer, Body, Parameter, Path, Route, Run, Verb},
};

const ROLES: &[Role] = &[Role::Catalogue];
const ITEMS: Path = Path::plain("/v1/items");
const ITEM_PATH: Path = Path {
    template: "/v1/items/{id}",
    names: &[Field::required("id", ValueKind::Id, "which item").such_as(r#""TEN-103""#)],
};

pub(super) const ROUTES: &[Route] = &[
    Route {
        verb: Verb::Get,
        path: &ITEM_PATH,
        name: "show_item",
        roles: ROLES,
        scope: Some(Scope::Serve),
        summary: "an item without its confidential fields; to a page token what is public of it",
        parameters: &[Parameter::Show, Parameter::Locale],
        body: Body::None,
        answer: Answer::json(200, &ITEM).tagged(),
        problems: &[ProblemKind::NotFound],
        run: Run::ToItsEnd(|call| Box::pin(show_item(call))),
    },
    Route {
        verb: Verb::Put,
        path: &ITEM_PATH,
        name: "put_item",
        roles: ROLES,
        scope: None,
        summary: "sets an item; the next answer obeys it",
        parameters: &[Parameter::IfMatch],
        body: Body::Json(&ITEM_FIELDS),
        answer: Answer::json(200, &CHANGED).tagged(),
        problems: &[ProblemKind::VersionConflict, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_item(call))),
    },
    Route {
        verb: Verb::Patch,
        path: &ITEM_PATH,
        name: "change_item",
        roles: ROLES,
        scope: None,
        summary: "changes some fields of an item; `null` takes one away",
        parameters: &[Parameter::IfMatch],
        body: Body::Json(&ITEM_FIELDS),
        answer: Answer::json(200, &CHANGED).tagged(),
        problems: &[ProblemKind::NotFound, ProblemKind::VersionConflict, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(change_item(call))),
    },
    Route {
        verb: Verb::Delete,
        path: &ITEM_PATH,
        name: "remove_item",
        roles: ROLES,
        scope: None,
        summary: "removes an item",
        parameters: &[Parameter::IfMatch],
        body: Body::None,
        answer: Answer::NO_CONTENT,
        problems: &[ProblemKind::NotFound, ProblemKind::VersionConflict, ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(remove_item(call))),
    },
    Route {
        verb: Verb::Post,
        path: &Path::plain("/v1/items/batch"),
        name: "put_items",
        roles: ROLES,
        scope: None,
        summary: "sets many items; those that are refused are named, the others are taken in one step",
        parameters: &[],
        body: Body::Json(&BATCH),
        answer: Answer::json(200, &RECEIPT),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(put_items(call))),
    },
    Route {
        verb: Verb::Put,
        path: &ITEMS,
        name: "replace_items",
        roles: ROLES,
        scope: None,
        summary: "makes these items the whole catalogue in one step; where one is refused, none is sent, or more than a third would go, nothing changes",
        parameters: &[Parameter::ReplaceAll],
        body: Body::Lines(&ROW),
        answer: Answer::json(200, &RECEIPT).or(422),
        problems: &[ProblemKind::NotReady],
        run: Run::ToItsEnd(|call| Box::pin(replace_items(call))),
    },
];

const FIELDS: Field =
    Field::required("fields", ValueKind::Map(&ValueKind::Any), "by the names that the policy declares")
        .such_as(r#"{"category":"tents","brand":"Aubrac","price":"129.00","in_stock":true}"#);

const ITEM_FIELDS: Shape =
    Shape { name: "ItemFields", says: "The fields of an item.", fields: &[FIELDS], open: false };

const ROW: Shape = Shape {
    name: "Item",
    says: "An item as a shop sends it.",
    fields: &[Field::required("item_id", ValueKind::Id, "which item").such_as(r#""TEN-103""#), FIELDS],
    open: false,
};

const BATCH: Shape = Shape {
    name: "Items",
    says: "Items, of which each is judged by itself.",
    fields: &[Field::required("items", ValueKind::Rows(&ROW), "the items")],
    open: false,
};

const ITEM: Shape = Shape {
    name: "ShownItem",
    says: "An item; its confidential fields are left out.",
    fields: &[
        Field::required("item_id", ValueKind::Text, "which item"),
        Field::required("fields", ValueKind::Map(&ValueKind::Any), "its fields by name"),
    ],
    open: false,
};

const CHANGED: Shape = Shape {
    name: "ChangedItem",
    says: "An item as it is now, and what was dropped of what was sent.",
    fields: &[
        Field::required("item", ValueKind::Object(&ITEM), "the item"),
        Field::required("redacted", ValueKind::List(&ValueKind::Object(&REDACTED)), "what was dropped"),
    ],
    open: false,
};

async fn show_item(call: Call) -> Outcome {
    let show = call.shown_names();
    if call.caller.page_token().is_some() || show.is_some() {
        let id = call.item_id()?;
        let fields = call.shared.engine.public_item(&id, show.as_deref(), call.locale())?;
        let fields = fields.into_iter().map(|(name, value)| (name.to_string(), value)).collect();
        // without a version: it would tell of changes in fields that are not shown
        return Reply::ok(&ItemBody { item_id: id.as_str().to_owned(), fields });
    }
    let item = call.shared.engine.item(&call.item_id()?)?;
    Reply::ok(&ItemBody::from(&item))?.tagged(&item.version)
}

async fn put_item(call: Call) -> Outcome {
    let (id, version) = (call.item_id()?, call.if_match());
    let fields = call.content.into_object().take_map("fields").unwrap_or_default();
    let (item, receipt) = call.shared.engine.put_item(&id, fields, version.as_deref()).await?;
    changed_item(&item, &receipt)
}

async fn change_item(call: Call) -> Outcome {
    let (id, version) = (call.item_id()?, call.if_match());
    let fields = call.content.into_object().take_map("fields").unwrap_or_default();
    let (item, receipt) = call.shared.engine.patch_item(&id, fields, version.as_deref()).await?;
    changed_item(&item, &receipt)
}

fn changed_item(item: &ItemShown, receipt: &Receipt) -> Outcome {
    let dropped: Vec<Value> = receipt.redacted.iter().map(redacted_entry).collect();
    Reply::ok(&json!({"item": ItemBody::from(item), "redacted": dropped}))?.tagged(&item.version)
}

async fn remove_item(call: Call) -> Outcome {
    call.shared.engine.remove_item(&call.item_id()?, call.if_match().as_deref()).await?;
    Ok(Reply::no_content())
}

async fn put_items(call: Call) -> Outcome {
    let items = call.content.into_object().take_list("items").unwrap_or_default();
    Reply::ok(&ReceiptBody::from(&call.shared.engine.put_items(items).await?))
}

async fn replace_items(call: Call) -> Outcome {
    let confirmed = call.replaces_all();
    let receipt = call.shared.engine.replace_items(call.content.into_lines(), confirmed).await?;
    let status = if receipt.rejected.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Reply::json(status, &ReceiptBody::from(&receipt))
}

#[derive(Serialize)]
struct ItemBody {
    item_id: String,
    fields: BTreeMap<String, Value>,
}

impl From<&ItemShown> for ItemBody {
    fn from(item: &ItemShown) -> Self {
        let fields = item.fields.iter().map(|(name, value)| (name.to_string(), value.clone()));
        Self { item_id: item.id.as_str().to_owned(), fields: fields.collect() }
    }
}
