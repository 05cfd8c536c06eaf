#include "core/reachable.h"

#include <array>
#include <string>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using ::testing::ElementsAre;

// Worked out by hand from what each end must have sent and received. Rows are the local state, columns the
// remote one, both in the order of kAllStates; '#' can last, '+' is met in passing, '.' is impossible.
constexpr std::array<std::string_view, kAllStates.size()> kByHand = {
    "++++#+##+++",  // CLOSED: an end may be gone, whatever the other is in
    "+++........",  // LISTEN: there is no connection yet
    "++++.+.....",  // SYN_SENT: FIN_WAIT_1 is an end that took our SYN and was closed before we heard of it
    "+.++++.....",  // SYN_RECEIVED: both, where the SYNs crossed
    "#..+#+.....",  // ESTABLISHED: the peer's FIN may be lost, but ours was not sent
    "+.++++.+++.",  // FIN_WAIT_1: not FIN_WAIT_2 nor TIME_WAIT, which have had an ACK that we sent on its FIN
    "#......#++.",  // FIN_WAIT_2: CLOSING is an end whose FIN was lost and whose ACK of ours was not
    "#....+#....",  // CLOSE_WAIT: it never saw a FIN of ours
    "+....++.+.+",  // CLOSING: not LAST_ACK, whose FIN acknowledges ours and leads to TIME_WAIT
    "+....++...+",  // LAST_ACK: the peer closed first, so it is in nothing that comes of closing second
    "+.......+++",  // TIME_WAIT: both FINs are here, and the peer's TCP has ours
};

std::string row_of(State local) {
  std::string row;
  for (const auto remote : kAllStates)
    row += is_stable(local, remote) ? '#' : is_reachable(local, remote) ? '+' : '.';
  return row;
}

TEST(Reachable, AllPairsAreThoseWorkedOutByHand) {
  for (const auto state : kAllStates)
    EXPECT_EQ(row_of(state), kByHand.at(static_cast<size_t>(state))) << name(state);
}

TEST(Reachable, IsTheSameFromBothEnds) {
  for (const auto a : kAllStates) {
    for (const auto b : kAllStates) {
      EXPECT_EQ(is_reachable(a, b), is_reachable(b, a)) << name(a) << " " << name(b);
      EXPECT_EQ(is_stable(a, b), is_stable(b, a)) << name(a) << " " << name(b);
    }
  }
}

TEST(Reachable, MoreSegmentsInFlightReachNoMore) {
  const auto one = walk(1);
  const auto two = walk(2);
  EXPECT_TRUE(one.reachable == two.reachable);
  EXPECT_TRUE(one.stable == two.stable);
}

TEST(Reachable, WhoseActionEndsWhatCanLast) {
  EXPECT_EQ(ended_by(State::CloseWait, State::FinWait2), EndedBy::Local);
  EXPECT_EQ(ended_by(State::FinWait2, State::CloseWait), EndedBy::Remote);
  EXPECT_EQ(ended_by(State::CloseWait, State::Closed), EndedBy::Local);
  EXPECT_EQ(ended_by(State::Established, State::Established), EndedBy::Either);
  EXPECT_EQ(ended_by(State::FinWait2, State::Closed), EndedBy::Nobody);
  EXPECT_EQ(ended_by(State::LastAck, State::FinWait2), std::nullopt);
  EXPECT_EQ(ended_by(State::TimeWait, State::Closed), std::nullopt);
}

TEST(Reachable, WhatTheOtherEndOfCloseWaitCanBeIn) {
  EXPECT_THAT(others_of(State::CloseWait), ElementsAre(State::Closed, State::FinWait1, State::FinWait2));
}

}  // namespace
}  // namespace whywait
