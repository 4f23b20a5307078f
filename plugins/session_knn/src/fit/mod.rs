//! Fitting the weights: how visits went on tells what each feature is worth.

mod adam;
mod examples;
mod softmax;

pub use adam::Fitted;
pub use examples::{Examples, Reached};
pub use softmax::loss_and_gradient;
