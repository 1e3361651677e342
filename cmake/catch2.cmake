# Catch2 2.13.10, one header: target catch2, #include <catch2/catch.hpp>.
# The wheel asks for a newer Python than a header needs.
driftglass_fetch(catch2_folder catch2 2.13.10.post96 "comma-deps-catch2==2.13.10.post96"
                 PIP_ARGS --ignore-requires-python)
driftglass_return_if_stopped()
add_library(catch2 INTERFACE)
target_include_directories(catch2 SYSTEM INTERFACE "${catch2_folder}/catch2/install/include")
