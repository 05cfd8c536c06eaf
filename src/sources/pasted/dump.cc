#include "sources/pasted/dump.h"

#include "sources/pasted/batches.h"
#include "sources/pasted/parser.h"

#include <algorithm>
#include <utility>

namespace whywait::pasted {
namespace {

constexpr std::string_view kCommands[] = {"netstat",
                                          "ss",
                                          "lsof",
                                          "sockstat",
                                          "fstat",
                                          "procstat",
                                          "busybox",
                                          "Get-NetTCPConnection",
                                          "get-nettcpconnection",
                                          "cat",
                                          "sudo",
                                          "for",
                                          "watch",
                                          "time"};

bool is_command(std::string_view word) {
  const auto slash = word.rfind('/');
  if (slash != std::string_view::npos) word.remove_prefix(slash + 1);
  return std::find(std::begin(kCommands), std::end(kCommands), word) != std::end(kCommands);
}

// "root@pay-07:~#", "C:\Users\me>netstat", "$", "PS C:\>"
bool ends_like_prompt(std::string_view word) {
  return !word.empty() &&
         (word.back() == '$' || word.back() == '#' || word.back() == '>' || word.back() == '%');
}

// A prompt, and no command. No row ends like one by accident.
bool may_stand_alone(const Words& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].find('<') != std::string_view::npos) return false;
    if (i + 1 < words.size() && words[i].find('@') == std::string_view::npos && is_end(words[i]))
      return false;
  }
  return true;
}

// The host in "root@pay-07:~#" or "[root@pay-07 ~]#". A text that ends with '>' is mostly an address of mail.
std::string_view host_of_prompt(const Words& words, size_t command) {
  if (command == 0 || words[command - 1].ends_with('>')) return {};
  for (size_t i = 0; i < command; ++i) {
    const auto sign = words[i].find('@');
    if (sign == std::string_view::npos) continue;
    const auto host = words[i].substr(sign + 1);
    return host.substr(0, host.find_first_of(":~$#%>]"));
  }
  return {};
}

// With or without the domain.
bool is_same_host(std::string_view a, std::string_view b) {
  return equals_ignoring_case(a.substr(0, a.find('.')), b.substr(0, b.find('.')));
}

// The position of the command that was typed on this line; nothing if there is none.
std::optional<size_t> command_at(const Words& words) {
  // A row of lsof begins with a program and its pid, and that may be one of these.
  if (is_command(words[0]) && !is_number(words[1])) return 0;
  constexpr size_t kLongestPrompt = 4;
  for (size_t i = 0; i < std::min(words.size(), kLongestPrompt); ++i) {
    const bool is_last = i + 1 == words.size();
    if (ends_like_prompt(words[i]) && (is_last ? may_stand_alone(words) : is_command(words[i + 1])))
      return i + 1;
    // The prompt and the command in one word.
    const auto angle = words[i].find('>');
    if (angle != std::string_view::npos && is_command(words[i].substr(angle + 1))) return i;
    if (words[i].find('@') != std::string_view::npos && ends_like_prompt(words[i])) return i + 1;
  }
  return std::nullopt;
}

// `ss … state close-wait`: the rows do not say it again.
std::optional<State> filtered_state(const Words& words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    // ss calls a socket connected in every state but two.
    if (words[i] == "state" && words[i + 1] != "connected") return parse_state(words[i + 1]);
  }
  return std::nullopt;
}

// Rows have numbers. A line without one is a title, a header in another language, prose, or a mark for an
// omission.
bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Titles of the lists that follow, which are not of TCP connections.
constexpr std::string_view kOtherSections[] = {"Active UNIX domain sockets",
                                               "Active LOCAL (UNIX)",
                                               "Active Multipath",
                                               "Registered kernel control",
                                               "Active kernel event",
                                               "Active kernel control",
                                               "UDP:",
                                               "SCTP:",
                                               "Active IPX",
                                               "Bluetooth"};
// Titles of TCP connections, from any tool.
constexpr std::string_view kServersOfLinux[] = {"(servers and established)", "(w/o servers)",
                                                "(only servers)"};

class DumpReader {
 public:
  explicit DumpReader(const Options& options) : options_(options), sheet_(options.services) {
    for (const auto& format : all_formats()) {
      if (options.format.empty() || options.format == format.id) parsers_.push_back(format.make());
    }
  }

  void take(const Line& line) {
    const Words words(line.text);
    if (words.empty()) return;
    if (line.binary) return skip(line, Why::Binary);
    if (line.raw.too_long) return skip(line, Why::TooLong);
    const auto taken = parse(line, words);
    if (is_of_other_host_ && taken == Taken::NotMine) return skip(line, Why::OtherHost);
    if (taken == Taken::NotMine) return take_unknown(line, words);
    count(taken, line.number, line.raw.text);
    for (const auto further : sheet_.take_also()) {
      ++further_;
      count(further, line.number, line.raw.text);
    }
  }

  bool take_plain_row(const Connection* row) {
    if (row == nullptr || current_ == nullptr || !current_->take_plain_row(*row, sheet_)) return false;
    in_other_section_ = false;
    return true;
  }

  // Rows beyond which memory is at stake, and lines after which nothing more is to be hoped for.
  bool has_enough() {
    constexpr uint64_t kMostRows = 10'000'000;
    constexpr uint64_t kMostJunk = 250'000;
    const bool is_junk = lines_.skipped >= kMostJunk && !sheet_.has_rows();
    lines_.cut_short = is_junk || sheet_.rows() >= kMostRows;
    return lines_.cut_short;
  }

  ParsedDump finish() {
    for (const auto& parser : parsers_) end_record(*parser);
    ParsedDump out{.facts = sheet_.finish(), .skipped = std::move(skipped_), .further = further_};
    lines_.rows = out.facts.table.connections.size();
    lines_.repeated += sheet_.merged();
    if (lines_.cut_short) {
      auto& gap = out.facts.gaps.emplace_back();
      gap.why = Missing::CutShort;
      gap.detail = "it has more rows than are read of a dump";
    }
    out.facts.dump = lines_;
    return out;
  }

 private:
  Taken parse(const Line& line, const Words& words) {
    if (take_command(words)) return Taken::Part;
    if (is_of_other_host_) return Taken::NotMine;
    auto taken = current_ == nullptr ? Taken::NotMine : current_->take(line, words, sheet_);
    if (taken != Taken::NotMine && taken != Taken::Other) return taken;
    // A line that one parser does not know may be a row, or a further holder, to another.
    const bool is_other = taken == Taken::Other;
    const auto rows = sheet_.rows();
    for (const auto& parser : parsers_) {
      if (parser.get() == current_) continue;
      taken = parser->take(line, words, sheet_);
      if (taken == Taken::NotMine || (is_other && taken != Taken::Row && taken != Taken::Again)) continue;
      if (taken == Taken::Row && current_ != nullptr) sheet_.begin_section_at(rows);
      if (current_ != nullptr) end_record(*current_);
      current_ = parser.get();
      in_other_section_ = false;
      return taken;
    }
    return is_other ? Taken::Other : Taken::NotMine;
  }

  void count(Taken taken, uint64_t line, std::string_view raw) {
    switch (taken) {
      case Taken::NotMine: return;
      case Taken::Row: in_other_section_ = false; return;  // counted when all are merged
      case Taken::Again: ++lines_.repeated; return;
      case Taken::Other: ++lines_.others; return;
      case Taken::Unconnected: ++lines_.unconnected; return;
      case Taken::Unclear: return skip(line, raw, Why::Unclear);
      case Taken::Part:
        ++lines_.header_lines;
        last_part_ = {.line = line, .text = std::string(raw.substr(0, Skipped::kKept))};
        return;
    }
  }

  // The row that the previous parser had begun: its last line was counted as a part of it.
  void end_record(Parser& parser) {
    const auto taken = parser.finish(sheet_);
    if (taken == Taken::NotMine) return;
    if (lines_.header_lines > 0)
      --lines_.header_lines;
    else
      ++further_;  // a line ended one record and began another
    const auto last = std::move(last_part_);
    count(taken, last.line, last.text);
  }

  bool take_command(const Words& words) {
    const auto at = command_at(words);
    if (!at) return false;
    if (const auto host = host_of_prompt(words, *at); !host.empty()) {
      sheet_.of_host(host);
      is_of_other_host_ = !is_same_host(host, sheet_.host());
    }
    if (current_ != nullptr) end_record(*current_);
    current_ = nullptr;
    sheet_.begin_section();
    in_other_section_ = false;
    sheet_.assume(filtered_state(words));
    return true;
  }

  void take_unknown(const Line& line, const Words& words) {
    const auto has = [&](std::string_view title) { return line.text.find(title) != std::string_view::npos; };
    if (std::any_of(std::begin(kOtherSections), std::end(kOtherSections), has)) {
      in_other_section_ = true;
      if (has("Active LOCAL (UNIX)") || has("Active Multipath") || has("kernel control"))
        sheet_.of_system(System::MacOs);
      ++lines_.header_lines;
      return;
    }
    if (std::any_of(std::begin(kServersOfLinux), std::end(kServersOfLinux), has))
      sheet_.of_system(System::Linux);
    if (has("Active Internet connections") || has("Active Connections")) in_other_section_ = false;
    const bool is_tcp = equals_ignoring_case(words[0].substr(0, 3), "tcp");
    if (!has_digit(line.text) && !is_tcp) {
      ++lines_.header_lines;
    } else if (in_other_section_) {
      ++lines_.others;
    } else {
      skip(line, Why::NotUnderstood);
    }
  }

  void skip(const Line& line, Why why) { skip(line.number, line.raw.text, why); }
  void skip(uint64_t line, std::string_view raw, Why why) {
    ++lines_.skipped;
    if (!options_.keep_skipped && !skipped_.empty()) return;
    skipped_.push_back({.line = line, .why = why, .text = std::string(raw.substr(0, Skipped::kKept))});
  }

  const Options& options_;
  std::vector<std::unique_ptr<Parser>> parsers_;
  Parser* current_ = nullptr;
  bool in_other_section_ = false;
  bool is_of_other_host_ = false;  // than the first
  Sheet sheet_;
  DumpLines lines_;
  std::vector<Skipped> skipped_;
  Skipped last_part_;
  uint64_t further_ = 0;
};

}  // namespace

ParsedDump read(Read bytes, const Options& options) {
  Batches batches(std::move(bytes));
  Cleaner cleaner;
  DumpReader reader(options);
  while (const auto* batch = batches.next()) {
    for (const auto& line : batch->lines()) {
      if (reader.take_plain_row(batch->plain_row(line)))
        cleaner.pass();
      else
        reader.take(cleaner.clean(batch->raw(line)));
      if (reader.has_enough()) return reader.finish();
    }
  }
  return reader.finish();
}

bool is_format(std::string_view id) {
  const auto formats = all_formats();
  return std::any_of(formats.begin(), formats.end(), [&](const Format& f) { return f.id == id; });
}

std::string list_of_formats() {
  std::string out;
  for (const auto& format : all_formats()) {
    out += "  " + std::string(format.id) + std::string(20 - std::min<size_t>(format.id.size(), 19), ' ') +
           std::string(format.of) + "\n";
  }
  return out;
}

}  // namespace whywait::pasted
