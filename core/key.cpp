#include "core/key.hpp"

#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace driftglass {
namespace {

std::string number_text(double value) {
    if (value >= 18446744073709551615.0) return "18446744073709551615";
    if (value == std::floor(value) && std::abs(value) < 1e15) {
        return std::to_string(static_cast<long long>(value));
    }
    char text[40];
    std::snprintf(text, sizeof text, "%.9g", value);
    return text;
}

/// Of a number; unset: none.
std::optional<double> number_of(const Key& key) {
    struct Visitor {
        std::optional<double> operator()(const double* v) const { return *v; }
        std::optional<double> operator()(const std::optional<double>* v) const { return *v; }
        std::optional<double> operator()(const int* v) const { return *v; }
        std::optional<double> operator()(const std::int64_t* v) const {
            return static_cast<double>(*v);
        }
        std::optional<double> operator()(const std::uint64_t* v) const {
            return static_cast<double>(*v);
        }
        std::optional<double> operator()(const bool*) const { return {}; }
        std::optional<double> operator()(const std::string*) const { return {}; }
        std::optional<double> operator()(const ChoiceSlot&) const { return {}; }
        std::optional<double> operator()(const Knots*) const { return {}; }
    };
    return std::visit(Visitor{}, key.slot);
}

}  // namespace

bool Limits::contains(double value) const {
    return (open_low ? value > low : value >= low) && (open_high ? value < high : value <= high);
}

std::string Limits::text() const {
    return (open_low ? "above " : "") + number_text(low) + (open_high ? " to below " : " to ") +
           number_text(high);
}

bool is_number(const Key& key) {
    return !std::holds_alternative<bool*>(key.slot) &&
           !std::holds_alternative<std::string*>(key.slot) &&
           !std::holds_alternative<ChoiceSlot>(key.slot) &&
           !std::holds_alternative<Knots*>(key.slot);
}

std::string type_text(const Key& key) {
    struct Visitor {
        std::string operator()(double*) const { return "number"; }
        std::string operator()(std::optional<double>*) const { return "number"; }
        std::string operator()(int*) const { return "whole number"; }
        std::string operator()(std::int64_t*) const { return "whole number"; }
        std::string operator()(std::uint64_t*) const { return "whole number"; }
        std::string operator()(bool*) const { return "true or false"; }
        std::string operator()(std::string*) const { return "text"; }
        std::string operator()(const ChoiceSlot& slot) const {
            return "one of " + in_words(slot.names());
        }
        std::string operator()(Knots*) const { return "list of [alpha, sigma]"; }
    };
    return std::visit(Visitor{}, key.slot);
}

std::string allowed(const Key& key) {
    if (std::holds_alternative<Knots*>(key.slot)) {
        return "a list of [alpha, sigma] pairs, each " + key.range.text();
    }
    const std::string type = type_text(key);
    if (!is_number(key)) return type;
    return "a " + type + (key.range.open_low ? " " : " from ") + key.range.text();
}

std::string value_text(const Key& key) {
    struct Visitor {
        std::string operator()(const double* v) const { return number_text(*v); }
        std::string operator()(const std::optional<double>* v) const {
            return *v ? number_text(**v) : "unset";
        }
        std::string operator()(const int* v) const { return std::to_string(*v); }
        std::string operator()(const std::int64_t* v) const { return std::to_string(*v); }
        std::string operator()(const std::uint64_t* v) const { return std::to_string(*v); }
        std::string operator()(const bool* v) const { return *v ? "true" : "false"; }
        std::string operator()(const std::string* v) const { return nlohmann::json(*v).dump(); }
        std::string operator()(const ChoiceSlot& slot) const {
            return "\"" + std::string(slot.name(slot.value)) + "\"";
        }
        std::string operator()(const Knots*) const { return "[]"; }
    };
    return std::visit(Visitor{}, key.slot);
}

void check_keys(const std::string& prefix, const std::vector<Key>& keys) {
    const auto check = [&](double value, const Key& key, const std::string& place,
                           const std::string& expected) {
        if (key.range.contains(value)) return;
        throw Error((prefix.empty() ? "" : prefix + ".") + std::string(key.name) + place +
                    ": expected " + expected + ", found " +
                    (std::isfinite(value) ? number_text(value) : "a value not finite"));
    };
    for (const Key& key : keys) {
        if (const std::optional<double> value = number_of(key)) {
            check(*value, key, "", allowed(key));
        }
        if (const auto* knots = std::get_if<Knots*>(&key.slot)) {
            for (std::size_t i = 0; i < (*knots)->size(); ++i) {
                for (const double value : (**knots)[i]) {
                    check(value, key, "[" + std::to_string(i) + "]",
                          "[alpha, sigma], each " + key.range.text());
                }
            }
        }
    }
}

}  // namespace driftglass
