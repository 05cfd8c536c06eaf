// In place of the files that end in _linux.cc, where whywait is built to read files only (WHYWAIT_LIVE=OFF).
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/this_machine.h"

namespace whywait::cli {
namespace {

constexpr const char* kFilesOnly =
    "this build of whywait reads files only: give it one with --from, such as what ss -tanpe, netstat -ano "
    "or "
    "lsof -nP -iTCP printed, or what `whywait save` wrote on Linux";

class NoMachine final : public session::Source {
 public:
  tl::expected<Facts, std::string> begin() override { return tl::unexpected(std::string(kFilesOnly)); }
  void answer(std::span<const Need> /*needs*/, Facts& /*facts*/) override {}
  const std::vector<std::string>& notes() const override { return no_notes_; }

 private:
  std::vector<std::string> no_notes_;
};

}  // namespace

std::unique_ptr<session::Source> this_machine(const live::Options& /*options*/) {
  return std::make_unique<NoMachine>();
}

void keep_only(Rights /*rights*/) {}

ProcessNumber look_up(Pid /*pid*/) { return {}; }

int lab(const Common& /*common*/, const LabOptions& /*options*/) {
  complain(kFilesOnly);
  return 1;
}

}  // namespace whywait::cli
