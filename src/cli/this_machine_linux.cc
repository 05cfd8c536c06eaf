#include "cli/output.h"
#include "cli/this_machine.h"
#include "linux/privileges.h"
#include "linux/procfs.h"
#include "sources/live/live.h"

namespace whywait::cli {
namespace {

class ThisMachine final : public session::Source {
 public:
  explicit ThisMachine(const live::Options& options) : live_(options) {}

  tl::expected<Facts, std::string> begin() override { return live_.begin(); }
  void answer(std::span<const Need> needs, Facts& facts) override { live_.answer(needs, facts); }
  const std::vector<std::string>& notes() const override { return live_.notes(); }

 private:
  live::Live live_;
};

linux_os::Result<void> keep(Rights rights) {
  switch (rights) {
    case Rights::None: return linux_os::keep_no_rights();
    case Rights::ReadFiles: return linux_os::keep_file_reading_right();
    case Rights::Read: return linux_os::keep_reading_rights_only();
    case Rights::ReadAndWriteFiles: return linux_os::keep_reading_and_file_rights();
    case Rights::All: break;
  }
  return {};
}

}  // namespace

std::unique_ptr<session::Source> this_machine(const live::Options& options) {
  return std::make_unique<ThisMachine>(options);
}

void keep_only(Rights rights) {
  if (const auto kept = keep(rights); !kept) complain(kept.error().text());
}

ProcessNumber look_up(Pid pid) {
  const auto process = linux_os::open_process(pid);
  if (!process) {
    const bool is_unused = linux_os::missing(process.error()) == Missing::Gone;
    return {.is_unused = is_unused, .may_be_hidden = is_unused && linux_os::hides_processes()};
  }
  const auto leader = linux_os::thread_group_of(process->get());
  return {.thread_of = leader == pid ? std::nullopt : leader};
}

}  // namespace whywait::cli
