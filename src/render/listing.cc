#include "render/listing.h"

#include "render/listing_rows.h"
#include "render/words.h"

#include <fmt/format.h>

namespace whywait::render {

std::string_view no_owner_because(const Listing& l, const Connection& c) {
  if (!c.inode()) return "this source does not tell it";
  if (*c.inode() != 0) {
    if (!l.facts.holders) return why(l.facts.holders.error(), l.facts);
    return l.facts.holders->unreadable > 0 ? why(Missing::Denied, l.facts)
                                           : "no descriptor: io_uring, in flight, or the kernel's own";
  }
  switch (c.state) {
    case State::CloseWait:
    case State::Established: return "not accepted";
    case State::SynReceived: return "handshake unfinished";
    case State::TimeWait: return "the kernel's, after both closed";
    case State::FinWait1:
    case State::FinWait2:
    case State::Closing:
    case State::LastAck: return "closed, the kernel ends it";
    case State::Closed:
    case State::Listen:
    case State::SynSent: return "the kernel's own";
  }
  return "";
}

std::string process_name(const Facts& facts, Pid pid) {
  const auto& p = facts.process(pid);
  return p ? p->name : std::string("?");
}

Rows::Rows(const Listing& listing)
    : listing_(listing), facts_(listing.facts), holders_(index_of(listing.facts.holders)) {
  const auto& causes = listing.judgement.cause_of;
  if (!causes.empty()) causes_.resize(size_t{causes.rbegin()->first} + 1);
  for (const auto& [index, cause] : causes) causes_[index] = cause;
}

Row Rows::row(uint32_t index) const {
  const auto& c = facts_.table.connections[index];
  const bool is_judged = index < causes_.size() && causes_[index];
  return {.connection = c,
          .age = age_in_state(c, facts_.table.info(c), facts_.uptime),
          .cause = is_judged ? id(*causes_[index]) : ""};
}

void Rows::prefetch(std::span<const uint32_t> indices) const {
  const auto& table = facts_.table;
  const auto inode = [&](uint32_t index) { return table.connections[index].inode().value_or(0); };
  constexpr size_t kCacheLine = 64;
  for (const auto index : indices) {
    const auto* bytes = reinterpret_cast<const char*>(&table.connections[index]);
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + kCacheLine);
    if (index < causes_.size()) __builtin_prefetch(&causes_[index]);
  }
  for (const auto index : indices) {
    holders_.prefetch_start(inode(index));
    if (const auto* info = table.info(table.connections[index])) __builtin_prefetch(info);
  }
  for (const auto index : indices) holders_.prefetch_rows(inode(index));
}

const ProcessTexts::Text& ProcessTexts::of(Pid pid) {
  const auto [it, is_new] = texts_.try_emplace(pid);
  if (is_new) {
    it->second.text = make_(pid);
    it->second.width = width(it->second.text);
  }
  return it->second;
}

std::string listing_notes(const Listing& listing, const Style& style) {
  std::string out;
  if (listing.rows.empty()) {
    out += labelled(
        "NONE", fmt::format("of {} matches", plural(listing.facts.table.connections.size(), "TCP socket")),
        style, Tone::Faint);
  }
  for (const auto& gap : listing.facts.gaps) {
    const auto a = absence(gap, listing.facts);
    out += labelled("NOT SEEN", fmt::format("{} ({}): {}", a.what, printable(a.why), a.remedy), style,
                    Tone::Faint);
  }
  out += labelled("NEXT", "whywait   what of this is a fault, and whose", style, Tone::Faint);
  return out;
}

}  // namespace whywait::render
