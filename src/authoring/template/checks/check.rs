//! Observes the mean.

use crate::s01_mean::mean;
use kit::Observer;

/// Two counts that the seed decides, one number alone, and none.
pub fn observe(o: &mut Observer) {
    let [few, many] = o.distinct("counts", 2, 9);
    o.group("a few numbers", |o| {
        for count in [few, many] {
            let numbers = o.reals("numbers", -3.0, 5.0, count);
            o.number("their mean", mean(&numbers).unwrap_or(f64::NAN));
        }
    });
    o.group("one number", |o| {
        let number = o.reals("number", -3.0, 5.0, 1);
        o.number("its mean", mean(&number).unwrap_or(f64::NAN));
    });
    o.group("no numbers", |o| {
        o.text("is there a mean?", mean(&[]).is_some());
    });
}
