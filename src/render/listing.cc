#include "render/listing.h"

#include "core/no_holder.h"
#include "render/listing_rows.h"
#include "render/steps.h"
#include "render/words.h"

#include <fmt/format.h>

namespace whywait::render {

std::string_view no_owner_because(const Listing& l, uint32_t row) {
  switch (why_no_holder(l.facts, row)) {
    case NoHolder::NotTold: return "this source does not tell it";
    case NoHolder::NotAccepted: return "not accepted";
    case NoHolder::Handshake: return "handshake unfinished";
    case NoHolder::Mini:
      return l.facts.table.connections[row].state == State::TimeWait ? "the kernel's, after both closed"
                                                                     : "closed, the kernel ends it";
    case NoHolder::Orphan: return "closed, the kernel ends it";
    case NoHolder::Ring: return "registered with an io_uring";
    case NoHolder::InFlight: return "in flight over a UNIX socket";
    case NoHolder::Kernel: return "the kernel's own";
    case NoHolder::Mptcp: return "a subflow of MPTCP";
    case NoHolder::Unreadable:
      return why(l.facts.holders ? Missing::Denied : l.facts.holders.error(), l.facts);
    case NoHolder::Outside: return "held by a process that is not listed here, or by none";
    case NoHolder::Unexplained: return "no descriptor: io_uring, in flight, or the kernel's own";
  }
  return "";
}

std::string process_name(const Facts& facts, Pid pid) {
  const auto& p = facts.process(pid);
  return p ? p->name : std::string("?");
}

ListingRows::ListingRows(const Listing& listing)
    : listing_(listing), facts_(listing.facts), holders_(index_of(listing.facts.holders)) {}

ListingRow ListingRows::row(uint32_t index) const {
  const auto& c = facts_.table.connections[index];
  const auto cause = listing_.judgement.cause_of(index);
  return {.index = index,
          .connection = c,
          .age = age_of_row(facts_.table, index, facts_.uptime),
          .cause = cause ? id(*cause) : ""};
}

void ListingRows::prefetch(std::span<const uint32_t> indices) const {
  const auto& table = facts_.table;
  const auto inode = [&](uint32_t index) { return table.connections[index].inode().value_or(0); };
  constexpr size_t kCacheLine = 64;
  for (const auto index : indices) {
    const auto* bytes = reinterpret_cast<const char*>(&table.connections[index]);
    __builtin_prefetch(bytes);
    __builtin_prefetch(bytes + kCacheLine);
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

Page listing_notes(const Listing& listing) {
  Page page;
  if (listing.rows.empty()) {
    page.section("NONE", Tone::Faint)
        .line(fmt::format("of {} matches", plural(listing.facts.table.connections.size(), "TCP socket")));
  }
  for (const auto& gap : listing.facts.gaps) {
    page.section("NOT SEEN", Tone::Faint);
    add_absence(page, absence(gap, listing.facts));
  }
  const auto step = of_file({"whywait", "what of this is a fault, and whose"}, listing.facts);
  page.section("NEXT", Tone::Faint).command(step.command, step.note);
  return page;
}

}  // namespace whywait::render
