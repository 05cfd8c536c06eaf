#include "render/listing.h"

#include "core/selection.h"
#include "render/ids.h"
#include "render/json.h"
#include "testing/world.h"

#include <algorithm>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace whywait::render {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::StartsWith;
using whywait::testing::World;

struct Parts {
  std::vector<std::string> all;
  size_t wanted = SIZE_MAX;  // refuses the one that makes up this number

  Sink sink() {
    return [this](std::string_view part) {
      all.emplace_back(part);
      return all.size() < wanted;
    };
  }
  std::string whole() const {
    std::string out;
    for (const auto& part : all) out += part;
    return out;
  }
};

std::string text_of(const Listing& listing, const Style& style) {
  Parts parts;
  EXPECT_TRUE(listing_text(listing, style, parts.sink()));
  return parts.whole();
}

std::string json_of(const Listing& listing) {
  Parts parts;
  EXPECT_TRUE(listing_json(listing, parts.sink()));
  return parts.whole();
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  for (size_t from = 0; from < text.size();) {
    const auto to = text.find('\n', from);
    out.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return out;
}

World leak(uint32_t count) {
  World w;
  w.process(2817, "payments").listener(8443, {2817});
  return w.close_wait({.count = count, .port = 8443, .pids = {2817}, .recv_q = 0});
}

Address address(const char* text) { return *Address::parse(text); }

// Every state, timer and kind of address; fields that are not given; names that no terminal and no JSON may
// see as they are.
Facts motley() {
  World w;
  w.process(7, "x\033[2J\xff\"\\\n").process(8, "сервер-日本").process(9, std::string(4000, 'n'));
  auto facts = w.facts();
  facts.holders = HolderTable{};
  std::mt19937 random(4711);  // the same rows every time
  const auto pick = [&](uint32_t below) { return static_cast<uint32_t>(random() % below); };
  const std::vector<Address> addresses = {address("10.0.0.1"), address("192.168.100.200"), address("::"),
                                          address("0.0.0.0"), address("2001:db8::a:b:c:d:e")};
  for (uint32_t i = 0; i < 500; ++i) {
    Connection c;
    c.state = kAllStates.at(i % kAllStates.size());
    c.netns = Netns{4026531840U + pick(2)};
    c.local = {addresses.at(pick(5)), static_cast<uint16_t>(pick(65536))};
    c.remote = {addresses.at(pick(5)), static_cast<uint16_t>(pick(3) == 0 ? 0 : pick(65536))};
    c.set_recv_q(pick(2) * pick(100'000));
    c.set_send_q(pick(2) == 0 ? pick(UINT32_MAX) : pick(100));
    c.set_uid(pick(2000));
    c.set_cookie(random());
    c.set_inode(pick(3) == 0 ? 0 : i + 1);
    c.set_timer({TimerKind(pick(5)), static_cast<uint8_t>(pick(3)), Milliseconds(pick(1U << pick(32)))});
    c.set_info(i);
    facts.table.infos.push_back(
        {.last_data_received_ms = pick(1U << pick(31)), .last_ack_received_ms = pick(9'000)});
    for (uint32_t holders = pick(4); holders > 0 && c.inode() != 0U; --holders) {
      facts.holders->rows.push_back(
          {i + 1, Pid{7 + static_cast<int>(pick(4))}, static_cast<int>(pick(2000))});
    }
    if (pick(3) == 0) c.forget(static_cast<uint16_t>(pick(Connection::kFields)));
    facts.table.connections.push_back(c);
  }
  facts.holders->sort();
  return facts;
}

// A listing of the motley rows, some of them with a cause.
struct Motley {
  Facts facts = motley();
  Judgement judgement;
  Listing listing{.facts = facts, .judgement = judgement, .rows = select(facts, {})};

  Motley() {
    judgement.causes.resize(400);
    for (uint32_t i = 0; i < 400; i += 3) {
      judgement.causes[i] = static_cast<uint8_t>(1 + i % kAllCauses.size());
    }
  }
};

TEST(Listing, AbsentIsADashAndNeverZero) {
  auto facts = leak(1).facts();
  for (auto& c : facts.table.connections) {
    for (uint16_t f = 0; f < Connection::kFields; ++f) c.forget(f);
  }
  const auto j = judge(facts);
  const auto row = Json::parse(json_of({.facts = facts, .judgement = j, .rows = {1}}));
  for (const auto* key : {"recv_q", "send_q", "cookie", "inode", "uid", "timer", "age", "cause"}) {
    EXPECT_TRUE(row.at(key).is_null()) << key;
  }
  EXPECT_THAT(text_of({.facts = facts, .judgement = j, .rows = {1}}, {.width = 0}),
              HasSubstr("CLOSE_WAIT       -       -  127.0.0.1:8443"));
}

TEST(Listing, ShowsTheCauseAndTheHolder) {
  const auto facts = leak(4812).facts();
  const auto j = judge(facts);
  EXPECT_THAT(text_of({.facts = facts, .judgement = j, .rows = {1}}, {.width = 0}),
              AllOf(HasSubstr("not-closed"), HasSubstr("payments[2817]:10")));
}

// Each line by itself is what it is among the others: no chunk loses, repeats or parts anything.
TEST(Listing, ComesInChunksThatMakeUpTheWhole) {
  const auto facts = leak(2000).facts();
  const Judgement j;
  Listing listing{.facts = facts, .judgement = j, .rows = select(facts, {})};
  Parts text;
  Parts json;
  EXPECT_TRUE(listing_text(listing, {.width = 0}, text.sink()));
  EXPECT_TRUE(listing_json(listing, json.sink()));
  for (const auto& parts : {text, json}) {
    EXPECT_GT(parts.all.size(), 2U);
    EXPECT_THAT(parts.all, Each(SizeIs(::testing::Le(Chunks::kSize))));
  }
  const auto lines = lines_of(text.whole());
  const auto objects = lines_of(json.whole());
  ASSERT_EQ(lines.size(), 2002U);
  ASSERT_EQ(objects.size(), 2001U);
  const auto rows = listing.rows;
  for (size_t i = 1; i < rows.size(); ++i) {  // the listener apart: it is alone in being that short
    listing.rows = {rows[i], rows[1]};
    EXPECT_EQ(lines_of(text_of(listing, {.width = 0})).at(1), lines[i + 1]);
    EXPECT_EQ(lines_of(json_of(listing)).at(0), objects[i]);
  }
}

TEST(Listing, EndsWhereTheSinkRefuses) {
  const auto facts = leak(4000).facts();
  const Judgement j;
  const Listing listing{.facts = facts, .judgement = j, .rows = select(facts, {})};
  for (const size_t columns : {0U, 40U}) {
    Parts text{.all = {}, .wanted = 2};
    EXPECT_FALSE(listing_text(listing, {.width = columns}, text.sink()));
    EXPECT_EQ(text.all.size(), 2U);
  }
  Parts json{.all = {}, .wanted = 1};
  EXPECT_FALSE(listing_json(listing, json.sink()));
  EXPECT_EQ(json.all.size(), 1U);
}

TEST(Listing, ColumnsAreAlignedWhateverIsInThem) {
  const Motley m;
  const auto lines = lines_of(text_of(m.listing, {.width = 0}));
  ASSERT_EQ(lines.size(), 501U);
  const auto& header = lines.front();
  for (const auto* title : {"LOCAL", "REMOTE", "AGE", "TIMER", "CAUSE", "HOLDERS"}) {
    const auto at = header.find(title);
    std::set<char> before;
    for (const auto& line : lines) {
      EXPECT_EQ(line.substr(at - 2, 2), "  ") << line.substr(0, 200);
      EXPECT_NE(line.at(at), ' ') << line.substr(0, 200);
      before.insert(line.at(at - 3));
    }
    EXPECT_GT(before.size(), 1U) << title << " is further right than it must be";
  }
  for (const auto* title : {"RECV-Q", "SEND-Q"}) {
    const auto end = header.find(title) + std::string_view(title).size();
    for (const auto& line : lines) {
      EXPECT_NE(line.at(end - 1), ' ') << line.substr(0, 200);
      EXPECT_EQ(line.substr(end, 2), "  ") << line.substr(0, 200);
    }
  }
}

TEST(Listing, ColumnsAreNoWiderThanWhatIsInThem) {
  World w;
  const auto facts = w.process(7, "web").listener(80, {7}, 3, 4096).facts();
  const Judgement j;
  EXPECT_EQ(text_of({.facts = facts, .judgement = j, .rows = {0}}, {.width = 0}),
            "STATE   RECV-Q  SEND-Q  LOCAL       REMOTE  AGE  TIMER  CAUSE  HOLDERS\n"
            "LISTEN       3    4096  0.0.0.0:80  *       -    -      -      web[7]:10\n");
}

TEST(Listing, IsATableWhereItFitsAndElseCards) {
  const Motley m;
  size_t widest = 0;
  for (const auto& line : lines_of(text_of(m.listing, {.width = 0}))) widest = std::max(widest, width(line));
  EXPECT_GT(widest, 4000U);
  EXPECT_THAT(text_of(m.listing, {.width = widest}), StartsWith("STATE"));
  const auto cards = lines_of(text_of(m.listing, {.width = widest - 1}));
  EXPECT_EQ(cards.front(), "CLOSED");
  EXPECT_GT(cards.size(), 3 * m.listing.rows.size());
}

TEST(Listing, WithoutRowsIsAHeaderAndNoObject) {
  const Facts facts;
  const Judgement j;
  const Listing listing{.facts = facts, .judgement = j, .rows = {}};
  EXPECT_EQ(text_of(listing, {.width = 0}),
            "STATE  RECV-Q  SEND-Q  LOCAL  REMOTE  AGE  TIMER  CAUSE  HOLDERS\n");
  EXPECT_EQ(json_of(listing), "");
}

template <class T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

// An object as the library writes it. Why there is no owner is left as it was found.
std::string straightforward(const Facts& facts, const Judgement& j, uint32_t index, const Json& found) {
  const auto& c = facts.table.connections[index];
  auto holders = Json::array();
  for (const auto& h : facts.holders->of(c.inode().value_or(0))) {
    const auto& p = facts.process(h.pid);
    holders.push_back({{"pid", number(h.pid)}, {"name", p ? p->name : "?"}, {"fd", h.fd}});
  }
  Json timer;
  if (const auto t = c.timer(); t && t->kind != TimerKind::None) {
    timer = {
        {"kind", id(t->kind)}, {"expires_in_s", seconds(t->expires_in)}, {"retransmits", t->retransmits}};
  }
  Json age;
  if (const auto a = age_in_state(c, facts.table.info(c), facts.uptime)) {
    age = render::json_of(*a);
  }
  const auto cause = j.cause_of(index);
  const Json row = {{"netns", static_cast<uint32_t>(c.netns)},
                    {"state", name(c.state)},
                    {"local", render::json_of(c.local)},
                    {"remote", render::json_of(c.remote)},
                    {"recv_q", or_null(c.recv_q())},
                    {"send_q", or_null(c.send_q())},
                    {"cookie", c.cookie() ? Json(fmt::format("{:x}", *c.cookie())) : Json()},
                    {"inode", or_null(c.inode())},
                    {"uid", or_null(c.uid())},
                    {"holders", holders},
                    {"no_owner_because", found.at("no_owner_because")},
                    {"timer", timer},
                    {"age", age},
                    {"cause", cause ? Json(id(*cause)) : Json()}};
  return row.dump(-1, ' ', true, Json::error_handler_t::replace);
}

TEST(Listing, JsonIsWhatTheLibraryWouldWrite) {
  const Motley m;
  const auto lines = lines_of(json_of(m.listing));
  ASSERT_EQ(lines.size(), m.listing.rows.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const auto found = Json::parse(lines[i]);
    EXPECT_EQ(found.at("no_owner_because").is_null(), !found.at("holders").empty());
    EXPECT_EQ(lines[i], straightforward(m.facts, m.judgement, m.listing.rows[i], found));
  }
}

}  // namespace
}  // namespace whywait::render
