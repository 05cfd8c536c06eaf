#include "core/linux_numbers.h"

#include <array>

namespace whywait {

std::optional<State> state_of_linux(uint8_t kernel) {
  constexpr std::array kByNumber = {State::Established, State::SynSent,   State::SynReceived,
                                    State::FinWait1,    State::FinWait2,  State::TimeWait,
                                    State::Closed,      State::CloseWait, State::LastAck,
                                    State::Listen,      State::Closing,   State::SynReceived};
  if (kernel == 0 || kernel > kByNumber.size()) return std::nullopt;
  return kByNumber.at(kernel - 1U);
}

std::optional<TimerKind> timer_kind_of_linux(uint8_t kernel) {
  constexpr std::array kKinds = {TimerKind::None, TimerKind::Retransmit, TimerKind::KeepAlive,
                                 TimerKind::TimeWait, TimerKind::ZeroWindowProbe};
  if (kernel >= kKinds.size()) return std::nullopt;
  return kKinds.at(kernel);
}

}  // namespace whywait
