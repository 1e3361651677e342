#pragma once

#include <span>
#include <string_view>

#include "core/lab/report.hpp"

namespace driftglass {

class MeasureSubject;

/// One measure of the report: a number with its floor, or what goes by time, method or round.
/// Either leaves out what is not defined for the subject, and throws Stopped when that is wanted.
struct Measure {
    std::string_view name;  ///< its key under `metrics` (docs/report.md)
    Measured (*number)(MeasureSubject& of) = nullptr;
    void (*list)(MeasureSubject& of, Report& report) = nullptr;
};

/// The registry, in the report's order.
std::span<const Measure> all_measures();

}  // namespace driftglass
