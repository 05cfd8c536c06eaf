#include "testing/same_facts.h"

#include "diagnose/diagnose.h"

#include <algorithm>
#include <concepts>
#include <tuple>
#include <vector>

#include <fmt/format.h>

namespace whywait::testing {
namespace {

// The structs are taken apart whole, so that a field that is added to one of them does not compile before it
// is compared.

auto parts(const TcpInfo& t) {
  const auto& [a, b, c, d, e, f, g, h, i, j, k] = t;
  return std::tie(a, b, c, d, e, f, g, h, i, j, k);
}

auto parts(const SecondLookRow& t) {
  const auto& [a, b, c, d, e, f, g] = t;
  return std::tie(a, b, c, d, e, f, g);
}

auto parts(const Descriptors& t) {
  const auto& [a, b, c] = t;
  return std::tie(a, b, c);
}

auto parts(const Process& t) {
  const auto& [a, b, c, d, e, f, g, h, i, j] = t;
  return std::tie(a, b, c, d, e, f, g, h, i, j);
}

auto parts(const Thread& t) {
  const auto& [a, b, c, d, e, f, g, h] = t;
  return std::tie(a, b, c, d, e, f, g, h);
}

auto parts(const Threads& t) {
  const auto& [a, b] = t;
  return std::tie(a, b);
}

auto parts(const HolderTable& t) {
  const auto& [a, b, c, d, e, f, g, h, i, j] = t;
  return std::tie(a, b, c, d, e, f, g, h, i, j);
}

auto parts(const Partners& t) {
  const auto& [a, b, c] = t;
  return std::tie(a, b, c);
}

auto parts(const SocketDetails& t) {
  const auto& [a, b, c, d, e] = t;
  return std::tie(a, b, c, d, e);
}

auto parts(const Connection& c) {
  return std::tuple(c.local, c.remote, c.interface, c.netns, c.state, c.recv_q(), c.send_q(), c.inode(),
                    c.uid(), c.cookie(), c.is_mptcp(), c.timer(), c.shutdown(), c.info());
}

// What was forgotten leaves a trace in it that nobody sees.
auto parts(const SocketDetail& d) {
  return std::tuple(d.row, d.epoll(), d.waiters(), d.listener(), d.dead_in_queue(), d.has_file());
}

template <class T>
concept Taken = requires(const T& t) {
  parts(t);
};

template <class T>
bool same(const T& a, const T& b);
template <class T>
bool same(const Answer<T>& a, const Answer<T>& b);
template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b);
template <class T>
bool same(const Pages<T>& a, const Pages<T>& b);
template <class K, class V>
bool same(const std::map<K, V>& a, const std::map<K, V>& b);

template <class... T, size_t... N>
bool same_parts(const std::tuple<T...>& a, const std::tuple<T...>& b, std::index_sequence<N...> /*numbers*/) {
  return (same(std::get<N>(a), std::get<N>(b)) && ...);
}

template <class T>
bool same(const T& a, const T& b) {
  if constexpr (Taken<T>) {
    const auto left = parts(a);
    return same_parts(left, parts(b), std::make_index_sequence<std::tuple_size_v<decltype(left)>>());
  } else {
    return a == b;
  }
}

template <class T>
bool same(const Answer<T>& a, const Answer<T>& b) {
  if (a.has_value() != b.has_value()) return false;
  return a ? same(*a, *b) : a.error() == b.error();
}

template <class List>
bool same_items(const List& a, const List& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& left, const auto& right) { return same(left, right); });
}

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return same_items(a, b);
}

template <class T>
bool same(const Pages<T>& a, const Pages<T>& b) {
  return same_items(a, b);
}

template <class K, class V>
bool same(const std::map<K, V>& a, const std::map<K, V>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& left, const auto& right) {
    return left.first == right.first && same(left.second, right.second);
  });
}

bool same(const SecondLook& a, const SecondLook& b, size_t rows) {
  for (uint32_t row = 0; row < rows; ++row) {
    if (!same(a.of(row), b.of(row))) return false;
  }
  return a.after() == b.after();
}

std::string text_of(const Need& n) {
  return fmt::format("{}/{}/{} ", static_cast<int>(n.what), number(n.pid), n.row);
}

std::string text_of(std::span<const Case> cases) {
  std::vector<uint32_t> rows;
  for (const auto& c : cases) {
    for (const auto& m : c.members) rows.push_back(m.index);
  }
  std::sort(rows.begin(), rows.end());
  return fmt::format("{} of rows {}", name(cases.front().state), fmt::join(rows, " "));
}

std::string text_of(const BlockedOn& b) {
  std::string out = fmt::format("{} in '{}':", static_cast<int>(b.kind), b.wait_channel);
  for (const auto& [kind, n] : b.threads) out += fmt::format(" {}x{}", n, static_cast<int>(kind));
  return out;
}

std::string text_of(const WaitChain& chain) {
  std::string out;
  for (const auto& h : chain.hops) {
    out += fmt::format("  hop {}/{} x{} via {} {}/{}/{} to {} {} owner {} loops {}\n", number(h.from),
                       number(h.tid), h.threads, static_cast<int>(h.via), h.row, h.peer_row.value_or(kNoRow),
                       h.inode, number(h.to.value_or(Pid{-1})), static_cast<int>(h.confidence),
                       number(h.owner), h.loops);
  }
  if (chain.end) out += "  ends " + text_of(*chain.end) + "\n";
  for (const auto& n : chain.needs) out += "  lacks " + text_of(n) + "\n";
  return out + (chain.waits_back ? "  waits back\n" : "");
}

std::string text_of(const Verdict& v, bool names) {
  const auto& f = v.finding;
  std::string out =
      fmt::format("{} {} {} {} {} {}: {}\n", f.fault, id(f.cause), id(f.acts), static_cast<int>(f.confidence),
                  static_cast<int>(f.severity), names ? v.id : "", text_of(v.cases));
  for (const auto& c : f.culprits)
    out += fmt::format("  culprit {} {}\n", number(c.pid), text_of(c.blocked_on));
  for (const auto& e : f.evidence) out += fmt::format("  evidence {} {}\n", traits(e.kind).id, e.value);
  for (const auto& r : f.ruled_out)
    out += fmt::format("  not {} for {}\n", id(r.cause), static_cast<int>(r.because));
  for (const auto r : f.remedy) out += fmt::format("  do {}\n", static_cast<int>(r));
  if (const auto found = ages(v.cases)) {
    out += fmt::format("  since {} to {}\n", found->oldest.at_least.count(), found->newest.at_least.count());
  }
  return out + text_of(v.chain);
}

std::string text_of(const Open& open) {
  std::string out = "undecided: " + text_of(open.cases);
  for (const auto c : open.candidates) out += fmt::format(" {}", id(c));
  for (const auto& n : open.needs) out += " lacks " + text_of(n);
  for (const auto d : open.open_questions) out += fmt::format(" doubt {}", static_cast<int>(d));
  return out + "\n";
}

}  // namespace

std::string difference(const Facts& a, const Facts& b) {
  const auto& [host, boot_id, source, file, system, dump, tally, fin_in_recv_q, as_root, taken_at, uptime,
               table, whole, holders, second, processes, threads, details, partners, gaps] = a;
  if (host != b.host || boot_id != b.boot_id || as_root != b.as_root) return "host, boot id or rights";
  if (taken_at != b.taken_at || uptime != b.uptime) return "times";
  if (!same(table.connections, b.table.connections)) return "connections";
  if (!same(table.infos, b.table.infos)) return "infos";
  if (!same(whole, b.whole)) return "whole namespaces";
  if (!same(holders, b.holders)) return "holders";
  if (!same(second, b.second, table.connections.size())) return "second look";
  if (!same(processes, b.processes)) return "processes";
  if (!same(threads, b.threads)) return "threads";
  if (!same(details, b.details)) return "details";
  if (!same(partners, b.partners)) return "partners";
  return same(gaps, b.gaps) ? "" : "gaps";
}

std::string judgement_text(const Facts& facts, bool names) {
  const auto j = judge(facts);
  std::vector<std::string> lines;
  for (const auto& [state, n] : j.states) lines.push_back(fmt::format("{} {}\n", name(state), n));
  lines.push_back(fmt::format("young {}, status {}\n", j.young, static_cast<int>(status(facts, j))));
  for (const auto& n : j.needs) lines.push_back("needs " + text_of(n) + "\n");
  for (const auto& v : j.faults) lines.push_back(text_of(v, names));
  for (const auto& v : j.normal) lines.push_back(text_of(v, names));
  for (const auto& open : j.undecided) lines.push_back(text_of(open));
  if (!names) std::sort(lines.begin(), lines.end());
  std::string out;
  for (const auto& line : lines) out += line;
  return out;
}

}  // namespace whywait::testing
