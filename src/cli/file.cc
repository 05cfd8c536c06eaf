#include "cli/file.h"

#include "cli/input.h"
#include "cli/output.h"
#include "render/printable.h"
#include "sources/pasted/dump.h"
#include "sources/saved/saved.h"

#include <chrono>
#include <fstream>
#include <iterator>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace whywait::cli {
namespace {

using render::printable;

struct Magic {
  std::string_view bytes;
  std::string_view what;
  std::string_view how;
};
constexpr Magic kPacked[] = {{"\x1f\x8b", "gzip", "zcat"},
                             {"\xfd"
                              "7zXZ",
                              "xz", "xzcat"},
                             {"BZh", "bzip2", "bzcat"},
                             {"PK\x03\x04", "zip", "unzip -p"}};

// Combines facts about the file with those in it.
std::string why_no_rows(const std::string& file, const Input& input, const pasted::ParsedDump& dump,
                        std::string_view format) {
  const auto name = printable(file);
  const auto beginning = input.beginning();
  for (const auto& magic : kPacked) {
    if (beginning.starts_with(magic.bytes))
      return fmt::format("{} is packed ({}): {} {} | whywait --from -", name, magic.what, magic.how, name);
  }
  if (beginning.empty())
    return fmt::format("{} {}", name,
                       input.is_pipe() ? "nothing came out of it: does something write into it?"
                                       : "is empty: re-run the command that produced it");
  if (dump.skipped.empty())
    return fmt::format(
        "{} contains no TCP sockets. On that system: ss -tanpe, netstat -ano (Windows), "
        "lsof -nP -iTCP",
        name);
  const auto& first = dump.skipped.front();
  if (first.why == pasted::Why::Binary)
    return fmt::format(
        "{} is binary, line {} on: what a command prints is wanted, such as ss -tanpe or netstat -ano", name,
        first.line);
  if (!format.empty())
    return fmt::format(
        "{} has no line of the format {}; the first, line {}: '{}'. Without --format it is recognised by "
        "content",
        name, format, first.line, printable(first.text));
  return fmt::format(
      "{}: no line of it is of a format that is known here; first unrecognised line, {}: '{}'\n"
      "Known are:\n{}--format forces one of them.",
      name, first.line, printable(first.text), pasted::list_of_formats());
}

std::string_view in_words(pasted::Why why) {
  switch (why) {
    case pasted::Why::NotUnderstood: return "not understood";
    case pasted::Why::Unclear: return "a column of it makes no sense";
    case pasted::Why::TooLong: return "too long";
    case pasted::Why::Binary: return "binary";
    case pasted::Why::OtherHost: return "of another host: read it from a file of its own";
  }
  return "";
}

void show(const std::vector<pasted::Skipped>& skipped, uint64_t prose, std::string_view name) {
  std::string text;
  for (const auto& s : skipped) {
    text += fmt::format("{}:{}: {}: {}\n", printable(name), s.line, in_words(s.why), printable(s.text));
  }
  if (text.empty()) text = fmt::format("{}: no line was skipped\n", printable(name));
  if (prose > 0)
    text += fmt::format("{}: {} {} title or text without a row\n", printable(name), prose,
                        prose == 1 ? "line is a" : "lines are");
  note(text);
}

tl::expected<Facts, std::string> read_saved(const std::string& file, Input& input) {
  auto facts = saved::read([&](std::span<char> room) { return input.read(room); });
  if (auto failure = input.failure()) return tl::unexpected(std::move(*failure));
  if (!facts) return tl::unexpected(fmt::format("{} {}", printable(file), facts.error()));
  return facts;
}

// The services of this host; nothing if it has no such file.
std::string services_here() {
  std::ifstream file("/etc/services");
  return {std::istreambuf_iterator<char>(file), {}};
}

tl::expected<Facts, std::string> read_dump(const std::string& file, Input& input,
                                           const FileOptions& options) {
  auto dump = pasted::read(
      [&](std::span<char> room) { return input.read(room); },
      {.format = options.format, .keep_skipped = options.show_skipped, .services = services_here()});
  if (auto failure = input.failure()) return tl::unexpected(std::move(*failure));
  if (options.show_skipped) show(dump.skipped, dump.facts.dump->header_lines, file);
  if (dump.has_nothing()) return tl::unexpected(why_no_rows(file, input, dump, options.format));
  auto& facts = dump.facts;
  if (!dump.skipped.empty())
    facts.dump->first_skipped =
        fmt::format("line {}: {}", dump.skipped.front().line, dump.skipped.front().text);
  facts.taken_at = input.changed_at().value_or(std::chrono::system_clock::now());
  if (facts.host.empty()) facts.host = file == "-" ? "standard input" : file.substr(file.rfind('/') + 1);
  return std::move(facts);
}

}  // namespace

tl::expected<Facts, std::string> File::begin() {
  auto input = Input::open(name_);
  if (!input) return tl::unexpected(std::move(input.error()));
  auto facts =
      saved::is_saved(input->beginning()) ? read_saved(name_, *input) : read_dump(name_, *input, options_);
  if (facts) facts->file = name_;
  return facts;
}

}  // namespace whywait::cli
