#include "render/portrait_words.h"

#include "core/reachable.h"
#include "render/listing_rows.h"
#include "render/words.h"

#include <fmt/format.h>

namespace whywait::render {
namespace {

constexpr size_t kPeersShown = 3;

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

std::string_view of_dump_or(std::string_view here, const Facts& facts) {
  return facts.dump ? std::string_view(facts.source) : here;
}

}  // namespace

std::string_view from_process(const Facts& facts) { return of_dump_or("/proc/PID", facts); }
std::string_view from_descriptors(const Facts& facts) { return of_dump_or("/proc/PID/fd", facts); }
std::string_view from_tasks(const Facts& facts) { return of_dump_or("/proc/PID/task", facts); }

std::string_view source_of_details(const Facts& facts) {
  const bool by_bpf = facts.details && facts.details->everywhere;
  return by_bpf ? "BPF iterators" : of_dump_or("/proc/PID/fdinfo", facts);
}

std::string reason(Missing missing, const Facts& facts) {
  if (missing == Missing::Denied)
    return facts.as_root ? "permission is denied, even to root" : "it needs root";
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

std::string counts(const std::map<State, uint32_t>& states) {
  std::vector<std::string> parts;
  for (const auto& [state, n] : states) parts.push_back(fmt::format("{} {}", grouped(n), name(state)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string and_more(size_t all, size_t shown) {
  return all > shown ? fmt::format(" and {} more", grouped(all - shown)) : std::string();
}

std::string kinds(const DescriptorTally& t, const Descriptors& d) {
  std::vector<std::string> parts;
  uint32_t named = 0;
  const auto add = [&](uint32_t n, std::string_view what) {
    if (n > 0) parts.push_back(fmt::format("{} {}", grouped(n), what));
    named += n;
  };
  add(t.tcp, "of TCP sockets");
  add(t.dead, "of TCP connections that are in no table any more");
  add(t.mptcp, "of MPTCP connections");
  add(t.unconnected, "of TCP sockets that are not connected");
  add(t.other, "of other sockets");
  add(t.unknown, "of sockets without a row, of which the kind is not known");
  add(d.pipes, "of pipes to other processes");
  // Counted a moment apart.
  if (d.open > named) add(d.open - named, "of anything else");
  if (t.in_rings > 0) parts.push_back(fmt::format("and {} sockets in its io_uring", grouped(t.in_rings)));
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string state_line(const StateTally& t) {
  std::vector<std::string> parts;
  if (t.oldest) parts.push_back("oldest " + render::text(*t.oldest));
  if (t.unaccepted > 0) parts.push_back(fmt::format("{} not accepted", grouped(t.unaccepted)));
  const auto queue = [&](uint32_t sockets, uint64_t bytes, std::string_view which) {
    if (sockets > 0)
      parts.push_back(fmt::format("{} not 0 in {}, {} in all", which, grouped(sockets), grouped(bytes)));
  };
  queue(t.with_recv_q, t.recv_q, "Recv-Q");
  queue(t.with_send_q, t.send_q, "Send-Q");
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::string service_line(const ServiceTally& s) {
  if (s.side != Side::Server) {
    return fmt::format("{} {}: {}", s.side == Side::Client ? "to" : "with", whywait::text(s.end),
                       counts(s.states));
  }
  std::vector<std::string> peers;
  for (const auto& peer : s.peers) {
    if (peers.size() == kPeersShown) break;
    peers.push_back(fmt::format("{} ({})", whywait::text(peer.address), grouped(peer.count)));
  }
  return fmt::format("on :{}: {}; from {}{}", s.end.port, counts(s.states), fmt::join(peers, ", "),
                     and_more(s.peer_total, peers.size()));
}

std::string epoll_line(State state, const EpollTally& t) {
  auto text =
      fmt::format("{}: {} of {} in no epoll set", name(state), grouped(t.unwatched), grouped(t.known));
  if (t.unwatched == t.known) return text;
  if (t.disarmed > 0) text += fmt::format(", {} disarmed (EPOLLONESHOT)", grouped(t.disarmed));
  return t.pending_known == 0
             ? text + "; whether an event is pending is not told here"
             : fmt::format("{}, {} with an event that nobody has fetched", text, grouped(t.pending));
}

std::string info_line(const TcpInfo& info) {
  return fmt::format("{} received, last data {} ago; {} sent, last {} ago; last ACK {} ago",
                     plural(info.bytes_received, "byte"), duration(Milliseconds(info.last_data_received_ms)),
                     plural(info.bytes_sent, "byte"), duration(Milliseconds(info.last_data_sent_ms)),
                     duration(Milliseconds(info.last_ack_received_ms)));
}

std::string_view ending(const OtherEnd& end) {
  if (!is_reachable(end.here, end.there)) {
    return ": no two ends of one connection, so that the table changed while it was read";
  }
  const auto by = ended_by(end.here, end.there);
  if (!by) return "";
  switch (*by) {
    case EndedBy::Local: return ": ends when this side closes";
    case EndedBy::Remote: return ": ends when the other side closes";
    case EndedBy::Either: return "";
    case EndedBy::Nobody: return ": no close() ends it";
  }
  return "";
}

}  // namespace whywait::render
