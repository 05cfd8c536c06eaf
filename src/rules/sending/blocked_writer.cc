// blocked-writer: data waits to be sent, and the peer does not accept it. The peer itself announces a closed
// window, and the kernel probes it with a timer of its own, so the blame is no guess. The last data sent
// dates it, because probes carry no data. In ESTABLISHED it is mostly ordinary flow control (a paused
// download); there it is a fault only if each connection blocks a thread that could serve others.
#include "rules/sending/blocked_writer.h"

#include "rules/close_wait/likeness.h"
#include "rules/patience.h"
#include "rules/rule.h"

namespace whywait {
namespace {

int64_t unsent_bytes(const Case& c, const Facts& facts) {
  int64_t sum = 0;
  for (const auto& m : c.members) sum += facts.table.connections[m.index].send_q().value_or(0);
  return sum;
}

bool clocks_tell(const Case& c, const Facts& facts) {
  return std::all_of(c.members.begin(), c.members.end(), [&](const Member& m) {
    const auto& row = facts.table.connections[m.index];
    return facts.table.info(row) != nullptr && row.send_q();
  });
}

struct Senders {
  uint32_t sending = 0;
  uint32_t unknown = 0;
};

Senders threads_that_send(const Case& c, Inquiry& inquiry) {
  Senders n;
  for (const auto pid : c.holders.value_or(std::vector<Pid>{})) {
    const auto* threads = inquiry.threads(pid);
    if (threads == nullptr) continue;
    for (const auto& t : threads->list) {
      if (!t.system_call) ++n.unknown;
      if (t.system_call && t.system_call->call == Call::Send) ++n.sending;
    }
  }
  return n;
}

Finding finding(const Case& c, const Look& look, const Facts& facts) {
  Finding f{.cause = Cause::BlockedWriter,
            .acts = Actor::Peer,
            .confidence = Confidence::Certain,
            .severity = severity(static_cast<uint32_t>(c.members.size()), look.holders),
            .culprits = look.holders.culprits,
            .evidence = {{EvidenceKind::ZeroWindow,
                          count_of(c, [](const Member& m) { return m.peer_takes_nothing; })},
                         {EvidenceKind::UnsentBytes, unsent_bytes(c, facts)}},
            .remedy = {Remedy::FindWhoDoesNotRead, Remedy::SetWriteTimeout}};
  add_shared_evidence(f, c, look.split, look.holders, facts);
  return f;
}

}  // namespace

// Nothing new can be sent through a shut window, so that the last data that left dates it; probes carry none.
bool peer_takes_nothing(const RowView& view) {
  if (view.info == nullptr || view.row.send_q().value_or(0) == 0) return false;
  const auto timer = view.row.timer();
  const bool probed = timer && timer->kind == TimerKind::ZeroWindowProbe;
  return (probed || view.info->send_window == 0) && Milliseconds(view.info->last_data_sent_ms) >= kInHand;
}

Likeness as_blocked_writer(const Case& c) {
  if (is_most(count_of(c, [](const Member& m) { return m.peer_takes_nothing; }), c.members.size())) {
    return Likeness::yes();
  }
  const auto unsent = count_of(c, [](const Member& m) { return m.may_have_unsent; });
  return is_most(unsent, c.members.size()) ? Likeness::unclear() : Likeness::no(ClearReason::NothingUnsent);
}

Outcome blocked_writer(const Case& c, const Facts& facts) {
  const auto likeness = as_blocked_writer(c);
  if (likeness.is_no()) return Clear{likeness.because};
  auto closer = look_closer(c, facts);
  if (auto* decided = std::get_if<Outcome>(&closer)) return std::move(*decided);
  auto& look = std::get<Look>(closer);
  if (likeness.is_yes() && look.holders.cannot_run) return Clear{ClearReason::CannotRun};
  if (!likeness.is_yes() || !look.inquiry.needs().empty()) return open_or_clear(likeness, look);
  return finding(c, look, facts);
}

Outcome blocked_writer_established(const Case& c, const Facts& facts) {
  const auto likeness = as_blocked_writer(c);
  if (likeness.is_no()) return Clear{likeness.because};
  if (!likeness.is_yes())
    return clocks_tell(c, facts) ? Outcome(Clear{ClearReason::PeerTakes}) : Outcome(CannotTell{});
  auto look = look_at(c, facts);
  if (!look.inquiry.needs().empty()) return open_or_clear(likeness, look);
  const auto threads = threads_that_send(c, look.inquiry);
  if (!is_most(threads.sending, c.members.size())) {
    return threads.unknown == 0 ? Outcome(Clear{ClearReason::NobodyAtWork}) : Outcome(CannotTell{});
  }
  return finding(c, look, facts);
}

}  // namespace whywait
