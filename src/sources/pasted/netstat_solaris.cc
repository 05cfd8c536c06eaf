// netstat of Solaris and illumos, in which the remote side's window comes before what waits to be sent:
//
//   local remote [user pid command] swind send-q rwind recv-q state [interface]
#include "sources/pasted/parser.h"

namespace whywait::pasted {
namespace {

class NetstatSolaris : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (line.text.find("Swind") != std::string_view::npos &&
        line.text.find("Rwind") != std::string_view::npos) {
      in_other_section_ = false;
      sheet.of_system(System::Solaris);
      sheet.begin_section();
      return Taken::Part;
    }
    const bool is_title = words.size() == 2 && (words[1] == "IPv4" || words[1] == "IPv6");
    if (is_title && words[0].ends_with(':')) {
      in_other_section_ = words[0] != "TCP:";
      family_ = words[1] == "IPv6" ? Family::V6 : Family::V4;
      return Taken::Part;
    }
    if (words[0].starts_with("-----")) return Taken::Part;
    if (in_other_section_) return take_other(words);
    return take_row(words, sheet);
  }

 private:
  // UDP: one or two endpoints and a state.
  static Taken take_other(const Words& words) {
    const bool is_row = words.size() <= 4 && is_end(words[0]);
    return is_row || words[0] == "Local" ? Taken::Other : Taken::NotMine;
  }

  Taken take_row(const Words& words, Sheet& sheet) const {
    const auto local = sheet.end(words[0], family_);
    const auto remote = sheet.end(words[1], family_);
    if (!local || !remote || words.size() < 7) return Taken::NotMine;
    for (size_t at = 6; at < words.size() && at < 12; ++at) {
      const auto state = state_word(words[at]);
      const bool follows = is_number(words[at - 4]) && is_number(words[at - 3]) && is_number(words[at - 2]) &&
                           is_number(words[at - 1]);
      if (!state || !follows) continue;
      sheet.of_system(System::Solaris);
      sheet.of_tool("netstat");
      if (!state->is_connected && remote->port == 0) return Taken::Unconnected;
      Connection c;
      c.local = *local;
      c.remote = *remote;
      c.state = state->state;
      if (const auto n = number<uint32_t>(words[at - 3])) c.set_send_q(*n);
      if (const auto n = number<uint32_t>(words[at - 1])) c.set_recv_q(*n);
      const auto row = sheet.add(c);
      const auto pid = at > 7 ? number<int32_t>(words[3]) : std::nullopt;
      if (pid && *pid > 0) sheet.hold(row, {.pid = Pid{*pid}, .name = words.from(4, at - 5)});
      return Taken::Row;
    }
    return Taken::NotMine;
  }

  bool in_other_section_ = false;
  Family family_ = Family::V4;
};

}  // namespace

std::unique_ptr<Parser> netstat_solaris_parser() { return std::make_unique<NetstatSolaris>(); }

}  // namespace whywait::pasted
