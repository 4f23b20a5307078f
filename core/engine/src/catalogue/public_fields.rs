//! What everybody may see of an item.

use std::{collections::BTreeMap, sync::Arc};

use jardin_model::ItemId;
use serde_json::Value as Json;

use super::stored::stored_item;
use crate::{api::Problem, config::Config, values, world::World};

/// The fields that are asked for, each of which must be public.
pub(crate) fn public_fields(asked: &[String], config: &Config) -> Result<Vec<Arc<str>>, Problem> {
    let find = |name: &String| config.public.iter().find(|public| ***public == **name).cloned();
    asked.iter().map(find).collect::<Option<_>>().ok_or_else(|| Problem::Unprocessable {
        what: "`show` names a field that jardin.toml does not list as `public`",
        names: config.public.clone(),
    })
}

/// These public fields of an item, as JSON. A configuration with a confidential one is refused as a whole, so that none
/// is among them.
pub(crate) fn shown_fields(world: &World, id: &ItemId, names: &[Arc<str>]) -> BTreeMap<Arc<str>, Json> {
    if names.is_empty() {
        return BTreeMap::new();
    }
    let Some(item) = stored_item(world, id) else { return BTreeMap::new() };
    let shown = |name: &Arc<str>| Some((Arc::clone(name), values::to_json(item.fields.get(name)?)));
    names.iter().filter_map(shown).collect()
}
