// Which end of a connection is the service, where a dump need not tell who listens.
#pragma once

#include "core/facts.h"

#include <bitset>
#include <vector>

namespace whywait {

class ServicePorts {
 public:
  explicit ServicePorts(const Facts& facts) { add(facts); }
  void add(const Facts& facts);

  bool is_listened_on(uint16_t port) const { return listened_[port]; }

  // Else it is the remote end. A port that is listened on is a service; else the one that more connections
  // share, else the lower.
  bool is_local(const Connection& c, bool is_listened_there) const;
  bool is_local(const Connection& c) const;

 private:
  static constexpr size_t kPorts = 65536;

  std::bitset<kPorts> listened_;
  std::vector<uint32_t> local_ = std::vector<uint32_t>(kPorts);
  std::vector<uint32_t> remote_ = std::vector<uint32_t>(kPorts);
};

}  // namespace whywait
