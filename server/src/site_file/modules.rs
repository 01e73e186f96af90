//! `[modules]`: which parts of the portal are turned off.

use super::Refused;
use domain::site::{Module, Modules};
use std::collections::BTreeMap;
use toml::Spanned;

/// The modules by their words. One that is not named is on.
pub(super) type Section = BTreeMap<Spanned<String>, Spanned<bool>>;

/// The modules that are on. A module cannot be on without the one that it needs.
pub(super) fn read(section: &Section) -> Result<Modules, Refused> {
    let mut off = Vec::new();
    for (word, on) in section {
        let Some(module) = Module::from_code(word.get_ref()) else {
            let allowed = Module::ALL.map(Module::code).join(", ");
            return Err((word.span().start, format!("modules.{}: unknown module; allowed: {allowed}", word.get_ref())));
        };
        if !on.get_ref() {
            off.push(module);
        }
    }
    let modules = Modules::without(&off);
    // The message is about the line of this module or, without one, about the line that turns off what it needs.
    let line = |module: Module| section.iter().find(|(word, _)| word.get_ref() == module.code());
    for module in Module::ALL.into_iter().filter(|module| modules.has(*module)) {
        if let Some(needed) = module.needs().iter().find(|needed| !modules.has(**needed)) {
            let at = line(module).or_else(|| line(*needed)).map_or(0, |(word, _)| word.span().start);
            let (module, needed) = (module.code(), needed.code());
            return Err((
                at,
                format!(
                    "modules.{module} = true needs modules.{needed} = true; \
                     allowed: {needed} = true, or {module} = false as well"
                ),
            ));
        }
    }
    Ok(modules)
}
