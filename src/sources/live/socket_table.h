// Reads the socket tables of network namespaces.
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

// Finds the namespaces to read: all that whywait can find, or only its own.
linux_os::Result<linux_os::Namespaces> find_namespaces(bool own_namespace_only);
// Adds a gap for the namespaces that were found but not opened, and for `denied` more that could not be
// entered.
void add_namespace_gap(const linux_os::Namespaces& found, uint32_t denied, std::vector<Gap>& gaps);

// Reads the tables of every namespace that whywait can enter, or only of its own.
Reading read_socket_tables(ReadMethod method, bool own_namespace_only);

}  // namespace whywait::live
