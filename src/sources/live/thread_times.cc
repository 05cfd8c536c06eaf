#include "sources/live/thread_times.h"

#include "bpf/records.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace whywait::live {
namespace {

static_assert(sizeof(whywait_thread) == 32);

std::vector<whywait_thread> records(std::span<const std::byte> bytes) {
  std::vector<whywait_thread> out(bytes.size() / sizeof(whywait_thread));
  if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size() * sizeof(whywait_thread));
  return out;
}

}  // namespace

std::optional<ThreadTimes> decode_threads(std::span<const std::byte> bytes, Tid reader) {
  const auto threads = records(bytes);
  const auto tid_of = [](const whywait_thread& t) { return Tid{static_cast<int32_t>(t.tid)}; };
  const auto self = std::find_if(threads.begin(), threads.end(),
                                 [&](const whywait_thread& t) { return tid_of(t) == reader; });
  if (self == threads.end()) return std::nullopt;
  ThreadTimes out;
  for (const auto& t : threads) {
    if (t.tid == 0 || t.last_arrival == 0) continue;  // of another pid namespace, or it never ran
    // On another CPU one may have been given it since.
    const auto ago = self->last_arrival > t.last_arrival ? self->last_arrival - t.last_arrival : 0;
    out[tid_of(t)] = {
        .last_given_cpu = std::chrono::duration_cast<Milliseconds>(std::chrono::nanoseconds(ago)),
        .ran = std::chrono::nanoseconds(t.ran)};
  }
  return out;
}

}  // namespace whywait::live
