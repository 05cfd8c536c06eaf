// Get-NetTCPConnection of PowerShell: as a table of any width, as a list, as CSV, as JSON.
//
// `Bound` is the state of a port that a process has taken, the twin of a connection that has the same port:
// none itself.
#include "sources/pasted/parser.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace whywait::pasted {
namespace {

// MIB_TCP_STATE (tcpmib.h), which JSON gives as numbers. 100 is Bound.
std::optional<StateWord> numbered_state(std::string_view word) {
  constexpr std::array kStates = {State::Closed,      State::Listen,   State::SynSent,  State::SynReceived,
                                  State::Established, State::FinWait1, State::FinWait2, State::CloseWait,
                                  State::Closing,     State::LastAck,  State::TimeWait};
  const auto n = number<uint32_t>(word);
  if (!n) return state_word(word);
  if (*n == 100 || *n == 12 || *n == 1) return StateWord{.state = State::Closed, .is_connected = false};
  if (*n == 0 || *n > kStates.size()) return std::nullopt;
  return StateWord{.state = kStates.at(*n - 1)};
}

// One connection, as far as its columns are known.
struct Record {
  std::string local_address, local_port, remote_address, remote_port, state, pid;

  // Null for a column that says nothing here.
  std::string* field(std::string_view name) {
    if (equals_ignoring_case(name, "LocalAddress")) return &local_address;
    if (equals_ignoring_case(name, "LocalPort")) return &local_port;
    if (equals_ignoring_case(name, "RemoteAddress")) return &remote_address;
    if (equals_ignoring_case(name, "RemotePort")) return &remote_port;
    if (equals_ignoring_case(name, "State")) return &state;
    if (equals_ignoring_case(name, "OwningProcess")) return &pid;
    return nullptr;
  }
  bool is_empty() const { return local_address.empty() && remote_address.empty() && local_port.empty(); }
  bool is_blank() const { return is_empty() && remote_port.empty() && state.empty() && pid.empty(); }
};

Family family_of(const Record& r) {
  return (r.local_address + r.remote_address).find(':') == std::string::npos ? Family::V4 : Family::V6;
}

Taken add(const Record& r, Sheet& sheet) {
  // A paste may begin or end in the middle of one.
  if (r.local_address.empty() || r.remote_address.empty() != r.remote_port.empty()) return Taken::Unclear;
  const auto family = family_of(r);
  const auto local = sheet.end(r.local_address, r.local_port, family);
  const auto remote = sheet.end(r.remote_address, r.remote_port.empty() ? "0" : r.remote_port, family);
  if (!local || !remote) return Taken::Unclear;
  sheet.of_system(System::Windows);
  sheet.of_tool("get-nettcpconnection");
  const auto state = r.state.empty() ? std::nullopt : numbered_state(r.state);
  if (state && !state->is_connected) return Taken::Unconnected;
  Connection c;
  c.local = *local;
  c.remote = *remote;
  c.state = state ? state->state : sheet.assumed().value_or(State::Unknown);
  const auto row = sheet.add(c);
  // TIME_WAIT is under pid 0: it belongs to no process any more.
  if (const auto pid = number<int32_t>(r.pid); pid && *pid > 0)
    sheet.hold(row, {.pid = Pid{*pid}, .name = {}});
  return Taken::Row;
}

// Narrow tables cut addresses. No word is one only because a colon ends it.
bool is_address(std::string_view word) {
  const bool is_label = word.ends_with(':') && !word.ends_with("::");
  return !is_label && word.find_first_of(".:") != std::string_view::npos &&
         printed_end(word, "0", Family::V4, Services()).has_value();
}

class PowerShellTable : public Parser {
 public:
  Taken take(const Line& /*line*/, const Words& words, Sheet& sheet) override {
    const auto is_column = [&](std::string_view w) { return Record().field(w) != nullptr; };
    const auto known = [&] {
      size_t n = 0;
      for (size_t i = 0; i < words.size(); ++i) n += is_column(words[i]) ? 1 : 0;
      return n;
    }();
    if (known >= 3) {
      columns_.clear();
      for (size_t i = 0; i < words.size(); ++i) columns_.emplace_back(words[i]);
      sheet.begin_section();
      return Taken::Part;
    }
    if (words[0].starts_with("----") && !columns_.empty()) return Taken::Part;
    return columns_.empty() ? take_bare(words, sheet) : take_row(words, sheet);
  }

 private:
  // By the header; AppliedSetting may be blank, which shows by what would stand there.
  Taken take_row(const Words& words, Sheet& sheet) const {
    Record r;
    size_t at = 0;
    for (const auto& column : columns_) {
      if (at >= words.size()) break;
      const bool is_blank = equals_ignoring_case(column, "AppliedSetting") && is_number(words[at]);
      if (is_blank) continue;
      if (auto* field = r.field(column)) *field = words[at];
      ++at;
    }
    const bool is_row = is_address(r.local_address) &&
                        (r.remote_address.empty() || is_address(r.remote_address)) &&
                        (is_number(r.local_port) || r.local_port.empty());
    return is_row ? add(r, sheet) : Taken::NotMine;
  }

  // Without a header: address, port, address, port, and a word in PowerShell's spelling.
  static Taken take_bare(const Words& words, Sheet& sheet) {
    if (words.size() < 5 || !is_number(words[1]) || !is_number(words[3])) return Taken::NotMine;
    if (!is_address(words[0]) || !is_address(words[2]) || !state_word(words[4])) return Taken::NotMine;
    const auto last = words[words.size() - 1];
    return add({.local_address = std::string(words[0]),
                .local_port = std::string(words[1]),
                .remote_address = std::string(words[2]),
                .remote_port = std::string(words[3]),
                .state = std::string(words[4]),
                .pid = words.size() > 5 && is_number(last) ? std::string(last) : ""},
               sheet);
  }

  std::vector<std::string> columns_;
};

// Lists ("LocalAddress  : ::") and JSON ("LocalAddress": "::"), of whatever layout: a record ends where a
// field comes again, an object ends, or a blank line parts lines that were together.
class PowerShellRecords : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    const auto text = line.text;
    if (text.find('"') != std::string_view::npos) return take_json(text, sheet);
    const bool is_parted = line.after_blank && together_ >= 2;
    together_ = line.after_blank ? 1 : together_ + 1;
    return take_list_line(text, words, is_parted, sheet);
  }

  Taken finish(Sheet& sheet) override { return flush(sheet); }

 private:
  Taken take_list_line(std::string_view text, const Words& words, bool is_parted, Sheet& sheet) {
    const auto first = words[0].back() == ':' ? words[0].substr(0, words[0].size() - 1) : words[0];
    const bool has_value = words[1] == ":" || words[0].ends_with(':');
    const bool is_bracket =
        words.size() == 1 && words[0].find_first_not_of("{}[],") == std::string_view::npos;
    if (is_bracket && (is_json_ || text.find_first_of("{[") != std::string_view::npos)) {
      const auto taken = take_json(text, sheet);
      return taken == Taken::NotMine ? Taken::Part : taken;
    }
    if (!has_value) return Taken::NotMine;
    const bool is_field = Record().field(first) != nullptr;
    if (!is_field && !(in_list_ && words[1] == ":")) return Taken::NotMine;
    const auto before = is_parted && !is_json_ ? flush(sheet) : Taken::NotMine;
    const auto taken = is_field ? set(first, words[1] == ":" ? words[2] : words[1], sheet) : Taken::Part;
    in_list_ = true;
    return before == Taken::NotMine ? taken : before;
  }

  Taken take_json(std::string_view text, Sheet& sheet) {
    Taken taken = Taken::NotMine;
    const auto note = [&](Taken t) {
      if (t == Taken::NotMine || (t == Taken::Part && taken != Taken::NotMine)) return;
      if (taken != Taken::NotMine && taken != Taken::Part) sheet.also(taken);
      taken = t;
    };
    while (true) {
      const auto open = text.find_first_of("\"{}");
      if (open == std::string_view::npos) return taken;
      if (text[open] != '"') {
        note(take_brace(text[open], sheet));
        text.remove_prefix(open + 1);
        continue;
      }
      const auto close = text.find('"', open + 1);
      if (close == std::string_view::npos) return taken;
      const auto key = text.substr(open + 1, close - open - 1);
      const auto value_at = text.find_first_not_of(' ', close + 1);
      if (value_at == std::string_view::npos || text[value_at] != ':') {
        text.remove_prefix(close);  // it may begin the next word: where a paste begins is not known
        continue;
      }
      text.remove_prefix(value_at + 1);
      text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
      if (!text.starts_with('{') && !text.starts_with('[')) note(take_member(key, value_of(text), sheet));
    }
  }

  Taken take_brace(char brace, Sheet& sheet) {
    const auto taken = brace == '}' && depth_ <= record_depth_ ? flush(sheet) : Taken::NotMine;
    depth_ += brace == '{' ? 1 : -1;
    return taken;
  }

  Taken take_member(std::string_view key, std::string_view value, Sheet& sheet) {
    const bool is_nested = !record_.is_blank() && depth_ > record_depth_;
    if (is_nested || record_.field(key) == nullptr)
      return is_json_ || key == "Caption" || key == "CimClass" ? Taken::Part : Taken::NotMine;
    is_json_ = true;
    if (record_.is_blank()) record_depth_ = depth_;
    return set(key, value, sheet);
  }

  static std::string_view value_of(std::string_view& text) {
    if (text.starts_with('"')) {
      const auto close = text.find('"', 1);
      const auto value = text.substr(1, close == std::string_view::npos ? close : close - 1);
      text.remove_prefix(close == std::string_view::npos ? text.size() : close + 1);
      return value;
    }
    const auto end = std::min(text.find_first_of(",}] "), text.size());
    const auto value = text.substr(0, end);
    text.remove_prefix(end);
    return value == "null" ? std::string_view() : value;
  }

  Taken set(std::string_view name, std::string_view value, Sheet& sheet) {
    Taken taken = Taken::Part;
    auto* field = record_.field(name);
    if (!field->empty()) {
      const auto before = flush(sheet);
      if (before != Taken::NotMine) taken = before;
      field = record_.field(name);
    }
    *field = value;
    return taken;
  }

  Taken flush(Sheet& sheet) {
    const auto record = std::exchange(record_, {});
    return record.is_empty() ? Taken::NotMine : add(record, sheet);
  }

  Record record_;
  // Braces that are open, and how many were where the record began: fewer than none where a paste begins
  // within.
  std::ptrdiff_t depth_ = 0;
  std::ptrdiff_t record_depth_ = 0;
  bool is_json_ = false;
  bool in_list_ = false;
  uint32_t together_ = 0;  // lines without a blank one between them
};

class PowerShellCsv : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "#TYPE" || line.text.starts_with("TYPE ")) return Taken::Part;
    const auto text = line.text.substr(static_cast<size_t>(words[0].data() - line.text.data()));
    auto cells = cells_of(text, by_);
    if (columns_.empty() && cells.size() == 1) cells = cells_of(text, ';');
    const auto known =
        std::count_if(cells.begin(), cells.end(), [](const auto& c) { return Record().field(c) != nullptr; });
    if (known >= 3) {
      columns_ = cells;
      by_ = text.find(';') != std::string_view::npos ? ';' : ',';
      sheet.begin_section();
      return Taken::Part;
    }
    if (columns_.empty() || cells.size() < 2 || cells.size() > columns_.size()) return Taken::NotMine;
    Record r;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (auto* field = r.field(columns_[i])) *field = cells[i];
    }
    return r.is_empty() ? Taken::Unclear : add(r, sheet);
  }

 private:
  // RFC 4180, with the semicolon that some countries have in place of the comma.
  static std::vector<std::string> cells_of(std::string_view text, char by) {
    constexpr size_t kMost = 64;
    std::vector<std::string> out(1);
    bool quoted = false;
    for (size_t i = 0; i < text.size() && out.size() < kMost; ++i) {
      if (text[i] == '"') {
        if (quoted && i + 1 < text.size() && text[i + 1] == '"')
          out.back() += text[i++];
        else
          quoted = !quoted;
      } else if (text[i] == by && !quoted) {
        out.emplace_back();
      } else {
        out.back() += text[i];
      }
    }
    return out;
  }

  std::vector<std::string> columns_;
  char by_ = ',';
};

}  // namespace

std::unique_ptr<Parser> powershell_table_parser() { return std::make_unique<PowerShellTable>(); }
std::unique_ptr<Parser> powershell_records_parser() { return std::make_unique<PowerShellRecords>(); }
std::unique_ptr<Parser> powershell_csv_parser() { return std::make_unique<PowerShellCsv>(); }

}  // namespace whywait::pasted
