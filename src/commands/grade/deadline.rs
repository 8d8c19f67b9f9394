//! When everything is due: a time without a zone is by the clock of this machine, if it has a zone.

use std::path::Path;
use std::{env, fs};

use chrono::{DateTime, FixedOffset, Local, MappedLocalTime, TimeZone};

use crate::classroom::due::{Due, Stamp};
use crate::classroom::record::Deadline;
use crate::cli::intake::Intake;
use crate::error::{Error, Result};
use crate::terminal;

/// When everything is due by these options, and what being late costs. Says which zone is taken where
/// none is named.
pub fn deadline(options: &Intake) -> Result<Deadline> {
    Ok(Deadline {
        due: options.due.map(due).transpose()?,
        late_rule: options.late,
    })
}

fn due(stamp: Stamp) -> Result<Due> {
    if let Some(time) = stamp.zoned() {
        return Ok(time.into());
    }
    let refused = |why: &str| {
        let shown = stamp.to_string();
        let clock = shown.get(..16).unwrap_or(&shown);
        Error::Usage {
            message: format!("`--due {clock}` says no zone, and {why}"),
            next: format!("say it, as in `--due {clock}+01:00`, or `--due {clock}Z` for UTC"),
        }
    };
    if !is_zone_known() {
        return Err(refused("that of this machine is not known"));
    }
    let time = match Local.from_local_datetime(&stamp.on_the_clock()) {
        MappedLocalTime::Single(time) => time.fixed_offset(),
        MappedLocalTime::Ambiguous(..) => {
            return Err(refused("the clocks here are put back then: it comes twice"));
        }
        MappedLocalTime::None => {
            return Err(refused(
                "the clocks here are put forward then: it never comes",
            ));
        }
    };
    terminal::note(&said(stamp, time));
    Ok(time.into())
}

/// As in ``Due: 2026-12-01 23:59 is taken as local time, UTC+01:00``.
fn said(stamp: Stamp, time: DateTime<FixedOffset>) -> String {
    let zone = time.offset();
    format!("Due: {} is taken as local time, UTC{zone}", stamp.short())
}

/// Whether something says which zone this machine is in. Where nothing does, the library takes UTC
/// without a word.
fn is_zone_known() -> bool {
    if cfg!(not(unix)) {
        return true;
    }
    match env::var("TZ") {
        Ok(zone) => names_a_zone(&zone),
        Err(_) => fs::metadata("/etc/localtime").is_ok(),
    }
}

/// Where the library looks for the files of zones.
const ZONES: [&str; 4] = [
    "/usr/share/zoneinfo",
    "/share/zoneinfo",
    "/etc/zoneinfo",
    "/usr/share/lib/zoneinfo",
];

/// Whether this, in the variable `TZ`, is the name of a file, or says the zone itself, as in `CET-1CEST`.
fn names_a_zone(zone: &str) -> bool {
    let name = zone.strip_prefix(':').unwrap_or(zone);
    let is_file = ZONES
        .map(Path::new)
        .iter()
        .any(|folder| folder.join(name).is_file());
    let letters = zone.bytes().take_while(u8::is_ascii_alphabetic).count();
    let behind = zone[letters..].trim_start_matches(['+', '-']);
    is_file || letters >= 3 && behind.starts_with(|c: char| c.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_is_a_file_or_says_itself() {
        for zone in ["CET-1CEST", "EST5EDT,M3.2.0,M11.1.0", "UTC0", "ABC+10"] {
            assert!(names_a_zone(zone), "{zone}");
        }
        for zone in [
            "",
            ":",
            ":CET-1",
            "Mars/Olympus",
            "../..",
            "X1",
            "1",
            "Berlin",
        ] {
            assert!(!names_a_zone(zone), "{zone}");
        }
    }
}
