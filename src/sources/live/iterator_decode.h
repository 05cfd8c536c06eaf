// The records of the BPF iterators (bpf/records.h) → rows, holders and details. Pure: bytes come in as the
// kernel gives them, cut anywhere.
#pragma once

#include "core/facts.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace whywait::live {

// How many sockets a namespace was seen to have, by what the kernel counts them as (/proc/net/sockstat).
struct Tally {
  uint32_t in_use = 0;      // in a table, without the mini-sockets
  uint32_t handshakes = 0;  // in SYN_RECEIVED, as their listeners count them
};

class IteratorDecoder {
 public:
  // `hz`: jiffies in a second. `only`: rows of other namespaces are left out.
  IteratorDecoder(uint32_t hz, std::optional<Netns> only) : hz_(hz), only_(only) {}

  void descriptors(std::span<const std::byte> bytes);  // of Program::Descriptors
  void sockets(std::span<const std::byte> bytes);      // of Program::Sockets
  // True where no record is left half.
  bool is_at_end() const { return rest_.empty(); }

  const std::map<Netns, Tally>& tallies() const { return tallies_; }
  // Rings are descriptors of io_uring: what they hold is in their fdinfo.
  const std::vector<Holder>& rings() const { return rings_; }
  // Rows of sockets to which a file refers, but none of the descriptors.
  const std::vector<uint32_t>& unheld() const { return unheld_; }

  struct View {
    SocketTable table;
    HolderTable holders;
    SocketDetails details;
  };
  View take();

 private:
  // One record, once it is whole; the number of bytes that it took, 0: more are needed.
  size_t descriptor(std::span<const std::byte> bytes);
  std::optional<uint32_t> socket(std::span<const std::byte> bytes);  // its row, where it has one
  template <class One>
  void each(std::span<const std::byte> bytes, One one);

  uint32_t hz_;
  std::optional<Netns> only_;
  std::vector<std::byte> rest_;
  SocketTable table_;
  HolderTable holders_;
  SocketDetails details_;
  std::vector<Holder> rings_;
  std::vector<uint32_t> unheld_;
  std::map<std::pair<Pid, uint32_t>, uint32_t> pipes_;  // process and inode → ends
  std::map<Netns, Tally> tallies_;
  unsigned known_ = ~0U;                              // what every record of a socket with a file could tell
  std::unordered_map<uint64_t, uint32_t> listeners_;  // cookie → row
  std::vector<std::pair<uint32_t, uint64_t>> waiting_;  // row, cookie of its listener
};

}  // namespace whywait::live
