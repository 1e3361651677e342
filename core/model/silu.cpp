#include "core/model/silu.hpp"

#include <cstdint>
#include <cstring>

// The loops are written once, in lanes that the compiler maps to whatever the processor has, and
// compiled for several x86 processors; the choice is made at run time.
#if defined(__x86_64__)
#define DRIFTGLASS_X86 1
#else
#define DRIFTGLASS_X86 0
#endif
#define DRIFTGLASS_INLINE inline __attribute__((always_inline))

namespace driftglass {
namespace {

/// Vectors of as many lanes as the processor's registers have: of wider ones GCC takes comparisons
/// apart, lane by lane.
template <int lanes>
struct Vector {
    typedef float Floats __attribute__((vector_size(lanes * sizeof(float))));
    typedef std::int32_t Ints __attribute__((vector_size(lanes * sizeof(std::int32_t))));
};

// References, not values: vectors wider than the baseline's registers have no settled calling
// convention.
template <class Floats>
DRIFTGLASS_INLINE void load(Floats& to, const float* from) {
    std::memcpy(&to, from, sizeof to);
}
template <class Floats>
DRIFTGLASS_INLINE void store(float* to, const Floats& from) {
    std::memcpy(to, &from, sizeof from);
}

template <int lanes>
DRIFTGLASS_INLINE void sigmoid(const typename Vector<lanes>::Floats& x,
                               typename Vector<lanes>::Floats& result) {
    using Floats = typename Vector<lanes>::Floats;
    using Ints = typename Vector<lanes>::Ints;
    constexpr float limit = 87;
    Floats y = -x;
    y = y > limit ? limit - Floats{} : y;
    y = y < -limit ? -limit - Floats{} : y;
    // exp(y) = 2^k exp(r): adding 1.5 * 2^23 rounds to a whole number in the low bits.
    constexpr float magic = 12582912;
    const Floats shifted = y * 1.44269504f + magic;
    const Ints k = (Ints)shifted << 23;
    const Floats whole = shifted - magic;
    const Floats r = (y - whole * 0.693359375f) + whole * 2.12194440e-4f;
    Floats p = r * 1.9875691500e-4f + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + (r + 1.0f);
    result = 1.0f / (1.0f + (Floats)((Ints)p + k));
}

template <int lanes>
DRIFTGLASS_INLINE void value_block(float* x) {
    typename Vector<lanes>::Floats v, s;
    load(v, x);
    sigmoid<lanes>(v, s);
    store(x, v * s);
}

template <int lanes>
DRIFTGLASS_INLINE void derivative_block(float* x, float* derivative) {
    typename Vector<lanes>::Floats v, s;
    load(v, x);
    sigmoid<lanes>(v, s);
    const typename Vector<lanes>::Floats value = v * s;
    store(x, value);
    store(derivative, s + value * (1.0f - s));
}

template <int lanes>
DRIFTGLASS_INLINE void value_loop(float* x, std::int64_t n) {
    std::int64_t i = 0;
    // Two at a time: each is one long chain of operations.
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
        value_block<lanes>(x + i);
        value_block<lanes>(x + i + lanes);
    }
    for (; i < n; i += lanes) {
        float rest[lanes] = {};
        const std::int64_t count = n - i < lanes ? n - i : lanes;
        std::memcpy(rest, x + i, count * sizeof(float));
        value_block<lanes>(rest);
        std::memcpy(x + i, rest, count * sizeof(float));
    }
}

template <int lanes>
DRIFTGLASS_INLINE void derivative_loop(float* x, float* derivative, std::int64_t n) {
    std::int64_t i = 0;
    for (; i + 2 * lanes <= n; i += 2 * lanes) {
        derivative_block<lanes>(x + i, derivative + i);
        derivative_block<lanes>(x + i + lanes, derivative + i + lanes);
    }
    for (; i < n; i += lanes) {
        float rest[lanes] = {}, slope[lanes];
        const std::int64_t count = n - i < lanes ? n - i : lanes;
        std::memcpy(rest, x + i, count * sizeof(float));
        derivative_block<lanes>(rest, slope);
        std::memcpy(x + i, rest, count * sizeof(float));
        std::memcpy(derivative + i, slope, count * sizeof(float));
    }
}

template <int lanes>
DRIFTGLASS_INLINE void multiply_loop(float* gradient, const float* derivative, float* sum,
                                     std::int64_t rows, std::int64_t columns) {
    for (std::int64_t row = 0; row < rows; ++row) {
        float* g = gradient + row * columns;
        const float* d = derivative + row * columns;
        std::int64_t i = 0;
        for (; i + lanes <= columns; i += lanes) {
            typename Vector<lanes>::Floats a, b, total;
            load(a, g + i);
            load(b, d + i);
            load(total, sum + i);
            a *= b;
            store(g + i, a);
            total += a;
            store(sum + i, total);
        }
        for (; i < columns; ++i)
            sum[i] += g[i] *= d[i];
    }
}

using ValueLoop = void (*)(float*, std::int64_t);
using DerivativeLoop = void (*)(float*, float*, std::int64_t);
using MultiplyLoop = void (*)(float*, const float*, float*, std::int64_t, std::int64_t);
struct Loops {
    ValueLoop value;
    DerivativeLoop derivative;
    MultiplyLoop multiply;
};

#define DRIFTGLASS_LOOPS(NAME, LANES, TARGET)                                          \
    TARGET void value_##NAME(float* x, std::int64_t n) {                               \
        value_loop<LANES>(x, n);                                                              \
    }                                                                                  \
    TARGET void derivative_##NAME(float* x, float* d, std::int64_t n) {                \
        derivative_loop<LANES>(x, d, n);                                                      \
    }                                                                                  \
    TARGET void multiply_##NAME(float* g, const float* d, float* s, std::int64_t rows, \
                                std::int64_t columns) {                                \
        multiply_loop<LANES>(g, d, s, rows, columns);                                         \
    }                                                                                  \
    constexpr Loops loops_##NAME{value_##NAME, derivative_##NAME, multiply_##NAME};

DRIFTGLASS_LOOPS(baseline, 4, )
#if DRIFTGLASS_X86
DRIFTGLASS_LOOPS(avx2, 8, __attribute__((target("avx2,fma"))))
DRIFTGLASS_LOOPS(avx512, 16, __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))))
#endif

const Loops& loops() {
#if DRIFTGLASS_X86
    static const Loops& best =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
            ? loops_avx512
        : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? loops_avx2
                                                                          : loops_baseline;
    return best;
#else
    return loops_baseline;
#endif
}

bool has_loops(const torch::Tensor& x) {
    return x.is_cpu() && x.is_contiguous() && x.scalar_type() == torch::kFloat32;
}

}  // namespace

void apply_silu(torch::Tensor& x) {
    if (has_loops(x)) {
        loops().value(x.data_ptr<float>(), x.numel());
    } else {
        at::silu_(x);
    }
}

void apply_silu_with_derivative(torch::Tensor& value, torch::Tensor& derivative) {
    if (has_loops(value) && has_loops(derivative)) {
        loops().derivative(value.data_ptr<float>(), derivative.data_ptr<float>(), value.numel());
    } else {
        const torch::Tensor s = at::sigmoid(value);
        value.mul_(s);
        derivative.copy_(s + value * (1 - s));
    }
}

void multiply_and_sum_rows(torch::Tensor& gradient, const torch::Tensor& derivative,
                           torch::Tensor& sum) {
    if (has_loops(gradient) && has_loops(derivative) && has_loops(sum)) {
        loops().multiply(gradient.data_ptr<float>(), derivative.data_ptr<float>(),
                         sum.data_ptr<float>(), gradient.size(0), gradient.size(1));
    } else {
        gradient.mul_(derivative);
        sum.add_(gradient.sum(0));
    }
}

}  // namespace driftglass
