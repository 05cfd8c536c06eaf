#include "linux/iterators.h"

#include "linux/fd.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <string_view>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <fmt/format.h>
#include <iterators.skel.h>

namespace whywait::linux_os {
namespace {

// The kernel gives at most its own buffer of 32 KiB at a time (bpf_iter.c, bpf_seq_read).
constexpr size_t kBuffer = 32768;
constexpr size_t kLeastSlots = 4096;
constexpr size_t kMostSlots = size_t{1} << 23U;

constexpr std::array kPrograms = {Program::Descriptors, Program::Sockets, Program::Threads,
                                  Program::InFlight};

std::string_view name(Program program) {
  switch (program) {
    case Program::Descriptors: return "iter/task_file";
    case Program::Sockets: return "iter/tcp";
    case Program::Threads: return "iter/task";
    case Program::InFlight: return "iter/unix";
  }
  return "";
}

// The first warning of libbpf, which says more than an errno. Without this callback libbpf prints it on
// stderr.
std::string& first_warning() {
  thread_local std::string text;
  return text;
}

int listen_to_libbpf(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  std::array<char, 256> line{};
  const int size = vsnprintf(line.data(), line.size(), format, arguments);
  const std::string_view text(line.data());
  // Later warnings repeat the first in other words, or are the verifier's log.
  if (first_warning().empty()) first_warning() = text.substr(0, text.find('\n'));
  return size;
}

struct Destroy {
  void operator()(iterators* skeleton) const { iterators::destroy(skeleton); }
};
using Skeleton = std::unique_ptr<iterators, Destroy>;

bpf_program* program_of(const iterators& s, Program program) {
  switch (program) {
    case Program::Descriptors: return s.progs.descriptors;
    case Program::Sockets: return s.progs.sockets;
    case Program::Threads: return s.progs.threads;
    case Program::InFlight: return s.progs.in_flight;
  }
  return nullptr;
}

// One slot of a table for each socket leaves long runs of full ones; two are enough.
uint32_t slots_for(size_t sockets) {
  return static_cast<uint32_t>(std::bit_ceil(std::clamp(sockets * 2, kLeastSlots, kMostSlots)));
}

Result<Skeleton> try_load(std::span<const Program> wanted, size_t sockets) {
  first_warning().clear();
  Skeleton skeleton(iterators::open());
  if (!skeleton) return failed("open the BPF programs");
  for (const auto program : kPrograms) {
    const bool is_wanted = std::find(wanted.begin(), wanted.end(), program) != wanted.end();
    bpf_program__set_autoload(program_of(*skeleton, program), is_wanted);
  }
  const auto slots = slots_for(sockets);
  if (bpf_map__set_max_entries(skeleton->maps.seen, slots) != 0) return failed("size the BPF maps");
  skeleton->bss->seen_mask = slots - 1;
  if (iterators::load(skeleton.get()) != 0) {
    auto error = failed("load the BPF programs");
    if (!first_warning().empty()) error.value().doing += " (" + first_warning() + ")";
    return error;
  }
  return skeleton;
}

}  // namespace

struct Iterators::Loaded {
  Skeleton skeleton;
  std::array<Fd, kPrograms.size()> links;
};

Iterators::Iterators(std::unique_ptr<Loaded> loaded) : loaded_(std::move(loaded)) {}
Iterators::Iterators(Iterators&&) noexcept = default;
Iterators& Iterators::operator=(Iterators&&) noexcept = default;
Iterators::~Iterators() = default;

Result<Iterators> Iterators::load(std::span<const Program> wanted, size_t sockets) {
  libbpf_set_print(listen_to_libbpf);
  auto skeleton = try_load(wanted, sockets);
  std::vector<std::string> refused;
  // One that the kernel does not take spoils the load of all: each is tried by itself then.
  if (!skeleton && wanted.size() > 1 && missing(skeleton.error()) != Missing::Denied) {
    std::vector<Program> taken;
    for (const auto program : wanted) {
      const auto alone = try_load({&program, 1}, kLeastSlots);
      if (alone) {
        taken.push_back(program);
      } else {
        refused.push_back(fmt::format("{}: {}", name(program), alone.error().text()));
      }
    }
    if (!taken.empty()) skeleton = try_load(taken, sockets);
  }
  if (!skeleton) return tl::unexpected(skeleton.error());

  auto loaded = std::make_unique<Loaded>();
  bool any = false;
  for (const auto program : kPrograms) {
    auto* p = program_of(**skeleton, program);
    if (!bpf_program__autoload(p)) continue;
    auto& link = loaded->links.at(static_cast<size_t>(program));
    link = Fd(bpf_link_create(bpf_program__fd(p), 0, BPF_TRACE_ITER, nullptr));
    if (!link) {
      refused.push_back(fmt::format("{}: {}", name(program), failed("link it").value().text()));
    }
    any = any || bool(link);
  }
  if (!any) return failed("link the BPF programs");
  loaded->skeleton = std::move(*skeleton);
  Iterators out(std::move(loaded));
  out.refused_ = std::move(refused);
  return out;
}

bool Iterators::has(Program program) const { return bool(loaded_->links.at(static_cast<size_t>(program))); }

void Iterators::begin_pass() {
  ++loaded_->skeleton->bss->pass;
  loaded_->skeleton->bss->repeated = 0;
}

bool Iterators::may_have_repeated() const { return loaded_->skeleton->bss->repeated != 0; }

Result<void> Iterators::read(Program program,
                             const std::function<void(std::span<const std::byte>)>& each) const {
  const auto doing = [&] { return fmt::format("read {}", name(program)); };
  const Fd iterator(bpf_iter_create(loaded_->links.at(static_cast<size_t>(program)).get()));
  if (!iterator) return failed(doing());
  std::array<std::byte, kBuffer> buffer{};
  for (;;) {
    const auto n = ::read(iterator.get(), buffer.data(), buffer.size());
    if (n == 0) return {};
    if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (n < 0) return failed(doing());
    each({buffer.data(), static_cast<size_t>(n)});
  }
}

}  // namespace whywait::linux_os
