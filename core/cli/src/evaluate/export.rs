//! `jardin evaluate --train FILE --export FOLDER`: the questions and the answers, for other evaluators.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write as _},
    path::Path,
};

use anyhow::Context as _;
use jardin_evaluate::{Lists, Question};

/// A folder that other evaluators read from.
#[derive(Clone, Copy)]
pub(super) struct Export<'a>(&'a Path);

impl<'a> Export<'a> {
    /// Writes what followed: `followed.qrels`, `next.qrels` and `followed.csv`.
    pub(super) fn begin(folder: &'a Path, questions: &[Question]) -> anyhow::Result<Self> {
        fs::create_dir_all(folder).with_context(|| format!("`{}` cannot be made", folder.display()))?;
        let export = Self(folder);
        let followed = Lists::of_followed(questions);
        export.write("followed.qrels", |out| followed.write_qrels(out))?;
        export.write("followed.csv", |out| followed.write_csv(out))?;
        export.write("next.qrels", |out| Lists::of_next(questions).write_qrels(out))?;
        Ok(export)
    }

    /// Writes what a strategy answered: its `.run`, its `.csv`, and the questions that stand in neither.
    pub(super) fn write_answers(self, strategy: &str, answers: &Lists) -> anyhow::Result<()> {
        self.write(&format!("{strategy}.run"), |out| answers.write_run(out, strategy))?;
        self.write(&format!("{strategy}.csv"), |out| answers.write_csv(out))?;
        self.write(&format!("{strategy}.unanswered"), |out| answers.write_unanswered(out))
    }

    fn write(
        self,
        name: &str,
        lines: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> anyhow::Result<()> {
        let path = self.0.join(name);
        let written = File::create(&path).map(BufWriter::new).and_then(|mut out| {
            lines(&mut out)?;
            out.flush()
        });
        written.with_context(|| format!("`{}` cannot be written", path.display()))
    }
}
