#include "render/ids.h"
#include "render/listing_rows.h"
#include "render/page_text.h"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include <fmt/compile.h>
#include <fmt/format.h>

namespace whywait::render {
namespace {

enum class Column : uint8_t { State, RecvQ, SendQ, Local, Remote, Age, Timer, Cause, Holders };
constexpr size_t kColumns = 9;
constexpr std::array<std::string_view, kColumns> kHeader = {"STATE", "RECV-Q", "SEND-Q", "LOCAL",  "REMOTE",
                                                            "AGE",   "TIMER",  "CAUSE",  "HOLDERS"};
constexpr size_t kBetween = 2;  // blanks
// Enough for any cell but the last, whose length has no limit.
constexpr size_t kCellRoom = 96;
static_assert(kCellRoom > kAgeRoom && kCellRoom > kEndpointRoom && kCellRoom > kDurationRoom + 32);

using Widths = std::array<size_t, kColumns>;

class Table {
 public:
  explicit Table(const Listing& listing)
      : listing_(listing), rows_(listing), processes_([&facts = listing.facts](Pid pid) {
          const auto name = printable(process_name(facts, pid));
          return number(pid) < 0 ? name : fmt::format("{}[{}]", name, number(pid));
        }) {}

  // The width of every column; that of the last one only if it is needed.
  Widths widths(bool with_last);

  void lines(const Widths& widths, const Style& style, Chunks& out);
  // For a terminal that is too narrow for the table: a few short lines a connection.
  void cards(const Style& style, Chunks& out);

 private:
  size_t holders_width(const ListingRow& row);
  void put_holders(const ListingRow& row, Chunks& out);
  Page card_of(const ListingRow& row);
  std::string holders_text(const ListingRow& row);

  const Listing& listing_;
  ListingRows rows_;
  ProcessTexts processes_;
};

bool is_any(const Connection& c, const Endpoint& end) { return c.state == State::Listen && end == c.remote; }

char* write_end(char* to, const Connection& c, const Endpoint& end) {
  return is_any(c, end) ? append(to, "*") : write_text(to, end);
}

size_t end_length(const Connection& c, const Endpoint& end) { return is_any(c, end) ? 1 : text_length(end); }

char* write_queue(char* to, std::optional<uint32_t> q) {
  return q ? fmt::format_to(to, FMT_COMPILE("{}"), *q) : append(to, "-");
}

char* write_timer(char* to, const Connection& c) {
  const auto timer = running_timer(c);
  if (!timer) return append(to, "-");
  to = append(append(to, id(timer->kind)), " ");
  to = write_text(to, timer->expires_in);
  return timer->retransmits > 0 ? fmt::format_to(to, FMT_COMPILE(" x{}"), timer->retransmits) : to;
}

// Calls `f` for every column but the last. They are constants, so that no cell of a million rows has to
// choose what to do.
template <class F>
void each_column(const F& f) {
  [&]<size_t... kIndex>(std::index_sequence<kIndex...>) {
    (f(std::integral_constant<Column, static_cast<Column>(kIndex)>()), ...);
  }
  (std::make_index_sequence<kColumns - 1>());
}

// Writes up to kCellRoom bytes, all of them ASCII. Nothing of the last column.
template <Column kColumn>
char* write_cell(char* to, const ListingRow& row) {
  const auto& c = row.connection;
  switch (kColumn) {
    case Column::State: return append(to, name(c.state));
    case Column::RecvQ: return write_queue(to, c.recv_q());
    case Column::SendQ: return write_queue(to, c.send_q());
    case Column::Local: return write_end(to, c, c.local);
    case Column::Remote: return write_end(to, c, c.remote);
    case Column::Age: return row.age ? write_text(to, *row.age) : append(to, "-");
    case Column::Timer: return write_timer(to, c);
    case Column::Cause: return append(to, row.cause.empty() ? "-" : row.cause);
    case Column::Holders: return to;
  }
  return to;
}

size_t queue_length(std::optional<uint32_t> q) {
  size_t digits = 1;
  for (auto rest = q.value_or(0) / 10; rest > 0; rest /= 10) ++digits;
  return digits;
}

// The width of the text that write_cell() writes, without writing it if that is faster.
template <Column kColumn>
size_t cell_length(const ListingRow& row) {
  const auto& c = row.connection;
  switch (kColumn) {
    case Column::State: return name(c.state).size();
    case Column::RecvQ: return queue_length(c.recv_q());
    case Column::SendQ: return queue_length(c.send_q());
    case Column::Local: return end_length(c, c.local);
    case Column::Remote: return end_length(c, c.remote);
    case Column::Cause: return row.cause.size();
    case Column::Age:
    case Column::Timer:
    case Column::Holders: break;
  }
  std::array<char, kCellRoom> cell;
  return static_cast<size_t>(write_cell<kColumn>(cell.data(), row) - cell.data());
}

bool is_number(Column column) { return column == Column::RecvQ || column == Column::SendQ; }

// May write some more blanks, up to kCellRoom: copies of known size take no call.
char* write_blanks(char* to, size_t count) {
  constexpr std::string_view kSome = "                ";
  for (size_t done = 0; done < count; done += kSome.size()) append(to + done, kSome);
  return to + count;
}

// All columns except the last, and their separators.
template <class Length, class Write>
char* write_line(char* to, const Widths& widths, const Length& length_of, const Write& write) {
  each_column([&](auto column) {
    const auto width = widths[static_cast<size_t>(column())];
    char* const end = to + width;
    if (is_number(column)) to = write_blanks(to, width - length_of(column));
    to = write(to, column);
    to = write_blanks(to, static_cast<size_t>(end - to) + kBetween);
  });
  return to;
}

constexpr size_t kLineRoom = kColumns * (kCellRoom + kBetween);

std::string header(const Widths& widths) {
  const auto title = [](Column column) { return kHeader.at(static_cast<size_t>(column)); };
  std::array<char, kLineRoom> line{};
  char* const end = write_line(
      line.data(), widths, [&](Column column) { return title(column).size(); },
      [&](char* to, Column column) { return append(to, title(column)); });
  return std::string(line.data(), end).append(kHeader.back()).append("\n");
}

Widths Table::widths(bool with_last) {
  Widths widths{};
  std::transform(kHeader.begin(), kHeader.end(), widths.begin(), [](auto title) { return title.size(); });
  rows_.each_in_any_order([&](const ListingRow& row) {
    each_column([&](auto column) {
      auto& width = widths[static_cast<size_t>(column())];
      width = std::max(width, cell_length<column()>(row));
    });
    if (with_last) widths.back() = std::max(widths.back(), holders_width(row));
  });
  return widths;
}

void Table::lines(const Widths& widths, const Style& style, Chunks& out) {
  out.put(paint(header(widths), Tone::Strong, style));
  rows_.each([&](const ListingRow& row) {
    out.end(write_line(
        out.room(kLineRoom), widths, [&](auto column) { return cell_length<column()>(row); },
        [&](char* to, auto column) { return write_cell<column()>(to, row); }));
    put_holders(row, out);
    out.put("\n");
    return !out.refused();
  });
}

size_t Table::holders_width(const ListingRow& row) {
  const auto holders = rows_.holders_of(row);
  if (holders.empty()) return width(no_owner_because(listing_, row.index)) + 4;
  size_t columns = holders.size() - 1;
  for (const auto& h : holders) {
    columns += processes_.of(h.pid).width;
    if (h.fd >= 0) columns += 1 + fmt::formatted_size(FMT_COMPILE("{}"), h.fd);
  }
  return columns;
}

void Table::put_holders(const ListingRow& row, Chunks& out) {
  const auto holders = rows_.holders_of(row);
  if (holders.empty()) {
    out.put("- (");
    out.put(no_owner_because(listing_, row.index));
    out.put(")");
  }
  for (const auto& h : holders) {
    if (&h != &holders.front()) out.put(" ");
    out.put(processes_.of(h.pid).text);
    if (h.fd >= 0) out.end(fmt::format_to(out.room(kCellRoom), FMT_COMPILE(":{}"), h.fd));
  }
}

std::string Table::holders_text(const ListingRow& row) {
  std::string text;
  const Sink sink = [&](std::string_view part) {
    text += part;
    return true;
  };
  Chunks out(sink);
  put_holders(row, out);
  out.finish();
  return text;
}

template <Column kColumn>
std::string cell(const ListingRow& row) {
  std::array<char, kCellRoom> text;
  return {text.data(), write_cell<kColumn>(text.data(), row)};
}

Page Table::card_of(const ListingRow& row) {
  Page page;
  page.title(cell<Column::State>(row));
  page.title("  " + cell<Column::Local>(row));
  if (const auto remote = cell<Column::Remote>(row); remote != "*") page.title("  " + remote);
  page.section("  queues", Tone::Faint)
      .line(fmt::format("recv-q {}, send-q {}", cell<Column::RecvQ>(row), cell<Column::SendQ>(row)));
  for (const auto& [label, text] : {std::pair{"  age", cell<Column::Age>(row)},
                                    {"  timer", cell<Column::Timer>(row)},
                                    {"  cause", cell<Column::Cause>(row)},
                                    {"  held by", holders_text(row)}}) {
    if (text != "-") page.section(label, Tone::Faint).line(text);
  }
  return page;
}

void Table::cards(const Style& style, Chunks& out) {
  rows_.each([&](const ListingRow& row) {
    out.put(text_of(card_of(row), style));
    return !out.refused();
  });
}

}  // namespace

bool listing_text(const Listing& listing, const Style& style, const Sink& sink) {
  Table table(listing);
  Chunks out(sink);
  const bool has_limit = style.width > 0;
  const auto widths = table.widths(has_limit);
  size_t total = kBetween * (kColumns - 1);
  for (const auto width : widths) total += width;
  if (has_limit && total > style.width) {
    table.cards(style, out);
  } else {
    table.lines(widths, style, out);
  }
  return out.finish();
}

}  // namespace whywait::render
