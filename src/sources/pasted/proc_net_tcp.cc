// /proc/net/tcp and /proc/net/tcp6 of Linux, as they are. A row of a socket that is neither connected nor
// listens, or of UDP, has the same shape; its state is 07.
#include "core/proc_net_tcp.h"

#include "sources/pasted/parser.h"

namespace whywait::pasted {
namespace {

class ProcNetTcp : public Parser {
 public:
  Taken take(const Line& line, const Words& words, Sheet& sheet) override {
    if (words[0] == "sl" && words[1] == "local_address") {
      sheet.begin_section();
      return Taken::Part;
    }
    if (!words[0].ends_with(':') || !is_number(words[0].substr(0, words[0].size() - 1)))
      return Taken::NotMine;
    SocketTable one;
    if (!decode_proc_net_tcp(line.text, Netns{0}, one)) return Taken::NotMine;
    auto& c = one.connections.back();
    sheet.of_system(System::Linux);
    sheet.of_tool("proc-net-tcp");
    if (c.state == State::Closed && c.remote.port == 0) return Taken::Unconnected;
    sheet.add(c);
    return Taken::Row;
  }
};

}  // namespace

std::unique_ptr<Parser> proc_net_tcp_parser() { return std::make_unique<ProcNetTcp>(); }

}  // namespace whywait::pasted
