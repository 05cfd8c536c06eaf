#include "render/ends_words.h"

#include "render/page.h"

#include <utility>

#include <fmt/format.h>

namespace whywait::render {
namespace {

std::string gone(State state, std::string_view here, std::string_view there) {
  const auto both = fmt::format("{} is in {}, {} has no such connection: ", here, name(state), there);
  if (state == State::Established)
    return fmt::format("{}the side of {} is gone, and {} will not notice until it sends", both, there, here);
  if (state == State::CloseWait)
    return fmt::format("{}the side of {} is gone, and {} must still close", both, there, here);
  if (state == State::FinWait2)
    return fmt::format("{}no FIN will come; a timer or a probe of {} ends it", both, here);
  return fmt::format("{}nobody acknowledges the FIN of {}, which repeats it until it gives up", both, here);
}

std::string unanswered(State state, std::string_view here, std::string_view there) {
  if (state == State::SynSent)
    return fmt::format("{} is in SYN_SENT, {} has nothing of it: the SYN does not arrive, or {} drops it",
                       here, there, there);
  return fmt::format("{} is in {}, {} has nothing of it: {} gave up, or never sent that SYN", here,
                     name(state), there, there);
}

std::string not_seen(State state, std::string_view here, std::string_view there) {
  return fmt::format("{} is in {}; the dump of {} does not show whether its side is there", here, name(state),
                     there);
}

std::string of_one(const EndPair& pair, State state, std::string_view here, std::string_view there) {
  constexpr std::string_view kMoments = ", unless it began or ended between the two dumps";
  const auto question = pair.confidence == Confidence::Possible ? kMoments : std::string_view();
  switch (pair.together) {
    case PairEvidence::Gone: return gone(state, here, there).append(question);
    case PairEvidence::Unanswered: return unanswered(state, here, there).append(question);
    case PairEvidence::NotSeen: return not_seen(state, here, there);
    case PairEvidence::Over:
      return fmt::format("{} is in {}, {} has no such connection: it is over", here, name(state), there);
    case PairEvidence::Open:
    case PairEvidence::MustClose:
    case PairEvidence::OnTheWay:
    case PairEvidence::NotAtOnce: break;
  }
  return {};
}

std::string of_both(const EndPair& pair, std::string_view first, std::string_view second) {
  auto states = *pair.first == *pair.second ? fmt::format("both are in {}", name(*pair.first))
                                            : fmt::format("{} is in {}, {} in {}", first, name(*pair.first),
                                                          second, name(*pair.second));
  switch (pair.together) {
    case PairEvidence::Open: return fmt::format("{}: open both ways", states);
    case PairEvidence::MustClose:
      return fmt::format("{}: {} must close", states, pair.acts == End::First ? first : second);
    case PairEvidence::OnTheWay:
      return fmt::format("{}: passes by itself; what stays so loses segments on the way", states);
    case PairEvidence::NotAtOnce:
      return fmt::format("{}: never at one moment; the dumps are of two, or the ports were used again",
                         states);
    case PairEvidence::Gone:
    case PairEvidence::Unanswered:
    case PairEvidence::Over:
    case PairEvidence::NotSeen: break;
  }
  return states;
}

}  // namespace

std::string_view id(Kinship kinship) {
  switch (kinship) {
    case Kinship::SameHost: return "same-host";
    case Kinship::Mirrored: return "mirrored";
    case Kinship::Translated: return "translated";
    case Kinship::Unrelated: return "unrelated";
  }
  return "";
}

std::string_view id(PairEvidence together) {
  switch (together) {
    case PairEvidence::Open: return "open";
    case PairEvidence::MustClose: return "must-close";
    case PairEvidence::OnTheWay: return "on-the-way";
    case PairEvidence::Gone: return "gone";
    case PairEvidence::Unanswered: return "unanswered";
    case PairEvidence::Over: return "over";
    case PairEvidence::NotAtOnce: return "not-at-once";
    case PairEvidence::NotSeen: return "not-seen";
  }
  return "";
}

std::string because(const Relation& r) {
  switch (r.recognised_by) {
    case RecognisedBy::BootId: return "they have one boot id";
    case RecognisedBy::LocalAddresses:
      return fmt::format("{} of {} of the one have a local address of the other", grouped(r.count),
                         plural(r.of, "row"));
    case RecognisedBy::SameConnections:
      return fmt::format("{} on the loopback are in both", plural(r.count, "connection"));
    case RecognisedBy::MirroredEnds:
      return fmt::format("{} of the one {} in the other, from the other end", plural(r.count, "connection"),
                         r.count == 1 ? "is" : "are");
    case RecognisedBy::FacingAddresses:
      return fmt::format(
          "{} {} to an address of the other, yet no connection is in both: are the dumps whole, and of one "
          "time?",
          plural(r.count, "row"), r.count == 1 ? "leads" : "lead");
    case RecognisedBy::MirroredPorts:
      return fmt::format(
          "the ports of {} mirror, their addresses do not: an address translation (NAT) lies between",
          plural(r.count, "connection"));
    case RecognisedBy::Redacted:
      return "one is redacted: other names stand for its addresses, in each file others; compare files that "
             "are not";
    case RecognisedBy::Nothing:
      return "neither has an address of the other: nothing is between them, or a proxy or an address "
             "translation (NAT) that "
             "changes ports as well";
  }
  return "";
}

std::string in_words(const EndPair& pair, std::string_view first, std::string_view second) {
  if (pair.first && pair.second) return of_both(pair, first, second);
  return pair.first ? of_one(pair, *pair.first, first, second) : of_one(pair, *pair.second, second, first);
}

}  // namespace whywait::render
