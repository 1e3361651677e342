#include "core/nearest_word.hpp"

#include <array>

#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("the nearest word is found if it is near") {
    constexpr std::array<std::string_view, 3> words = {"render", "sample", "measure"};
    CHECK(nearest_word("rendr", words) == "render");
    CHECK(nearest_word("smaple", words) == "sample");
    CHECK(nearest_word("mea", words) == "measure");
    CHECK(nearest_word("x", words).empty());
    CHECK(nearest_word("something", words).empty());
}
