#include "cli/commands.h"
#include "cli/new_file.h"
#include "cli/output.h"
#include "render/numbers.h"
#include "session/wants.h"
#include "sources/saved/saved.h"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <unistd.h>

namespace whywait::cli {
namespace {

using render::plural;

saved::Salt random_salt() {
  std::random_device random;
  saved::Salt out{};
  std::generate(out.begin(), out.end(), std::ref(random));
  return out;
}

void tell(const Facts& facts, const SaveOptions& options, uint64_t bytes) {
  const bool to_file = options.file != "-";
  const auto name = to_file ? render::printable(options.file) : "FILE";
  const auto processes = facts.processes.size();
  complain(fmt::format("wrote {}, {} process{} and {}{}",
                       plural(facts.table.connections.size(), "connection"), grouped(processes),
                       processes == 1 ? "" : "es", plural(bytes, "byte"),
                       to_file ? fmt::format(", to {}", name) : ""));
  complain(options.redact
               ? "other names stand for addresses, hosts, processes, units, containers and users; ports, "
                 "process ids and times are real"
               : "in it are addresses, and names and command lines of processes, which may hold secrets: "
                 "--redact leaves them out");
  note(fmt::format("whywait --from {}   # reads it, here or elsewhere\n", name));
}

// The status, or an error that was reported already.
int write_to_stdout(const Facts& facts, uint64_t& bytes) {
  return answer_in_parts([&](const render::Sink& sink) {
    saved::write(facts, WHYWAIT_VERSION, [&](std::string_view part) {
      bytes += part.size();
      return sink(part);
    });
  });
}

int write_to_file(const Facts& facts, const SaveOptions& options, uint64_t& bytes) {
  auto file = NewFile::open(options.file, options.force);
  std::optional<std::string> error;
  if (file) {
    saved::write(facts, WHYWAIT_VERSION, [&](std::string_view part) {
      bytes += part.size();
      return file->write(part);
    });
    error = file->finish();
  } else {
    error = file.error();
  }
  if (!error) return 0;
  complain(*error);
  return 1;
}

}  // namespace

int save(const Common& common, const SaveOptions& options) {
  const bool to_stdout = options.file == "-";
  if (to_stdout && isatty(STDOUT_FILENO) != 0) {
    complain("refusing to write binary data to a terminal: name a file, or a pipe to send it on");
    return 2;
  }
  // Check that the file can be written before reading facts.
  if (const auto why = to_stdout ? std::nullopt : why_not_new(options.file, options.force)) {
    complain(*why);
    return 1;
  }
  auto d = diagnose(common, session::everything());
  if (!d) return 1;
  if (options.redact) d->facts = saved::redact(std::move(d->facts), random_salt());
  uint64_t bytes = 0;
  const int written = to_stdout ? write_to_stdout(d->facts, bytes) : write_to_file(d->facts, options, bytes);
  if (written != 0) return written;
  tell(d->facts, options, bytes);
  return status_of(*d, 0);
}

}  // namespace whywait::cli
