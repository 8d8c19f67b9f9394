//! Three steps of AdamW on one batch, beside PyTorch's `AdamW` and `clip_grad_norm_`.
//!
//! PyTorch was told of one group of parameters, so that biases and norms decay like all others.
//! Step 16's `AdamW::update` lets them be; here its `adamw_update` is called with the decay for all.
//!
//! AdamW divides a gradient by its own size. Where the gradient is as small as its rounding error,
//! rounding decides where the value goes: so do all biases of keys, whose gradient is 0 but for
//! rounding. Those values are left out of the comparison.

use std::collections::BTreeMap;
use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s16_optimizer::{AdamWConfig, Moments, adamw_update, clip, gradients, map_parameters};
use kit::module::{Module, ModuleVisitor, Param};
use kit::tensor::activation::log_softmax;
use kit::tensor::{Int, Tensor};
use kit::{Observer, Stored};

const STEPS: usize = 3;

/// A gradient below this share of its parameter's largest is left out. Rounding errors are some 1e-7
/// of the largest gradient, so the steps of all others are known to a thousandth.
const SMALL: f32 = 1e-4;

/// Of no parameter may more be left out: of `c_attn.bias`, the keys alone are a third.
const MOST_LEFT_OUT: f32 = 0.4;

/// Records losses, norms and the parameters that come of them.
pub fn observe(o: &mut Observer) {
    o.group("AdamW", |o| {
        let device = o.device().autodiff();
        let stored = Stored::open(&Path::new(FOLDER).join("gpt2_adamw.safetensors"), &device);
        let [beta_1, beta_2] = BETAS;
        let settings = AdamWConfig {
            beta_1,
            beta_2,
            epsilon: EPS,
            weight_decay: WEIGHT_DECAY,
        };
        let mut model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);
        let mut moments = BTreeMap::<String, Moments>::new();
        let (mut losses, mut norms) = (Vec::new(), Vec::new());
        // Later steps are divided by the first gradient's size as well.
        let mut begun = BTreeMap::new();
        for step in 1..=STEPS {
            let loss = loss(&model, stored.ints("in.ids"));
            losses.push(loss.clone().inner());
            let mut found = gradients(&model, loss);
            norms.push(clip(&mut found, CLIP_GRAD_NORM) as f32);
            if step == 1 {
                begun = found.clone();
            }
            model = map_parameters(model, &mut |path, _, parameter| {
                let gradient = found[path].clone();
                let before = moments.remove(path).unwrap_or_else(|| Moments {
                    first: gradient.zeros_like(),
                    second: gradient.zeros_like(),
                });
                let (parameter, after) = adamw_update(
                    parameter,
                    gradient,
                    before,
                    step,
                    LR,
                    WEIGHT_DECAY,
                    &settings,
                );
                moments.insert(path.to_owned(), after);
                parameter
            });
        }
        o.tensor("losses", Tensor::cat(losses, 0));
        o.tensor("losses expected", stored.floats::<1>("out.losses"));
        let device = o.device();
        o.tensor(
            "grad_norms",
            Tensor::<1>::from_data(norms.as_slice(), &device),
        );
        o.tensor("grad_norms expected", stored.floats::<1>("out.grad_norms"));
        model.visit(&mut Compare {
            o,
            stored: &stored,
            begun: &begun,
            path: Vec::new(),
        });
    });
}

/// Cross-entropy of each next token, by Burn's own means: step 13 is no part of this.
fn loss(model: &Gpt, ids: Tensor<2, Int>) -> Tensor<1> {
    let [_, seq] = ids.dims();
    let logits = model
        .forward(ids.clone())
        .expect("as many as Hugging Face took");
    let next = ids.narrow(1, 1, seq - 1).unsqueeze_dim(2); // [batch, seq - 1, 1]
    let shown = log_softmax(logits, 2).narrow(1, 0, seq - 1);
    shown.gather(2, next).mean().neg()
}

/// Records each parameter beside what PyTorch made of it.
struct Compare<'a> {
    o: &'a mut Observer,
    stored: &'a Stored,
    /// The first gradients.
    begun: &'a BTreeMap<String, Tensor<1>>,
    path: Vec<String>,
}

impl ModuleVisitor for Compare<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let path = self.path.join(".");
        let size = self.begun[&path].clone().abs();
        let largest: f32 = size.clone().max().into_scalar();
        let mut left_out = size.clone().lower_elem(SMALL * largest);
        if path.ends_with("wpe.weight") {
            // Where no token stood, the gradient is exactly 0 for everyone.
            left_out = left_out.bool_and(size.greater_elem(0.0));
        }
        let share: f32 = left_out.clone().float().mean().into_scalar();
        assert!(
            share <= MOST_LEFT_OUT,
            "{share} of {path} would be left out"
        );
        let left_out = left_out.reshape(param.dims());
        let name = format!("after.{path}");
        let expected = self.stored.floats::<D>(&name).inner();
        let got = param.val().inner();
        self.o.tensor(&name, got.mask_fill(left_out.clone(), 0.0));
        self.o.tensor(
            &format!("{name} expected"),
            expected.mask_fill(left_out, 0.0),
        );
    }
}
