// Usage: bench_floor [--sockets] [--threads]: the least that reading with BPF iterators can cost. Loads the
// programs that whywait loads, reads every descriptor with its socket, throws the records away, and prints
// how many bytes they were. whywait cannot be faster than this unless the programs are.
#include "linux/iterators.h"
#include "linux/netns.h"
#include "sources/live/by_iterators.h"

#include <cstdio>
#include <exception>
#include <span>
#include <string_view>
#include <vector>

namespace whywait::bench {
namespace {

using linux_os::Iterators;
using linux_os::Program;
using linux_os::Result;

struct Wanted {
  bool sockets =
      false;  // of every namespace as well: whywait does this only where some socket has no descriptor
  bool threads = false;  // as well
};

Result<size_t> read_all(const Wanted& wanted) {
  std::vector<Program> programs = {Program::Descriptors};
  if (wanted.threads) programs.push_back(Program::Threads);
  if (wanted.sockets) programs.push_back(Program::Sockets);
  const auto now = live::read_sockstat();
  auto iterators = Iterators::load(programs, now ? now->allocated + now->time_wait : 0);
  if (!iterators) return tl::unexpected(iterators.error());
  iterators->begin_pass();

  size_t bytes = 0;
  const auto count = [&](std::span<const std::byte> part) { bytes += part.size(); };
  if (const auto done = iterators->read(Program::Descriptors, count); !done)
    return tl::unexpected(done.error());
  if (wanted.threads) {
    if (const auto done = iterators->read(Program::Threads, count); !done)
      return tl::unexpected(done.error());
  }
  if (!wanted.sockets) return bytes;

  const auto namespaces = linux_os::all_namespaces();
  if (!namespaces) return tl::unexpected(namespaces.error());
  for (const auto& ns : namespaces->list) {
    Result<void> done;
    const auto entered = linux_os::inside(ns, [&] { done = iterators->read(Program::Sockets, count); });
    if (!entered) return tl::unexpected(entered.error());
    if (!done) return tl::unexpected(done.error());
  }
  return bytes;
}

int run(std::span<char*> arguments) {
  Wanted wanted;
  for (const std::string_view word : arguments) {
    if (word == "--sockets") {
      wanted.sockets = true;
    } else if (word == "--threads") {
      wanted.threads = true;
    } else {
      std::fputs("usage: bench_floor [--sockets] [--threads]\n", stderr);
      return 2;
    }
  }
  const auto bytes = read_all(wanted);
  if (!bytes) {
    std::fprintf(stderr, "bench_floor: %s\n", bytes.error().text().c_str());
    return 1;
  }
  std::printf("%zu bytes of records\n", *bytes);
  return 0;
}

}  // namespace
}  // namespace whywait::bench

int main(int argc, char** argv) {
  try {
    return whywait::bench::run(std::span(argv, static_cast<size_t>(argc)).subspan(1));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bench_floor: %s\n", e.what());
    return 1;
  }
}
