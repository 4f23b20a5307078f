//! `jardin policy report`.

use std::process::ExitCode;

use jardin_policy::tools::{Audience, report};

use super::shop::ShopFolder;
use crate::cli::print;

/// A report for people who answer for the data
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: jardin policy report --for notice --language fr examples/shop\n\
                        Exit code: 0 the report is written, 1 the policy has errors, 2 it could not be read")]
pub(super) struct ReportArgs {
    #[command(flatten)]
    shop: ShopFolder,
    /// For whom
    #[arg(long = "for", value_enum)]
    audience: For,
    /// In which form
    #[arg(long, value_enum, default_value_t = Form::Markdown)]
    format: Form,
    /// In which of the policy's languages; the first of them where it is not said
    #[arg(long)]
    language: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum For {
    /// The supervisory authority: the record of processing
    Art30,
    /// The shopper: what is done with her data
    Notice,
    /// The shopper: what decides about an order
    Parameters,
    /// An annex to an impact assessment
    Dpia,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// Markdown
    Markdown,
    /// One page that needs nothing else
    Html,
    /// For programs
    Json,
}

pub(super) fn run(args: &ReportArgs) -> anyhow::Result<ExitCode> {
    let Some(policy) = args.shop.policy()? else {
        return Ok(ExitCode::from(1));
    };
    let languages = &policy.valid().languages;
    let language = args
        .language
        .clone()
        .or_else(|| languages.first().map(ToString::to_string))
        .unwrap_or_else(|| "en".to_owned());
    if !languages.iter().any(|l| **l == *language) {
        let known: Vec<String> = languages.iter().map(|l| format!("`{l}`")).collect();
        anyhow::bail!("`{language}` is none of the policy's languages, which are {}", known.join(", "));
    }
    let audience = match args.audience {
        For::Art30 => Audience::Art30,
        For::Notice => Audience::Notice,
        For::Parameters => Audience::Parameters,
        For::Dpia => Audience::Dpia,
    };
    let sheet = report(&policy, audience, &language);
    print::line(&match args.format {
        Form::Markdown => sheet.markdown(),
        Form::Html => sheet.html(),
        Form::Json => sheet.json(),
    });
    Ok(ExitCode::SUCCESS)
}
