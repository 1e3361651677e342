#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

// Loops written once, in vectors that the compiler maps to the processor's registers, and compiled
// for several x86 processors: a unit instantiates its loops with DRIFTGLASS_AVX2 and
// DRIFTGLASS_AVX512 as attributes of the functions around them, and asks vector_level() which of
// them to call.
#if defined(__x86_64__)
#define DRIFTGLASS_X86 1
#define DRIFTGLASS_AVX2 __attribute__((target("avx2,fma")))
#define DRIFTGLASS_AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))
#else
#define DRIFTGLASS_X86 0
#endif
#define DRIFTGLASS_INLINE inline __attribute__((always_inline))

namespace driftglass {

enum class VectorLevel { baseline, avx2, avx512 };

inline VectorLevel vector_level() {
#if DRIFTGLASS_X86
    static const VectorLevel level =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw")
            ? VectorLevel::avx512
        : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? VectorLevel::avx2
                                                                          : VectorLevel::baseline;
    return level;
#else
    return VectorLevel::baseline;
#endif
}

/// Vectors of as many lanes as the processor's registers have: of wider ones GCC takes comparisons
/// apart, lane by lane.
template <int lanes>
struct Vector {
    typedef float Floats __attribute__((vector_size(lanes * sizeof(float))));
    typedef std::int32_t Ints __attribute__((vector_size(lanes * sizeof(std::int32_t))));
    typedef std::uint32_t Bits __attribute__((vector_size(lanes * sizeof(std::uint32_t))));
    typedef double Doubles __attribute__((vector_size(lanes * sizeof(double))));
    typedef std::int64_t Longs __attribute__((vector_size(lanes * sizeof(std::int64_t))));
};

// References, not values: vectors wider than the baseline's registers have no settled calling
// convention.
template <class V, class Lane>
DRIFTGLASS_INLINE void load(V& to, const Lane* from) {
    std::memcpy(&to, from, sizeof to);
}
template <class V, class Lane>
DRIFTGLASS_INLINE void store(Lane* to, const V& from) {
    std::memcpy(to, &from, sizeof from);
}

/// 1 + exp(-x), x limited to [-87, 87]; finite where x is not a number. exp(-x) = 2^k 2^r with
/// whole k and |r| <= 1/2; 2^r is a polynomial of degree 5, the best of its kind for the relative
/// error: below 1e-7, and the rounding of log2(e) adds up to 1e-7 |x|.
template <int lanes>
DRIFTGLASS_INLINE void one_and_exp_minus(const typename Vector<lanes>::Floats& x,
                                         typename Vector<lanes>::Floats& result) {
    using Floats = typename Vector<lanes>::Floats;
    using Ints = typename Vector<lanes>::Ints;
    using Bits = typename Vector<lanes>::Bits;
    constexpr float limit = 87, minus_log2_e = -1.44269504f;
    // The bits of floats are ordered as whole numbers, with a sign upwards and without one
    // downwards: minima of those are one instruction.
    const Ints most = std::bit_cast<std::int32_t>(limit) - Ints{};
    const Bits least = std::bit_cast<std::uint32_t>(-limit) - Bits{};
    const Ints low = (Ints)x < most ? (Ints)x : most;
    const Floats y = (Floats)((Bits)low < least ? (Bits)low : least);
    // Adding 1.5 * 2^23 rounds to a whole number, which stands in the low bits.
    constexpr float magic = 12582912;
    const Floats shifted = y * minus_log2_e + magic;
    const Ints k = (Ints)shifted << 23;
    const Floats r = y * minus_log2_e - (shifted - magic);
    Floats p = r * 1.326472731e-3f + 9.671512991e-3f;
    p = p * r + 5.550733581e-2f;
    p = p * r + 2.402224243e-1f;
    p = p * r + 6.931470037e-1f;
    p = p * r + 1.0f;
    result = 1.0f + (Floats)((Ints)p + k);
}

/// 1 / x for x from 1 to 2^126, within 2e-7 of it: a guess of 5 % from the bits, a step of Newton's
/// and one of Halley's. A division takes four times as long.
template <int lanes>
DRIFTGLASS_INLINE void reciprocal(const typename Vector<lanes>::Floats& x,
                                  typename Vector<lanes>::Floats& result) {
    using Floats = typename Vector<lanes>::Floats;
    using Ints = typename Vector<lanes>::Ints;
    result = (Floats)(0x7ef311c7 - (Ints)x);
    result += result * (1.0f - x * result);
    const Floats error = 1.0f - x * result;
    result += result * (error + error * error);
}

/// Sine and cosine of |x| up to 8,192: quarter turns taken off in three parts (Cody and Waite
/// 1980), Cephes' polynomials on what is left. Absolute error below 1e-6, 2e-7 for small x.
template <int lanes>
DRIFTGLASS_INLINE void sine_cosine(const typename Vector<lanes>::Floats& x,
                                   typename Vector<lanes>::Floats& sine,
                                   typename Vector<lanes>::Floats& cosine) {
    using Floats = typename Vector<lanes>::Floats;
    using Ints = typename Vector<lanes>::Ints;
    constexpr float magic = 12582912;  // as above
    const Floats shifted = x * 0.636619772f + magic;
    const Ints turns = (Ints)shifted;
    const Floats k = shifted - magic;
    const Floats r = ((x - k * 1.5703125f) - k * 4.837512969970703e-4f) - k * 7.549789954891882e-8f;
    const Floats square = r * r;
    const Floats s =
        r +
        r * square * (-1.6666654611e-1f + square * (8.3321608736e-3f - square * 1.9515295891e-4f));
    const Floats c = 1.0f - 0.5f * square +
                     square * square *
                         (4.166664568298827e-2f +
                          square * (-1.388731625493765e-3f + square * 2.443315711809948e-5f));
    const Ints odd = (turns & 1) != 0;
    sine = odd ? c : s;
    cosine = odd ? s : c;
    sine = (turns & 2) != 0 ? -sine : sine;
    cosine = ((turns + 1) & 2) != 0 ? -cosine : cosine;
}

}  // namespace driftglass
