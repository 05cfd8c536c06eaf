// What whywait needs of the system that it runs on, besides files and a terminal.
#pragma once

#include "core/ids.h"
#include "session/source.h"
#include "sources/live/options.h"

#include <memory>
#include <optional>

namespace whywait::cli {

std::unique_ptr<session::Source> this_machine(const live::Options& options);

// The rights of root that a command keeps.
enum class Rights : uint8_t {
  None,
  ReadFiles,          // read files of any user
  Read,               // and all that a diagnosis reads from the system
  ReadAndWriteFiles,  // and write files in any directory
  All,
};
// Drops all other rights for good; prints a message if that fails. Does nothing for an ordinary user.
void keep_only(Rights rights);

// What a number of a process or thread refers to.
struct ProcessNumber {
  bool is_unused = false;      // as far as this user can see
  bool may_be_hidden = false;  // this user cannot see other users' processes
  // The process to which the thread belongs; nothing if that is unknown or if it is a process itself.
  std::optional<Pid> thread_of;
};
ProcessNumber look_up(Pid pid);

}  // namespace whywait::cli
