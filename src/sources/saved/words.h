// The words for enumerators in a saved file. A word is never renamed. Adding one needs a new version of the
// format, because older readers refuse words that they do not know.
#pragma once

#include "core/facts.h"
#include "core/ids.h"

#include <concepts>
#include <optional>
#include <string_view>
#include <type_traits>

namespace whywait::saved {

constexpr std::string_view word(State state) {
  switch (state) {
    case State::Closed: return "CLOSED";
    case State::Listen: return "LISTEN";
    case State::SynSent: return "SYN_SENT";
    case State::SynReceived: return "SYN_RECEIVED";
    case State::Established: return "ESTABLISHED";
    case State::FinWait1: return "FIN_WAIT_1";
    case State::FinWait2: return "FIN_WAIT_2";
    case State::CloseWait: return "CLOSE_WAIT";
    case State::Closing: return "CLOSING";
    case State::LastAck: return "LAST_ACK";
    case State::TimeWait: return "TIME_WAIT";
    case State::Unknown: return "UNKNOWN";
  }
  return "";
}

constexpr std::string_view word(Missing why) {
  switch (why) {
    case Missing::NotAsked: return "not-asked";
    case Missing::NotOffered: return "not-offered";
    case Missing::Denied: return "denied";
    case Missing::CutShort: return "cut-short";
    case Missing::Gone: return "gone";
  }
  return "";
}

constexpr std::string_view word(TimerKind kind) { return id(kind); }

constexpr std::string_view word(NotInTable what) {
  switch (what) {
    case NotInTable::Other: return "other";
    case NotInTable::Mptcp: return "mptcp";
    case NotInTable::Unconnected: return "unconnected";
    case NotInTable::Tcp: return "tcp";
  }
  return "";
}

constexpr std::string_view word(RunState state) { return id(state); }

constexpr std::string_view word(Call call) { return id(call); }

constexpr std::string_view word(CallFile::Kind kind) {
  switch (kind) {
    case CallFile::Kind::Socket: return "socket";
    case CallFile::Kind::Pipe: return "pipe";
    case CallFile::Kind::Other: return "other";
  }
  return "";
}

constexpr std::string_view word(Gap::What what) {
  switch (what) {
    case Gap::What::Namespaces: return "namespaces";
    case Gap::What::Descriptors: return "descriptors";
    case Gap::What::Processes: return "processes";
    case Gap::What::SocketDetail: return "socket-detail";
    case Gap::What::Rows: return "rows";
  }
  return "";
}

template <class T>
concept Worded = std::is_enum_v<T> && requires(T value) {
  { word(value) } -> std::same_as<std::string_view>;
};

// The inverse of word(). Enumerators must be numbered from 0 without gaps.
template <Worded T>
constexpr std::optional<T> parse_word(std::string_view text) {
  for (uint8_t n = 0; !word(static_cast<T>(n)).empty(); ++n) {
    if (word(static_cast<T>(n)) == text) return static_cast<T>(n);
  }
  return std::nullopt;
}

}  // namespace whywait::saved
