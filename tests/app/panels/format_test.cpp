#include "app/panels/format.hpp"

#include <cmath>

#include "tests/test.hpp"

using namespace driftglass;

TEST_CASE("numbers are grouped, with a true minus and no false zero", "[format]") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(12400) == "12,400");
    CHECK(grouped(-1234567) ==
          "\xe2\x88\x92"
          "1,234,567");
    CHECK(fixed(0.1336, 3) == "0.134");
    CHECK(fixed(-0.0001, 2) == "0.00");
    CHECK(fixed(-2.126, 2) ==
          "\xe2\x88\x92"
          "2.13");
    CHECK(fixed(NAN, 2) == "\xe2\x80\x93");
    CHECK(fixed(INFINITY, 2) == "\xe2\x88\x9e");
    CHECK(compact(0) == "0");
    CHECK(compact(0.003, 2) == "0.003");
    CHECK(compact(0.5, 2) == "0.5");
    CHECK(compact(20, 3) == "20");
    CHECK(compact(1.0 / 3, 3) == "0.333");
    CHECK(compact(123456, 2) == "1.2e5");
    CHECK(compact(-0.00001234, 3) ==
          "\xe2\x88\x92"
          "1.23e\xe2\x88\x92"
          "5");
    CHECK(narrow(0) == "0.00");
    CHECK(narrow(-9.994) ==
          "\xe2\x88\x92"
          "9.99");
    CHECK(narrow(9.996) == "10.0");
    CHECK(narrow(99.96) == "100");
    CHECK(narrow(999.6) == "1.0e3");
    CHECK(narrow(3.4e38) == "3.4e38");
    CHECK(narrow(INFINITY) == "\xe2\x88\x9e");
    CHECK(narrow(NAN) == "\xe2\x80\x93");
}

TEST_CASE("a loss is not written as nothing where it is small") {
    CHECK(loss_number(2.2318) == "2.232");
    CHECK(loss_number(0.0123) == "0.012");
    CHECK(loss_number(0.00123) == "0.0012");
    CHECK(loss_number(3.1e-5) ==
          "3.1e\xe2\x88\x92"
          "5");
    CHECK(loss_number(0) == "0");
}
