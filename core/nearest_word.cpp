#include "core/nearest_word.hpp"

#include <algorithm>
#include <vector>

namespace driftglass {
namespace {

std::size_t mistakes(std::string_view a, std::string_view b) {
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1,
                                d[i - 1][j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[a.size()][b.size()];
}

}  // namespace

std::string nearest_word(std::string_view word, std::span<const std::string_view> known) {
    if (word.size() > 40) return "";
    std::string_view best;
    // Of a short word that has no second letter right, nothing can be said.
    std::size_t least = word.size() <= 3 ? 2 : std::max<std::size_t>(2, word.size() / 3) + 1;
    for (const std::string_view candidate : known) {
        // A word that was cut short is meant even if much of it is missing.
        const bool cut = word.size() >= 3 && candidate.starts_with(word);
        const std::size_t distance = cut ? 1 : mistakes(word, candidate);
        if (distance < least && distance < candidate.size()) {
            best = candidate;
            least = distance;
        }
    }
    return std::string(best);
}

}  // namespace driftglass
