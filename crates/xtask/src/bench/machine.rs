//! The machine a figure was taken on: without it a time says nothing.

use std::fs;
use std::process::Command;
use std::thread::available_parallelism;

use crate::workspace::Result;

/// More waiting for the processor than this, in the minute before, is told beside the figures.
const IDLE: f64 = 0.5;

/// Processor, memory, system, compiler, and whether something else was going on.
pub(crate) fn described() -> Result<String> {
    let cores = available_parallelism()?;
    let processor = field(&fs::read_to_string("/proc/cpuinfo")?, "model name", ':')
        .unwrap_or_else(|| "processor without a name".to_owned());
    let memory = field(&fs::read_to_string("/proc/meminfo")?, "MemTotal", ':')
        .and_then(|total| total.trim_end_matches(" kB").parse::<f64>().ok())
        .ok_or("/proc/meminfo does not say how much memory there is")?;
    let system = field(&fs::read_to_string("/etc/os-release")?, "PRETTY_NAME", '=').unwrap_or_default();
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let compiler = Command::new("rustc").arg("--version").output()?;
    let load = fs::read_to_string("/proc/loadavg")?;
    let load: f64 = load.split(' ').next().unwrap_or_default().parse()?;
    let busy = if load > IDLE {
        format!("; other work was going on (load {load})")
    } else {
        String::new()
    };
    Ok(format!(
        "{cores} cores ({processor}), {:.0} GiB of memory, {system}, Linux {}, {}, optimised without \
         link-time optimisation{busy}.",
        memory / 1_048_576.0,
        kernel.trim(),
        String::from_utf8_lossy(&compiler.stdout).trim(),
    ))
}

/// What stands behind a name in lines of `name: value`.
fn field(text: &str, name: &str, separator: char) -> Option<String> {
    let mut fields = text.lines().filter_map(|line| line.split_once(separator));
    fields
        .find(|(found, _)| found.trim() == name)
        .map(|(_, value)| value.trim().trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_by_its_name() {
        let text = "processor\t: 0\nmodel name\t: Sparrow 9000\nmodel name\t: Sparrow 9000\n";
        assert_eq!(
            field(text, "model name", ':').as_deref(),
            Some("Sparrow 9000"),
            "of the first core"
        );
        assert_eq!(
            field("PRETTY_NAME=\"Debian 12\"", "PRETTY_NAME", '=').as_deref(),
            Some("Debian 12"),
            "without its quotation marks"
        );
        assert_eq!(field(text, "model", ':'), None, "whole names only");
    }
}
