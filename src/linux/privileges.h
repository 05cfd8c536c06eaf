// Drops the rights that a diagnosis does not need.
#pragma once

#include "linux/error.h"

namespace whywait::linux_os {

// Each function drops all capabilities of this process, for good, except those that it names; a program that
// it executes can gain none either. They do nothing for an ordinary user.
Result<void> keep_no_rights();
// Keeps the capability to read files of any user.
Result<void> keep_file_reading_right();
// Keeps that one, and those that a diagnosis needs: to enter namespaces, and to read the descriptors and
// threads of other users' processes.
Result<void> keep_reading_rights_only();
// Keeps the same, and the capability to write files wherever root may, such as in another user's directory.
Result<void> keep_reading_and_file_rights();

}  // namespace whywait::linux_os
