//! What everybody may see of an item.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::ItemId;
use serde_json::Value as Json;

use super::stored::stored_item;
use crate::{
    api::Problem,
    config::{Config, PublicField},
    values,
    world::World,
};

/// The fields that are asked for, each of which must be public.
pub(crate) fn public_fields(asked: &[String], config: &Config) -> Result<Vec<Arc<PublicField>>, Problem> {
    let find = |name: &String| config.public.iter().find(|public| *public.name == **name).cloned();
    asked.iter().map(find).collect::<Option<_>>().ok_or_else(|| Problem::Unprocessable {
        what: "`show` names a field that jardin.toml does not list as `public`",
        names: config.public.iter().map(|public| Arc::clone(&public.name)).collect(),
    })
}

/// These public fields of an item in a language, as JSON. A configuration with a confidential one is refused as a whole,
/// so that none is among them.
pub(crate) fn shown_fields(
    world: &World,
    id: &ItemId,
    public: &[Arc<PublicField>],
    language: Option<&str>,
) -> BTreeMap<Arc<str>, Json> {
    if public.is_empty() {
        return BTreeMap::new();
    }
    let Some(item) = stored_item(world, id) else { return BTreeMap::new() };
    let shown = |public: &Arc<PublicField>| {
        let value = public.fields_for(language).find_map(|field| item.fields.get(field))?;
        Some((Arc::clone(&public.name), values::to_json(value)))
    };
    public.iter().filter_map(shown).collect()
}
