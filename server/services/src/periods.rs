//! The fixed periods of the register, which jobs read at compile time.

use domain::{
    retention::{Kept, RuleId},
    time::Period,
};

/// The days of a rule that is counted in days and that no site file changes. It is evaluated while compiling, where any
/// other rule stops the compilation: there is no number of days to fall back to, and 0 would delete everything.
pub(crate) const fn fixed_days(rule: RuleId) -> i64 {
    assert!(rule.bounds().is_none(), "a site may choose another period: ask its `Keeping`");
    match rule.usual() {
        Kept::For(Period::Days(days)) if days > 0 => days as i64,
        _ => panic!("this rule is not counted in days"),
    }
}
