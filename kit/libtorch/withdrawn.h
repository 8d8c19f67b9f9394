// Six operations that tch 0.22 wraps, and that PyTorch has withdrawn since the release it was written for.
// Burn calls none of them. Included before anything else of tch's (`[kit.profile.tch]` in course.toml), so
// that it compiles with PyTorch 2.15: who calls one of the six is told that it is gone.
#if __has_include(<torch/torch.h>)
#include <stdexcept>
#include <tuple>
#include <vector>

#include <torch/torch.h>

namespace torch {
template <typename Result>
[[noreturn]] Result withdrawn() {
  throw std::runtime_error("PyTorch has withdrawn this operation");
}
}

#define align_as(...) index({torch::withdrawn<at::indexing::TensorIndex>()})
#define align_tensors(...) withdrawn<std::vector<at::Tensor>>()
#define cholesky(...) withdrawn<at::Tensor>()
#define cholesky_out(...) withdrawn<at::Tensor>()
#define qr(...) withdrawn<std::tuple<at::Tensor, at::Tensor>>()
#define qr_out(...) withdrawn<std::tuple<at::Tensor, at::Tensor>>()
#endif
