#include "testing/same_facts.h"

#include "diagnose/diagnose.h"
#include "testing/fields.h"

#include <algorithm>
#include <map>
#include <type_traits>
#include <vector>

#include <fmt/format.h>

namespace whywait::testing {
namespace {

// Every field as text, by its path, in the order of the facts.
class Values {
 public:
  template <class T>
  void operator()(const std::string& path, const T& value) {
    auto& out = by_path_[path];
    if constexpr (kMayBeMissing<T>) {
      out += missing(value);
    } else {
      out += leaf(value);
    }
    out += ' ';
  }

  const std::map<std::string, std::string>& by_path() const { return by_path_; }

 private:
  template <class T>
  static std::string missing(const std::optional<T>& value) {
    return value ? "given" : "not given";
  }
  template <class T>
  static std::string missing(const Answer<T>& value) {
    return value ? "given" : fmt::format("missing {}", static_cast<int>(value.error()));
  }

  template <class T>
  static std::string leaf(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      return fmt::format("{}", static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
      return fmt::format("{}", value);
    } else if constexpr (std::is_same_v<T, std::optional<Missing>>) {
      return value ? leaf(*value) : "";
    } else if constexpr (requires { value.count(); }) {
      return fmt::format("{}", value.count());
    } else if constexpr (requires { value.time_since_epoch(); }) {
      return leaf(value.time_since_epoch());
    } else if constexpr (std::is_same_v<T, Endpoint>) {
      return fmt::format("{} {}", value.address.is_named(), text(value));
    } else {
      return {};  // what is in it has fields of its own
    }
  }

  std::map<std::string, std::string> by_path_;
};

std::map<std::string, std::string> values_of(const Facts& facts) {
  Values values;
  each_field(facts, values);
  return values.by_path();
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
  auto left = values_of(a);
  auto right = values_of(b);
  left["source"] = right["source"];
  for (const auto& [path, value] : right) {
    if (left[path] != value) return path;
  }
  for (const auto& [path, value] : left) {
    if (right[path] != value) return path;
  }
  return {};
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
