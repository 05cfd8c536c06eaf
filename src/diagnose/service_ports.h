// Decides which end of a connection is the service, because dumps need not show who listens.
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

  // True if the local end is the service, false if the remote end is. A port with a listener is a service;
  // without one, the port that more connections share, or else the lower one.
  bool is_local(const Connection& c, bool is_listened_there) const;
  bool is_local(const Connection& c) const;

 private:
  static constexpr size_t kPorts = 65536;

  std::bitset<kPorts> listened_;
  std::vector<uint32_t> local_ = std::vector<uint32_t>(kPorts);
  std::vector<uint32_t> remote_ = std::vector<uint32_t>(kPorts);
};

}  // namespace whywait
