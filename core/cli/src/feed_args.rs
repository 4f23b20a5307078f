//! How a file of a shop's own is read: what is said of it beside what stands in it.

use std::{
    fs,
    io::stdin,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use jardin_import::{ColumnMap, FileShape, ItemLevel, Locale, Opened, ReadOptions};
use jardin_model::Currency;

/// What is said of a file beside what stands in it.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct FeedArgs {
    /// How the file looks, where that is not to be told by its content
    #[arg(long, value_name = "SHAPE", default_value = "auto")]
    shape: String,
    /// Which columns become which fields, and what words and events mean: a TOML file
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// What an item is, where a file has products and their variants: `product` or `variant`
    #[arg(long, default_value = "variant", value_parser = ["product", "variant"])]
    level: String,
}

impl FeedArgs {
    /// Opens a file, or the standard input, which is called `-`.
    pub(crate) fn open(&self, file: &Path) -> anyhow::Result<Opened> {
        let shape = self.named_shape()?;
        if file == Path::new("-") {
            return Ok(jardin_import::open_stream("the standard input", Box::new(stdin()), shape)?);
        }
        Ok(jardin_import::open(file, shape)?)
    }

    fn named_shape(&self) -> anyhow::Result<Option<FileShape>> {
        if self.shape.is_empty() || self.shape == "auto" {
            return Ok(None);
        }
        let shape = FileShape::from_name(&self.shape).with_context(|| {
            let names: Vec<&str> = FileShape::names().collect();
            format!("`{}` is not a shape; there are auto, {}", self.shape, names.join(", "))
        })?;
        Ok(Some(shape))
    }

    /// What is said of the file; `locale` tells how its numbers are written.
    pub(crate) fn options(
        &self,
        locale: Option<&str>,
        currency: Option<Currency>,
    ) -> anyhow::Result<ReadOptions> {
        let map = match &self.map {
            None => ColumnMap::default(),
            Some(path) => {
                let name = path.display();
                let text = fs::read_to_string(path).with_context(|| format!("`{name}` cannot be read"))?;
                ColumnMap::parse(&text).with_context(|| format!("`{name}` is not a mapping"))?
            }
        };
        let level = if self.level == "product" { ItemLevel::Product } else { ItemLevel::Variant };
        Ok(ReadOptions { locale: locale.map(read_locale).transpose()?, currency, level, map })
    }
}

fn read_locale(code: &str) -> anyhow::Result<Locale> {
    let locale = Locale::from_code(code);
    locale.with_context(|| {
        format!("`{code}` is not a locale whose numbers are known; there are {}", Locale::codes())
    })
}

/// The currency of a code.
pub(crate) fn read_currency(code: &str) -> anyhow::Result<Currency> {
    let currency = Currency::from_code(code);
    currency.with_context(|| format!("`{code}` is not a currency of ISO 4217; write a code such as EUR"))
}
