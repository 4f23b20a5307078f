//! The attributes of a product.

use std::borrow::Cow;

use crate::products::{Form, KnownColumn};

const COMMA: Form = Form::Texts(Cow::Borrowed(","));

/// Prose, shipping and what the shop alone may know are not read, unless a mapping says so.
pub(super) const ATTRIBUTES: &[KnownColumn] = &[
    KnownColumn::of(&["id"], "item_id", Form::ItemId),
    KnownColumn::of(&["title"], "title", Form::Text),
    KnownColumn::of(&["link"], "link", Form::Text),
    KnownColumn::of(&["image_link"], "image", Form::Text),
    KnownColumn::of(&["additional_image_link"], "images", COMMA),
    KnownColumn::of(&["price"], "price", Form::Money),
    KnownColumn::of(&["sale_price"], "sale_price", Form::Money),
    KnownColumn::of(&["sale_price_effective_date"], "sale", Form::Period),
    KnownColumn::of(&["availability"], "availability", Form::Availability),
    KnownColumn::of(&["availability_date"], "available_from", Form::Time),
    KnownColumn::of(&["expiration_date"], "expires_at", Form::Time),
    KnownColumn::of(&["quantity", "sell_on_google_quantity"], "stock", Form::Stock),
    KnownColumn::of(&["brand"], "brand", Form::Text),
    KnownColumn::of(&["gtin"], "gtin", Form::Text),
    KnownColumn::of(&["mpn"], "mpn", Form::Text),
    KnownColumn::of(&["condition"], "condition", Form::Text),
    KnownColumn::of(&["item_group_id"], "group", Form::Text),
    KnownColumn::of(&["product_type"], "category", Form::Category(Some(','))),
    KnownColumn::of(&["google_product_category"], "google_category", Form::Category(None)),
    KnownColumn::of(&["color"], "color", Form::Text),
    KnownColumn::of(&["size"], "size", Form::Text),
    KnownColumn::of(&["material"], "material", Form::Text),
    KnownColumn::of(&["pattern"], "pattern", Form::Text),
    KnownColumn::of(&["gender"], "for_gender", Form::Text),
    KnownColumn::of(&["age_group"], "age_group", Form::Text),
    KnownColumn::of(&["adult"], "adult", Form::Flag),
    KnownColumn::of(&["custom_label_0"], "custom_label_0", Form::Text),
    KnownColumn::of(&["custom_label_1"], "custom_label_1", Form::Text),
    KnownColumn::of(&["custom_label_2"], "custom_label_2", Form::Text),
    KnownColumn::of(&["custom_label_3"], "custom_label_3", Form::Text),
    KnownColumn::of(&["custom_label_4"], "custom_label_4", Form::Text),
    KnownColumn {
        names: &[
            "description",
            "shipping",
            "tax",
            "cost_of_goods_sold",
            "mobile_link",
            "identifier_exists",
            "guid",
            "pubdate",
            "updated",
        ],
        field: None,
        form: Form::Text,
    },
];
