// Giving up what a diagnosis does not need.
#pragma once

#include "linux/error.h"

namespace whywait::linux_os {

// Keeps, of the capabilities that this process has, those that reading needs: entering namespaces, and the
// descriptors and threads of other users' processes. No program that it might start gains any. Does nothing
// for an ordinary user.
Result<void> keep_reading_rights_only();
// And the one to write files where root may, such as in another user's directory.
Result<void> keep_reading_and_file_rights();

}  // namespace whywait::linux_os
