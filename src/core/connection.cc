#include "core/connection.h"

#include <algorithm>
#include <limits>

namespace whywait {
namespace {

// TCP_TIMEWAIT_LEN of include/net/tcp.h: no setting changes it.
constexpr Milliseconds kTimeWait{60'000};
constexpr Milliseconds kWrap{std::numeric_limits<uint32_t>::max()};

// A FIN always carries an ACK, so the last ACK came with it or later: a lower bound. A FIN brings no data or
// brings its last, so the last data came with it or before: an upper bound. (A keep-alive of ours that was
// answered, data of ours that was acknowledged and a repeated FIN all move the last ACK, which leaves it a
// lower bound.)
Age since_fin(const TcpInfo& info, std::optional<Milliseconds> uptime) {
  Age age{.at_least = Milliseconds(info.last_ack_received_ms), .at_most = {}};
  const bool may_have_wrapped = !uptime || *uptime >= kWrap;
  if (!may_have_wrapped) age.at_most = Milliseconds(info.last_data_received_ms);
  // Both clocks are read in jiffies; the two can cross by one tick.
  if (age.at_most && *age.at_most < age.at_least) age.at_most = age.at_least;
  return age;
}

// The ACK of our FIN began the state, so the last ACK came with it or later: a lower bound. Nothing can be
// sent after a FIN, and repeating data that came before it ended with that ACK: the last data that was sent
// is an upper bound.
Age since_our_fin(const TcpInfo& info, std::optional<Milliseconds> uptime) {
  Age age{.at_least = Milliseconds(info.last_ack_received_ms), .at_most = {}};
  if (uptime && *uptime < kWrap) age.at_most = std::max(age.at_least, Milliseconds(info.last_data_sent_ms));
  return age;
}

Age since_data(const TcpInfo& info, std::optional<Milliseconds> uptime) {
  Age age{.at_least = Milliseconds(info.last_data_received_ms), .at_most = {}};
  if (uptime && *uptime < kWrap) age.at_most = age.at_least;
  return age;
}

}  // namespace

Answer<Age> age_in_state(const Connection& c, const TcpInfo* info, std::optional<Milliseconds> uptime) {
  if (c.state == State::CloseWait && info != nullptr) return since_fin(*info, uptime);
  if (c.state == State::FinWait2 && info != nullptr) return since_our_fin(*info, uptime);
  if (c.state == State::Established && info != nullptr) return since_data(*info, uptime);
  const auto timer = c.timer();
  if (c.state == State::TimeWait && timer && timer->kind == TimerKind::TimeWait &&
      timer->expires_in <= kTimeWait) {
    // A repeated FIN starts the timer again, so the state may be older.
    return Age{.at_least = kTimeWait - timer->expires_in, .at_most = {}};
  }
  return tl::unexpected(Missing::NotOffered);
}

Answer<Age> age_of_row(const SocketTable& table, uint32_t row, std::optional<Milliseconds> uptime) {
  const auto& c = table.connections[row];
  const auto by_clocks = age_in_state(c, table.info(c), uptime);
  if (table.reported_ages.empty() || by_clocks) return by_clocks;
  const auto it = table.reported_ages.find(row);
  return it == table.reported_ages.end() ? by_clocks : it->second;
}

}  // namespace whywait
