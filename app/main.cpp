#include <cstdio>

#include "core/version.hpp"

int main() {
    std::printf("driftglass %s\n", driftglass::version());
}
