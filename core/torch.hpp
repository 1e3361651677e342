#pragma once

/// The one header that includes torch; it is precompiled, so that a unit with it builds in seconds.
#include <torch/torch.h>
