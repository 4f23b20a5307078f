//! The attributes of a product.

use std::borrow::Cow;

use crate::products::{Form, KnownColumn};

const COMMA: Form = Form::Texts(Cow::Borrowed(","));

/// Prose, shipping and what the shop alone may know are not read, unless a mapping says so.
pub(super) const ATTRIBUTES: &[KnownColumn] = &[
    KnownColumn::of_names(&["id"], "item_id", Form::ItemId),
    KnownColumn::of_names(&["title"], "title", Form::Text),
    KnownColumn::of_names(&["link"], "link", Form::Text),
    KnownColumn::of_names(&["image_link"], "image", Form::Text),
    KnownColumn::of_names(&["additional_image_link"], "images", COMMA),
    KnownColumn::of_names(&["price"], "price", Form::Money),
    KnownColumn::of_names(&["sale_price"], "sale_price", Form::Money),
    KnownColumn::of_names(&["sale_price_effective_date"], "sale", Form::Period),
    KnownColumn::of_names(&["availability"], "availability", Form::Availability),
    KnownColumn::of_names(&["availability_date"], "available_from", Form::Time),
    KnownColumn::of_names(&["expiration_date"], "expires_at", Form::Time),
    KnownColumn::of_names(&["quantity", "sell_on_google_quantity"], "stock", Form::Stock),
    KnownColumn::of_names(&["brand"], "brand", Form::Text),
    KnownColumn::of_names(&["gtin"], "gtin", Form::Text),
    KnownColumn::of_names(&["mpn"], "mpn", Form::Text),
    KnownColumn::of_names(&["condition"], "condition", Form::Text),
    KnownColumn::of_names(&["item_group_id"], "group", Form::Text),
    KnownColumn::of_names(&["product_type"], "category", Form::Category(Some(','))),
    KnownColumn::of_names(&["google_product_category"], "google_category", Form::Category(None)),
    KnownColumn::of_names(&["color"], "color", Form::Text),
    KnownColumn::of_names(&["size"], "size", Form::Text),
    KnownColumn::of_names(&["material"], "material", Form::Text),
    KnownColumn::of_names(&["pattern"], "pattern", Form::Text),
    KnownColumn::of_names(&["gender"], "for_gender", Form::Text),
    KnownColumn::of_names(&["age_group"], "age_group", Form::Text),
    KnownColumn::of_names(&["adult"], "adult", Form::Flag),
    KnownColumn::of_names(&["custom_label_0"], "custom_label_0", Form::Text),
    KnownColumn::of_names(&["custom_label_1"], "custom_label_1", Form::Text),
    KnownColumn::of_names(&["custom_label_2"], "custom_label_2", Form::Text),
    KnownColumn::of_names(&["custom_label_3"], "custom_label_3", Form::Text),
    KnownColumn::of_names(&["custom_label_4"], "custom_label_4", Form::Text),
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
