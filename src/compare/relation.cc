#include "compare/relation.h"

#include "compare/addresses.h"
#include "compare/mirrors.h"
#include "rules/case.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace whywait {
namespace {

// The addresses of a host and of its peers, by which others recognise it.
struct Surroundings {
  Addresses local;
  Addresses remote;
  uint64_t rows = 0;  // that have them
};

// Text that hides addresses, such as 10.0.x.x or ***, is the same on every host.
bool is_mask(const Address& address) {
  if (!address.is_named()) return false;
  const auto name = text(address);
  const auto has = [&](std::string_view part) { return name.find(part) != std::string::npos; };
  return has("xx") || has(".x") || has(".X") || has("XX") || name.find_first_of("*?#") != std::string::npos;
}

bool names_this_host(const Address& address) { return !address.is_unspecified() && !address.is_loopback(); }

Surroundings surroundings(const Facts& facts) {
  Surroundings out;
  for (const auto& c : facts.table.connections) {
    if (!names_this_host(c.local.address)) continue;
    out.local.add(c.local.address);
    ++out.rows;
    if (may_lead_elsewhere(c)) out.remote.add(c.remote.address);
  }
  return out;
}

uint64_t rows_in(const Addresses& mine, const Addresses& known) {
  uint64_t rows = 0;
  for (const auto& a : mine.all()) {
    if (known.contains(a.address) && !is_mask(a.address)) rows += a.count;
  }
  return rows;
}

bool is_redacted(const Facts& facts) { return facts.boot_id == kRedacted; }

// They say themselves that they are not one.
bool are_named_apart(const Facts& first, const Facts& second) {
  const auto differ = [](const std::string& a, const std::string& b) {
    return !a.empty() && !b.empty() && a != b;
  };
  return differ(first.boot_id, second.boot_id) && differ(first.host, second.host);
}

bool is_on_loopback(const Connection& c) {
  return c.state != State::Listen && c.local.address.is_loopback() && c.remote.address.is_loopback() &&
         c.local.port != 0 && c.remote.port != 0;
}

struct Shared {
  uint64_t count = 0;
  uint64_t of = 0;  // of the one that has fewer
};

// Connections of the loopback lead nowhere else, but are the same only on one host.
Shared shared_on_loopback(const Facts& first, const Facts& second) {
  const Mirrors firsts(first, is_on_loopback);
  Shared out;
  uint64_t all = 0;
  for (const auto& c : second.table.connections) {
    if (!is_on_loopback(c)) continue;
    ++all;
    if (firsts.with_ends(c.local, c.remote) != kNoRow) ++out.count;
  }
  out.of = std::min<uint64_t>(all, firsts.size());
  return out;
}

uint64_t count_mirrored(const Facts& first, const Facts& second) {
  const Mirrors mirrors(second, may_lead_elsewhere);
  const auto& table = first.table.connections;
  return static_cast<uint64_t>(std::count_if(table.begin(), table.end(), [&](const Connection& c) {
    // If the service fixes both ports, private addresses that are in use twice would be enough.
    return may_lead_elsewhere(c) && c.local.port != c.remote.port && mirrors.of(c) != kNoRow;
  }));
}

}  // namespace

bool may_lead_elsewhere(const Connection& c) {
  if (c.state == State::Listen || c.state == State::Closed) return false;
  const auto names_one = [](const Address& a) {
    return !a.is_named() && !a.is_unspecified() && !a.is_loopback();
  };
  return names_one(c.local.address) && names_one(c.remote.address) && c.local.address != c.remote.address;
}

Relation relate(const Facts& first, const Facts& second) {
  if (is_redacted(first) || is_redacted(second)) return {Kinship::Unrelated, RecognisedBy::Redacted};
  const auto one = surroundings(first);
  const auto other = surroundings(second);
  const auto here = rows_in(one.local, other.local);
  const auto there = rows_in(other.local, one.local);
  const bool share_addresses = here > 0 && 2 * here >= one.rows && 2 * there >= other.rows;
  const bool are_apart = are_named_apart(first, second);
  if (share_addresses && !are_apart)
    return {Kinship::SameHost, RecognisedBy::LocalAddresses, there, other.rows};

  // Two containers have one boot id, and may have connections with each other.
  const auto facing = rows_in(one.remote, other.local) + rows_in(other.remote, one.local);
  const auto mirrored = facing > 0 ? count_mirrored(first, second) : 0;
  if (mirrored > 0) return {Kinship::Mirrored, RecognisedBy::MirroredEnds, mirrored, one.rows};
  if (!first.boot_id.empty() && first.boot_id == second.boot_id)
    return {Kinship::SameHost, RecognisedBy::BootId};
  if (!are_apart && here == 0 && there == 0) {
    constexpr uint64_t kFew = 3;
    const auto shared = shared_on_loopback(first, second);
    if (shared.count >= kFew && 10 * shared.count >= shared.of)
      return {Kinship::SameHost, RecognisedBy::SameConnections, shared.count, shared.of};
  }
  if (facing > 0) return {Kinship::Mirrored, RecognisedBy::FacingAddresses, facing, one.rows + other.rows};
  if (const auto found = find_translated(first, second).size(); found > 0)
    return {Kinship::Translated, RecognisedBy::MirroredPorts, found, one.rows};
  return {};
}

}  // namespace whywait
