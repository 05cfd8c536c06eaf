// The same host under other names.
#include "sources/saved/saved.h"
#include "testing/packed.h"
#include "testing/same_facts.h"
#include "testing/world.h"
#include "testing/worlds.h"

#include <map>
#include <set>

#include <gmock/gmock.h>

namespace whywait::saved {
namespace {

using ::testing::HasSubstr;
using testing::judgement_text;
using ::testing::Not;

constexpr Salt kSalt = {1, 2, 3};

TEST(Redact, ChangesNoVerdict) {
  for (const auto& world : testing::all_worlds()) {
    EXPECT_EQ(judgement_text(redact(world.facts, kSalt), false), judgement_text(world.facts, false))
        << world.name;
  }
}

TEST(Redact, LeavesNoNameInTheFile) {
  auto facts = testing::full_facts();
  facts.boot_id = "3f1c2a9e-boot";
  const auto text = testing::unpacked(testing::packed(redact(facts, kSalt)));
  for (const auto* name : {"pay-07", "3f1c2a9e", "a name", "/usr/bin/a", "a.service", "0123456789ab",
                           "fe80::1\"", "db8::ffff", "open: No", "1099511627775"}) {
    EXPECT_THAT(text, Not(HasSubstr(name)));
  }
  EXPECT_THAT(text, HasSubstr("unit-1.service"));
}

TEST(Redact, KeepsAllElse) {
  const auto facts = testing::full_facts();
  auto redacted = redact(facts, kSalt);
  redacted.host = facts.host;
  redacted.boot_id = facts.boot_id;
  redacted.gaps = facts.gaps;
  redacted.processes = facts.processes;
  redacted.threads.at(Pid{1})->list.front() = facts.threads.at(Pid{1})->list.front();
  for (uint32_t row = 0; row < facts.table.connections.size(); ++row) {
    auto& c = redacted.table.connections[row];
    const auto& old = facts.table.connections[row];
    EXPECT_EQ(c.local.port, old.local.port);
    c.local = old.local;
    c.remote = old.remote;
    if (old.uid()) c.set_uid(*old.uid());
  }
  EXPECT_EQ(testing::difference(facts, redacted), "");
}

Facts facts_of(const std::vector<std::string>& addresses) {
  Facts out;
  for (const auto& a : addresses) {
    Connection c;
    c.local.address = *Address::parse(a);
    out.table.connections.push_back(c);
  }
  return out;
}

std::vector<std::string> renamed(const std::vector<std::string>& addresses, const Salt& salt = kSalt) {
  std::vector<std::string> out;
  for (const auto& c : redact(facts_of(addresses), salt).table.connections)
    out.push_back(text(c.local.address));
  return out;
}

TEST(Redact, LoopbackAndUnspecifiedStay) {
  const std::vector<std::string> kept = {"127.0.0.1", "127.0.0.53", "0.0.0.0", "::", "::1"};
  EXPECT_EQ(renamed(kept), kept);
}

TEST(Redact, AddressesStayWithinTheirKind) {
  const std::map<std::string, std::string> kinds = {
      {"10.1.2.3", "10.0.0.1"},       {"172.31.5.6", "172.16.0.1"},  {"192.168.7.8", "192.168.0.1"},
      {"169.254.9.1", "169.254.0.1"}, {"100.127.1.1", "100.64.0.1"}, {"8.8.8.8", "240.0.0.1"},
      {"fe80::1234", "fe80::1"},      {"fd12:3456::9", "fc00::1"},   {"2a00:1450::5", "2001:db8::1"},
  };
  for (const auto& [old, fresh] : kinds) EXPECT_EQ(renamed({old}), std::vector{fresh});
}

TEST(Redact, NetworksStayTogetherAndApart) {
  const auto out = renamed({"10.1.1.1", "10.1.1.2", "10.1.2.1", "8.8.8.8", "8.8.8.9", "8.8.4.4", "2a00::1",
                            "2a00::2", "2a00:0:0:1::1", "10.1.1.1"});
  const auto network = [&](size_t i) { return out[i].substr(0, out[i].find_last_of(".:")); };
  EXPECT_EQ(network(0), network(1));
  EXPECT_NE(network(0), network(2));
  EXPECT_EQ(network(3), network(4));
  EXPECT_NE(network(3), network(5));
  EXPECT_EQ(network(6), network(7));
  EXPECT_NE(network(6), network(8));
  EXPECT_EQ(out[0], out[9]);
  EXPECT_EQ(std::set(out.begin(), out.end()).size(), 9U);
}

TEST(Redact, AWholeNetworkFindsRoom) {
  std::vector<std::string> all;
  for (int i = 0; i < 256; ++i) {
    all.push_back("10.1.1." + std::to_string(i));
    all.push_back("192.168." + std::to_string(i) + ".7");
  }
  const auto out = renamed(all);
  EXPECT_EQ(std::set(out.begin(), out.end()).size(), all.size());
}

TEST(Redact, NewNamesHangOnTheSaltAlone) {
  std::vector<std::string> all;
  for (int i = 1; i < 50; ++i) all.push_back("10.1.1." + std::to_string(i));
  EXPECT_EQ(renamed(all), renamed(all));
  EXPECT_NE(renamed(all), renamed(all, {1, 2, 4}));
}

TEST(Redact, BothEndsStillPair) {
  const auto facts = redact(testing::World()
                                .process(1, "server")
                                .listener(80, {1})
                                .close_wait({.count = 3, .port = 80, .pids = {1}, .peer = PeerEnd::Open})
                                .made_connection(1)
                                .facts(),
                            kSalt);
  std::map<std::pair<Endpoint, Endpoint>, int> ends;
  for (const auto& c : facts.table.connections) ++ends[std::minmax(c.local, c.remote)];
  int paired = 0;
  for (const auto& [pair, n] : ends) paired += n == 2 ? 1 : 0;
  EXPECT_EQ(paired, 3);
}

TEST(Redact, EqualNamesStayEqual) {
  testing::World w;
  w.process(1, "web").process(2, "web").process(3, "db");
  w.edit(1).unit = w.edit(2).unit = "web.service";
  w.edit(3).unit = "session-1.scope";
  w.edit(1).container = w.edit(3).container = "0123456789abcdef";
  const auto facts = redact(w.facts(), kSalt);
  const auto& one = *facts.process(Pid{1});
  const auto& two = *facts.process(Pid{2});
  const auto& three = *facts.process(Pid{3});
  EXPECT_EQ(one.name, two.name);
  EXPECT_NE(one.name, three.name);
  EXPECT_EQ(one.unit, two.unit);
  EXPECT_TRUE(one.unit.ends_with(".service") && three.unit.ends_with(".scope"));
  EXPECT_EQ(one.container, three.container);
  EXPECT_EQ(two.container, "");
  EXPECT_EQ(one.container.size(), 12U);
}

TEST(Redact, RootStaysRoot) {
  Facts facts = facts_of({"10.0.0.1", "10.0.0.1", "10.0.0.1"});
  facts.table.connections[0].set_uid(0);
  facts.table.connections[1].set_uid(33);
  const auto out = redact(facts, kSalt);
  EXPECT_EQ(out.table.connections[0].uid(), 0U);
  EXPECT_EQ(out.table.connections[1].uid(), 1000U);
  EXPECT_FALSE(out.table.connections[2].uid());
}

}  // namespace
}  // namespace whywait::saved
