#include "core/transitions.h"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

namespace whywait {
namespace {

using ::testing::ElementsAre;

bool has(State from, Event event, State to) {
  const auto out = transitions_from(from);
  return std::any_of(out.begin(), out.end(),
                     [&](const Transition& t) { return t.event == event && t.to == to; });
}

// The arrows of figure 5 of RFC 9293 and of its notes; erratum 8710 added the last.
TEST(Transitions, HaveAllOfTheFigure) {
  struct Arrow {
    State from;
    Event event;
    State to;
  };
  for (const auto& [from, event, to] : std::initializer_list<Arrow>{
           {State::Closed, Event::OpenPassive, State::Listen},
           {State::Closed, Event::OpenActive, State::SynSent},
           {State::Listen, Event::Close, State::Closed},
           {State::Listen, Event::FirstSend, State::SynSent},
           {State::Listen, Event::Syn, State::SynReceived},
           {State::SynSent, Event::Close, State::Closed},
           {State::SynSent, Event::Syn, State::SynReceived},
           {State::SynSent, Event::SynAck, State::Established},
           {State::SynReceived, Event::Rst, State::Listen},
           {State::SynReceived, Event::AckOfSyn, State::Established},
           {State::SynReceived, Event::Close, State::FinWait1},
           {State::Established, Event::Close, State::FinWait1},
           {State::Established, Event::Fin, State::CloseWait},
           {State::FinWait1, Event::AckOfFin, State::FinWait2},
           {State::FinWait1, Event::Fin, State::Closing},
           {State::FinWait1, Event::FinAndAckOfFin, State::TimeWait},
           {State::FinWait2, Event::Fin, State::TimeWait},
           {State::Closing, Event::AckOfFin, State::TimeWait},
           {State::CloseWait, Event::Close, State::LastAck},
           {State::LastAck, Event::AckOfFin, State::Closed},
           {State::TimeWait, Event::TimeWaitOver, State::Closed},
           {State::SynReceived, Event::NewSyn, State::Listen},
       }) {
    EXPECT_TRUE(has(from, event, to)) << name(from) << " " << id(event);
  }
}

// 3.10.7.4 looks at the ACK first and at the FIN after it: one segment with both does what two would.
TEST(Transitions, OneSegmentWithBothDoesWhatTwoWould) {
  EXPECT_TRUE(has(State::FinWait2, Event::Fin, State::TimeWait));
  for (const auto& t : all_transitions()) {
    if (t.event != Event::FinAndAckOfFin && t.event != Event::FinAndAckOfSyn) continue;
    const auto ack = t.event == Event::FinAndAckOfFin ? Event::AckOfFin : Event::AckOfSyn;
    const auto out = transitions_from(t.from);
    const auto first =
        std::find_if(out.begin(), out.end(), [&](const Transition& o) { return o.event == ack; });
    ASSERT_NE(first, out.end());
    EXPECT_TRUE(has(first->to, Event::Fin, t.to)) << name(t.from);
  }
}

TEST(Transitions, ResetEndsEveryStateThatHasAPeer) {
  for (const auto state : kAllStates)
    EXPECT_EQ(has(state, Event::Rst, State::Closed), state != State::Closed && state != State::Listen)
        << name(state);
}

// RFC 9293 3.10.5: from CLOSING on there is nobody left to tell.
TEST(Transitions, AbortSendsResetOnlyWhereThePeerWouldWait) {
  const std::set<State> told = {State::SynReceived, State::Established, State::FinWait1, State::FinWait2,
                                State::CloseWait};
  for (const auto state : kAllStates) {
    if (state == State::Closed) continue;
    const auto out = transitions_from(state);
    const auto abort =
        std::find_if(out.begin(), out.end(), [](const Transition& t) { return t.event == Event::Abort; });
    ASSERT_NE(abort, out.end()) << name(state);
    EXPECT_EQ(abort->to, State::Closed);
    EXPECT_EQ(abort->sent, told.contains(state) ? Sent::Rst : Sent::Nothing) << name(state);
  }
}

TEST(Transitions, ClosingSendsTheFinOnce) {
  for (const auto& t : all_transitions()) {
    const bool enters = t.to == State::FinWait1 || t.to == State::LastAck;
    EXPECT_EQ(t.sent == Sent::Fin, enters) << name(t.from);
    EXPECT_TRUE(!enters || t.event == Event::Close) << name(t.from);
  }
}

TEST(Transitions, NoTimerEndsCloseWaitUnlessSomethingWasAskedForOrSent) {
  for (const auto& t : transitions_from(State::CloseWait)) {
    EXPECT_TRUE(mover_of(t.event) != Mover::Kernel || t.event == Event::KeepAlive ||
                t.event == Event::DataGiveUp)
        << id(t.event);
  }
}

TEST(Transitions, LinuxEndsAnOrphanOfFinWait2AndTheRfcDoesNot) {
  const auto out = transitions_from(State::FinWait2);
  const auto timer =
      std::find_if(out.begin(), out.end(), [](const Transition& t) { return t.event == Event::OrphanTimer; });
  ASSERT_NE(timer, out.end());
  EXPECT_EQ(timer->validity, Validity::LinuxOnly);
  for (const auto& t : all_transitions()) {
    EXPECT_EQ(t.validity == Validity::LinuxOnly, t.source.starts_with("Linux")) << t.source;
    EXPECT_TRUE(t.event != Event::OrphanTimer || t.from == State::FinWait2);
  }
}

TEST(Transitions, EachIsThereOnceAndTheOrderlyOnesComeFirst) {
  for (const auto state : kAllStates) {
    std::set<std::pair<Event, State>> seen;
    const auto out = transitions_from(state);
    EXPECT_TRUE(std::is_partitioned(out.begin(), out.end(), [](const Transition& t) {
      return is_orderly(t.event);
    })) << name(state);
    for (const auto& t : out) {
      EXPECT_NE(t.to, state);
      EXPECT_TRUE(seen.emplace(t.event, t.to).second) << name(state) << " " << id(t.event);
    }
    EXPECT_FALSE(out.empty());
  }
}

TEST(Transitions, WhoseActionAStateWaitsFor) {
  EXPECT_THAT(waits_for(State::CloseWait), ElementsAre(Mover::Application));
  EXPECT_THAT(waits_for(State::FinWait2), ElementsAre(Mover::PeerApplication));
  EXPECT_THAT(waits_for(State::Established), ElementsAre(Mover::Application, Mover::PeerApplication));
  EXPECT_THAT(waits_for(State::TimeWait), ElementsAre(Mover::Kernel));
  for (const auto state :
       {State::SynSent, State::SynReceived, State::FinWait1, State::Closing, State::LastAck})
    EXPECT_THAT(waits_for(state), ElementsAre(Mover::PeerTcp)) << name(state);
}

}  // namespace
}  // namespace whywait
