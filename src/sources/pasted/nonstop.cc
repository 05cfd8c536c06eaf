// SCF STATUS PROCESS, DETAIL of HP NonStop: TCP STATE local-address port foreign-address port send-q recv-q.
#include "sources/pasted/parser.h"

namespace whywait::pasted {
namespace {

class NonStop : public Parser {
 public:
  Taken take(const Line& /*line*/, const Words& words, Sheet& sheet) override {
    if (words[0] == "Proto" && words[2] == "Laddr") {
      seen_ = true;
      sheet.of_system(System::NonStop);
      sheet.begin_section();
      return Taken::Part;
    }
    if (!seen_) return Taken::NotMine;
    if (words[0] != "TCP") return words[0] == "UDP" ? Taken::Other : Taken::NotMine;
    const auto state = state_word(words[1]);
    const auto local = sheet.end(words[2], words[3], Family::V4);
    const auto remote = sheet.end(words[4], words[5], Family::V4);
    if (!state || !local || !remote) return Taken::Unclear;
    if (!state->is_connected) return Taken::Unconnected;
    Connection c;
    c.state = state->state;
    c.local = *local;
    c.remote = *remote;
    if (const auto n = number<uint32_t>(words[6])) c.set_send_q(*n);
    if (const auto n = number<uint32_t>(words[7])) c.set_recv_q(*n);
    sheet.of_tool("scf");
    sheet.add(c);
    return Taken::Row;
  }

 private:
  bool seen_ = false;
};

}  // namespace

std::unique_ptr<Parser> nonstop_parser() { return std::make_unique<NonStop>(); }

}  // namespace whywait::pasted
