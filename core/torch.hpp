#pragma once

/// The one header that brings in torch: tensors and their operations, and gradients. It is
/// precompiled. torch/torch.h is left out on purpose: with it every unit spends three times as long
/// on templates of torch::nn and its kin that nothing here uses.
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>
