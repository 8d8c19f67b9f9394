use super::*;
use clap::CommandFactory;

#[test]
fn the_command_line_is_consistent() {
    Cli::command().debug_assert();
}

#[test]
fn limits_and_seeds_are_checked() {
    assert_eq!(seconds("2.5"), Ok(Seconds(Duration::from_millis(2500))));
    for wrong in ["0", "-1", "NaN", "inf", "x", "1e9"] {
        assert!(seconds(wrong).is_err(), "{wrong}");
    }
    assert_eq!(seed("7"), Ok(SeedText(Seed(7))));
    assert!(seed("random").is_ok());
    assert!(seed("-7").is_err());
    assert_eq!(points("s07=30"), Ok(("s07".into(), 30)));
    for wrong in ["s07", "s07=", "s07=-1", "s07=1.5", "s07=999999999"] {
        assert!(points(wrong).is_err(), "{wrong}");
    }
    assert_eq!(shard("3/16"), Ok(Shard { number: 3, of: 16 }));
    for wrong in ["3", "0/2", "3/2", "a/b", "1/0", "-1/2"] {
        assert!(shard(wrong).is_err(), "{wrong}");
    }
}
