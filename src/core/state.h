// The states of a TCP connection and their names in every dialect that people type or paste.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait {

// RFC 9293 section 3.3.2. CLOSED is fictional there; here it is a descriptor whose connection is in no table.
enum class State : uint8_t {
  Closed,
  Listen,
  SynSent,
  SynReceived,
  Established,
  FinWait1,
  FinWait2,
  CloseWait,
  Closing,
  LastAck,
  TimeWait,
  Unknown,  // the source does not tell: sockstat, ss under a filter. No state of TCP, so in no list of them
};

inline constexpr size_t kStates = 12;  // with Unknown

inline constexpr std::array kAllStates = {
    State::Closed,      State::Listen,   State::SynSent,  State::SynReceived,
    State::Established, State::FinWait1, State::FinWait2, State::CloseWait,
    State::Closing,     State::LastAck,  State::TimeWait,
};

enum class Dialect : uint8_t {
  Rfc,         // RFC 9293, with underscores as everybody writes it: CLOSE_WAIT
  Ss,          // iproute2: CLOSE-WAIT, ESTAB
  NetTools,    // Linux netstat: FIN_WAIT1, SYN_RECV
  Bsd,         // BSD and macOS netstat: FIN_WAIT_1, SYN_RCVD
  PowerShell,  // Get-NetTCPConnection: CloseWait
  Windows,     // netstat of Windows: LISTENING, SYN_RECEIVED
};

inline constexpr std::array kAllDialects = {Dialect::Rfc, Dialect::Ss,         Dialect::NetTools,
                                            Dialect::Bsd, Dialect::PowerShell, Dialect::Windows};

std::string_view name(State state, Dialect dialect = Dialect::Rfc);

// Any dialect in any case, with '-', '_', blanks or nothing between the words; also the variants that
// Microsoft documents (SYN_SEND, timeD_WAIT). Nothing for a word that is no state.
std::optional<State> parse_state(std::string_view word);

}  // namespace whywait
