// The words for states. Few systems translate them: Windows in German, net-tools in some languages.
#include "sources/pasted/words.h"

#include <iterator>
#include <string>
#include <unordered_map>

namespace whywait::pasted {
namespace {

struct Spelling {
  std::string_view word;
  State state;
};

constexpr Spelling kTranslated[] = {
    // Windows, German. Where a code page was taken for another, the umlaut is any byte, '?' or lost.
    {"ABHÖREN", State::Listen},
    {"ABH\xd6REN", State::Listen},
    {"ABH\x99REN", State::Listen},
    {"ABH™REN", State::Listen},
    {"ABH\xef\xbf\xbdREN", State::Listen},  // U+FFFD
    {"ABH?REN", State::Listen},
    {"ABHREN", State::Listen},
    {"HERGESTELLT", State::Established},
    {"WARTEND", State::TimeWait},
    {"SCHLIESSEN_WARTEN", State::CloseWait},
    {"FIN_WARTEN_1", State::FinWait1},
    {"FIN_WARTEN_2", State::FinWait2},
    {"SYN_GESENDET", State::SynSent},
    {"SYN_EMPFANGEN", State::SynReceived},
    {"SCHLIESSEND", State::Closing},
    {"LETZTES_ACK", State::LastAck},
    // net-tools: German, Portuguese of Brazil, Czech, Swedish, Catalan.
    {"VERBUNDEN", State::Established},
    {"ESTABELECIDA", State::Established},
    {"SYN_ENVIADO", State::SynSent},
    {"SYN_RECEBIDO", State::SynReceived},
    {"ESPERA_FIN1", State::FinWait1},
    {"ESPERA_FIN2", State::FinWait2},
    {"ESPERANDO_FECHAR", State::CloseWait},
    {"ÚLTIMO_ACK", State::LastAck},
    {"\xdaLTIMO_ACK", State::LastAck},  // ISO 8859-1
    {"OUÇA", State::Listen},
    {"OU\307A", State::Listen},
    {"FECHANDO", State::Closing},
    {"SPOJENO", State::Established},
    {"POSLEDNÍ ACK", State::LastAck},
    {"NASLOUCHÁ", State::Listen},
    {"ZAVÍRÁ", State::Closing},
    {"ETABLERAD", State::Established},
    {"STÄNG_VÄNTA", State::CloseWait},
    {"LYSSNAR", State::Listen},
    {"STÄNGER", State::Closing},
    {"ESTABLERT", State::Established},
    {"TEMPS", State::TimeWait},
    {"ESCOLTA", State::Listen},
    {"TANCAMENT", State::Closing},
    // z/OS, as its columns have room for.
    {"ESTABLSH", State::Established},
    {"ESTBLSH", State::Established},
    {"CLOSWAIT", State::CloseWait},
    {"CLOSWT", State::CloseWait},
    {"FINWT1", State::FinWait1},
    {"FINWT2", State::FinWait2},
};

// Words for sockets that are neither connected nor listening.
constexpr std::string_view kUnconnected[] = {
    "BOUND",     "UNCONN",     "IDLE",   "UNBOUND", "CLOSE", "CLOSED",
    "DELETETCB", "DELETE_TCB", "FECHAR", "ZAVŘEN",  "STÄNG", "TANCA",
};

std::string canonical(std::string_view word) {
  std::string out;
  for (const char c : word) {
    if (c == '-' || c == '_') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

using Table = std::unordered_map<std::string, StateWord>;

Table make_table() {
  Table out;
  for (const auto state : kAllStates) {
    for (const auto dialect : kAllDialects) out[canonical(name(state, dialect))] = {.state = state};
  }
  for (const auto& [word, state] : kTranslated) out[canonical(word)] = {.state = state};
  for (const auto word : kUnconnected) out[canonical(word)] = {.state = State::Closed, .is_connected = false};
  return out;
}

}  // namespace

std::optional<StateWord> state_word(std::string_view word) {
  constexpr size_t kLongest = 24;
  if (word.size() < 4 || word.size() > kLongest) return std::nullopt;
  // The words of nearly all rows, which their lengths tell apart.
  constexpr Spelling kMost[] = {
      {"TIME_WAIT", State::TimeWait}, {"CLOSE_WAIT", State::CloseWait}, {"ESTABLISHED", State::Established}};
  const auto likely = word.size() - kMost[0].word.size();
  if (likely < std::size(kMost) && kMost[likely].word == word) return StateWord{.state = kMost[likely].state};
  static const auto table = make_table();
  if (const auto it = table.find(canonical(word)); it != table.end()) return it->second;
  if (const auto state = parse_state(word)) return StateWord{.state = *state};
  return std::nullopt;
}

}  // namespace whywait::pasted
