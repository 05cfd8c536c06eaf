#include "render/ids.h"
#include "render/json.h"
#include "render/listing_rows.h"

#include <fmt/compile.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

// Enough for all of a row but its holders and the reason why there are none.
constexpr size_t kRoom = 1024;

bool is_plain(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

void put_string(std::string_view text, Chunks& out) {
  if (!std::all_of(text.begin(), text.end(), is_plain)) return out.put(dump(text));
  out.put("\"");
  out.put(text);
  out.put("\"");
}

template <class T>
char* write_or_null(char* to, const std::optional<T>& value) {
  return value ? fmt::format_to(to, FMT_COMPILE("{}"), *value) : append(to, "null");
}

// The shortest number that reads back as the same double, as nlohmann writes it: with this few digits, that
// is the decimal fraction itself.
char* write_seconds(char* to, Milliseconds length) {
  const auto ms = length.count();
  if (ms < 0 || ms >= 1'000'000'000'000) return append(to, dump(double(ms) / 1000));
  to = fmt::format_to(to, FMT_COMPILE("{}.{:03}"), ms / 1000, ms % 1000);
  while (to[-1] == '0' && to[-2] != '.') --to;
  return to;
}

char* write_end(char* to, const Endpoint& end) {
  to = write_text(append(to, R"({"address":")"), end.address);
  if (end.address.is_named() && end.port == 0) return append(to, R"(","port":null})");
  return fmt::format_to(to, FMT_COMPILE(R"(","port":{}}})"), end.port);
}

char* write_cookie(char* to, std::optional<uint64_t> cookie) {
  return cookie ? fmt::format_to(to, FMT_COMPILE(R"("{:x}")"), *cookie) : append(to, "null");
}

char* write_timer(char* to, const Connection& c) {
  const auto timer = running_timer(c);
  if (!timer) return append(to, "null");
  to = fmt::format_to(to, FMT_COMPILE(R"({{"kind":"{}","expires_in_s":)"), id(timer->kind));
  to = write_seconds(to, timer->expires_in);
  return fmt::format_to(to, FMT_COMPILE(R"(,"retransmits":{}}})"), timer->retransmits);
}

char* write_age(char* to, const Answer<Age>& age) {
  if (!age) return append(to, "null");
  to = write_seconds(append(to, R"({"at_least_s":)"), age->at_least);
  to = append(to, R"(,"at_most_s":)");
  to = age->at_most ? write_seconds(to, *age->at_most) : append(to, "null");
  return append(to, "}");
}

char* write_head(char* to, const Connection& c) {
  to = fmt::format_to(to, FMT_COMPILE(R"({{"netns":{},"state":"{}","local":)"),
                      static_cast<uint32_t>(c.netns), name(c.state));
  to = write_end(append(write_end(to, c.local), R"(,"remote":)"), c.remote);
  to = write_or_null(append(to, R"(,"recv_q":)"), c.recv_q());
  to = write_or_null(append(to, R"(,"send_q":)"), c.send_q());
  to = write_cookie(append(to, R"(,"cookie":)"), c.cookie());
  to = write_or_null(append(to, R"(,"inode":)"), c.printed_inode());
  to = write_or_null(append(to, R"(,"uid":)"), c.uid());
  return append(to, R"(,"holders":[)");
}

char* write_tail(char* to, const ListingRow& row) {
  to = write_timer(append(to, R"(,"timer":)"), row.connection);
  to = write_age(append(to, R"(,"age":)"), row.age);
  return row.cause.empty() ? append(to, ",\"cause\":null}\n")
                           : fmt::format_to(to, FMT_COMPILE(",\"cause\":\"{}\"}}\n"), row.cause);
}

void put_holders(std::span<const Holder> holders, ProcessTexts& processes, Chunks& out) {
  for (const auto& h : holders) {
    if (&h != &holders.front()) out.put(",");
    out.put(processes.of(h.pid).text);
    if (h.fd < 0) {
      out.put("null}");
      continue;
    }
    out.end(fmt::format_to(out.room(kRoom), FMT_COMPILE("{}}}"), h.fd));
  }
}

void put_reason(std::string_view reason, Chunks& out) {
  out.put(R"(],"no_owner_because":)");
  return reason.empty() ? out.put("null") : put_string(reason, out);
}

}  // namespace

bool listing_json(const Listing& listing, const Sink& sink) {
  const ListingRows rows(listing);
  ProcessTexts processes([&](Pid pid) {
    const auto id = number(pid) < 0 ? std::string("null") : std::to_string(number(pid));
    return fmt::format(R"({{"pid":{},"name":{},"fd":)", id, dump(process_name(listing.facts, pid)));
  });
  Chunks out(sink);
  rows.each([&](const ListingRow& row) {
    const auto& c = row.connection;
    const auto holders = rows.holders_of(row);
    out.end(write_head(out.room(kRoom), c));
    put_holders(holders, processes, out);
    put_reason(holders.empty() ? no_owner_because(listing, row.index) : "", out);
    out.end(write_tail(out.room(kRoom), row));
    return !out.refused();
  });
  return out.finish();
}

}  // namespace whywait::render
