// Reading the socket tables of network namespaces.
#pragma once

#include "core/facts.h"
#include "linux/netns.h"
#include "sources/live/options.h"

#include <vector>

namespace whywait::live {

struct Reading {
  SocketTable table;
  std::vector<Netns> whole;
  std::vector<Gap> gaps;
};

// Every namespace that is to be read: all that can be found, or the own one only.
linux_os::Result<linux_os::Namespaces> find_namespaces(bool own_namespace_only);
// What of them was refused, and of `denied` more that could be found and not be entered.
void add_namespace_gap(const linux_os::Namespaces& found, uint32_t denied, std::vector<Gap>& gaps);

// Of every namespace that can be entered, or of the own one only.
Reading read_socket_tables(ReadMethod way, bool own_namespace_only);

}  // namespace whywait::live
