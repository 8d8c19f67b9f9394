// verdict: does_not_compile
//! Looks for solutions among what it is compiled against.

extern crate earlier_s03_layer_norm;
extern crate earlier_s07_attention;
extern crate solutions;

use burn::solutions::s03_layer_norm as from_burn;
use kit::solutions::s03_layer_norm as from_kit;
use crate::s09_block as later;

pub fn go() {}
