#include "bench/bench.hpp"
#include "bench/peer.hpp"

namespace driftglass::bench {

void transport(const Options& options) {
    print("\n### Flows between two laws, beside torchcfm and flow-matching (1 thread)\n");
    const char* python = *options.python != 0 ? options.python : "no peers";
    Peer peer({python, "bench/peers/transport.py", DRIFTGLASS_PROGRAM});
    while (const std::optional<std::string> line = peer.next_line())
        print("%s\n", line->c_str());
}

}  // namespace driftglass::bench
