// Giving up what a diagnosis does not need.
#pragma once

#include "linux/error.h"

namespace whywait::linux_os {

// Each keeps, of the capabilities that this process has, the few that it names, for good: no program that it
// might start gains any. They do nothing for an ordinary user.
Result<void> keep_no_rights();
// To read files of any user.
Result<void> keep_file_reading_right();
// And what a diagnosis reads: entering namespaces, and the descriptors and threads of other users' processes.
Result<void> keep_reading_rights_only();
// And the one to write files where root may, such as in another user's directory.
Result<void> keep_reading_and_file_rights();

}  // namespace whywait::linux_os
