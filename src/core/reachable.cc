#include "core/reachable.h"

#include "core/transitions.h"

#include <algorithm>
#include <deque>
#include <initializer_list>
#include <unordered_set>

namespace whywait {
namespace {

enum class Carries : uint8_t { Nothing, Syn, Fin, Data, Rst };
enum class Acks : uint8_t { Nothing, Syn, Fin };

struct Segment {
  Carries carries;
  Acks acks;
};

struct End {
  State state = State::Closed;
  // CLOSED, LISTEN: the end was in another state before. FIN_WAIT_1: the peer has not acknowledged this end's
  // SYN.
  bool flag = false;
};

using Channel = std::vector<Segment>;  // the first arrives next

struct World {
  std::array<End, 2> ends;
  std::array<Channel, 2> to;  // the end that receives
};

uint64_t key(const World& world) {
  uint64_t key = 0;
  for (const size_t i : {0U, 1U}) {
    key = key << 5U | static_cast<uint64_t>(world.ends.at(i).state) << 1U |
          static_cast<uint64_t>(world.ends.at(i).flag);
    key = key << 4U;  // where a channel begins
    for (const auto& s : world.to.at(i))
      key = key << 4U | (1 + 3 * static_cast<uint64_t>(s.carries) + static_cast<uint64_t>(s.acks));
  }
  return key;
}

Acks received(State state) {
  switch (state) {
    case State::Closed:
    case State::Listen:
    case State::SynSent:
    case State::Unknown: return Acks::Nothing;
    case State::SynReceived:
    case State::Established:
    case State::FinWait1:
    case State::FinWait2: return Acks::Syn;
    case State::CloseWait:
    case State::Closing:
    case State::LastAck:
    case State::TimeWait: return Acks::Fin;
  }
  return Acks::Nothing;
}

Carries carried_by(Sent sent) {
  switch (sent) {
    case Sent::Nothing:
    case Sent::Ack: return Carries::Nothing;
    case Sent::Syn:
    case Sent::SynAck: return Carries::Syn;
    case Sent::Fin: return Carries::Fin;
    case Sent::Rst: return Carries::Rst;
  }
  return Carries::Nothing;
}

// The events that a segment can cause at its receiver, in order: the first for which its state has a
// transition counts.
std::vector<Event> readings(const Segment& s) {
  std::vector<Event> events;
  if (s.carries == Carries::Rst) return {Event::Rst};
  if (s.carries == Carries::Syn && s.acks == Acks::Nothing) return {Event::Syn};
  if (s.carries == Carries::Syn) return {Event::SynAck, Event::AckOfSyn};
  if (s.carries == Carries::Fin && s.acks == Acks::Fin) events = {Event::FinAndAckOfFin, Event::AckOfFin};
  if (s.carries == Carries::Fin) events.insert(events.end(), {Event::FinAndAckOfSyn, Event::Fin});
  if (s.carries == Carries::Fin) return events;
  if (s.acks == Acks::Fin) events.push_back(Event::AckOfFin);
  events.push_back(Event::AckOfSyn);
  return events;
}

bool has_ended(State state) { return state == State::Closed || state == State::Listen; }

// Neither our SYN nor our FIN is to be repeated, nor does the clock end it.
bool can_last(State state) {
  const auto out = transitions_from(state);
  return std::none_of(out.begin(), out.end(), [](const Transition& t) {
    return t.event == Event::GiveUp || t.event == Event::TimeWaitOver;
  });
}

bool is_synchronized(State state) { return state >= State::Established; }

class Walker {
 public:
  explicit Walker(size_t in_flight) : in_flight_(in_flight) {}

  Walk run() {
    add({});
    for (; !due_.empty(); due_.pop_front()) {
      const World world = due_.front();
      note(world);
      for (const size_t i : {0U, 1U}) {
        act(world, i);
        repeat(world, i);
        if (!world.to.at(i).empty()) arrive(world, i);
      }
    }
    return walk_;
  }

 private:
  void add(World world) {
    if (seen_.insert(key(world)).second) due_.push_back(std::move(world));
  }

  void note(const World& world) {
    const Pair pair{world.ends[0].state, world.ends[1].state};
    walk_.reachable.insert(pair);
    if (world.to[0].empty() && world.to[1].empty() && can_last(pair.local) && can_last(pair.remote) &&
        (is_synchronized(pair.local) || is_synchronized(pair.remote)))
      walk_.stable.insert(pair);
  }

  // A segment that finds no room is one that is lost.
  void send(World& world, size_t from, Carries carries) const {
    auto& channel = world.to.at(1 - from);
    const auto acks = carries == Carries::Rst ? Acks::Nothing : received(world.ends.at(from).state);
    if (channel.size() < in_flight_) channel.push_back({carries, acks});
  }

  static void enter(End& end, State state) {
    end.flag = has_ended(state) ? end.state != State::Closed
                                : state == State::FinWait1 && end.state == State::SynReceived;
    end.state = state;
  }

  void take(World world, size_t i, const Transition& t) {
    enter(world.ends.at(i), t.to);
    if (t.sent != Sent::Nothing) send(world, i, carried_by(t.sent));
    add(std::move(world));
  }

  // The actions of the application, the kernel or a power cut.
  void act(const World& world, size_t i) {
    const auto& end = world.ends.at(i);
    if (has_ended(end.state) && end.flag) return;
    for (const auto& t : transitions_from(end.state)) {
      const auto mover = mover_of(t.event);
      if (mover == Mover::Application || mover == Mover::Kernel || mover == Mover::Network) take(world, i, t);
    }
    if (end.state != State::Closed) take(world, i, {.to = State::Closed, .sent = Sent::Nothing});
  }

  void repeat(const World& world, size_t i) {
    const auto again = [&](Carries carries) {
      World next = world;
      send(next, i, carries);
      add(std::move(next));
    };
    switch (world.ends.at(i).state) {
      case State::SynSent:
      case State::SynReceived: again(Carries::Syn); break;
      case State::Established:
      case State::CloseWait: again(Carries::Data); break;  // or a probe
      case State::FinWait1:
        if (world.ends.at(i).flag) again(Carries::Syn);
        again(Carries::Fin);
        break;
      case State::Closing:
      case State::LastAck: again(Carries::Fin); break;
      case State::Closed:
      case State::Listen:
      case State::FinWait2:
      case State::TimeWait:
      case State::Unknown: break;
    }
  }

  void arrive(World world, size_t i) {
    const auto segment = world.to.at(i).front();
    world.to.at(i).erase(world.to.at(i).begin());
    add(world);  // lost
    auto& end = world.ends.at(i);
    if (end.state == State::FinWait1 && segment.acks != Acks::Nothing) end.flag = false;
    if (end.state == State::Listen && end.flag) return;
    bool moved = false;
    const auto try_event = [&](Event event) {
      for (const auto& t : transitions_from(end.state)) {
        if (t.event != event) continue;
        moved = true;
        auto next = t;
        if (t.sent == Sent::Nothing && segment.carries != Carries::Nothing &&
            segment.carries != Carries::Rst && !has_ended(t.to))
          next.sent = Sent::Ack;
        take(world, i, next);
      }
    };
    if (segment.carries == Carries::Data) {
      try_event(Event::DataAfterClose);  // or the application has only shut down its side
      moved = false;
    }
    for (const auto event : readings(segment)) {
      if (!moved) try_event(event);
    }
    if (!moved) answer(std::move(world), i, segment);
  }

  // The answer to a segment that changes no state.
  void answer(World world, size_t i, const Segment& segment) {
    const auto state = world.ends.at(i).state;
    if (segment.carries == Carries::Rst) return;
    if (has_ended(state)) {
      send(world, i, Carries::Rst);
    } else if (state == State::SynReceived) {
      send(world, i, Carries::Syn);
    } else if (state != State::SynSent && segment.carries != Carries::Nothing) {
      send(world, i, Carries::Nothing);
    }
    add(std::move(world));
  }

  size_t in_flight_;
  Walk walk_;
  std::unordered_set<uint64_t> seen_;
  std::deque<World> due_;
};

const Walk& walked() {
  static const Walk once = walk(1);
  return once;
}

bool can_close(State state) {
  const auto out = transitions_from(state);
  return is_synchronized(state) &&
         std::any_of(out.begin(), out.end(), [](const Transition& t) { return t.event == Event::Close; });
}

}  // namespace

Walk walk(size_t in_flight) { return Walker(in_flight).run(); }

bool is_reachable(State local, State remote) { return walked().reachable.contains({local, remote}); }
bool is_stable(State local, State remote) { return walked().stable.contains({local, remote}); }

std::vector<State> others_of(State local) {
  std::vector<State> others;
  for (const auto remote : kAllStates) {
    if (is_reachable(local, remote)) others.push_back(remote);
  }
  return others;
}

std::string_view id(EndedBy who) {
  switch (who) {
    case EndedBy::Local: return "local";
    case EndedBy::Remote: return "remote";
    case EndedBy::Either: return "either";
    case EndedBy::Nobody: return "nobody";
  }
  return "";
}

std::optional<EndedBy> ended_by(State local, State remote) {
  if (!is_stable(local, remote)) return std::nullopt;
  if (can_close(local)) return can_close(remote) ? EndedBy::Either : EndedBy::Local;
  return can_close(remote) ? EndedBy::Remote : EndedBy::Nobody;
}

}  // namespace whywait
