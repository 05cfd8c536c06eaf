// The states of a TCP connection and their names in every dialect that people type or paste.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace whywait {

// RFC 9293 section 3.3.2. There, CLOSED means that no connection exists; here, it means a descriptor whose
// connection is in no table.
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
  Unknown,  // the source does not say (sockstat, ss with a filter); not a TCP state, so not in kAllStates
};

inline constexpr size_t kStates = 12;  // with Unknown

inline constexpr std::array kAllStates = {
    State::Closed,      State::Listen,   State::SynSent,  State::SynReceived,
    State::Established, State::FinWait1, State::FinWait2, State::CloseWait,
    State::Closing,     State::LastAck,  State::TimeWait,
};

enum class Dialect : uint8_t {
  Rfc,         // RFC 9293, but with the usual underscores: CLOSE_WAIT
  Ss,          // iproute2: CLOSE-WAIT, ESTAB
  NetTools,    // Linux netstat: FIN_WAIT1, SYN_RECV
  Bsd,         // BSD and macOS netstat: FIN_WAIT_1, SYN_RCVD
  PowerShell,  // Get-NetTCPConnection: CloseWait
  Windows,     // Windows netstat: LISTENING, SYN_RECEIVED
};

inline constexpr std::array kAllDialects = {Dialect::Rfc, Dialect::Ss,         Dialect::NetTools,
                                            Dialect::Bsd, Dialect::PowerShell, Dialect::Windows};

std::string_view name(State state, Dialect dialect = Dialect::Rfc);

// Accepts every dialect in any case, with '-', '_', blanks or nothing between the words, and the variants
// that Microsoft documents (SYN_SEND, timeD_WAIT). Nothing if the word is not a state.
std::optional<State> parse_state(std::string_view word);

}  // namespace whywait
