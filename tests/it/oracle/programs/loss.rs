//! The loss of step 13 beside the one that Hugging Face's `GPT2LMHeadModel` returns for labels, and
//! its gradient in every parameter.

use std::path::Path;

use crate::s11_lm_head::Gpt;
use crate::s13_loss::{cross_entropy, next_token_loss};
use kit::module::{Module, ModuleVisitor, Param};
use kit::tensor::{Gradients, Tensor};
use kit::{Observer, Stored};

/// Records the loss, from ids and from logits, and the gradients.
pub fn observe(o: &mut Observer) {
    o.group("loss", |o| {
        let device = o.device().autodiff();
        let stored = Stored::open(&Path::new(FOLDER).join("gpt2_loss.safetensors"), &device);
        let model = stored.filled("param.", Gpt::new(&config(), &device));
        o.parameters("parameters", &model);
        let ids = stored.ints::<2>("in.ids");
        let logits = model
            .forward(ids.clone())
            .expect("as many as Hugging Face took");
        o.tensor("logits", logits.clone());
        o.tensor("logits expected", stored.floats::<3>("out.logits"));

        let [batch, seq, vocab_size] = logits.dims();
        let n = batch * (seq - 1);
        let of_logits = cross_entropy(
            logits.narrow(1, 0, seq - 1).reshape([n, vocab_size]),
            ids.clone().narrow(1, 1, seq - 1).reshape([n]),
        );
        let loss = next_token_loss(&model, ids).expect("fewer than the model took");
        o.tensor("loss", loss.clone());
        o.tensor("loss expected", stored.row("out.loss"));
        o.tensor("loss of logits", of_logits);
        o.tensor("loss of logits expected", stored.row("out.loss"));
        model.visit(&mut Compare {
            gradients: loss.backward(),
            path: Vec::new(),
            stored: &stored,
            o,
        });
    });
}

/// Records each parameter's gradient beside the stored one.
struct Compare<'a> {
    o: &'a mut Observer,
    stored: &'a Stored,
    gradients: Gradients,
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
        let name = format!("grad.{}", self.path.join("."));
        let gradient = param.grad(&self.gradients).expect("all parameters learn");
        self.o.tensor(&name, gradient);
        let expected = self.stored.floats::<D>(&name);
        self.o.tensor(&format!("{name} expected"), expected);
    }
}
