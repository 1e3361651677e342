#include "app/panels/format.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace driftglass {

namespace {

constexpr const char* minus = "\xe2\x88\x92";

std::string with_true_minus(std::string text) {
    if (!text.empty() && text[0] == '-') text.replace(0, 1, minus);
    return text;
}

/// 1.2e5 where C writes 1.2e+05.
std::string scientific(double value, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*e", digits - 1, value);
    std::string number(text);
    const std::size_t e = number.find('e');
    const int power = std::atoi(number.c_str() + e + 1);
    return with_true_minus(number.substr(0, e)) + "e" + with_true_minus(std::to_string(power));
}

}  // namespace

std::string grouped(std::int64_t value) {
    std::string digits = std::to_string(value);
    const std::size_t first = digits[0] == '-' ? 1 : 0;
    for (std::size_t i = digits.size(); i > first + 3;) {
        i -= 3;
        digits.insert(i, ",");
    }
    return with_true_minus(digits);
}

std::string fixed(double value, int decimals) {
    if (std::isnan(value)) return "\xe2\x80\x93";
    if (std::isinf(value)) return value > 0 ? "\xe2\x88\x9e" : std::string(minus) + "\xe2\x88\x9e";
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    // -0.00 is only rounding
    if (text[0] == '-' && std::string(text).find_first_not_of("-0.") == std::string::npos)
        return text + 1;
    return with_true_minus(text);
}

std::string compact(double value, int digits) {
    if (value == 0) return "0";
    const double magnitude = std::abs(value);
    if (!std::isfinite(value) || (magnitude < 1e5 && magnitude >= 1e-4)) {
        if (!std::isfinite(value)) return fixed(value, 0);
        const int before = static_cast<int>(std::floor(std::log10(magnitude))) + 1;
        std::string text = fixed(value, std::clamp(digits - before, 0, 8));
        if (text.find('.') != std::string::npos) {
            text.erase(text.find_last_not_of('0') + 1);
            if (text.back() == '.') text.pop_back();
        }
        return text;
    }
    return scientific(value, digits);
}

std::string loss_number(double value) {
    return std::abs(value) < 0.01 ? compact(value, 2) : fixed(value, 3);
}

std::string narrow(double value) {
    const double magnitude = std::abs(value);
    // From where the decimals before would round up to one digit more.
    if (!(magnitude >= 9.995) || std::isinf(value)) return fixed(value, 2);
    if (magnitude < 99.95) return fixed(value, 1);
    return magnitude < 999.5 ? fixed(value, 0) : scientific(value, 2);
}

}  // namespace driftglass
