//! Every plugin that learns, in its worker: exact erasure, and memory that ends before the worker does.

mod numbers;
mod shop;
mod workers;
