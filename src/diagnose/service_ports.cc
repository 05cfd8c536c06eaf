#include "diagnose/service_ports.h"

namespace whywait {

void ServicePorts::add(const Facts& facts) {
  for (const auto& c : facts.table.connections) {
    if (c.state == State::Listen) {
      listened_.set(c.local.port);
    } else {
      ++local_[c.local.port];
      ++remote_[c.remote.port];
    }
  }
}

bool ServicePorts::is_local(const Connection& c, bool is_listened_there) const {
  const bool is_listened_here = listened_[c.local.port];
  if (is_listened_here != is_listened_there) return is_listened_here;
  const auto here = local_[c.local.port];
  const auto there = remote_[c.remote.port];
  return here != there ? here > there : c.local.port < c.remote.port;
}

bool ServicePorts::is_local(const Connection& c) const {
  const bool stays = c.remote.address.is_loopback() || c.remote.address == c.local.address;
  return is_local(c, stays && listened_[c.remote.port]);
}

}  // namespace whywait
