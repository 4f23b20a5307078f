//! What a catalogue has beside a file that is said to be the whole of it.

use jardin_engine::ItemsBeside;
use jardin_model::ItemId;
use serde_json::{Value, json};

use crate::{Host, HostError, OpenShop};

impl Host {
    pub(crate) fn count_items_beside(&self, ids: &[&str]) -> ItemsBeside {
        self.engine.count_items_beside(&item_ids(ids))
    }

    pub(crate) async fn remove_items_beside(&self, ids: &[&str]) -> Result<(), HostError> {
        Ok(self.engine.remove_items_beside(&item_ids(ids)).await?)
    }
}

fn item_ids(ids: &[&str]) -> std::collections::HashSet<ItemId> {
    ids.iter().filter_map(|id| ItemId::new(id).ok()).collect()
}

/// `[count, is_large_loss]`.
pub(crate) fn beside_json(beside: ItemsBeside) -> Value {
    json!([beside.count, beside.is_large_loss])
}

fn read_beside(json: &Value) -> Option<ItemsBeside> {
    let [count, is_large_loss] = json.as_array()?.as_slice() else { return None };
    Some(ItemsBeside {
        count: usize::try_from(count.as_u64()?).ok()?,
        is_large_loss: is_large_loss.as_bool()?,
    })
}

impl OpenShop {
    /// How many items the catalogue has beside these.
    ///
    /// # Errors
    /// What the running shop says.
    pub async fn count_items_beside(&self, ids: &[&str]) -> Result<ItemsBeside, HostError> {
        match self {
            Self::Local(host) => Ok(host.count_items_beside(ids)),
            Self::Served(client) => client.ask_for("items-beside", &json!(ids), read_beside),
        }
    }

    /// Removes the items that are not among these.
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn remove_items_beside(&self, ids: &[&str]) -> Result<(), HostError> {
        match self {
            Self::Local(host) => host.remove_items_beside(ids).await,
            Self::Served(client) => client.ask("remove-items-beside", &json!(ids)).map(drop),
        }
    }

    /// Keeps the catalogue as it is, to be put back by [`OpenShop::put_items_back`].
    ///
    /// # Errors
    /// What the engine says, or the running shop.
    pub async fn keep_items(&self) -> Result<(), HostError> {
        match self {
            Self::Local(host) => Ok(host.engine.keep_items().await?),
            Self::Served(client) => client.ask("keep-items", &Value::Null).map(drop),
        }
    }
}
