#include "compare/carried_over.h"

#include "compare/coincidence.h"
#include "core/row_index.h"
#include "diagnose/service_ports.h"
#include "rules/case.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace whywait {
namespace {

bool is_compared(const Connection& c) { return c.state != State::Listen && c.state != State::Unknown; }

// A dump has no namespaces; else those of both are the same numbers.
bool tells_netns(const Facts& facts) {
  return std::any_of(facts.whole.begin(), facts.whole.end(), [](Netns n) { return n != Netns{0}; });
}

// The rows of the earlier table, each of which is taken once.
class Earlier {
 public:
  Earlier(const Facts& facts, bool by_netns)
      : table_(facts.table.connections),
        by_netns_(by_netns),
        index_(table_.size()),
        next_(table_.size(), kNoRow) {
    alike_.reserve(table_.size());
    uint32_t row = 0;
    for (const auto& c : table_) {
      if (is_compared(c)) add(c, row);
      ++row;
    }
  }

  uint32_t take(const Connection& c) {
    const auto n = find(c, hash_of(c));
    if (!n) return kNoRow;
    auto& alike = alike_[*n];
    const auto row = alike.left;
    if (row == kNoRow) return kNoRow;
    const auto mine = table_[row].cookie();
    if (mine && c.cookie() && *mine != *c.cookie()) return kNoRow;
    alike.left = next_[row];
    return row;
  }

 private:
  // Rows that a dump does not tell apart, in a chain.
  struct Alike {
    uint32_t first = kNoRow;
    uint32_t left = kNoRow;
  };

  uint64_t hash_of(const Connection& c) const {
    const uint64_t seed =
        static_cast<uint64_t>(c.state) << 32U | (by_netns_ ? static_cast<uint32_t>(c.netns) : 0U);
    return hash_of_ends(c.local, c.remote, seed);
  }

  std::optional<uint32_t> find(const Connection& c, uint64_t hash) const {
    return index_.find(hash, [&](uint32_t n) {
      const auto& other = table_[alike_[n].first];
      return other.local == c.local && other.remote == c.remote && other.state == c.state &&
             (!by_netns_ || other.netns == c.netns);
    });
  }

  void add(const Connection& c, uint32_t row) {
    const auto hash = hash_of(c);
    if (const auto n = find(c, hash)) {
      next_[row] = std::exchange(alike_[*n].left, row);
      return;
    }
    index_.add(hash, static_cast<uint32_t>(alike_.size()));
    alike_.push_back({row, row});
  }

  const Pages<Connection>& table_;
  bool by_netns_;
  RowIndex index_;
  std::vector<Alike> alike_;
  std::vector<uint32_t> next_;
};

// With ports that are fixed at both ends, another connection is always between the same ones.
bool has_a_port_of_many(const Connection& c) {
  constexpr uint16_t kFirstUnprivileged = 1024;
  return c.local.port != 0 && c.remote.port != 0 && c.local.port != c.remote.port &&
         std::max(c.local.port, c.remote.port) >= kFirstUnprivileged;
}

// Connections in one state with one service, of all peers: how many stood through, and how many would seem to
// by accident.
struct Service {
  State state;
  uint16_t port;
  bool is_local;
  auto operator<=>(const Service&) const = default;  // NOLINT(*-implicit-bool-conversion): its bool
};
struct Seeming {
  uint64_t stood = 0;
  double by_accident = 0;
};

class Accidents {
 public:
  Accidents(const Facts& earlier, const Facts& later, const CarriedOver& carried) : ports_(earlier) {
    ports_.add(later);
    for (const auto& c : earlier.table.connections) {
      if (is_passed_once(c.state)) ++of(c).before;
    }
    uint32_t row = 0;
    for (const auto& c : later.table.connections) {
      const auto stood = carried.earlier_of[row++] != kNoRow;
      if (!is_passed_once(c.state)) continue;
      auto& peers = of(c);
      ++peers.now;
      peers.stood += stood ? 1 : 0;
    }
    for (const auto& p : peers_) {
      auto& seeming = services_[p.service];
      seeming.stood += p.stood;
      seeming.by_accident += double(p.before) * double(p.now) / kFewestPorts;
    }
  }

  bool are_no_accident(const Connection& c) const {
    const auto& seeming = services_.at(service_of(c));
    return is_no_accident(seeming.stood, seeming.by_accident);
  }

 private:
  // Connections of one service between two addresses.
  struct Peers {
    Service service{};
    Address local;
    Address remote;
    uint32_t before = 0;
    uint32_t now = 0;
    uint32_t stood = 0;
  };

  Service service_of(const Connection& c) const {
    const bool is_local = ports_.is_local(c);
    return {c.state, is_local ? c.local.port : c.remote.port, is_local};
  }

  Peers& of(const Connection& c) {
    const auto service = service_of(c);
    const auto seed = static_cast<uint64_t>(service.state) << 8U | (service.is_local ? 1U : 0U);
    const auto hash = hash_of({c.remote.address, service.port}, hash_of({c.local.address, 0}, seed));
    const auto known = index_.find(hash, [&](uint32_t n) {
      const auto& p = peers_[n];
      return p.service == service && p.local == c.local.address && p.remote == c.remote.address;
    });
    if (known) return peers_[*known];
    index_.add(hash, static_cast<uint32_t>(peers_.size()));
    return peers_.emplace_back(
        Peers{.service = service, .local = c.local.address, .remote = c.remote.address});
  }

  ServicePorts ports_;
  RowIndex index_;
  std::vector<Peers> peers_;
  std::map<Service, Seeming> services_;
};

bool have_one_cookie(const Connection& a, const Connection& b) {
  return a.cookie() && a.cookie() == b.cookie();
}

// Among the rows that are paired already.
void find_sure(const Facts& earlier, const Facts& later, CarriedOver& carried) {
  std::optional<Accidents> accidents;
  uint32_t row = 0;
  for (const auto& c : later.table.connections) {
    const auto now = row++;
    const auto then = carried.earlier_of[now];
    if (then == kNoRow) continue;
    if (have_one_cookie(c, earlier.table.connections[then])) {
      carried.is_sure[now] = true;
    } else if (is_passed_once(c.state) && has_a_port_of_many(c)) {
      if (!accidents) accidents.emplace(earlier, later, carried);
      carried.is_sure[now] = accidents->are_no_accident(c);
    }
  }
}

}  // namespace

bool is_passed_once(State state) {
  switch (state) {
    case State::FinWait1:
    case State::FinWait2:
    case State::CloseWait:
    case State::Closing:
    case State::LastAck: return true;
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::SynReceived:
    case State::Established:
    case State::TimeWait:
    case State::Unknown: return false;
  }
  return false;
}

CarriedOver none_carried_over(const Facts& earlier, const Facts& later) {
  const auto before = earlier.table.connections.size();
  const auto now = later.table.connections.size();
  return {.earlier_of = std::vector<uint32_t>(now, kNoRow),
          .later_of = std::vector<uint32_t>(before, kNoRow),
          .is_sure = std::vector<bool>(now)};
}

CarriedOver carried_over(const Facts& earlier, const Facts& later) {
  auto out = none_carried_over(earlier, later);
  Earlier rows(earlier, tells_netns(earlier) && tells_netns(later));
  uint32_t row = 0;
  for (const auto& c : later.table.connections) {
    const auto now = row++;
    if (!is_compared(c)) continue;
    const auto then = rows.take(c);
    if (then == kNoRow) continue;
    out.earlier_of[now] = then;
    out.later_of[then] = now;
  }
  find_sure(earlier, later, out);
  return out;
}

void date(const Facts& earlier, Facts& later, const CarriedOver& carried, Milliseconds between) {
  auto& ages = later.table.reported_ages;
  uint32_t row = 0;
  for (const auto& c : later.table.connections) {
    const auto now = row++;
    if (!carried.is_sure[now] || !is_passed_once(c.state)) continue;
    if (age_in_state(c, later.table.info(c), later.uptime)) continue;
    const auto then = carried.earlier_of[now];
    const auto before = age_of_row(earlier.table, then, earlier.uptime);
    const auto at_least = between + (before ? before->at_least : Milliseconds(0));
    auto& age = ages[now];
    // A row that the source itself says is younger is another connection between the same ports.
    if (age.at_most && *age.at_most < at_least) continue;
    age.at_least = std::max(age.at_least, at_least);
  }
}

bool has_restarted(const Facts& earlier, const Facts& later, std::optional<Milliseconds> between) {
  if (!earlier.boot_id.empty() && !later.boot_id.empty()) return earlier.boot_id != later.boot_id;
  return between && later.uptime && *later.uptime < *between;
}

}  // namespace whywait
