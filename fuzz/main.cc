// The program of libFuzzer: WHYWAIT_FUZZ names the target; without it the program says which there are.
#include "targets.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

using namespace whywait::fuzz;

Target chosen;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/) {
  const auto* const name = std::getenv("WHYWAIT_FUZZ");
  const auto all = all_targets();
  const auto it = std::find_if(all.begin(), all.end(),
                               [&](const Target& t) { return name != nullptr && t.name == name; });
  if (it == all.end()) {
    for (const auto& t : all) std::puts(t.name.c_str());
    std::exit(name == nullptr ? 0 : 2);
  }
  chosen = *it;
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  chosen.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
