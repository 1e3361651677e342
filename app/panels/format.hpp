#pragma once

#include <cstdint>
#include <string>

namespace driftglass {

/// 12400 as "12,400".
std::string grouped(std::int64_t value);
/// With a fixed number of decimals and a true minus.
std::string fixed(double value, int decimals);
/// About `digits` significant digits without an exponent where that is short; true minus.
std::string compact(double value, int digits = 3);
/// A loss, floor beside floor: three decimals, or two digits of one below a hundredth.
std::string loss_number(double value);
/// At most five characters and a sign, for columns: 1.23, 12.3, 123, 1.2e3.
std::string narrow(double value);

}  // namespace driftglass
