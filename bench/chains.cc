// Usage: bench_chains. How long the wait chains take on a host with 300,000 rows and 2,000 blocked threads,
// of one process and of as many processes, beside a plain walk over the rows. The CPU time of the best of
// several runs.
#include "diagnose/wait_chain.h"
#include "testing/blocked_host.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <limits>

namespace whywait {
namespace {

constexpr uint32_t kRows = 300'000;
constexpr uint32_t kThreads = 2000;

volatile uint64_t kept;  // NOLINT(*-non-const-global-variables): so that the work is not optimised away

template <class What>
double best_ms(What what) {
  constexpr int kRuns = 7;
  double best = std::numeric_limits<double>::max();
  for (int i = 0; i < kRuns; ++i) {
    const auto before = std::clock();
    kept = what();
    best = std::min(best, double(std::clock() - before) * 1000 / CLOCKS_PER_SEC);
  }
  return best;
}

uint64_t walk(const Facts& facts) {
  uint64_t ports = 0;
  for (const auto& c : facts.table.connections) ports += c.local.port ^ c.inode().value_or(0);
  return ports;
}

uint64_t follow_all(const testing::BlockedHost& host) {
  uint64_t hops = 0;
  ChainIndex index(host.facts);
  for (const auto pid : host.clients) hops += wait_chain(pid, index).hops.size();
  return hops;
}

void measure(const char* name, const testing::BlockedHost& host) {
  const auto walked = best_ms([&] { return walk(host.facts); });
  const auto followed = best_ms([&] { return follow_all(host); });
  std::printf("%-20s %7llu hops %8.2f ms %8.2f ms a walk %6.1f walks\n", name,
              static_cast<unsigned long long>(kept), followed, walked, followed / walked);
}

}  // namespace
}  // namespace whywait

int main() {
  using whywait::testing::blocked_host;
  whywait::measure("one process", blocked_host(whywait::kRows, whywait::kThreads, 1));
  whywait::measure("a process a thread", blocked_host(whywait::kRows, whywait::kThreads, whywait::kThreads));
}
