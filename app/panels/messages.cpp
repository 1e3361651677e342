#include "app/panels/messages.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

#include "app/panels/view_words.hpp"
#include "core/sample/methods.hpp"

namespace driftglass {

namespace {

/// Parts of the scene whose keys a message may name; `data.` also begins names of files.
constexpr std::string_view sections[] = {"source", "coupling", "path",    "model",   "training",
                                         "reflow", "exact",    "sampler", "guidance"};

constexpr std::pair<std::string_view, std::string_view> symbols[] = {
    {"alpha", "$\\alpha$"},     {"sigma", "$\\sigma$"},    {"lambda", "$\\lambda$"},
    {"beta", "$\\beta$"},       {"x0hat", "$\\hat{x}_0$"}, {"t_min", "$t_{\\mathrm{min}}$"},
    {"q_1", "$q_1$"},           {"q_t", "$q_t$"},          {"x_t", "$x_t$"},
    {"sigma_t", "$\\sigma_t$"}, {"alpha_t", "$\\alpha_t$"}};

bool is_key(std::string_view word) {
    const std::size_t dot = word.find('.');
    return dot != word.npos && std::find(std::begin(sections), std::end(sections),
                                         word.substr(0, dot)) != std::end(sections);
}

std::string in_words(std::string_view word) {
    for (const auto& [name, formula] : symbols) {
        if (word == name) return std::string(formula);
    }
    for (const MethodFacts& method : all_methods()) {
        if (word == method.name) return std::string(method.title);
    }
    if (word == name_of(CouplingKind::minibatch_ot)) return "minibatch OT";
    if (word == name_of(GuidanceKind::cfg)) return pretty(GuidanceKind::cfg);
    if (is_key(word)) {
        const std::string_view last = word.substr(word.find('.') + 1);
        if (const std::string symbol = in_words(last); symbol != last) return symbol;
        std::string words(word);
        std::replace_if(
            words.begin(), words.end(), [](char c) { return c == '.' || c == '_'; }, ' ');
        return words;
    }
    return std::string(word);
}

}  // namespace

std::string window_words(std::string_view message) {
    const std::size_t colon = message.find(": ");
    const bool has_key =
        colon != message.npos && message.find(' ') > colon && is_key(message.substr(0, colon));
    if (has_key) message.remove_prefix(colon + 2);
    std::string result;
    while (!message.empty()) {
        // Formulas are what they are; a name ends where no key could go on.
        const auto part = [&] {
            if (message.front() == '$') return message.find('$', 1);
            if (message.front() == ' ') return std::size_t{0};
            const std::size_t end = message.find_first_of(" ,;:()=$");
            return end == message.npos ? message.size() - 1 : std::max<std::size_t>(end, 1) - 1;
        }();
        std::string_view word = message.substr(0, part == message.npos ? part : part + 1);
        message.remove_prefix(word.size());
        std::string_view stop;
        if (word.size() > 1 && word.back() == '.') {
            stop = ".";
            word.remove_suffix(1);
        }
        result += in_words(word);
        result += stop;
    }
    if (has_key && !result.empty())
        result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
    return result;
}

}  // namespace driftglass
