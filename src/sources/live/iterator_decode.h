// Decodes the records of the BPF iterators (bpf/records.h) into rows, holders and details. Pure: the caller
// passes bytes as the kernel returns them, split anywhere.
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

// How many sockets the iterators found in a namespace, to be compared with the kernel's count
// (/proc/net/sockstat).
struct Tally {
  uint32_t in_use = 0;      // in a table, without mini-sockets
  uint32_t handshakes = 0;  // in SYN_RECEIVED, as their listeners count them
};

class IteratorDecoder {
 public:
  // `hz` is the number of jiffies in a second. `only` leaves out the rows of other namespaces.
  IteratorDecoder(uint32_t hz, std::optional<Netns> only) : hz_(hz), only_(only) {}

  void descriptors(std::span<const std::byte> bytes);  // from Program::Descriptors
  void sockets(std::span<const std::byte> bytes);      // from Program::Sockets
  // True if no incomplete record is left.
  bool is_at_end() const { return rest_.empty(); }

  const std::map<Netns, Tally>& tallies() const { return tallies_; }
  // The io_uring descriptors found. /proc/PID/fdinfo lists the sockets that each ring holds.
  const std::vector<Holder>& rings() const { return rings_; }
  // Rows of sockets to which a file refers although no process has a descriptor of it.
  const std::vector<uint32_t>& unheld() const { return unheld_; }

  struct View {
    SocketTable table;
    HolderTable holders;
    SocketDetails details;
  };
  View take();

 private:
  // Decodes one record and returns the number of bytes that it took; 0 if it is incomplete.
  size_t descriptor(std::span<const std::byte> bytes);
  std::optional<uint32_t> socket(std::span<const std::byte> bytes);  // its row, if it gets one
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
  unsigned known_ = ~0U;  // the details that the records of all sockets with a file had
  std::unordered_map<uint64_t, uint32_t> listeners_;    // cookie → row
  std::vector<std::pair<uint32_t, uint64_t>> waiting_;  // row → cookie of its listener
};

}  // namespace whywait::live
