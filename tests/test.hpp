// The one header of every test: torch first (in the core's tests), then Catch2, which shares names
// with it.
#pragma once

#ifdef DRIFTGLASS_TEST_TORCH
#include "core/torch.hpp"
#undef CHECK
#endif

#include <catch2/catch.hpp>
