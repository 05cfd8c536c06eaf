// netstat of Windows:
//
//   TCP    local    remote    state    [offload]    [pid]    [milliseconds]
//    component
//   [program.exe]
//
// The state words are English nearly everywhere; a socket that listens has the remote end 0.0.0.0:0 or [::]:0
// in every language. The time in the state is Windows 11's (-i).
#include "sources/pasted/parser.h"

#include <algorithm>
#include <utility>

namespace whywait::pasted {
namespace {

class NetstatWindows : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (const auto header = take_header(line.text, words, sheet)) return *header;
    if (const auto row = std::exchange(unfinished_, std::nullopt)) {
      if (take_wrapped(*row, words, sheet)) return Taken::Part;
    }
    if (equals_ignoring_case(words[0], "TCP")) return take_row(words, sheet);
    if (words[0] == "UDP" && words.size() >= 3) {
      row_.reset();
      saw_row_ = true;
      return Taken::Other;
    }
    if (!saw_row_) return Taken::NotMine;
    return take_owner(line.text, words, sheet);
  }

 private:
  std::optional<Taken> take_header(std::string_view text, const Words& words, Sheet& sheet) {
    if (words[0] != "Proto" || text.find("Recv-Q") != std::string_view::npos) return std::nullopt;
    const auto state = text.find("State");
    const auto pid = text.find("PID");
    const auto time = text.find("(ms)");
    time_is_first_ = time != std::string_view::npos && pid != std::string_view::npos && time < pid;
    has_pid_ = pid != std::string_view::npos || time == std::string_view::npos;
    if (state == std::string_view::npos && text.find("Local Address") == std::string_view::npos &&
        words.size() > 9)
      return std::nullopt;
    sheet.begin_section();
    saw_row_ = false;
    row_.reset();
    return Taken::Part;
  }

  Taken take_row(const Words& words, Sheet& sheet) {
    const auto local = sheet.end(words[1]);
    const auto remote = sheet.end(words[2]);
    if (!local || !remote || words.size() < 3) return Taken::NotMine;
    saw_row_ = true;
    row_.reset();
    auto state = state_word(words[3]);
    if (!state && remote->port == 0 && words.size() > 3) state = StateWord{.state = State::Listen};
    if (state && !state->is_connected) return Taken::Unconnected;
    // Names take the place of 0.0.0.0 without -n; the port says it all the same.
    Connection c;
    c.local = *local;
    c.remote = *remote;
    c.state = state ? state->state : State::Unknown;
    sheet.of_system(System::Windows);
    sheet.of_tool("netstat");
    row_ = sheet.add(c);
    if (!state && words.size() == 3) unfinished_ = row_;
    take_numbers(words, 4, sheet);
    return Taken::Row;
  }

  void take_numbers(const Words& words, size_t at, Sheet& sheet) {
    pid_.reset();
    while (at < words.size() && !is_number(words[at]) && !words[at].starts_with('['))
      ++at;  // the offload state
    const auto first = number<uint32_t>(words[at]);
    const auto second = number<uint32_t>(words[at + 1]);
    if (!first) return;
    const bool has_both = second.has_value();
    const auto pid = has_both && time_is_first_ ? second : has_both || has_pid_ ? first : std::nullopt;
    const auto time = has_both ? (time_is_first_ ? first : second) : has_pid_ ? std::nullopt : first;
    if (time) sheet.set_age(*row_, Milliseconds(*time));
    // TIME_WAIT is under pid 0: no process's any more.
    if (pid && *pid > 0 && *pid <= INT32_MAX) {
      pid_ = Pid{static_cast<int32_t>(*pid)};
      sheet.hold(*row_, {.pid = pid_, .name = {}});
    }
    const auto last = words[words.size() - 1];
    if (last.starts_with('[') && last.ends_with(']')) name_owner(last.substr(1, last.size() - 2), sheet);
  }

  // The state of a wrapped row and the columns after it.
  bool take_wrapped(uint32_t row, const Words& words, Sheet& sheet) {
    const auto state = state_word(words[0]);
    if (!state || !state->is_connected) return false;
    sheet.row(row).state = state->state;
    row_ = row;
    take_numbers(words, 1, sheet);
    return true;
  }

  // A line below a row: a component of a service, the program in brackets, or a message that it is unknown.
  Taken take_owner(std::string_view text, const Words& words, Sheet& sheet) {
    const auto open = text.find('[');
    const auto close = text.rfind(']');
    const bool is_program = words[0].starts_with('[') && close != std::string_view::npos && close > open;
    if (is_program) {
      if (row_) name_owner(text.substr(open + 1, close - open - 1), sheet);
      row_.reset();
      return Taken::Part;
    }
    constexpr size_t kMostWords = 8;
    const bool is_indented = text.starts_with(' ');
    const bool is_component = words.size() == 1 || words.size() <= kMostWords;
    return is_indented && is_component && text.find(':') == std::string_view::npos ? Taken::Part
                                                                                   : Taken::NotMine;
  }

  void name_owner(std::string_view program, Sheet& sheet) {
    sheet.hold(*row_, {.pid = pid_, .name = program});
  }

  bool saw_row_ = false;
  bool has_pid_ = true;
  bool time_is_first_ = false;
  std::optional<uint32_t> row_;
  std::optional<uint32_t> unfinished_;  // a row whose state may be on the next line
  std::optional<Pid> pid_;
};

}  // namespace

std::unique_ptr<Parser> netstat_windows_parser() { return std::make_unique<NetstatWindows>(); }

}  // namespace whywait::pasted
