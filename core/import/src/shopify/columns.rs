//! The columns of an export, by the names of today and by those of before 2025.

use std::borrow::Cow;

use crate::products::{Form, KnownColumn};

/// The handle is the id of a product and the group of a variant; the SKU is the id of a variant.
pub(super) const COLUMNS: &[KnownColumn] = &[
    KnownColumn::of_names(&["sku_or_handle"], "item_id", Form::ItemId),
    KnownColumn::of_names(&["handle", "url_handle"], "group", Form::Text),
    KnownColumn::of_names(&["title"], "title", Form::Text),
    KnownColumn::of_names(&["vendor"], "brand", Form::Text),
    KnownColumn::of_names(&["product_category"], "category", Form::Category(None)),
    KnownColumn::of_names(&["type"], "product_kind", Form::Text),
    KnownColumn::of_names(&["tags"], "tags", Form::Texts(Cow::Borrowed(","))),
    KnownColumn::of_names(&["option1_value"], "option1", Form::Text),
    KnownColumn::of_names(&["option2_value"], "option2", Form::Text),
    KnownColumn::of_names(&["option3_value"], "option3", Form::Text),
    KnownColumn::of_names(&["variant_price", "price"], "price", Form::Money),
    KnownColumn::of_names(&["variant_compare_at_price", "compare-at_price"], "compare_at_price", Form::Money),
    KnownColumn::of_names(&["variant_inventory_qty", "inventory_quantity"], "stock", Form::Stock),
    KnownColumn::of_names(&["variant_barcode", "barcode"], "gtin", Form::Text),
    KnownColumn::of_names(&["image_src", "product_image_url"], "image", Form::Text),
    KnownColumn::of_names(&["quantity,_tracker_and_policy"], "in_stock", Form::Flag),
    KnownColumn {
        names: &[
            "variant_sku",
            "sku",
            "body_(html)",
            "description",
            "published",
            "published_on_online_store",
            "status",
            "option1_name",
            "option2_name",
            "option3_name",
            "variant_grams",
            "variant_inventory_tracker",
            "inventory_tracker",
            "variant_inventory_policy",
            "continue_selling_when_out_of_stock",
            "variant_fulfillment_service",
            "variant_requires_shipping",
            "variant_taxable",
            "image_position",
            "image_alt_text",
            "gift_card",
            "seo_title",
            "seo_description",
            "variant_image",
            "variant_weight_unit",
            "variant_tax_code",
            "cost_per_item",
        ],
        field: None,
        form: Form::Text,
    },
];
