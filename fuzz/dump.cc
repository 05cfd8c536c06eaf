#include "sources/pasted/dump.h"

#include "core/selection.h"
#include "diagnose/diagnose.h"
#include "render/listing.h"
#include "render/page_text.h"
#include "render/report.h"
#include "sources/pasted/words.h"
#include "targets.h"
#include "testing/reading.h"

#include <algorithm>
#include <set>

#include <nlohmann/json.hpp>

namespace whywait::fuzz {
namespace {

uint64_t lines_that_say_something(std::string_view bytes) {
  uint64_t count = 0;
  testing::CleanLines lines(testing::reading(bytes));
  while (const auto line = lines.next()) count += pasted::Words(line->text).empty() ? 0 : 1;
  return count;
}

void check_row(const Connection& c, const SocketTable& table) {
  expect(static_cast<size_t>(c.state) < kStates, "a state that there is");
  for (const auto& end : {c.local, c.remote}) {
    const auto written = text(end);
    expect(!written.empty() && written.size() <= kEndpointRoom,
           "an end of a length that has room: " + written);
    expect(!has_control_characters(written), "an end that does no harm where it is printed");
    expect(text_length(end) == written.size(), "the length of an end is that of its text");
  }
  if (const auto info = c.info()) expect(*info < table.infos.size(), "details that there are");
}

// Every holder holds one of the rows and is a known process, with or without a name.
void check_holders(const Facts& facts) {
  if (!facts.holders) return expect(facts.processes.empty(), "who holds nothing is not named");
  std::set<uint32_t> inodes;
  for (const auto& c : facts.table.connections) inodes.insert(c.inode().value_or(0));
  std::set<Pid> pids;
  const auto& rows = facts.holders->rows;
  for (const auto& h : rows) {
    expect(h.inode != 0 && inodes.count(h.inode) == 1, "a holder holds a row");
    expect(facts.process(h.pid).has_value(), "a holder is known as a process");
    pids.insert(h.pid);
  }
  expect(pids.size() == facts.processes.size(), "a process is a holder");
  expect(std::is_sorted(rows.begin(), rows.end()), "holders are sorted");
  expect(std::adjacent_find(rows.begin(), rows.end()) == rows.end(),
         "nobody holds a socket twice by one descriptor");
}

void check(const pasted::ParsedDump& dump, std::string_view bytes) {
  const auto& facts = dump.facts;
  for (const auto& c : facts.table.connections) check_row(c, facts.table);
  for (const auto& [row, age] : facts.table.reported_ages)
    expect(row < facts.table.connections.size(), "an age of a row that there is");
  check_holders(facts);

  const auto& lines = *facts.dump;
  expect(lines.rows == facts.table.connections.size(), "each row is counted");
  expect(lines.skipped == dump.skipped.size(), "each line that was skipped is kept");
  const auto accounted =
      lines.rows + lines.repeated + lines.header_lines + lines.others + lines.unconnected + lines.skipped;
  expect(accounted == lines_that_say_something(bytes) + dump.further, "every line is accounted for");
}

using Json = nlohmann::json;

void check_text(std::string_view text) {
  for (const char c : text)
    expect(c == '\n' || !has_control_characters({&c, 1}), "text does no harm to a terminal");
  // It throws where that is no UTF-8.
  expect(!Json(text).dump().empty(), "text is UTF-8");
}

void check_renderings(const Facts& facts, const Judgement& judgement) {
  const render::Report report{.facts = facts, .judgement = judgement};
  check_text(text_of(report_page(report), {}));
  expect(Json::parse(report_json(report)).contains("states"), "a report is JSON");

  const render::Listing listing{.facts = facts, .judgement = judgement, .rows = select(facts, {})};
  check_text(text_of(render::listing_notes(listing), {}));
  std::string text;
  const auto sink = [&text](std::string_view part) {
    text += part;
    return true;
  };
  expect(listing_text(listing, {.width = 0}, sink), "a listing is written to its end");
  check_text(text);
  text.clear();
  expect(listing_json(listing, sink), "a listing is written to its end, as JSON as well");
  size_t objects = 0;
  for (size_t begin = 0; begin < text.size(); ++objects) {
    const auto end = text.find('\n', begin);
    expect(Json::parse(text.substr(begin, end - begin)).contains("state"),
           "a row is JSON, on a line of its own");
    begin = end + 1;
  }
  expect(objects == facts.table.connections.size(), "each row is listed");
}

}  // namespace

void dump_of_format(const std::string& format, std::string_view bytes) {
  const auto dump = pasted::read(testing::reading(bytes), {.format = format, .keep_skipped = true});
  check(dump, bytes);
}

void dump(std::string_view bytes) {
  auto dump = pasted::read(testing::reading(bytes), {.format = {}, .keep_skipped = true});
  check(dump, bytes);
  const auto judgement = diagnose(dump.facts, offer_no_more);
  check_renderings(dump.facts, judgement);
}

}  // namespace whywait::fuzz
