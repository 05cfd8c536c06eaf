#include "core/sorted.h"
#include "sources/saved/saved.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <fmt/format.h>

namespace whywait::saved {
namespace {

using Random = std::mt19937_64;

// Numbers different things from 0, in an order that depends only on chance.
template <class T>
class Numbers {
 public:
  Numbers() = default;
  Numbers(std::vector<T> things, Random& random) : things_(std::move(things)) {
    sort_once(things_);
    numbers_.resize(things_.size());
    std::iota(numbers_.begin(), numbers_.end(), 0U);
    std::shuffle(numbers_.begin(), numbers_.end(), random);
  }

  size_t size() const { return things_.size(); }
  // Of one that it was made with.
  uint32_t of(const T& thing) const {
    return numbers_[static_cast<size_t>(std::lower_bound(things_.begin(), things_.end(), thing) -
                                        things_.begin())];
  }

 private:
  std::vector<T> things_;
  std::vector<uint32_t> numbers_;
};

using Bytes = std::array<uint8_t, 16>;  // of an address, as it has them itself

// Addresses of one kind, that stay of this kind.
struct Range {
  bool is_v4;
  std::array<uint8_t, 4> first;
  uint32_t bits;  // that all of it have in common
};

constexpr size_t kPublic4 = 5;
constexpr size_t kPublic6 = 8;
constexpr std::array<Range, 9> kRanges = {{
    {true, {10, 0}, 8},
    {true, {172, 16}, 12},
    {true, {192, 168}, 16},
    {true, {169, 254}, 16},
    {true, {100, 64}, 10},
    {true, {240, 0}, 4},  // reserved; stands for all others
    {false, {0xfe, 0x80}, 10},
    {false, {0xfc, 0}, 7},
    {false, {0x20, 0x01, 0x0d, 0xb8}, 32},  // for documentation; stands for all others
}};

constexpr size_t kV4At = 12;  // in the bytes of an address

// Of /24 and of /64.
size_t end_of_network(const Range& range) { return range.is_v4 ? 15 : 8; }

Bytes first_of(const Range& range) {
  Bytes out{};
  if (range.is_v4) out = Address::v4({}).bytes();
  std::copy(range.first.begin(), range.first.end(), out.begin() + (range.is_v4 ? kV4At : 0));
  return out;
}

bool is_in(const Address& address, const Range& range) {
  if (address.is_v4() != range.is_v4) return false;
  const auto* bytes = address.bytes().data() + (range.is_v4 ? kV4At : 0);
  for (uint32_t i = 0; i < range.bits; ++i) {
    if (((bytes[i / 8] ^ range.first.at(i / 8)) & 0x80U >> i % 8) != 0) return false;
  }
  return true;
}

size_t range_of(const Address& address) {
  const auto it =
      std::find_if(kRanges.begin(), kRanges.end(), [&](const Range& r) { return is_in(address, r); });
  if (it != kRanges.end()) return static_cast<size_t>(it - kRanges.begin());
  return address.is_v4() ? kPublic4 : kPublic6;
}

bool is_kept(const Address& address) { return address.is_loopback() || address.is_unspecified(); }

// Adds a number to the bytes before `end`, which are zero as far as it reaches.
void add(Bytes& to, size_t end, uint64_t number) {
  for (; number != 0; number >>= 8U) {
    --end;
    to.at(end) = static_cast<uint8_t>(to.at(end) | (number & 0xffU));
  }
}

Bytes network_of(const Address& address, const Range& range) {
  auto out = address.bytes();
  std::fill(out.begin() + static_cast<ptrdiff_t>(end_of_network(range)), out.end(), uint8_t{0});
  return out;
}

// Networks are numbered within their range, and addresses within their network.
class NewAddresses {
 public:
  NewAddresses(const std::vector<Address>& all, Random& random) {
    std::array<std::vector<Address>, kRanges.size()> by_range;
    for (const auto& a : all) by_range.at(range_of(a)).push_back(a);
    for (size_t i = 0; i < kRanges.size(); ++i) add_range(kRanges.at(i), by_range.at(i), random);
    std::sort(pairs_.begin(), pairs_.end());
  }

  // Of one that it was made with.
  Address of(const Address& old) const {
    if (is_kept(old)) return old;
    return std::lower_bound(pairs_.begin(), pairs_.end(), std::pair(old, Address()))->second;
  }

 private:
  // `items` must be sorted.
  void add_range(const Range& range, std::span<const Address> list, Random& random) {
    std::vector<Bytes> networks;
    for (const auto& a : list) networks.push_back(network_of(a, range));
    const Numbers<Bytes> numbers(networks, random);
    // Only of the whole Internet's there may be more than there is room for.
    constexpr size_t kRoom = 1UL << 20U;
    if (numbers.size() > kRoom) return add_hosts(first_of(range), list, random);
    for (size_t from = 0; from < list.size();) {
      const auto& network = networks[from];
      const auto to =
          static_cast<size_t>(std::find_if(networks.begin() + static_cast<ptrdiff_t>(from), networks.end(),
                                           [&](const Bytes& other) { return other != network; }) -
                              networks.begin());
      auto fresh = first_of(range);
      add(fresh, end_of_network(range), numbers.of(network));
      add_hosts(fresh, list.subspan(from, to - from), random);
      from = to;
    }
  }

  // The first is 1; of 256 addresses of a network, one is 0.
  void add_hosts(const Bytes& network, std::span<const Address> list, Random& random) {
    constexpr size_t kWholeNetwork = 256;
    std::vector<uint32_t> hosts(list.size());
    std::iota(hosts.begin(), hosts.end(), list.size() == kWholeNetwork ? 0U : 1U);
    std::shuffle(hosts.begin(), hosts.end(), random);
    for (size_t i = 0; i < list.size(); ++i) {
      auto fresh = network;
      add(fresh, fresh.size(), hosts[i]);
      pairs_.emplace_back(list[i], Address::v6(fresh));
    }
  }

  std::vector<std::pair<Address, Address>> pairs_;  // old and new; sorted
};

void redact_addresses(Facts& facts, Random& random) {
  std::vector<Address> all;
  size_t unique = 0;
  for (const auto& c : facts.table.connections) {
    for (const auto* end : {&c.local, &c.remote}) {
      if (!is_kept(end->address)) all.push_back(end->address);
    }
    // A peer has many rows, so duplicates are removed early to save memory.
    constexpr size_t kMany = 1UL << 16U;
    if (all.size() < 2 * unique + kMany) continue;
    sort_once(all);
    unique = all.size();
  }
  sort_once(all);
  const NewAddresses renamed(all, random);
  for (auto& c : facts.table.connections) {
    c.local.address = renamed.of(c.local.address);
    c.remote.address = renamed.of(c.remote.address);
  }
}

// No fact has the names of users.
void redact_users(Facts& facts, Random& random) {
  constexpr uint32_t kFirst = 1000;
  std::vector<uint32_t> all;
  for (const auto& c : facts.table.connections) {
    if (c.uid().value_or(0) != 0) all.push_back(*c.uid());
  }
  const Numbers<uint32_t> numbers(std::move(all), random);
  for (auto& c : facts.table.connections) {
    if (c.uid().value_or(0) != 0) c.set_uid(kFirst + numbers.of(*c.uid()));
  }
}

// By one of their texts.
template <class NewName>
void rename(Facts& facts, std::string Process::*text, Random& random, const NewName& new_name) {
  std::vector<std::string> all;
  for (const auto& [pid, process] : facts.processes) {
    if (process) all.push_back((*process).*text);
  }
  const Numbers<std::string> numbers(std::move(all), random);
  for (auto& [pid, process] : facts.processes) {
    if (!process || ((*process).*text).empty()) continue;
    (*process).*text = new_name((*process).*text, numbers.of((*process).*text) + 1);
  }
}

// systemctl needs the type of the unit, which is no secret.
std::string new_unit(std::string_view old, uint32_t number) {
  for (const std::string_view kind : {".service", ".scope", ".slice", ".socket"}) {
    if (old.ends_with(kind)) return fmt::format("unit-{}{}", number, kind);
  }
  return fmt::format("unit-{}", number);
}

void redact_processes(Facts& facts, Random& random) {
  rename(facts, &Process::name, random,
         [](std::string_view, uint32_t number) { return fmt::format("process-{}", number); });
  rename(facts, &Process::unit, random, new_unit);
  rename(facts, &Process::container, random,
         [](std::string_view, uint32_t number) { return fmt::format("{:012x}", number); });
  for (auto& [pid, process] : facts.processes) {
    if (process) process->command_line.clear();
  }
}

// The addresses in a process's memory would help an attacker.
void redact_futexes(Facts& facts, Random& random) {
  const auto each = [&](const auto& use) {
    for (auto& [pid, threads] : facts.threads) {
      if (!threads) continue;
      for (auto& t : threads->list) {
        if (t.system_call && t.system_call->futex) use(t.system_call->futex->address);
      }
    }
  };
  std::vector<uint64_t> all;
  each([&](uint64_t address) { all.push_back(address); });
  const Numbers<uint64_t> numbers(std::move(all), random);
  each([&](uint64_t& address) { address = numbers.of(address) + uint64_t{1}; });
}

}  // namespace

Facts redact(Facts facts, const Salt& salt) {
  std::seed_seq seed(salt.begin(), salt.end());
  Random random(seed);
  facts.host = kRedacted;
  facts.boot_id = kRedacted;
  redact_addresses(facts, random);
  redact_users(facts, random);
  redact_processes(facts, random);
  redact_futexes(facts, random);
  for (auto& gap : facts.gaps) gap.detail.clear();
  return facts;
}

}  // namespace whywait::saved
