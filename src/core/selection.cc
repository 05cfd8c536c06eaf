#include "core/selection.h"

#include "core/holder_index.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>

namespace whywait {
namespace {

template <class T>
bool in(const std::vector<T>& list, const T& value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

bool matches(const Connection& c, const Selection& s, const HolderIndex& index) {
  if (!s.states.empty() && !in(s.states, c.state)) return false;
  if (!s.ports.empty() && !in(s.ports, c.local.port) && !in(s.ports, c.remote.port)) return false;
  if (s.pids.empty()) return true;
  const auto holders = index.of(c);
  return std::any_of(holders.begin(), holders.end(), [&](const Holder& h) { return in(s.pids, h.pid); });
}

// Eight bytes of an address as a number that compares as they do.
template <size_t kFrom>
uint64_t eight(const Address& a) {
  uint64_t out = 0;
  static_assert(kFrom + sizeof out <= sizeof(Address));
  std::memcpy(&out, a.bytes().data() + kFrom, sizeof out);
  return std::endian::native == std::endian::little ? __builtin_bswap64(out) : out;
}

// The sort key of rows in words, the least significant first. IPv4 addresses differ only in words 0 and 2.
constexpr size_t kWords = 6;
uint64_t word_of(const Connection& c, size_t word) {
  switch (word) {
    case 0: return eight<8>(c.remote.address) << 16U | c.remote.port;
    case 1: return eight<2>(c.remote.address);
    case 2:
      return eight<8>(c.local.address) << 32U | uint64_t{c.local.port} << 16U |
             eight<0>(c.remote.address) >> 48U;
    case 3: return eight<4>(c.local.address);
    case 4: return uint64_t{static_cast<uint32_t>(c.netns)} << 32U | eight<0>(c.local.address) >> 32U;
    default: return static_cast<uint64_t>(c.state);
  }
}

// Stable, by the byte of each key that begins at bit `shift`.
void sort_by_byte(const std::vector<uint64_t>& keys, uint32_t shift, std::vector<uint32_t>& order,
                  std::vector<uint32_t>& scratch) {
  const auto byte = [&](uint64_t key) { return key >> shift & 0xffU; };
  std::array<uint32_t, 257> starts{};
  for (const auto key : keys) ++starts[byte(key) + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  for (const auto i : order) scratch[starts[byte(keys[i])]++] = i;
  order.swap(scratch);
}

// A radix sort over the bytes that differ at all, which are few: comparing hundreds of thousands of rows
// would fetch each from memory many times. 20 bytes a row.
std::vector<uint32_t> sorted(const Facts& facts, const std::vector<uint32_t>& chosen) {
  const auto& rows = facts.table.connections;
  if (chosen.empty()) return {};
  const auto& first = rows[chosen.front()];
  std::array<uint64_t, kWords> differ{};
  for (const auto index : chosen) {
    for (size_t w = 0; w < kWords; ++w) differ[w] |= word_of(rows[index], w) ^ word_of(first, w);
  }
  std::vector<uint64_t> keys(chosen.size());
  std::vector<uint32_t> scratch(chosen.size());
  std::vector<uint32_t> order(chosen.size());
  std::iota(order.begin(), order.end(), 0U);
  for (size_t w = 0; w < kWords; ++w) {
    if (differ[w] == 0) continue;
    for (size_t i = 0; i < keys.size(); ++i) keys[i] = word_of(rows[chosen[i]], w);
    for (uint32_t shift = 0; shift < 64; shift += 8) {
      if ((differ[w] >> shift & 0xffU) != 0) sort_by_byte(keys, shift, order, scratch);
    }
  }
  for (auto& i : order) i = chosen[i];
  return order;
}

}  // namespace

std::vector<uint32_t> matching(const Facts& facts, const Selection& selection) {
  const auto& rows = facts.table.connections;
  const auto index = selection.pids.empty() ? HolderIndex() : index_of(facts.holders);
  std::vector<uint32_t> chosen;
  for (uint32_t i = 0; i < rows.size(); ++i) {
    if (matches(rows[i], selection, index)) chosen.push_back(i);
  }
  return chosen;
}

std::vector<uint32_t> select(const Facts& facts, const Selection& selection) {
  return sorted(facts, matching(facts, selection));
}

}  // namespace whywait
