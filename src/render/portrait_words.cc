#include "render/portrait_words.h"

#include "render/listing_rows.h"
#include "render/words.h"

#include <fmt/format.h>

namespace whywait::render {
namespace {

std::string_view words_of(RunState state) {
  switch (state) {
    case RunState::Running: return "running";
    case RunState::Sleeping: return "sleeping";
    case RunState::Uninterruptible: return "in uninterruptible sleep";
    case RunState::Stopped: return "stopped";
    case RunState::Traced: return "held by a debugger";
    case RunState::Zombie: return "ended, not waited for";
    case RunState::Dead: return "ended";
    case RunState::Idle: return "idle in the kernel";
  }
  return "";
}

std::string_view words_of(Call call) {
  switch (call) {
    case Call::None: return "in user space";
    case Call::Accept: return "in accept()";
    case Call::Receive: return "in recv() or read()";
    case Call::Send: return "in send() or write()";
    case Call::Connect: return "in connect()";
    case Call::Epoll: return "in epoll_wait()";
    case Call::Poll: return "in poll() or select()";
    case Call::Futex: return "in futex()";
    case Call::Sleep: return "in nanosleep()";
    case Call::WaitChild: return "in wait()";
    case Call::WaitSignal: return "waiting for a signal";
    case Call::FileLock: return "in flock() or fcntl()";
    case Call::IoUring: return "in io_uring_enter()";
    case Call::Other: return "in another system call";
  }
  return "";
}

std::string reached(const ThreadTally& t, const Facts& facts) {
  switch (t.waits_on) {
    case WaitsOn::Socket: {
      const auto& c = facts.table.connections[t.row];
      return fmt::format(", {} {}{}", name(c.state), ends_of(c), t.count > 1 ? " and the like" : "");
    }
    case WaitsOn::OtherSocket: return ", a socket without a row in the socket table";
    case WaitsOn::NotKnown:
      return fmt::format("; what that is cannot be told, because {}",
                         reason(facts.holders ? Missing::Denied : facts.holders.error(), facts));
    case WaitsOn::NothingNamed:
    case WaitsOn::NoSocket: return {};
  }
  return {};
}

}  // namespace

std::string_view source_of_details(const Facts& facts) {
  return facts.details && facts.details->everywhere ? "BPF iterators" : "/proc/PID/fdinfo";
}

std::string reason(Missing missing, const Facts& facts) {
  if (missing == Missing::Denied) return facts.as_root ? "it is refused to root" : "it needs root";
  if (missing == Missing::NotAsked) return "nobody asked";
  return std::string(why(missing, facts));
}

std::string cannot_tell(Missing missing, const Facts& facts) {
  return "cannot tell, because " + reason(missing, facts);
}

std::string no_epoll_because(const Inspection& in) {
  for (const auto& s : in.portrait.subjects) {
    const auto missing = in.facts.missing({.what = Question::Details, .pid = s.pid});
    if (missing) return reason(*missing, in.facts);
  }
  if (in.portrait.subjects.empty()) return "no process that holds them is seen";
  return "a process that was not read may hold or watch them too";
}

std::string no_holder_because(const Inspection& in, uint32_t row) {
  const Listing listing{.facts = in.facts, .judgement = in.judgement, .rows = {}};
  return std::string(no_owner_because(listing, row));
}

std::string ends_of(const Connection& c) {
  if (c.state == State::Listen) return whywait::text(c.local);
  return fmt::format("{} to {}", whywait::text(c.local), whywait::text(c.remote));
}

std::string text(const Target& target) {
  if (const auto* pid = std::get_if<Pid>(&target)) return fmt::format("{}", number(*pid));
  if (const auto* port = std::get_if<Port>(&target)) return fmt::format(":{}", static_cast<uint16_t>(*port));
  const auto& ends = std::get<Ends>(target);
  return fmt::format("{}-{}", whywait::text(ends.one), whywait::text(ends.other));
}

std::string what_it_does(const ThreadTally& t, const Facts& facts) {
  std::string out(words_of(t.state));
  if (!t.call)
    return fmt::format("{}; the call cannot be told, because {}", out, reason(t.call.error(), facts));
  // A stopped thread still reports the call it was in.
  out += fmt::format(" {}", words_of(*t.call));
  if (t.fd) out += fmt::format(" of descriptor {}", *t.fd);
  return out + reached(t, facts);
}

}  // namespace whywait::render
