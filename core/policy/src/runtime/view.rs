//! What a strategy sees.

use std::{cmp::Ordering, sync::Arc};

use jardin_model::{
    CHUNK_ROWS, Cell, ColumnView, FieldPath, FieldType, ItemId, ItemIndex, Namespace, Symbol, Timestamp,
    Value,
};

use super::{Access, Grant, GrantedColumn, ItemView, Profile, ScreenedCatalogue, ViewValue, source::Source};
use crate::rules::{FieldGrant, FieldId, PolicyRules, StrategyRule};

/// What one strategy sees of one request: granted, unexpired, transformed. Made only by [`Grant::view`],
/// [`crate::Policy::catalogue_view`] and [`crate::Policy::question_view`]; a strategy receives nothing else.
#[derive(Debug, Clone)]
pub struct View {
    rule: Arc<StrategyRule>,
    rules: Arc<PolicyRules>,
    values: Vec<(FieldId, Option<ViewValue>)>,
    columns: Arc<[GrantedColumn]>,
    screened: Arc<ScreenedCatalogue>,
    now: Timestamp,
}

impl Grant {
    /// What the strategy sees: of each granted field expired is absent, then the window, then `at_most`, then
    /// the transform. A profile of another person than the one decided upon gives nothing of her.
    #[must_use]
    pub fn view(&self, profile: &Profile, screened: &Arc<ScreenedCatalogue>, now: Timestamp) -> View {
        let source = Source::new(self, profile, screened, now);
        let granted = self
            .rule
            .may_read
            .iter()
            .filter(|g| self.rules.field(g.field).is_some_and(|f| f.path.namespace != Namespace::Item));
        let values = granted.map(|g| (g.field, source.value(g))).collect();
        View {
            values,
            columns: Arc::clone(&self.columns),
            rule: Arc::clone(&self.rule),
            rules: Arc::clone(&self.rules),
            screened: Arc::clone(screened),
            now,
        }
    }
}

impl crate::Policy {
    /// The granted columns of the catalogue without any person: every other field is absent. For telling a
    /// strategy the catalogue.
    #[must_use]
    pub fn catalogue_view(
        &self,
        strategy: &str,
        screened: &Arc<ScreenedCatalogue>,
        now: Timestamp,
    ) -> Option<View> {
        let rules = self.rules();
        let rule = rules.strategies.get(strategy)?;
        let granted = rule
            .may_read
            .iter()
            .filter(|g| rules.field(g.field).is_some_and(|f| f.path.namespace != Namespace::Item));
        Some(View {
            values: granted.map(|g| (g.field, None)).collect(),
            columns: self.columns(&rule.name),
            rule: Arc::clone(rule),
            rules: Arc::clone(rules),
            screened: Arc::clone(screened),
            now,
        })
    }

    /// What a strategy sees of a made-up visit in which every product is this one: nobody's fields are in it. For
    /// comparing answers.
    #[must_use]
    pub fn question_view(
        &self,
        strategy: &str,
        product: &ItemId,
        screened: &Arc<ScreenedCatalogue>,
        now: Timestamp,
    ) -> Option<View> {
        let rules = self.rules();
        let rule = rules.strategies.get(strategy)?;
        let made_up = |granted: &FieldGrant| {
            let field = rules.field(granted.field)?;
            let id = field.derived.as_ref().map_or(granted.field, |derived| derived.from);
            let value = match rules.field(id)?.kind {
                FieldType::Item => Value::Item(product.clone()),
                FieldType::Items => Value::Items([product.clone()].into()),
                _ => return None,
            };
            Some((id, value))
        };
        let profile =
            Profile { sent: rule.may_read.iter().filter_map(made_up).collect(), ..Profile::default() };
        let grant = Grant {
            rules: Arc::clone(rules),
            rule: Arc::clone(rule),
            person: None,
            secret: None,
            columns: self.columns(&rule.name),
        };
        Some(grant.view(&profile, screened, now))
    }
}

impl View {
    /// The strategy that it was made for.
    #[must_use]
    pub fn strategy(&self) -> &StrategyRule {
        &self.rule
    }

    /// When the request is answered.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// A granted field of subject, session or context. Fields of products are read through [`View::item`].
    #[must_use]
    pub fn get(&self, namespace: Namespace, name: &str) -> Access<&ViewValue> {
        let found = self.values.iter().find(|(id, _)| {
            self.rules
                .field(*id)
                .is_some_and(|field| field.path.namespace == namespace && &*field.path.name == name)
        });
        match found {
            None => Access::Denied,
            Some((_, None)) => Access::Absent,
            Some((_, Some(value))) => Access::Value(value),
        }
    }

    /// Every granted field of subject, session and context with its type as granted, and its value unless it
    /// is absent.
    pub fn values(&self) -> impl Iterator<Item = (&FieldPath, FieldType, Option<&ViewValue>)> {
        self.values.iter().filter_map(|(id, value)| {
            let field = self.rules.field(*id)?;
            let grant = self.rule.may_read.iter().find(|g| g.field == *id)?;
            Some((&field.path, grant.transform.gives(field.kind)?, value.as_ref()))
        })
    }

    /// The widest namespace of which a value is present: subject before session before context.
    #[must_use]
    pub fn widest(&self) -> Option<Namespace> {
        self.values().filter(|(_, _, value)| value.is_some()).map(|(path, ..)| path.namespace).min()
    }

    /// The granted columns of the catalogue.
    #[must_use]
    pub fn columns(&self) -> &[GrantedColumn] {
        &self.columns
    }

    /// A granted column by its name without the namespace; `None` where it is not granted.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&GrantedColumn> {
        self.columns.iter().find(|c| &*c.name == name)
    }

    /// A product with its granted fields; of an unknown or removed one all are absent.
    #[must_use]
    pub fn item(&self, index: ItemIndex) -> ItemView<'_> {
        ItemView { row: self.screened.catalogue().row(index), columns: &self.columns }
    }

    /// A product of which every granted field is absent, as `page_item` is where there is none.
    #[must_use]
    pub fn no_item(&self) -> ItemView<'_> {
        ItemView { row: None, columns: &self.columns }
    }

    /// One chunk of a granted column, for kernels: row `r` of chunk `c` is item index `c * CHUNK_ROWS + r`.
    #[must_use]
    pub fn chunk(&self, column: &GrantedColumn, chunk: usize) -> Option<ColumnView<'_>> {
        self.screened.catalogue().chunks().get(chunk)?.column(column.column)
    }

    /// The text of a symbol of a granted column.
    #[must_use]
    pub fn text(&self, symbol: Symbol) -> Option<&Arc<str>> {
        self.screened.catalogue().dictionary().text(symbol)
    }

    /// The symbol that the catalogue gives to a text; `None` where no product has it.
    #[must_use]
    pub fn symbol(&self, text: &str) -> Option<Symbol> {
        self.screened.catalogue().dictionary().symbol(text)
    }

    /// Every live product, in the order of its index.
    pub fn live_items(&self) -> impl Iterator<Item = ItemIndex> + '_ {
        self.screened.catalogue().chunks().iter().enumerate().flat_map(|(c, chunk)| {
            chunk.live_rows().filter_map(move |row| u32::try_from(c * CHUNK_ROWS + row).ok().map(ItemIndex))
        })
    }

    /// The catalogue state behind it, to tell whether a worker already holds it: compare with
    /// [`View::same_catalogue`].
    #[must_use]
    pub fn same_catalogue(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.screened, &other.screened)
    }

    /// Which chunks differ from an older view's: only these must be sent to a worker that holds the older
    /// one.
    pub fn changed_chunks<'a>(&'a self, older: Option<&'a Self>) -> impl Iterator<Item = usize> + 'a {
        let old = older.map_or(&[][..], |o| o.screened.catalogue().chunks());
        self.screened
            .catalogue()
            .chunks()
            .iter()
            .enumerate()
            .filter(move |(c, chunk)| old.get(*c).is_none_or(|o| !Arc::ptr_eq(o, chunk)))
            .map(|(c, _)| c)
    }

    /// True for a product that is neither unknown nor removed.
    #[must_use]
    pub fn is_live(&self, index: ItemIndex) -> bool {
        self.screened.catalogue().row(index).is_some()
    }

    /// The rows of a chunk that are live.
    pub fn live_rows(&self, chunk: usize) -> impl Iterator<Item = usize> + '_ {
        self.screened.catalogue().chunks().get(chunk).into_iter().flat_map(|c| c.live_rows())
    }

    /// Orders two products by their ids, which is how ties end. It reveals an order and no id.
    #[must_use]
    pub fn by_id(&self, a: ItemIndex, b: ItemIndex) -> Ordering {
        let ids = self.screened.catalogue().ids();
        ids.id(a).cmp(&ids.id(b))
    }

    /// True where the product's granted text or texts column holds `value`, compared exactly.
    #[must_use]
    pub fn has(&self, index: ItemIndex, column: &GrantedColumn, value: Symbol) -> bool {
        match self.item(index).at(column) {
            Access::Value(Cell::Text(symbol, _)) => symbol == value,
            Access::Value(Cell::Texts(symbols)) => symbols.contains(&value),
            _ => false,
        }
    }
}
