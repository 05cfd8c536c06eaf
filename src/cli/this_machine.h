// What whywait needs of the system on which it runs, besides files and a terminal.
#pragma once

#include "core/ids.h"
#include "session/source.h"
#include "sources/live/options.h"

#include <memory>
#include <optional>

namespace whywait::cli {

std::unique_ptr<session::Source> this_machine(const live::Options& options);

// What a command needs of the rights that root has.
enum class Rights : uint8_t {
  None,
  ReadFiles,          // of any user
  Read,               // and everything that a diagnosis reads of the system
  ReadAndWriteFiles,  // and to write files in any directory
  All,
};
// Gives up all other rights for good, and says where that fails. Does nothing for an ordinary user.
void keep_only(Rights rights);

// What has this number.
struct ProcessNumber {
  bool is_unused = false;      // by all that may be seen
  bool may_be_hidden = false;  // this user does not see the processes of others
  // The process of which it is a thread; nothing where that is not known, or it is the process itself.
  std::optional<Pid> thread_of;
};
ProcessNumber look_up(Pid pid);

}  // namespace whywait::cli
