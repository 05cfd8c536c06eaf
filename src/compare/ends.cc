#include "compare/ends.h"

#include "compare/addresses.h"
#include "compare/mirrors.h"
#include "compare/series.h"
#include "core/reachable.h"
#include "diagnose/service_ports.h"
#include "rules/case.h"

#include <algorithm>
#include <bitset>
#include <map>
#include <tuple>

namespace whywait {
namespace {

// What one host's dump shows of the other host.
struct HostRows {
  explicit HostRows(const Facts& of) : facts(of), ports(of) {
    for (const auto& c : of.table.connections) {
      states.set(static_cast<size_t>(c.state));
      if (!may_lead_elsewhere(c)) continue;
      local.add(c.local.address);
      remote.add(c.remote.address);
    }
  }

  // One that was filtered for a state shows no other.
  bool may_be_whole() const {
    constexpr size_t kFiltered = 1;
    return states.count() > kFiltered && !facts.lacks_rows();
  }

  const Facts& facts;
  ServicePorts ports;
  Addresses local;
  Addresses remote;
  std::bitset<kStates> states;
};

struct Meaning {
  PairEvidence together = PairEvidence::Open;
  std::optional<EndedBy> acts;
};

Meaning meaning_of(State here, State there) {
  if (!is_reachable(here, there)) return {PairEvidence::NotAtOnce, {}};
  const auto by = ended_by(here, there);
  if (!by) return {PairEvidence::OnTheWay, {}};
  return *by == EndedBy::Either ? Meaning{PairEvidence::Open, {}} : Meaning{PairEvidence::MustClose, by};
}

// For an end whose other end exists nowhere.
Meaning meaning_alone(State here) {
  switch (here) {
    case State::Established:
    case State::CloseWait:
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
    case State::LastAck: return {PairEvidence::Gone, ended_by(here, State::Closed)};
    case State::SynSent:
    case State::SynReceived: return {PairEvidence::Unanswered, {}};
    case State::TimeWait:
    case State::Closed:
    case State::Listen: return {PairEvidence::Over, {}};
    case State::Unknown: break;
  }
  return {PairEvidence::NotSeen, {}};
}

// Pairs on which somebody must act come first.
int rank(PairEvidence together) {
  switch (together) {
    case PairEvidence::Gone:
    case PairEvidence::MustClose: return 1;
    case PairEvidence::Unanswered: return 2;
    case PairEvidence::OnTheWay: return 3;
    case PairEvidence::NotAtOnce: return 4;
    case PairEvidence::NotSeen: return 5;
    case PairEvidence::Open: return 6;
    case PairEvidence::Over: return 7;
  }
  return 8;
}

class Pairing {
 public:
  Pairing(const Facts& first, const Facts& second, const Relation& relation)
      : first_(first), second_(second), relation_(relation) {}

  PairedEnds run() {
    if (relation_.kinship == Kinship::Translated) {
      for (const auto& t : find_translated(first_.facts, second_.facts))
        add_pair(row(first_, t.row), t.row, row(second_, t.mirror), Confidence::Possible);
    } else {
      pair_mirrored();
    }
    std::stable_sort(pairs_.begin(), pairs_.end(), [](const EndPair& a, const EndPair& b) {
      return std::tuple(rank(a.together), a.confidence, b.count) <
             std::tuple(rank(b.together), b.confidence, a.count);
    });
    return {.relation = relation_, .pairs = std::move(pairs_), .of_unknown_state = untold_};
  }

 private:
  using Key = std::tuple<std::optional<State>, std::optional<State>, uint16_t, End, PairEvidence, Confidence>;

  static const Connection& row(const HostRows& side, uint32_t i) { return side.facts.table.connections[i]; }

  void pair_mirrored() {
    const Mirrors seconds(second_.facts, may_lead_elsewhere);
    std::vector<bool> paired(second_.facts.table.connections.size());
    uint32_t i = 0;
    for (const auto& c : first_.facts.table.connections) {
      const auto now = i++;
      if (!may_lead_elsewhere(c)) continue;
      const auto mirror = seconds.of(c);
      if (mirror != kNoRow) {
        paired[mirror] = true;
        add_pair(c, now, row(second_, mirror), Confidence::Likely);
      } else if (leads_to(second_, first_, c)) {
        add_alone(End::First, c, now);
      }
    }
    i = 0;
    for (const auto& c : second_.facts.table.connections) {
      const auto now = i++;
      if (paired[now] || !may_lead_elsewhere(c) || !leads_to(first_, second_, c)) continue;
      // One that the table has twice was paired under the other row.
      if (!paired[seconds.with_ends(c.local, c.remote)]) add_alone(End::Second, c, now);
    }
  }

  // An address that both hosts have (of a container bridge, of a service that moves) proves nothing.
  static bool leads_to(const HostRows& there, const HostRows& here, const Connection& c) {
    return there.local.contains(c.remote.address) && !here.local.contains(c.remote.address) &&
           !there.local.contains(c.local.address);
  }

  void add_pair(const Connection& c, uint32_t i, const Connection& mirror, Confidence confidence) {
    if (c.state == State::Unknown || mirror.state == State::Unknown) {
      ++untold_;
      return;
    }
    const auto meaning = meaning_of(c.state, mirror.state);
    std::optional<End> acts;
    if (meaning.acts == EndedBy::Local) acts = End::First;
    if (meaning.acts == EndedBy::Remote) acts = End::Second;
    const bool is_first = first_.ports.is_local(c, second_.ports.is_listened_on(c.remote.port));
    add({.first = c.state,
         .second = mirror.state,
         .service_port = is_first ? c.local.port : c.remote.port,
         .service = is_first ? End::First : End::Second,
         .together = meaning.together,
         .acts = acts,
         .confidence = confidence,
         .example_of = End::First,
         .example = i});
  }

  void add_alone(End end, const Connection& c, uint32_t i) {
    if (c.state == State::Unknown) return;
    const bool is_of_first = end == End::First;
    const auto& here = is_of_first ? first_ : second_;
    const auto& there = is_of_first ? second_ : first_;
    // It must show that it would have shown it.
    const bool would_show = relation_.recognised_by == RecognisedBy::MirroredEnds && there.may_be_whole() &&
                            there.remote.contains(c.local.address);
    const auto meaning = would_show ? meaning_alone(c.state) : Meaning{PairEvidence::NotSeen, {}};
    const auto other_end = is_of_first ? End::Second : End::First;
    const bool is_local = here.ports.is_local(c, there.ports.is_listened_on(c.remote.port));
    EndPair pair{
        .service_port = is_local ? c.local.port : c.remote.port,
        .service = is_local ? end : other_end,
        .together = meaning.together,
        .confidence = would_show ? confidence_alone(here.facts, there.facts, i) : Confidence::Possible,
        .example_of = end,
        .example = i};
    (is_of_first ? pair.first : pair.second) = c.state;
    if (meaning.acts == EndedBy::Local) pair.acts = end;
    add(pair);
  }

  // The two dumps are of two moments. What is missing was surely there no more if the other dump is whole,
  // and the connection surely had begun when it was taken, or had been closed by the other end before.
  static Confidence confidence_alone(const Facts& here, const Facts& there, uint32_t i) {
    const auto now = time_of(here);
    const auto then = time_of(there);
    if (there.whole.empty() || !now || !then) return Confidence::Possible;
    const auto later = std::chrono::duration_cast<Milliseconds>(*now - *then);
    const auto& c = here.table.connections[i];
    if (later.count() <= 0) return c.state == State::CloseWait ? Confidence::Likely : Confidence::Possible;
    const auto age = age_of_row(here.table, i, here.uptime);
    return age && age->at_least > later ? Confidence::Likely : Confidence::Possible;
  }

  void add(const EndPair& pair) {
    const Key key{pair.first, pair.second, pair.service_port, pair.service, pair.together, pair.confidence};
    const auto [it, is_new] = numbers_.try_emplace(key, pairs_.size());
    if (is_new) pairs_.push_back(pair);
    ++pairs_[it->second].count;
  }

  HostRows first_;
  HostRows second_;
  Relation relation_;
  std::map<Key, size_t> numbers_;
  std::vector<EndPair> pairs_;
  uint64_t untold_ = 0;
};

}  // namespace

PairedEnds pair_ends(const Facts& first, const Facts& second, const Relation& relation) {
  return Pairing(first, second, relation).run();
}

}  // namespace whywait
