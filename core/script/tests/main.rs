//! Scripts of merchants under a policy: what is refused, what runs, and what it does.

mod attacks;
mod budgets;
mod design;
mod language;
mod mistakes;
mod shop;
