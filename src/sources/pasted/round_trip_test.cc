// What the tools of all systems print of sockets that are made up reads back as those sockets, in all that a
// tool tells; and so it does after it went through mail, web pages, terminals and editors.
#include "sources/pasted/dump.h"
#include "sources/pasted/printed_test.h"
#include "testing/reading.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

namespace whywait::pasted {
namespace {

using testing::HeldBy;
using testing::Sockets;
using testing::Tells;
using testing::Tool;

ParsedDump read_text(std::string_view text, const std::string& format = {}) {
  return read(testing::reading(text), {.format = format, .keep_skipped = true});
}

template <class T>
std::string in_words(std::string_view name, const std::optional<T>& value) {
  return value ? fmt::format(" {} {}", name, *value) : "";
}

std::string in_words(const Timer& t) {
  return fmt::format(" timer {}/{}/{}", static_cast<int>(t.kind), t.retransmits, t.expires_in.count());
}

std::string in_words(const std::set<HeldBy>& holders) {
  std::string out;
  for (const auto& h : holders) out += fmt::format(" held by {} '{}' {}", h.pid, h.name, h.fd);
  return out;
}

using Lines = std::multiset<std::string>;

std::set<HeldBy> told_holders(const testing::Socket& s, const Tells& tells) {
  std::set<HeldBy> holders;
  for (const auto& h : s.holders) {
    if (!tells.pid || (!tells.all_holders && !holders.empty())) break;
    holders.insert({h.pid, tells.name ? h.name : "", tells.fd ? h.fd : -1});
  }
  return holders;
}

std::string told_row(const testing::Socket& s, const Tells& tells) {
  auto row =
      fmt::format("{} {} {}", text(s.local), text(s.remote), name(tells.state ? s.state : State::Unknown));
  // The limit of an accept queue is ss's secret.
  if (tells.queues && (s.state != State::Listen || tells.limit))
    row += fmt::format(" recv {} send {}", s.recv_q, s.send_q);
  if (tells.uid) row += fmt::format(" uid {}", s.uid);
  if (tells.inode) row += fmt::format(" inode {}", s.inode);
  if (tells.cookie) row += fmt::format(" cookie {}", s.cookie);
  if (tells.timer) row += in_words(s.timer);
  if (tells.age) row += fmt::format(" age {}", s.age.count());
  return row;
}

// A line for each socket, with what the tool tells of it.
Lines expected(const Sockets& sockets, const Tells& tells) {
  Lines out;
  for (const auto& s : sockets) {
    if (!tells.only_held || !s.holders.empty())
      out.insert(told_row(s, tells) + in_words(told_holders(s, tells)));
  }
  return out;
}

Lines what_is_told(const Facts& facts, const Tells& tells) {
  Lines out;
  for (uint32_t row = 0; row < facts.table.connections.size(); ++row) {
    const auto& c = facts.table.connections[row];
    auto line = fmt::format("{} {} {}", text(c.local), text(c.remote), name(c.state));
    if (c.state != State::Listen || tells.limit)
      line += in_words("recv", c.recv_q()) + in_words("send", c.send_q());
    line += in_words("uid", c.uid()) + in_words("inode", c.printed_inode()) + in_words("cookie", c.cookie());
    if (c.timer()) line += in_words(*c.timer());
    const auto age = facts.table.reported_ages.find(row);
    if (age != facts.table.reported_ages.end()) line += fmt::format(" age {}", age->second.at_least.count());
    std::set<HeldBy> holders;
    if (facts.holders) {
      for (const auto& h : facts.holders->of(c.inode().value_or(0)))
        holders.insert({number(h.pid), facts.process(h.pid)->name, h.fd});
    }
    out.insert(line + in_words(holders));
  }
  return out;
}

Lines without(const Lines& all, const Lines& these) {
  Lines out;
  std::set_difference(all.begin(), all.end(), these.begin(), these.end(), std::inserter(out, out.end()));
  return out;
}

std::string some(const Lines& lines) {
  std::string out = fmt::format("{}:\n", lines.size());
  constexpr int kShown = 5;
  int shown = 0;
  for (const auto& line : lines) {
    if (shown++ < kShown) out += "  " + line + "\n";
  }
  return out;
}

void expect_same(const Lines& read, const Lines& wanted) {
  const auto missing = without(wanted, read);
  const auto surplus = without(read, wanted);
  EXPECT_TRUE(missing.empty() && surplus.empty())
      << "missing are " << some(missing) << "none of them are " << some(surplus);
}

TEST(RoundTrip, EachToolReadsBack) {
  for (const auto& tool : testing::all_tools()) {
    for (const uint32_t seed : {1U, 2U, 3U}) {
      SCOPED_TRACE(tool.name);
      const auto sockets = testing::made_up(seed, 100, tool.is_wide);
      const auto dump = read_text(tool.print(sockets));
      expect_same(what_is_told(dump.facts, tool.tells), expected(sockets, tool.tells));
      EXPECT_EQ(dump.facts.dump->skipped, 0U) << dump.skipped.at(0).text;
    }
  }
}

// What becomes of a dump until somebody else reads it.

std::string each_line(std::string_view text, const std::function<std::string(std::string_view)>& change) {
  std::string out;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    out += change(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

std::string before_each_line(const std::string& text, const std::string& mark) {
  return each_line(text, [&](std::string_view line) { return mark + std::string(line); });
}

std::string as_utf16(const std::string& text, bool little) {
  std::string out;
  const auto put = [&](unsigned unit) {
    const auto high = static_cast<char>(unit >> 8U);
    const auto low = static_cast<char>(unit & 0xffU);
    out += little ? low : high;
    out += little ? high : low;
  };
  put(0xfeff);
  for (const char c : text) put(static_cast<unsigned char>(c));
  return out;
}

std::string with_tabs(const std::string& text) {
  auto out = text;
  for (const auto* blanks : {"        ", "    ", "   ", "  "}) out = replaced(out, blanks, "\t");
  return out;
}

std::string as_web_page(std::string text) {
  text = replaced(replaced(replaced(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
  return "<pre><code>" + replaced(replaced(text, "\"", "&quot;"), "\n", "<br>\n") + "</code></pre>\n";
}

struct Wrapping {
  std::string name;
  std::string (*wrap)(const std::string&);
};

const std::vector<Wrapping>& wrappings() {
  using S = const std::string&;
  static const std::vector<Wrapping> all = {
      {"quoted", [](S t) { return before_each_line(t, "> "); }},
      {"quoted twice", [](S t) { return "Kim wrote:\n" + before_each_line(t, "> >> "); }},
      {"behind bars", [](S t) { return before_each_line(t, "| "); }},
      {"as a comment", [](S t) { return before_each_line(t, "# "); }},
      {"indented", [](S t) { return before_each_line(t, "    "); }},
      {"in a code fence", [](S t) { return "Here it is:\n\n```console\n" + t + "```\n\nAny idea?\n"; }},
      {"below a prompt", [](S t) { return "ops@web-1:~$ sudo netstat\n" + t + "ops@web-1:~$ exit\n"; }},
      {"of DOS", [](S t) { return replaced(t, "\n", "\r\n"); }},
      {"of DOS twice", [](S t) { return replaced(t, "\n", "\r\r\n"); }},
      {"UTF-8 with a mark", [](S t) { return "\xef\xbb\xbf" + t; }},
      {"UTF-16 of Windows", [](S t) { return as_utf16(replaced(t, "\n", "\r\n"), true); }},
      {"UTF-16, the other way", [](S t) { return as_utf16(t, false); }},
      {"with tabs", with_tabs},
      {"coloured", [](S t) { return replaced(t, "WAIT", "\x1b[01;31m\x1b[KWAIT\x1b[m\x1b[K"); }},
      {"typescript", [](S t) { return "\x1b]0;root@web-1\x07\x1b[?2004h" + t + "\x1b[?2004l"; }},
      {"as a web page", [](S t) { return as_web_page(t); }},
      {"with hard blanks", [](S t) { return replaced(t, "  ", "\xc2\xa0 "); }},
      {"with a blank line after each", [](S t) { return replaced(t, "\n", "\n\n"); }},
      {"without the last end of line", [](S t) { return t.substr(0, t.size() - 1); }},
  };
  return all;
}

TEST(RoundTrip, EachToolReadsBackHoweverItIsWrapped) {
  for (const auto& tool : testing::all_tools()) {
    const auto sockets = testing::made_up(4, 30, tool.is_wide);
    const auto wanted = expected(sockets, tool.tells);
    const auto plain = tool.print(sockets);
    for (const auto& wrapping : wrappings()) {
      SCOPED_TRACE(tool.name + ", " + wrapping.name);
      const auto dump = read_text(wrapping.wrap(plain));
      expect_same(what_is_told(dump.facts, tool.tells), wanted);
    }
  }
}

// One after the other, each below its command: every socket is there once, and with all that any of them
// tells.
TEST(RoundTrip, SeveralCommandsAreMerged) {
  const auto tools = testing::linux_tools();
  const auto find = [&](std::string_view name) {
    return *std::find_if(tools.begin(), tools.end(), [&](const Tool& t) { return t.name == name; });
  };
  const auto sockets = testing::made_up(5, 200, true);
  const auto everything = find("ss -tanpie").tells;
  for (const auto& names : std::vector<std::vector<std::string>>{
           {"netstat -anW", "ss -tanpie"},
           {"ss -tanpie", "netstat -anW"},
           {"netstat -anepoW", "ss -tanpie", "lsof -nP -iTCP", "/proc/net/tcp"},
           {"lsof -nP -iTCP", "ss -tanp", "ss -tanpie"},
           {"ss -tanp", "lsof -nP -iTCP -F", "ss -tanpie"},
       }) {
    std::string text;
    for (const auto& name : names) text += "[root@web-1 ~]# " + name + "\n" + find(name).print(sockets);
    SCOPED_TRACE(fmt::format("{}", fmt::join(names, "; ")));
    const auto dump = read_text(text);
    expect_same(what_is_told(dump.facts, everything), expected(sockets, everything));
    EXPECT_EQ(dump.facts.host, "web-1");
    EXPECT_GE(dump.facts.dump->repeated, sockets.size());
  }
}

// Only its header tells what the columns of these are; each list of `ss state` has its own.
bool needs_its_header(std::string_view tool) {
  constexpr std::string_view kThese[] = {"Csv", "Delimiter", "state …", "-ani", "time first", "-anv"};
  return std::any_of(std::begin(kThese), std::end(kThese),
                     [&](std::string_view part) { return tool.find(part) != std::string_view::npos; });
}

// A paste that begins too late, in the middle of a row, loses that row and no other.
TEST(RoundTrip, RowsWithoutTheirHeader) {
  for (const auto& tool : testing::all_tools()) {
    if (needs_its_header(tool.name)) continue;
    SCOPED_TRACE(tool.name);
    const auto sockets = testing::made_up(6, 40, tool.is_wide);
    const auto whole = tool.print(sockets);
    const auto row = whole.rfind('\n', whole.find_first_of("0123456789")) + 1;
    constexpr size_t kWithin = 20;
    const auto cut = whole.substr(row + kWithin);
    const auto dump = read_text(cut);
    const auto read = what_is_told(dump.facts, tool.tells);
    const auto wanted = expected(sockets, tool.tells);
    EXPECT_LE(without(wanted, read).size(), 2U) << some(without(wanted, read)) << cut.substr(0, 500);
    EXPECT_LE(without(read, wanted).size(), 1U) << some(without(read, wanted)) << cut.substr(0, 500);
  }
}

TEST(RoundTrip, WhatFollowsADumpIsNoRow) {
  const std::string trailing =
      "ops@web-1:~$ uptime\n 21:03:11 up 41 days,  2:11,  3 users,  load average: 0.42, 0.40, 0.38\n"
      "ops@web-1:~$ free -m\n              total        used        free      shared  buff/cache   "
      "available\n"
      "Mem:          31989       11023         512        1702       20453       18766\n"
      "Thanks! I have tried 3 things already, see 10.0.0.1:80 and RFC 9293.\n-- \nKim, +49 30 555 0199\n";
  for (const auto& tool : testing::all_tools()) {
    SCOPED_TRACE(tool.name);
    const auto sockets = testing::made_up(7, 40, tool.is_wide);
    const auto dump = read_text(tool.print(sockets) + trailing);
    expect_same(what_is_told(dump.facts, tool.tells), expected(sockets, tool.tells));
  }
}

}  // namespace
}  // namespace whywait::pasted
