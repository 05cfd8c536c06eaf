#include "render/listing.h"

#include "render/ids.h"
#include "render/json.h"
#include "render/words.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

enum class Column : uint8_t { State, RecvQ, SendQ, Local, Remote, Age, Timer, Cause, Holders };
constexpr size_t kColumns = 9;
using Cells = std::array<std::string, kColumns>;

const Connection& row(const Listing& l, uint32_t index) { return l.facts.table.connections[index]; }

std::span<const Holder> holders_of(const Listing& l, const Connection& c) {
  if (!l.facts.holders || c.inode().value_or(0) == 0) return {};
  return l.facts.holders->of(*c.inode());
}

// Why no process is named; empty where one is, or may be.
std::string_view no_owner_because(const Listing& l, const Connection& c) {
  if (!c.inode()) return "this source does not tell it";
  if (*c.inode() != 0) {
    if (!holders_of(l, c).empty()) return "";
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

std::string process_name(const Listing& l, Pid pid) {
  const auto& p = l.facts.process(pid);
  return p ? p->name : std::string("?");
}

std::string holders_text(const Listing& l, const Connection& c) {
  const auto holders = holders_of(l, c);
  if (holders.empty()) return fmt::format("- ({})", no_owner_because(l, c));
  std::vector<std::string> parts;
  for (const auto& h : holders) {
    parts.push_back(fmt::format("{}[{}]:{}", printable(process_name(l, h.pid)), number(h.pid), h.fd));
  }
  return fmt::format("{}", fmt::join(parts, " "));
}

std::string end_text(const Connection& c, const Endpoint& end) {
  if (c.state == State::Listen && end == c.remote) return "*";
  return whywait::text(end);
}

std::string timer_text(const Connection& c) {
  const auto timer = c.timer();
  if (!timer || timer->kind == TimerKind::None) return "-";
  return timer->retransmits > 0
             ? fmt::format("{} {} x{}", id(timer->kind), duration(timer->expires_in), timer->retransmits)
             : fmt::format("{} {}", id(timer->kind), duration(timer->expires_in));
}

std::string queue(std::optional<uint32_t> q) { return q ? fmt::format("{}", *q) : "-"; }

Answer<Age> age_of(const Listing& l, const Connection& c) {
  return age_in_state(c, l.facts.table.info(c), l.facts.uptime);
}

std::string_view cause_of(const Listing& l, uint32_t index) {
  const auto cause = l.judgement.cause_of(index);
  return cause ? id(*cause) : "-";
}

Cells cells_of(const Listing& l, uint32_t index) {
  const auto& c = row(l, index);
  const auto age = age_of(l, c);
  return {
      std::string(name(c.state)), queue(c.recv_q()),      queue(c.send_q()), end_text(c, c.local),
      end_text(c, c.remote),      age ? text(*age) : "-", timer_text(c),     std::string(cause_of(l, index)),
      holders_text(l, c)};
}

constexpr Cells header() {
  return {"STATE", "RECV-Q", "SEND-Q", "LOCAL", "REMOTE", "AGE", "TIMER", "CAUSE", "HOLDERS"};
}

bool is_number(size_t column) { return column == size_t(Column::RecvQ) || column == size_t(Column::SendQ); }

std::string line_of(const Cells& cells, const std::array<size_t, kColumns>& widths) {
  std::string out;
  for (size_t i = 0; i < kColumns; ++i) {
    const std::string pad(widths.at(i) - std::min(widths.at(i), width(cells.at(i))), ' ');
    if (i > 0) out += "  ";
    const bool last = i + 1 == kColumns;
    out += is_number(i) ? pad + cells.at(i) : cells.at(i) + (last ? "" : pad);
  }
  return out + "\n";
}

// For a terminal that is too narrow for the table: a few short lines a connection.
std::string card_of(const Cells& cells, const Style& style) {
  const auto cell = [&](Column c) { return cells.at(static_cast<size_t>(c)); };
  auto out = cell(Column::State) + "\n";
  out += "  " + cell(Column::Local) + "\n";
  if (cell(Column::Remote) != "*") out += "  " + cell(Column::Remote) + "\n";
  out += labelled("  queues", fmt::format("{} to read, {} to send", cell(Column::RecvQ), cell(Column::SendQ)),
                  style, Tone::Faint);
  for (const auto& [label, column] : {std::pair{"  age", Column::Age},
                                      {"  timer", Column::Timer},
                                      {"  cause", Column::Cause},
                                      {"  held by", Column::Holders}}) {
    if (cell(column) != "-") out += labelled(label, cell(column), style, Tone::Faint);
  }
  return out;
}

Json holders_json(const Listing& l, const Connection& c) {
  auto out = Json::array();
  for (const auto& h : holders_of(l, c)) {
    out.push_back({{"pid", number(h.pid)}, {"name", process_name(l, h.pid)}, {"fd", h.fd}});
  }
  return out;
}

Json end_json(const Endpoint& end) { return {{"address", whywait::text(end.address)}, {"port", end.port}}; }

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json timer_json(const Connection& c) {
  const auto timer = c.timer();
  if (!timer || timer->kind == TimerKind::None) return nullptr;
  return {{"kind", id(timer->kind)},
          {"expires_in_s", double(timer->expires_in.count()) / 1000},
          {"retransmits", timer->retransmits}};
}

Json row_json(const Listing& l, uint32_t index) {
  const auto& c = row(l, index);
  const auto age = age_of(l, c);
  const auto because = no_owner_because(l, c);
  const auto cause = l.judgement.cause_of(index);
  Json age_json;
  if (age) {
    age_json = {{"at_least_s", double(age->at_least.count()) / 1000},
                {"at_most_s", age->at_most ? Json(double(age->at_most->count()) / 1000) : Json()}};
  }
  return {{"netns", static_cast<uint32_t>(c.netns)},
          {"state", name(c.state)},
          {"local", end_json(c.local)},
          {"remote", end_json(c.remote)},
          {"recv_q", or_null(c.recv_q())},
          {"send_q", or_null(c.send_q())},
          {"cookie", c.cookie() ? Json(fmt::format("{:x}", *c.cookie())) : Json()},
          {"inode", or_null(c.inode())},
          {"uid", or_null(c.uid())},
          {"holders", holders_json(l, c)},
          {"no_owner_because", because.empty() ? Json() : Json(because)},
          {"timer", timer_json(c)},
          {"age", age_json},
          {"cause", cause ? Json(id(*cause)) : Json()}};
}

}  // namespace

std::string listing_text(const Listing& listing, const Style& style) {
  std::vector<Cells> table;
  table.reserve(listing.rows.size());
  std::array<size_t, kColumns> widths{};
  const auto measure = [&](const Cells& cells) {
    for (size_t i = 0; i < kColumns; ++i) widths.at(i) = std::max(widths.at(i), width(cells.at(i)));
  };
  measure(header());
  for (const auto index : listing.rows) {
    table.push_back(cells_of(listing, index));
    measure(table.back());
  }
  size_t total = 2 * (kColumns - 1);
  for (const auto w : widths) total += w;
  std::string out;
  if (style.width > 0 && total > style.width) {
    for (const auto& cells : table) out += card_of(cells, style);
    return out;
  }
  out = paint(line_of(header(), widths), Tone::Strong, style);
  for (const auto& cells : table) out += line_of(cells, widths);
  return out;
}

std::string listing_json(const Listing& listing) {
  std::string out;
  for (const auto index : listing.rows) out += dump(row_json(listing, index)) + "\n";
  return out;
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
