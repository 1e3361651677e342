#include "app/panels/messages.hpp"

#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("what the core says is said in the window's words", "[panels]") {
    CHECK(window_words("guidance.label: there are no points with the label 1.") ==
          "There are no points with the label 1.");
    CHECK(window_words("sampler.method: euler-maruyama needs the score; choose euler, rk4 or "
                       "dopri5") ==
          "Euler\xe2\x80\x93Maruyama needs the score; choose Euler, RK4 or "
          "Dormand\xe2\x80\x93Prince");
    CHECK(window_words("at sampler.t_min = 0.1 noise of sigma / alpha = 3 is left") ==
          "at $t_{\\mathrm{min}}$ = 0.1 noise of $\\sigma$ / $\\alpha$ = 3 is left");
    CHECK(window_words("training.label_dropout is 1, so choose cfg.") ==
          "training label dropout is 1, so choose classifier-free.");
    // Names of files stay what they are, and so do formulas.
    for (const char* same :
         {"data.csv, line 3: expected 2 or 3 numbers, found 'abc'",
          "kept as /home/alpha/autosave.json.kept", "the density $q(alpha)$ of", "a $ alone", ""})
        CHECK(window_words(same) == same);
}
