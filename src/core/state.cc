#include "core/state.h"

#include <string>
#include <utility>

namespace whywait {
namespace {

struct Names {
  State state;
  std::array<std::string_view, kAllDialects.size()> in;  // indexed by Dialect
};

constexpr std::array<Names, kStates> kNames = {{
    {State::Closed, {"CLOSED", "UNCONN", "CLOSE", "CLOSED", "Closed", "CLOSED"}},
    {State::Listen, {"LISTEN", "LISTEN", "LISTEN", "LISTEN", "Listen", "LISTENING"}},
    {State::SynSent, {"SYN_SENT", "SYN-SENT", "SYN_SENT", "SYN_SENT", "SynSent", "SYN_SENT"}},
    {State::SynReceived, {"SYN_RECEIVED", "SYN-RECV", "SYN_RECV", "SYN_RCVD", "SynReceived", "SYN_RECEIVED"}},
    {State::Established,
     {"ESTABLISHED", "ESTAB", "ESTABLISHED", "ESTABLISHED", "Established", "ESTABLISHED"}},
    {State::FinWait1, {"FIN_WAIT_1", "FIN-WAIT-1", "FIN_WAIT1", "FIN_WAIT_1", "FinWait1", "FIN_WAIT_1"}},
    {State::FinWait2, {"FIN_WAIT_2", "FIN-WAIT-2", "FIN_WAIT2", "FIN_WAIT_2", "FinWait2", "FIN_WAIT_2"}},
    {State::CloseWait, {"CLOSE_WAIT", "CLOSE-WAIT", "CLOSE_WAIT", "CLOSE_WAIT", "CloseWait", "CLOSE_WAIT"}},
    {State::Closing, {"CLOSING", "CLOSING", "CLOSING", "CLOSING", "Closing", "CLOSING"}},
    {State::LastAck, {"LAST_ACK", "LAST-ACK", "LAST_ACK", "LAST_ACK", "LastAck", "LAST_ACK"}},
    {State::TimeWait, {"TIME_WAIT", "TIME-WAIT", "TIME_WAIT", "TIME_WAIT", "TimeWait", "TIME_WAIT"}},
    {State::Unknown, {"UNKNOWN", "UNKNOWN", "UNKNOWN", "UNKNOWN", "Unknown", "UNKNOWN"}},
}};

// Spellings that no column above has: ss's filter words, the kernel's, Microsoft's netstat page and KB
// 137984.
constexpr std::pair<std::string_view, State> kAliases[] = {
    {"SYNSEND", State::SynSent},       {"SYNRCVD", State::SynReceived},  {"NEWSYNRECV", State::SynReceived},
    {"TIMEDWAIT", State::TimeWait},    {"SYNRECVD", State::SynReceived}, {"SYNRECEIVE", State::SynReceived},
    {"CONNECTED", State::Established},
};

constexpr bool in_order() {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames.at(i).state != static_cast<State>(i)) return false;
  }
  return true;
}
static_assert(in_order());

std::string letters(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c == '-' || c == '_' || c == ' ') continue;
    out += (c >= 'a' && c <= 'z') ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace

std::string_view name(State state, Dialect dialect) {
  return kNames.at(static_cast<size_t>(state)).in.at(static_cast<size_t>(dialect));
}

std::optional<State> parse_state(std::string_view word) {
  const std::string wanted = letters(word);
  for (const auto state : kAllStates) {
    for (const auto spelling : kNames.at(static_cast<size_t>(state)).in) {
      if (letters(spelling) == wanted) return state;
    }
  }
  for (const auto& [spelling, state] : kAliases) {
    if (spelling == wanted) return state;
  }
  return std::nullopt;
}

}  // namespace whywait
